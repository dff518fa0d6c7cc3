"""Copies (翻用的照片): is a nearly equal picture the same photo again, or the same place from the same spot?

Who stands where the picture before was taken, as we ask them to, takes one with nearly the same fingerprint. But
rubbish that is gone changes a part of it altogether, while a copy is a little worse everywhere and other nowhere.
"""

import numpy as np
from PIL import Image

from photos.alignment import SIDE, align
from photos.decode import DEFAULT_LIMITS, upright
from photos.features import Floats, features
from photos.refusal import PhotoRefused

# Of the blocks with something in them: so many must be the same. Measured in benchmarks/README.md.
COPY = 0.98

_BLOCK, _CELL = 32, 8  # pixels; cells, because a copy made smaller has lost what is finer
_SOMETHING = 5.0  # grey levels within a block that are something to compare
_BURNT_OUT = 245.0  # grey; whoever makes a copy brighter loses what is in the brightest blocks
_ALIKE = 0.75  # correlation


def sameness(before: bytes, after: bytes) -> float:
    """How much of the one photo (JPEG bytes) is unchanged in the other, 0 to 1, once it is laid over it.

    1 where nothing can be compared, so that the fingerprints alone decide; never raises on a picture.
    """
    try:
        first, second = (upright(data, SIDE, DEFAULT_LIMITS).convert("L") for data in (before, after))
    except PhotoRefused:
        return 1.0
    over, seen = _laid_over(first, second)
    there = _blocks(np.asarray(first, np.float32))
    here, known = _blocks(over), _blocks(seen)
    told = (there.std(axis=1) > _SOMETHING) & (known.min(axis=1) == 1) & (here.mean(axis=1) < _BURNT_OUT)
    if told.sum() < 8:
        return 1.0
    return float((_correlated(there[told], here[told]) > _ALIKE).mean())


def _laid_over(first: Image.Image, second: Image.Image) -> tuple[Floats, Floats]:
    """The second photo as the first one's camera would have seen it, and where it has anything to say."""
    movement = align(features(np.asarray(first, np.float32)), features(np.asarray(second, np.float32))).movement
    if movement is None:
        over = second.resize(first.size, Image.Resampling.BILINEAR)
        return np.asarray(over, np.float32), np.ones(first.size[::-1], np.float32)
    how = tuple(float(one) for one in movement.T.ravel())
    full = Image.new("L", second.size, 1)
    over = second.transform(first.size, Image.Transform.AFFINE, how, Image.Resampling.BILINEAR)
    seen = full.transform(first.size, Image.Transform.AFFINE, how, Image.Resampling.NEAREST)
    return np.asarray(over, np.float32), np.asarray(seen, np.float32)


def _blocks(grey: Floats) -> Floats:
    """Rows of cells, one for each whole block."""
    high, wide = grey.shape[0] // _BLOCK, grey.shape[1] // _BLOCK
    cells = _BLOCK // _CELL
    cut = grey[: high * _BLOCK, : wide * _BLOCK].reshape(high, cells, _CELL, wide, cells, _CELL).mean(axis=(2, 5))
    return np.asarray(cut.swapaxes(1, 2).reshape(high * wide, cells * cells), np.float32)


def _correlated(a: Floats, b: Floats) -> Floats:
    a, b = a - a.mean(axis=1, keepdims=True), b - b.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return np.asarray((a * b).sum(axis=1) / np.maximum(lengths, 1e-6), np.float32)
