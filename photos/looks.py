"""Looks (观感): what the pixels tell of how a picture was made. Nothing here refuses; it only makes people look."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photos.screens import File, moire, screenshot

# From here on a look is doubtful; measured in benchmarks/README.md.
DARK = BLURRED = BLANK = SCREEN = 0.5

_Floats = NDArray[np.float32]

# Judged at the size in which people look at it: blur that nobody sees at this size is none.
_SIDE = 640
_EDGE = 7  # pixels in which a sharp edge is over
_FEWEST_EDGES = 150
_CLEAR_STEP = 24.0  # grey levels; less may be noise
_BLOCK = 16
_DETAIL = 9.0  # grey levels within a block that are something to see


class Facts(File, Protocol):
    """照片来历, and the program that wrote the file."""

    @property
    def software(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Looks:
    """观感: four faults, each 0 (none) to 1 (certain)."""

    dark: float = 0.0
    blurred: float = 0.0
    blank: float = 0.0
    screen: float = 0.0

    def as_json(self) -> dict[str, float]:
        """As it is kept in the table."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, float]) -> "Looks":
        """Back from the table; what is missing there counts as no fault."""
        return cls(**{name: float(kept.get(name, 0.0)) for name in cls.__slots__})


def looks(picture: Image.Image, facts: Facts) -> Looks:
    """Look at an upright RGB picture (观感), as it is at most 2000 pixels long; never raises."""
    grey = np.asarray(_small(picture), np.float32)
    return Looks(
        dark=_between(float(np.percentile(grey, 90)), none=65.0, certain=20.0),
        blurred=_between(_sharpness(grey), none=0.5, certain=0.24),
        blank=_between(_detailed(grey), none=0.024, certain=0.0),
        screen=max(screenshot(picture, facts), _between(moire(picture), none=1.0, certain=2.6)),
    )


def _small(picture: Image.Image) -> Image.Image:
    scale = min(1.0, _SIDE / max(picture.size))
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return picture.convert("L").resize(size, Image.Resampling.BOX)


def _between(value: float, none: float, certain: float) -> float:
    return round(min(1.0, max(0.0, (none - value) / (none - certain))), 3)


def _sharpness(grey: _Floats) -> float:
    """The steepest part of an edge by its whole height, at a clear edge of the sharper kind; 1 without edges.

    It asks nothing of how many edges there are or how strong, so neither night nor a white wall is blurred.
    """
    told = [part for part in (_steepness(grey), _steepness(grey.T)) if part is not None]
    return min(told, default=1.0)


def _steepness(grey: _Floats) -> float | None:
    if grey.shape[1] < 4 * _EDGE or grey.shape[0] < 4 * _EDGE:
        return None
    # Over three rows, so that the grain of a night picture does not pass for detail.
    calm = (grey[:-2:2] + 2 * grey[1:-1:2] + grey[2::2]) / 4
    step = np.abs(np.diff(calm, axis=1))
    windows = calm.shape[1] - _EDGE + 1
    steepest = np.maximum.reduce([step[:, n : n + windows] for n in range(_EDGE - 1)])
    height = np.abs(calm[:, _EDGE - 1 :] - calm[:, :windows])
    clear = height > max(_CLEAR_STEP, 0.25 * float(np.ptp(np.percentile(grey, (2, 98)))))
    if clear.sum() < _FEWEST_EDGES:
        return None
    return float(np.percentile(steepest[clear] / height[clear], 75))


def _detailed(grey: _Floats) -> float:
    """The share of blocks in which there is anything to see."""
    rows, columns = (side // _BLOCK for side in grey.shape)
    if not rows or not columns:
        return 0.0
    # Pairs of pixels are averaged, because the grain of a covered lens is not detail.
    blocks = grey[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK // 4, 4, columns, _BLOCK // 4, 4)
    calm = blocks.mean(axis=(2, 5))
    spread = calm.max(axis=(1, 3)) - calm.min(axis=(1, 3))
    return float((spread > _DETAIL).mean())
