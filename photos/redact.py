"""Redaction (遮挡): what must not be seen in public is made unreadable, for good.

The public copy is made of pixels only: nothing under a box can be computed back from it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from itertools import starmap
from typing import Any

from PIL import Image

from photos.decode import DEFAULT_LIMITS, as_jpeg, upright
from photos.watermark import watermark

MOST_BOXES = 100
LEAST_SIDE = 0.01  # of the picture: what is smaller was a slip of the finger, and would hide nothing
LONGEST_SIDE = 2000
_QUALITY = 85
# Of the box, on each side: hands are not exact, and JPEG lets colours bleed over an edge.
_WIDER = 0.08
_LEAST_WIDER = 3  # pixels
# A face or a plate becomes at most three patches along its longer side: seven characters share them.
_PATCHES = 3
# However many small boxes somebody draws side by side, no patch is finer than this part of the picture.
_LEAST_PATCH = 0.025
# What is left of a patch are 16 shades a channel, so that patches cannot be weighed against a guess.
_SHADE = 16
_Area = tuple[int, int, int, int]


class BadBoxes(ValueError):
    """遮挡框有误: says which rule the boxes break."""


@dataclass(frozen=True, slots=True)
class Box:
    """遮挡框: left, top, width and height as fractions (0 to 1) of the upright picture."""

    x: float
    y: float
    width: float
    height: float

    def __post_init__(self) -> None:
        if not all(0 <= side <= 1 for side in astuple(self)):  # NaN is not between anything
            raise BadBoxes("a box has four numbers from 0 to 1")
        if min(self.width, self.height) < LEAST_SIDE:
            raise BadBoxes(f"a box is at least {LEAST_SIDE} wide and high")
        # Fractions of a browser's pixels do not add up exactly.
        if max(self.x + self.width, self.y + self.height) > 1 + 1e-6:
            raise BadBoxes("a box lies inside the picture")


def boxes_of(numbers: object) -> tuple[Box, ...]:
    """The boxes in lists of four numbers, as they come from a browser or a row; raises `BadBoxes`.

    They are kept to 1/10000 of a side, so that what is stored is exactly what was applied.
    """
    if not isinstance(numbers, Sequence) or isinstance(numbers, str | bytes):
        raise BadBoxes("boxes are a list")
    if len(numbers) > MOST_BOXES:
        raise BadBoxes(f"there are at most {MOST_BOXES} boxes")
    return tuple(starmap(Box, map(_four, numbers)))


def _four(numbers: object) -> tuple[float, ...]:
    if not isinstance(numbers, Sequence) or isinstance(numbers, str | bytes) or len(numbers) != 4:
        raise BadBoxes("a box has four numbers from 0 to 1")
    if any(isinstance(number, bool) or not isinstance(number, int | float) for number in numbers):
        raise BadBoxes("a box has four numbers from 0 to 1")
    return tuple(round(number, 4) for number in numbers)


def as_json(boxes: Iterable[Box]) -> dict[str, Any]:
    """Boxes as a publication's row keeps them."""
    return {"boxes": [list(astuple(box)) for box in boxes]}


def public_copy(data: bytes, boxes: Iterable[Box], mark: str) -> bytes:
    """公开副本: upright, every box unreadable, marked all over with `mark`, as JPEG without metadata.

    Equal input gives equal bytes. Raises `PhotoRefused`; `ValueError` without a mark.
    """
    return as_jpeg(watermark(hide(upright(data, LONGEST_SIDE, DEFAULT_LIMITS), boxes), mark), _QUALITY)


def hide(picture: Image.Image, boxes: Iterable[Box]) -> Image.Image:
    """A copy of an RGB picture with each box replaced by a few soft patches of its mean colours."""
    finest = _LEAST_PATCH * max(picture.size)
    hidden = picture.copy()
    for area in _outermost(_area(box, picture.size) for box in boxes):
        # From what is hidden already, not from the picture: boxes that overlap must not tell more together.
        hidden.paste(_patches(hidden.crop(area), finest), area[:2])
    return hidden


def _outermost(areas: Iterable[_Area]) -> list[_Area]:
    """Without those that lie inside others: a hundred boxes over the whole picture must cost no minute."""
    kept: list[_Area] = []
    for area in sorted(areas, key=lambda a: (a[2] - a[0]) * (a[3] - a[1]), reverse=True):
        if not any(k[0] <= area[0] and k[1] <= area[1] and k[2] >= area[2] and k[3] >= area[3] for k in kept):
            kept.append(area)
    return kept


def _area(box: Box, size: tuple[int, int]) -> _Area:
    """The box in pixels, a little wider, inside the picture."""
    left, width = box.x * size[0], box.width * size[0]
    top, height = box.y * size[1], box.height * size[1]
    across, down = (max(_LEAST_WIDER, side * _WIDER) for side in (width, height))
    return (
        max(0, int(left - across)),
        max(0, int(top - down)),
        min(size[0], int(left + width + across) + 1),
        min(size[1], int(top + height + down) + 1),
    )


def _patches(inside: Image.Image, finest: float) -> Image.Image:
    """Means, then fewer shades, then soft slopes: nothing finer than a patch is left to sharpen again."""
    patch = max(finest, max(inside.size) / _PATCHES)
    grid = max(1, int(inside.width / patch)), max(1, int(inside.height / patch))
    means = inside.resize(grid, Image.Resampling.BOX).point(lambda shade: shade // _SHADE * _SHADE + _SHADE // 2)
    return means.resize(inside.size, Image.Resampling.BICUBIC)
