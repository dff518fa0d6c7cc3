"""Comparison pictures (整改前后对比): before and after in one picture, to be read on a phone."""

from dataclasses import dataclass

from PIL import Image

from photos import layout
from photos.decode import as_jpeg
from photos.layout import AFTER, BEFORE, GAP, INNER, MARGIN, Box, Heading, Side

MOST = 3  # pictures of one side; more of them are too small to see anything
QUALITY = 85
_WIDE = 1.2  # from this form on two pictures stand one above the other
_NARROWEST = 400  # of a column: room for 整改前 and its time
_LOWEST, _TALLEST = 240, 1400
_TALLEST_OF_MORE = 420


@dataclass(frozen=True, slots=True)
class Comparison:
    """对比: what is drawn. One of the sides may be without pictures, then the other stands alone."""

    heading: Heading
    before: Side
    after: Side


@dataclass(frozen=True, slots=True)
class _Column:
    """One side, decoded."""

    side: Side
    colour: str
    first: Image.Image
    more: list[Image.Image]


def compare(comparison: Comparison) -> bytes:
    """Draw it as JPEG without metadata, 1080 pixels wide; the same facts always give the same bytes.

    Raises `PhotoRefused` when a picture cannot be taken, `ValueError` when there is none at all.
    """
    sides = ((comparison.before, BEFORE), (comparison.after, AFTER))
    columns = [_column(side, colour) for side, colour in sides if side.pictures]
    if not columns:
        raise ValueError("there is no picture to compare")
    sheet = layout.blank()
    top = layout.head(sheet, comparison.heading) + GAP + 6
    lying = len(columns) == 1 or all(layout.form(column.first) >= _WIDE for column in columns)
    bottom = _stacked(sheet, columns, top) if lying else _side_by_side(sheet, columns, top)
    return as_jpeg(layout.finished(sheet, bottom, comparison.heading.footer), QUALITY)


def _column(side: Side, colour: str) -> _Column:
    first, *more = (layout.decoded(data, INNER) for data in side.pictures[:MOST])
    return _Column(side, colour, first, more)


def _stacked(sheet: Image.Image, columns: list[_Column], top: int) -> int:
    for column in columns:
        grown = max(_LOWEST, layout.ENLARGED * column.first.height)
        height = min(round(INNER / layout.form(column.first)), grown, _TALLEST)
        top = _draw(sheet, column, Box(MARGIN, top, INNER, height)) + 2 * GAP
    return top - 2 * GAP


def _side_by_side(sheet: Image.Image, columns: list[_Column], top: int) -> int:
    """Both first pictures in frames of one height, as wide as their forms ask for."""
    left, right = (layout.form(column.first) for column in columns)
    room = INNER - GAP
    width = min(max(round(room * left / (left + right)), _NARROWEST), room - _NARROWEST)
    height = min(round(max(width / left, (room - width) / right)), _TALLEST)
    ends = [
        _draw(sheet, columns[0], Box(MARGIN, top, width, height)),
        _draw(sheet, columns[1], Box(MARGIN + width + GAP, top, room - width, height)),
    ]
    return max(ends)


def _draw(sheet: Image.Image, column: _Column, box: Box) -> int:
    """The first picture, its caption, and the others in a row; returns where they end."""
    layout.place(sheet, column.first, box)
    at = (box.left, box.top + box.height + 14)
    y = layout.caption(sheet, at, column.side, column.colour, box.width) + 8
    if not column.more:
        return y
    frames = list(layout.row(column.more, box.left, y + 6, box.width, _TALLEST_OF_MORE))
    for picture, frame in zip(column.more, frames, strict=True):
        layout.place(sheet, picture, frame)
    return frames[0].top + frames[0].height
