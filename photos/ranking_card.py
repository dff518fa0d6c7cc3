"""Ranking cards (排名图): the best and the last of a table in one picture, to be read on a phone."""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from photos import layout
from photos.decode import as_jpeg
from photos.layout import AFTER, ALARM, GAP, INK, INNER, LABEL, MARGIN, QUIET, SMALL, WIDTH, Heading
from photos.lettering import Style, measure, shorten, wrap, write

_QUALITY = 88
_ROW, _TALL = 74, 70
_RANK = Style(36, bold=True, colour="#ffffff")
_PLAIN_RANK = Style(36, bold=True, colour=INK)
_NAME, _SCORE = Style(38, bold=True, colour=INK), Style(38, bold=True, colour=INK)
_SECTION = Style(34, bold=True, colour="#ffffff")
_SEAL = Style(24, colour=QUIET)
_MEDALS = {1: "#b8860b", 2: "#7b8794", 3: "#9c5a2c"}
_BAR = "#dce9f5"
_BAR_LATE = "#f8dedb"
# At the right, beyond where the longest bar ends.
_FOR_SCORE = 150


@dataclass(frozen=True, slots=True)
class Place:
    """名次. rank: in words, such as 1.  note: beside the name in red, such as 一票否决."""

    rank: str
    name: str
    score: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """一段: the best, or the last."""

    title: str
    places: tuple[Place, ...]
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class RankingCard:
    """排名图. words: below the table, such as who is not ranked.  seal: digest and address, in small."""

    heading: Heading
    sections: tuple[Section, ...]
    words: tuple[str, ...] = ()
    seal: tuple[str, ...] = ()


def draw(card: RankingCard) -> bytes:
    """Draw it as JPEG without metadata, 1080 pixels wide; the same card always gives the same bytes."""
    sheet = layout.blank()
    y = layout.head(sheet, card.heading) + GAP
    for section in card.sections:
        y = _section(sheet, section, y + 8)
    y += GAP
    for words in card.words:
        y = _lines(sheet, words, y, LABEL, 4)
    y += 12
    layout.rule(sheet, y)
    y += 18
    for words in card.seal:
        y = _lines(sheet, words, y, _SEAL, 3)
    return as_jpeg(layout.finished(sheet, y, ""), _QUALITY)


def _lines(sheet: Image.Image, words: str, y: int, style: Style, most: int) -> int:
    for line in wrap(words, INNER, style, most):
        write(sheet, (MARGIN, y), line, style)
        y += style.line
    return y


def _section(sheet: Image.Image, section: Section, y: int) -> int:
    colour = ALARM if section.is_last else AFTER
    layout.pill(sheet, (MARGIN, y), section.title, colour, _SECTION)
    y += 76
    for place in section.places:
        _place(sheet, place, y, section.is_last)
        y += _ROW
    return y + 10


def _place(sheet: Image.Image, place: Place, y: int, is_last: bool) -> None:
    """Rank, name, what is to be said of it, and the score at the right above a bar."""
    pen = ImageDraw.Draw(sheet)
    share = min(max(float(place.score) / 100, 0.0), 1.0)
    left = MARGIN + 84
    room = WIDTH - MARGIN - left - _FOR_SCORE
    pen.rectangle((left, y, left + room * share, y + _TALL - 6), fill=_BAR_LATE if is_last else _BAR)
    _rank(sheet, place.rank, y, medals=not is_last)
    middle = y + (_TALL - 6 - _NAME.line) / 2
    write(sheet, (WIDTH - MARGIN - measure(place.score, _SCORE), middle), place.score, _SCORE)
    free = room - 32
    note = shorten(place.note, free / 2, SMALL)
    name = shorten(place.name, free - measure(note, SMALL) - 16, _NAME)
    end = write(sheet, (left + 16, middle), name, _NAME)
    write(sheet, (end + 16, middle + 8), note, Style(SMALL.size, bold=True, colour=ALARM))


def _rank(sheet: Image.Image, rank: str, y: int, medals: bool) -> None:
    """The first three on a medal."""
    colour = _MEDALS.get(int(rank)) if medals and rank.isdigit() else None
    centre = MARGIN + 34
    if colour:
        box = (centre - 30, y + 2, centre + 30, y + 62)
        ImageDraw.Draw(sheet).ellipse(box, fill=colour)
    style = _RANK if colour else _PLAIN_RANK
    write(sheet, (centre - measure(rank, style) / 2, y + (64 - style.line) / 2), rank, style)
