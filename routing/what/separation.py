"""Separation (分界): planes between each label and all others, found by dual coordinate descent.

For every label a linear support vector machine with squared hinge loss says "this label" (+1) or "another"
(-1). Dual coordinate descent (Hsieh et al., 2008) looks at one example at a time and moves the plane just
as far as that example asks; all labels' planes move in one step because they share the example.
"""

from collections.abc import Sequence

import numpy as np

from routing.what.features import Floats, Ids, Vector

ROUNDS = 10
# How dear a mistake is, against how steep a plane may be.
COST = 1.0
_SEED = 7


def separate(vectors: Sequence[Vector], owners: Ids, trust: Floats, size: tuple[int, int]) -> Floats:
    """The planes: a weight for each piece (row) and label (column); the last row is the labels' bias.

    `owners` holds each vector's label number, `trust` (> 0) how much it counts, `size` the numbers of
    pieces and labels.
    """
    planes = np.zeros((size[0] + 1, size[1]), np.float32)
    sides = np.where(owners[:, None] == np.arange(size[1]), np.float32(1), np.float32(-1))
    pulls = np.zeros_like(sides)
    slack = (1 / (2 * COST * trust)).astype(np.float32)
    rows = [np.append(vector.ids, size[0]) for vector in vectors]
    weights = [np.append(vector.weights, np.float32(1)) for vector in vectors]
    shuffle = np.random.default_rng(_SEED)
    for _ in range(ROUNDS):
        for at in shuffle.permutation(len(vectors)):
            _step(planes, rows[at], weights[at], sides[at], pulls[at], slack[at])
    return planes


def _step(planes: Floats, row: Ids, weights: Floats, side: Floats, pull: Floats, slack: np.float32) -> None:
    """Let one example pull every plane as far as it still has reason to; changes planes and pull."""
    near = planes[row]
    wanting = side * (weights @ near) - 1 + pull * slack
    pulled = np.maximum(pull - wanting / (weights @ weights + slack), 0)
    near += np.outer(weights, (pulled - pull) * side)
    planes[row] = near
    pull[:] = pulled
