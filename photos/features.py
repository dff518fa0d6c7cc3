"""Local features (局部特征): corners of a grey picture and what it looks like around them, in numpy alone.

Photos of a street stand upright, so the descriptors are not turned: that tells more places apart than it loses
to a camera held askew by less than twenty degrees.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Each level is that much smaller than the one before, so a step nearer or farther still meets its like.
_LEVELS = (1.0, 0.7, 0.5, 0.35)
_MOST = 260  # corners of the largest level; of the others as their side
_CELL = 12  # pixels; the strongest corner of each cell, so that one signboard does not take them all
_REACH = 14  # half a patch in pixels of its level
_DIRECTIONS = 8
_FAINT = 24.0  # the weakest gradient (grey levels over two pixels) that is an edge rather than noise


@dataclass(frozen=True, slots=True)
class Features:
    """局部特征: places (x + iy, in pixels of the picture), sizes (pixels per patch pixel), descriptors (rows)."""

    places: NDArray[np.complex64]
    sizes: Floats
    descriptors: Floats

    def __len__(self) -> int:
        return len(self.places)


def features(grey: Floats) -> Features:
    """Find corners at several sizes and describe them; bounded in number, the same every time."""
    found = [_at_level(grey, scale) for scale in _LEVELS]
    return Features(
        np.concatenate([one.places for one in found]),
        np.concatenate([one.sizes for one in found]),
        np.concatenate([one.descriptors for one in found]),
    )


def _at_level(grey: Floats, scale: float) -> Features:
    if min(grey.shape) * scale < 4 * _REACH:
        return Features(
            np.zeros(0, np.complex64), np.zeros(0, np.float32), np.zeros((0, 16 * _DIRECTIONS), np.float32)
        )
    down, across = _gradients(_smooth(_resized(grey, scale)))
    ys, xs = _corners(down, across, round(_MOST * scale))
    places = ((xs + 0.5) / scale + 1j * (ys + 0.5) / scale).astype(np.complex64)
    return Features(places, np.full(len(xs), 1 / scale, np.float32), _described(down, across, ys, xs))


def _corners(down: Floats, across: Floats, most: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where it changes in both directions (Harris), the strongest of each cell."""
    xx, yy, xy = (_smooth(_smooth(product)) for product in (across * across, down * down, across * down))
    # The smaller eigenvalue: a straight edge has none, however strong it is.
    strength = (xx + yy) / 2 - np.sqrt(((xx - yy) / 2) ** 2 + xy * xy)
    inside = strength[_REACH:-_REACH, _REACH:-_REACH]
    rows, columns = inside.shape[0] // _CELL, inside.shape[1] // _CELL
    cells = inside[: rows * _CELL, : columns * _CELL].reshape(rows, _CELL, columns, _CELL)
    flat = cells.transpose(0, 2, 1, 3).reshape(rows * columns, _CELL * _CELL)
    best = flat.argmax(axis=1)
    peaks = flat[np.arange(len(flat)), best]
    kept = np.argsort(-peaks, kind="stable")[:most]
    kept = kept[peaks[kept] > _FAINT]
    ys = kept // columns * _CELL + best[kept] // _CELL + _REACH
    xs = kept % columns * _CELL + best[kept] % _CELL + _REACH
    return ys, xs


def _described(down: Floats, across: Floats, ys: NDArray[np.intp], xs: NDArray[np.intp]) -> Floats:
    """Histograms of gradient directions in four by four fields around each corner."""
    span = np.arange(-_REACH, _REACH)
    window = (ys[:, None, None] + span[:, None], xs[:, None, None] + span)
    y, x = down[window], across[window]
    turns = 2 * np.pi / _DIRECTIONS * np.arange(_DIRECTIONS)
    rectified = np.stack([np.maximum(x * np.cos(t) + y * np.sin(t), 0).astype(np.float32) for t in turns], axis=1)
    fields = _POOL @ rectified @ _POOL.T
    return _normed(fields.reshape(len(ys), 16 * _DIRECTIONS))


def _normed(rows: Floats) -> Floats:
    rows = rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-6)
    # One strong edge (the rim of a shadow) must not be all that a descriptor says.
    rows = np.minimum(rows, 0.22)
    return np.asarray(rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-6), np.float32)


def _pooling() -> Floats:
    centres = (np.arange(4) - 1.5) * (2 * _REACH / 4)
    away = np.arange(-_REACH, _REACH) + 0.5 - centres[:, None]
    soft = np.exp(-0.5 * (away / 3.5) ** 2)
    return np.asarray(soft / soft.sum(axis=1, keepdims=True), np.float32)


_POOL = _pooling()


def _gradients(grey: Floats) -> tuple[Floats, Floats]:
    down, across = np.zeros_like(grey), np.zeros_like(grey)
    down[1:-1] = grey[2:] - grey[:-2]
    across[:, 1:-1] = grey[:, 2:] - grey[:, :-2]
    return down, across


def _smooth(grey: Floats) -> Floats:
    """Five by five binomial."""
    for _ in range(2):
        edge = np.pad(grey, ((2, 2), (0, 0)), mode="edge")
        grey = (edge[:-4] + edge[4:] + 4 * (edge[1:-3] + edge[3:-1]) + 6 * edge[2:-2]) * np.float32(1 / 16)
        grey = np.ascontiguousarray(grey.T)
    return grey


def _resized(grey: Floats, scale: float) -> Floats:
    """Smaller by sampling between pixels; smoothed before, so that nothing new appears."""
    if scale == 1.0:
        return grey
    if scale < 0.6:
        grey = _smooth(grey)
    grey = _smooth(grey)
    rows, columns = (max(2, int(side * scale)) for side in grey.shape)
    return _sampled(_sampled(grey, rows, scale).T, columns, scale).T.copy()


def _sampled(grey: Floats, count: int, scale: float) -> Floats:
    at = np.minimum((np.arange(count) + 0.5) / scale - 0.5, grey.shape[0] - 1.001)
    low = at.astype(np.intp)
    part = (at - low).astype(np.float32)[:, None]
    return np.asarray(grey[low] * (1 - part) + grey[low + 1] * part, np.float32)
