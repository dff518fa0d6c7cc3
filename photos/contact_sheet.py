"""Contact sheets (照片清单): many cases on A4 pages, to be printed and laid on the table of a meeting."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from PIL import Image

from photos import layout
from photos.decode import as_jpeg
from photos.layout import AFTER, ALARM, BEFORE, INK, QUIET, Box, Side
from photos.lettering import Style, measure, shorten, wrap, write

DPI = 150
_QUALITY = 85
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
    """All pages in one PDF that tells nothing of who made it and when; raises `ValueError` when there is no page.

    Written here because Pillow holds every page until the last is drawn, and signs what it writes with the time.
    """
    pieces, places = [b"%PDF-1.4\n"], [0, 0]
    size, kids = len(pieces[0]), []
    for sheet in sheets:
        for body in _page_objects(len(places) + 1, sheet):
            pieces.append(b"%d 0 obj\n%s\nendobj\n" % (len(places) + 1, body))
            places.append(size)
            size += len(pieces[-1])
        kids.append(b"%d 0 R" % len(places))
    if not kids:
        raise ValueError("there is no page")
    return b"".join([*pieces, _ending(kids, places, size)])


def _page_objects(first: int, sheet: Image.Image) -> tuple[bytes, bytes, bytes]:
    """The picture, the one line that draws it, and the page; the page is the last."""
    width, height = (72 * side / DPI for side in sheet.size)
    jpeg = as_jpeg(sheet, _QUALITY)
    picture = b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB" % sheet.size
    picture += b"/BitsPerComponent 8/Filter/DCTDecode/Length %d>>\nstream\n%s\nendstream" % (len(jpeg), jpeg)
    line = b"q %.2f 0 0 %.2f 0 0 cm /P Do Q" % (width, height)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.2f %.2f]" % (width, height)
    page += b"/Resources<</XObject<</P %d 0 R>>>>/Contents %d 0 R>>" % (first, first + 1)
    return picture, b"<</Length %d>>\nstream\n%s\nendstream" % (len(line), line), page


def _ending(kids: list[bytes], places: list[int], size: int) -> bytes:
    """The catalogue, the list of pages, and where every object begins."""
    catalogue = b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    pages = b"2 0 obj\n<</Type/Pages/Count %d/Kids[%s]>>\nendobj\n" % (len(kids), b" ".join(kids))
    places[0], places[1] = size, size + len(catalogue)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(places) + 1
    start = size + len(catalogue) + len(pages)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, start)
    return catalogue + pages + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + end


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
