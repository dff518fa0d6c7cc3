"""Alignment (对齐): where the corners of one photo lie in another of the same place."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photos.features import Features, Floats

SIDE = 640  # pixels of the longest side of what is aligned
_RATIO = 0.92
_TRIALS = 1500
_ASTRAY = 0.03  # of the longest side: how far a corner may lie from where the others say it should


@dataclass(frozen=True, slots=True)
class Alignment:
    """对齐: which places of the first photo the movement explains, and that movement (3 x 2, of x, y and 1)."""

    places: NDArray[np.complex64]
    movement: Floats | None = None

    @property
    def agreeing(self) -> int:
        """How many corners agree on it, neighbours counted once."""
        cells = np.stack([self.places.real // 10, self.places.imag // 10], axis=1)
        return len(np.unique(cells, axis=0))


def align(first: Features, second: Features) -> Alignment:
    """The one movement of the camera that explains most of what both photos show."""
    pairs = _matched(first, second) if min(len(first), len(second)) else np.zeros((0, 2), np.intp)
    if len(pairs) < 4:
        return Alignment(np.zeros(0, np.complex64))
    a, b = first.places[pairs[:, 0]], second.places[pairs[:, 1]]
    kept, movement = _consensus(a, b), None
    for _ in range(3):
        kept, movement = _refined(a, b, kept, movement)
    return Alignment(a[kept], movement)


def _matched(first: Features, second: Features) -> NDArray[np.intp]:
    """Pairs that choose each other and are clearly nearer than the next best."""
    alike = first.descriptors @ second.descriptors.T
    there, back = alike.argmax(axis=1), alike.argmax(axis=0)
    rows = np.arange(len(first))
    mutual = back[there] == rows
    best = alike[rows, there]
    alike[rows, there] = -1
    # Descriptors have length one, so the distance follows from the product.
    clear = (1 - best) < _RATIO**2 * (1 - alike.max(axis=1))
    chosen = rows[mutual & clear]
    return np.stack([chosen, there[chosen]], axis=1)


def _consensus(a: NDArray[np.complex64], b: NDArray[np.complex64]) -> NDArray[np.bool_]:
    """The pairs that follow the best similarity through two of them (RANSAC, always with the same dice)."""
    dice = np.random.default_rng(7)
    one, two = dice.integers(0, len(a), (2, _TRIALS))
    span = a[two] - a[one]
    usable = np.abs(span) > 40
    turn = np.where(usable, b[two] - b[one], 0) / np.where(usable, span, 1)
    # Nobody turns a street on its side or stands three times as far away.
    usable &= (np.abs(turn) > 0.4) & (np.abs(turn) < 2.5) & (np.abs(np.angle(turn)) < 0.45)
    if not usable.any():
        return np.zeros(len(a), np.bool_)
    one, turn = one[usable], turn[usable]
    missed = np.abs(turn[:, None] * (a - a[one][:, None]) + b[one][:, None] - b)
    inside = missed < _ASTRAY * SIDE
    return np.asarray(inside[inside.sum(axis=1).argmax()])


def _refined(
    a: NDArray[np.complex64], b: NDArray[np.complex64], kept: NDArray[np.bool_], movement: Floats | None
) -> tuple[NDArray[np.bool_], Floats | None]:
    """Fit an affine movement to those kept, and ask everyone again."""
    if kept.sum() < 6:
        return kept, movement
    known = np.stack([a.real, a.imag, np.ones(len(a), np.float32)], axis=1)
    wanted = np.stack([b.real, b.imag], axis=1)
    fitted, *_ = np.linalg.lstsq(known[kept], wanted[kept])
    missed = np.linalg.norm(known @ fitted - wanted, axis=1)
    again = missed < _ASTRAY * SIDE * 0.8
    return (again, fitted) if again.sum() >= kept.sum() * 0.8 else (kept, fitted)
