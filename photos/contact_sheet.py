"""Contact sheets (照片清单): many cases on A4 pages, to be printed and laid on the table of a meeting."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any

from PIL import Image

from photos import layout
from photos.layout import AFTER, ALARM, BEFORE, INK, QUIET, Box, Side
from photos.lettering import Style, measure, shorten, wrap, write

DPI = 150
PAGE = (1240, 1754)  # A4 at that resolution
_MARGIN, _GAP = 70, 16
_HEAD, _FOOT = 74, 40
_TEXT = 420
_TITLE = Style(36, bold=True, colour=INK)
_NAME = Style(25, bold=True, colour=INK)
_WORDS = Style(21, colour=INK)
_QUIET = Style(20, colour=QUIET)
_LATE = Style(21, bold=True, colour=ALARM)
_TAG = Style(18, bold=True, colour="#ffffff")
_CAPTION = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """一案: title, such as 编号 12 · 暴露垃圾; lines of words below it; warning in red, "" for none."""

    title: str
    lines: tuple[str, ...]
    before: Side
    after: Side
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """页面文字. empty: in place of a picture there is none of.  page: with {page} in it."""

    title: str
    subtitle: str
    empty: str
    page: str


def pages(entries: Iterable[Entry], words: Words, per_page: int = 5) -> Iterator[Image.Image]:
    """One page after the other, so that a thousand cases need the memory of one page; raises `PhotoRefused`.

    per_page: 1 to 8 cases.
    """
    if not 1 <= per_page <= 8:
        raise ValueError(f"{per_page} cases cannot stand on a page")
    height = (PAGE[1] - 2 * _MARGIN - _HEAD - _FOOT) // per_page
    rest, number = iter(entries), 1
    while some := list(islice(rest, per_page)):
        page = _empty_page(words, number)
        for n, entry in enumerate(some):
            _draw(page, entry, _MARGIN + _HEAD + n * height, height, words.empty)
        yield page
        number += 1


def as_pdf(sheets: Iterable[Image.Image]) -> bytes:
    """All pages in one PDF that tells nothing of who made it and when; raises `ValueError` when there is no page."""
    every = iter(sheets)
    first = next(every, None)
    if first is None:
        raise ValueError("there is no page")
    silent: dict[str, Any] = {"creationDate": None, "modDate": None, "producer": None}
    file = BytesIO()
    first.save(file, "PDF", resolution=DPI, save_all=True, append_images=every, quality=85, **silent)
    return file.getvalue()


def _empty_page(words: Words, number: int) -> Image.Image:
    page = Image.new("RGB", PAGE, layout.PAPER)
    room = PAGE[0] - 2 * _MARGIN
    end = write(page, (_MARGIN, _MARGIN - 14), shorten(words.title, room, _TITLE), _TITLE)
    beside = shorten(words.subtitle, PAGE[0] - _MARGIN - end - 24, _QUIET)
    write(page, (PAGE[0] - _MARGIN - measure(beside, _QUIET), _MARGIN), beside, _QUIET)
    foot = words.page.format(page=number)
    write(page, ((PAGE[0] - measure(foot, _QUIET)) / 2, PAGE[1] - _MARGIN - 10), foot, _QUIET)
    return page


def _draw(page: Image.Image, entry: Entry, top: int, height: int, empty: str) -> None:
    layout.rule(page, top, _MARGIN)
    _describe(page, entry, top + 14, top + height - 10)
    width = (PAGE[0] - 2 * _MARGIN - _TEXT - 2 * _GAP) // 2
    for n, (side, colour) in enumerate(((entry.before, BEFORE), (entry.after, AFTER))):
        left = _MARGIN + _TEXT + _GAP + n * (width + _GAP)
        _photo(page, side, Box(left, top + 14, width, height - 28 - _CAPTION), empty)
        end = layout.pill(page, (left, top + height - _CAPTION - 6), side.title, colour, _TAG)
        time = shorten(side.time, left + width - end - 10, _QUIET)
        write(page, (end + 10, top + height - _CAPTION - 5), time, _QUIET)


def _photo(page: Image.Image, side: Side, box: Box, empty: str) -> None:
    if side.pictures:
        layout.place(page, layout.decoded(side.pictures[0], max(box.width, box.height)), box)
        return
    layout.place(page, Image.new("RGB", (1, 1), layout.FRAME), box)
    words = shorten(empty, box.width, _QUIET)
    middle = box.left + (box.width - measure(words, _QUIET)) / 2
    write(page, (middle, box.top + (box.height - _QUIET.line) / 2), words, _QUIET)


def _describe(page: Image.Image, entry: Entry, y: int, bottom: int) -> None:
    """The words of a case, as many as there is room for; the warning comes before what may be left out."""
    blocks = [(entry.title, _NAME, 2), (entry.warning, _LATE, 2), *((line, _WORDS, 2) for line in entry.lines)]
    for words, style, most in blocks:
        for line in wrap(words, _TEXT - _GAP, style, most):
            if y + style.line > bottom:
                return
            write(page, (_MARGIN, y), line, style)
            y += style.line
