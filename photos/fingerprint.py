"""Fingerprints (照片指纹): 40 bytes that stay nearly the same when a picture is sent on, shrunk or touched up."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_COARSE, _FINE = 8, 32
SIZE = _COARSE + _FINE

# What a picture gets in which there is nothing to compare: all such pictures would have nearly the same bits.
EMPTY = bytes(SIZE)

# Two pictures this near are one picture; measured in benchmarks/README.md.
NEAR = 0.25

# Below this spread of grey levels (of 255) the bits are made of noise.
_LEAST_SPREAD = 3.0

# Less than this from one cell to the next (grey levels) is as good as level: a clipped sky, a white bar.
_LEVEL = 0.4


def fingerprint(picture: Image.Image) -> bytes:
    """The fingerprint (照片指纹) of an upright RGB picture of any size; `EMPTY` where there is nothing to see."""
    grey = _shrunk(picture)
    if float(grey.std()) < _LEAST_SPREAD:
        return EMPTY
    bits = np.concatenate([_slopes(grey, 4), _slopes(grey, 8)])
    return np.packbits(bits).tobytes()


def mirrored(one: bytes) -> bytes:
    """The fingerprint of the same picture seen in a mirror."""
    if one == EMPTY:
        return EMPTY
    bits = np.unpackbits(np.frombuffer(one, np.uint8)).astype(bool)
    return np.packbits(np.concatenate([_turned(bits[:64], 4), _turned(bits[64:], 8)])).tobytes()


def distance(a: bytes, b: bytes) -> float:
    """How different two fingerprints are: 0 the same … 1 nothing in common.

    The larger share of different bits counts, coarse or fine. `EMPTY` is 1 from everything, itself included.
    """
    if EMPTY in (a, b):
        return 1.0
    different = np.frombuffer(a, np.uint8) ^ np.frombuffer(b, np.uint8)
    counts = np.bitwise_count(different)
    return max(int(counts[:_COARSE].sum()) / (8 * _COARSE), int(counts[_COARSE:].sum()) / (8 * _FINE))


def _shrunk(picture: Image.Image) -> NDArray[np.float32]:
    small = picture.convert("L").resize((144, 144), Image.Resampling.BOX, reducing_gap=2.0)
    return np.asarray(small, np.float32)


def _slopes(grey: NDArray[np.float32], rows: int) -> NDArray[np.bool_]:
    """Whether it gets brighter to the right, `rows` rows of twice as many; then the same downwards."""
    across = np.diff(_cells(grey, rows, 2 * rows + 1), axis=1)
    down = np.diff(_cells(grey, 2 * rows + 1, rows), axis=0)
    # Where nothing changes, half of the bits are set, and in the mirror the same half.
    level = np.arange(2 * rows) < rows
    rising = np.where(np.abs(across) < _LEVEL, level, across > 0)
    return np.concatenate([rising.ravel(), (down > _LEVEL).ravel()])


def _cells(grey: NDArray[np.float32], rows: int, columns: int) -> NDArray[np.float32]:
    sheet = Image.fromarray(grey).resize((columns, rows), Image.Resampling.BOX)
    return np.asarray(sheet)


def _turned(bits: NDArray[np.bool_], rows: int) -> NDArray[np.bool_]:
    across, down = bits[: bits.size // 2].reshape(rows, 2 * rows), bits[bits.size // 2 :].reshape(2 * rows, rows)
    return np.concatenate([~across[:, ::-1].ravel(), down[:, ::-1].ravel()])
