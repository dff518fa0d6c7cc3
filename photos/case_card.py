"""Case cards (案件卡): one picture that tells a case: what, where, whose, when, and what it looks like."""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from photos import layout
from photos.decode import as_jpeg
from photos.layout import AFTER, ALARM, BEFORE, BODY, GAP, INNER, MARGIN, QUIET, RULE, WIDTH, Box, Heading, Side
from photos.lettering import Style, measure, shorten, write

_QUALITY = 85
_DONE = Style(34, bold=True, colour=layout.INK)
_OPEN = Style(34, colour=QUIET)
_LATE = Style(34, bold=True, colour=ALARM)
_LINE = 62
_TALLEST = 640


@dataclass(frozen=True, slots=True)
class Step:
    """一步: what happened, or is still to come. at: when, in words.  note: beside it, such as 逾期2小时.

    done: it has happened.  late: it happened after its time, or did not.
    """

    name: str
    at: str = ""
    note: str = ""
    done: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class CaseCard:
    """案件卡. heading.tag: the case's state, in red when it is late."""

    heading: Heading
    steps: tuple[Step, ...]
    before: Side
    after: Side
    late: bool = False


def draw(card: CaseCard) -> bytes:
    """Draw it as JPEG without metadata, 1080 pixels wide; raises `PhotoRefused` when a picture cannot be taken."""
    sheet = layout.blank()
    y = layout.head(sheet, card.heading, ALARM if card.late else layout.ACCENT) + GAP
    layout.rule(sheet, y)
    y = _timeline(sheet, card.steps, y + GAP + 8)
    sides = [(side, colour) for side, colour in ((card.before, BEFORE), (card.after, AFTER)) if side.pictures]
    if sides:
        layout.rule(sheet, y + 4)
        y = _pictures(sheet, sides, y + GAP + 12)
    return as_jpeg(layout.finished(sheet, y, card.heading.footer), _QUALITY)


def _timeline(sheet: Image.Image, steps: tuple[Step, ...], top: int) -> int:
    """A dot for each step, joined by a line; what is still to come is hollow."""
    pen = ImageDraw.Draw(sheet)
    x, middle = MARGIN + 14, BODY.line // 2
    indent = MARGIN + 48 + max((measure(step.name, _DONE) for step in steps), default=0) + 28
    for n, step in enumerate(steps):
        y = top + n * _LINE
        if n + 1 < len(steps):
            pen.line((x, y + middle, x, y + middle + _LINE), fill=RULE, width=4)
        _dot(pen, x, y + middle, step)
        write(sheet, (MARGIN + 48, y), step.name, _DONE if step.done else _OPEN)
        end = write(sheet, (indent, y), step.at, BODY if step.done else _OPEN)
        beside = end + 24 if step.at else end
        note = shorten(step.note, WIDTH - MARGIN - beside, _LATE)
        write(sheet, (beside, y), note, _LATE if step.late else _OPEN)
    return top + len(steps) * _LINE


def _dot(pen: ImageDraw.ImageDraw, x: int, y: int, step: Step) -> None:
    colour = ALARM if step.late else AFTER if step.done else QUIET
    around = (x - 11, y - 11, x + 11, y + 11)
    pen.ellipse(around, fill=colour if step.done else layout.PAPER, outline=colour, width=4)


def _pictures(sheet: Image.Image, sides: list[tuple[Side, str]], top: int) -> int:
    """The first picture of each side, in frames of one size."""
    width = (INNER - GAP * (len(sides) - 1)) // len(sides)
    firsts = [layout.decoded(side.pictures[0], width) for side, _ in sides]
    height = min(round(max(width / layout.form(picture) for picture in firsts)), _TALLEST)
    left, bottom = MARGIN, top
    for (side, colour), picture in zip(sides, firsts, strict=True):
        layout.place(sheet, picture, Box(left, top, width, height))
        bottom = max(bottom, layout.caption(sheet, (left, top + height + 14), side, colour, width))
        left += width + GAP
    return bottom + 4
