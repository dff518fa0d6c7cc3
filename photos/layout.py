"""Layout (版面): what all drawn pictures share: colours, headers, pills, and photos in frames, never cropped."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from PIL import Image, ImageDraw

from photos.decode import DEFAULT_LIMITS, Limits, upright
from photos.lettering import Style, measure, shorten, wrap, write

# Three times the width of a phone's screen in points, so that 34 pixels read like a chat's own letters.
WIDTH, MARGIN, GAP = 1080, 48, 16
INNER = WIDTH - 2 * MARGIN
TALLEST = 6000

PAPER, FRAME, RULE = "#ffffff", "#eef1f4", "#e3e7ec"
INK, QUIET = "#1f2a37", "#667085"
BEFORE, AFTER, ACCENT, ALARM = "#b0562f", "#2e7d5b", "#1f4f82", "#b42318"

TITLE = Style(46, bold=True, colour=INK)
BODY = Style(34, colour=INK)
LABEL = Style(34, colour=QUIET)
SMALL = Style(28, colour=QUIET)
_PILL = Style(30, bold=True, colour="#ffffff")
# Times; a picture of a few pixels is not blown up until it shows nothing but squares.
ENLARGED = 3
# Narrower or wider than this a picture stands in a frame of this form.
_SLIMMEST, _WIDEST = 0.5, 4.0


class Box(NamedTuple):
    """框: a place on the sheet, in pixels."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Side:
    """一侧: the pictures of before or of after. pictures: JPEG (or any kind we take), the best one first.

    title: 整改前 or 整改后.  time: when, in words, "" where nobody knows.
    """

    title: str
    time: str = ""
    pictures: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """题头: what stands above the pictures. details: label and words of each line, such as 地点 and 山大路.

    tag: a word on the right of the title.  footer: one quiet line at the end.
    """

    title: str
    details: tuple[tuple[str, str], ...] = ()
    tag: str = ""
    footer: str = ""


def blank() -> Image.Image:
    """A sheet as wide as a phone and longer than anything we draw; see `finished`."""
    sheet = Image.new("RGB", (WIDTH, TALLEST), PAPER)
    ImageDraw.Draw(sheet).rectangle((0, 0, WIDTH, 11), fill=ACCENT)
    return sheet


def finished(sheet: Image.Image, bottom: int, footer: str) -> Image.Image:
    """The sheet down to what was drawn last, with its last line."""
    if footer:
        rule(sheet, bottom + 24)
        write(sheet, (MARGIN, bottom + 40), shorten(footer, INNER, SMALL), SMALL)
        bottom += 40 + SMALL.line
    return sheet.crop((0, 0, WIDTH, min(bottom + 28, TALLEST)))


def rule(sheet: Image.Image, y: int, margin: int = MARGIN) -> None:
    """A hair line from margin to margin."""
    ImageDraw.Draw(sheet).line((margin, y, sheet.width - margin, y), fill=RULE, width=2)


def head(sheet: Image.Image, heading: Heading, tone: str = ACCENT) -> int:
    """Draw the title, its tag and the details; returns where they end."""
    tag = pill_width(heading.tag) if heading.tag else 0
    if heading.tag:
        pill(sheet, (WIDTH - MARGIN - tag, 52), heading.tag, tone)
    y = 44
    for line in wrap(heading.title, INNER - tag - GAP, TITLE, most=2):
        write(sheet, (MARGIN, y), line, TITLE)
        y += TITLE.line
    return facts(sheet, y + 10, heading.details)


def facts(sheet: Image.Image, y: int, details: tuple[tuple[str, str], ...]) -> int:
    """Lines of label and words, the words one below the other; returns where they end."""
    indent = MARGIN + max((measure(label, LABEL) for label, _ in details), default=0) + 24
    for label, words in details:
        write(sheet, (MARGIN, y), label, LABEL)
        for line in wrap(words, WIDTH - MARGIN - indent, BODY, most=2) or [""]:
            write(sheet, (indent, y), line, BODY)
            y += BODY.line
        y += 6
    return y


def pill(sheet: Image.Image, at: tuple[int, int], words: str, colour: str, style: Style = _PILL) -> int:
    """Words on a coloured pill; returns its right end."""
    width, height = pill_width(words, style), round(style.size * 1.7)
    # Drawn larger and made smaller, because the round ends of a small shape would be ragged.
    fine = Image.new("L", (4 * width, 4 * height))
    ImageDraw.Draw(fine).rounded_rectangle((0, 0, 4 * width - 1, 4 * height - 1), 2 * height, fill=255)
    mask = fine.resize((width, height), Image.Resampling.BOX)
    sheet.paste(Image.new("RGB", mask.size, colour), at, mask)
    write(sheet, (at[0] + style.size * 0.75, at[1] + (height - style.line) / 2), words, style)
    return at[0] + width


def pill_width(words: str, style: Style = _PILL) -> int:
    """How wide the pill around these words is."""
    return round(measure(words, style) + 1.5 * style.size)


def caption(sheet: Image.Image, at: tuple[int, int], side: Side, colour: str, width: int) -> int:
    """整改前 and its time, in one line where it fits; returns where it ends."""
    x, y = at
    end = pill(sheet, (x, y), side.title, colour)
    beside = x + width - end - GAP
    if measure(side.time, LABEL) <= beside:
        write(sheet, (end + GAP, y), side.time, LABEL)
        return y + 56
    write(sheet, (x, y + 58), shorten(side.time, width, LABEL), LABEL)
    return y + 58 + LABEL.line


def decoded(data: bytes, longest: int, limits: Limits = DEFAULT_LIMITS) -> Image.Image:
    """A photo ready to be placed; raises `PhotoRefused`."""
    return upright(data, longest, limits)


def form(picture: Image.Image) -> float:
    """Width by height of the frame a picture gets."""
    return min(max(picture.width / picture.height, _SLIMMEST), _WIDEST)


def place(sheet: Image.Image, picture: Image.Image, box: Box) -> None:
    """Set a picture into a frame: whole, in the middle, enlarged a little at the most."""
    scale = min(box.width / picture.width, box.height / picture.height, ENLARGED)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    left, top = box.left + (box.width - size[0]) // 2, box.top + (box.height - size[1]) // 2
    right, bottom = box.left + box.width - 1, box.top + box.height - 1
    ImageDraw.Draw(sheet).rectangle((box.left, box.top, right, bottom), fill=FRAME)
    sheet.paste(picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0), (left, top))


def row(pictures: list[Image.Image], left: int, top: int, width: int, tallest: int) -> Iterator[Box]:
    """Frames of one height side by side, together as wide as `width` or less."""
    forms = [form(picture) for picture in pictures]
    height = min(round((width - GAP * (len(forms) - 1)) / sum(forms)), tallest)
    for one in forms:
        yield Box(left, top, round(height * one), height)
        left += round(height * one) + GAP
