"""Separation (分界): planes between each label and all others, found by dual coordinate descent.

For every label a linear support vector machine with squared hinge loss says "this label" (+1) or "another"
(-1). Dual coordinate descent (Hsieh et al., 2008) looks at one example at a time and moves the plane just
as far as that example asks; all labels' planes move in one step because they share the example.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from routing.what.features import Floats, Ids, Vector

ROUNDS = 6
# How dear a mistake is, against how steep a plane may be.
COST = 1.0
_SEED = 7


def separate(vectors: Iterable[Vector], owners: Ids, trust: Floats, size: tuple[int, int]) -> Floats:
    """The planes: a weight for each piece (row) and label (column); the last row is the labels' bias.

    `owners` holds each vector's label number, `trust` (> 0) how much it counts, `size` the numbers of
    pieces and labels.
    """
    planes = np.zeros((size[0] + 1, size[1]), np.float32)
    sides = np.where(owners[:, None] == np.arange(size[1]), np.int8(1), np.int8(-1))
    pulls = np.zeros(sides.shape, np.float32)
    slack = (1 / (2 * COST * trust)).astype(np.float32)
    examples = [(np.append(vector.ids, size[0]), np.append(vector.weights, np.float32(1))) for vector in vectors]
    shuffle = np.random.default_rng(_SEED)
    for _ in range(ROUNDS):
        for at in shuffle.permutation(len(examples)):
            row, weights = examples[at]
            _step(planes, row, weights, sides[at], pulls[at], slack[at])
    return planes


def _step(
    planes: Floats, row: Ids, weights: Floats, side: npt.NDArray[np.int8], pull: Floats, slack: np.float32
) -> None:
    """Let one example pull every plane as far as it still has reason to; changes planes and pull."""
    near = planes[row]
    # Not "@": a linear algebra library adds up in an order that depends on the number of processors.
    distances = np.einsum("i,ij->j", weights, near)
    size = np.einsum("i,i->", weights, weights)
    pulled = np.maximum(pull - (side * distances - 1 + pull * slack) / (size + slack), 0)
    near += np.outer(weights, (pulled - pull) * side)
    planes[row] = near
    pull[:] = pulled
