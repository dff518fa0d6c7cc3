"""PDF: a 通报 on A4 with the margins and sizes of GB/T 9704-2012, in the open font that lies beside the code.

Not met: 仿宋 and 小标宋 are no open fonts, so all of it is set in Noto Sans SC (思源黑体).
"""

from collections.abc import Sequence
from io import BytesIO
from itertools import groupby
from threading import Lock
from typing import Any, NamedTuple

from reportlab.lib.colors import HexColor, black
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Frame,
    HRFlowable,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import Table as Grid_
from reportlab.platypus.flowables import Flowable

from scoring.notice import Notice
from scoring.papers.outline import AREA, Block, Grid, Part, Words, outline, title
from scoring.papers.typeface import lines, runs, width
from scoring.papers.wording import TEXTS

MIMETYPE = "application/pdf"
_RED = HexColor("#e60012")
_TOP, _SIDE, _HEIGHT = 37 * mm, 28 * mm, 225 * mm
_BODY, _TITLE, _LINE = 15.75, 22.0, 225 / 22 * mm  # 三号, 二号, and from one of the 22 lines to the next
_CELL, _PADDING = 9.0, 2.0
_LEFT, _CENTRE, _RIGHT = 0.0, 0.5, 1.0
_PAGE_NUMBER = 14.0
_TOGETHER = {Part.CLOSING, Part.ATTACHMENT, Part.ATTACHED, Part.SIGNED, Part.DATED}
# No heading, and no note of a table, is the last on its page.
_NEEDS = {Part.HEADING: 3 * _LINE, Part.SECOND: 3 * _LINE, Part.NOTE: 3 * _LINE}
# The writer keeps its fonts and what they were used for in one place for all threads.
_lock = Lock()


class _Look(NamedTuple):
    """版式 of a part; indents in characters, distances in points."""

    size: float = _BODY
    bold: bool = False
    align: float = _LEFT
    indent: int = 0
    left: int = 0
    right: int = 0
    before: float = 0
    after: float = 0


_LOOKS = {
    Part.RED_HEAD: _Look(26, True, _CENTRE, before=_LINE, after=_LINE),
    Part.NUMBER: _Look(align=_CENTRE, after=6),
    Part.TITLE: _Look(_TITLE, True, _CENTRE, before=_LINE, after=_LINE),
    Part.TO: _Look(),
    Part.BODY: _Look(indent=2),
    Part.HEADING: _Look(bold=True, indent=2),
    Part.SECOND: _Look(indent=2),
    Part.CLOSING: _Look(indent=2),
    Part.ATTACHMENT: _Look(indent=2, before=_LINE),
    Part.ATTACHED: _Look(left=5),
    Part.SIGNED: _Look(align=_RIGHT, right=2, before=2 * _LINE),
    Part.DATED: _Look(align=_RIGHT, right=4),
    Part.LABEL: _Look(bold=True),
    Part.CAPTION: _Look(_TITLE, True, _CENTRE, before=_LINE / 2, after=10),
    Part.NOTE: _Look(10.5, before=6, after=4),
}


def pdf(notice: Notice) -> bytes:
    """The paper as a PDF; the same notice always gives the same bytes."""
    with _lock:
        file = BytesIO()
        document = BaseDocTemplate(
            *(file,),
            pagesize=A4,
            title=title(notice),
            author=notice.issuer,
            lang="zh-CN",
            invariant=1,
            pageTemplates=[PageTemplate("page", [_frame()], onPageEnd=_number)],
        )
        document.build(_story(outline(notice)))
        return file.getvalue()


def _story(blocks: Sequence[Block]) -> list[Flowable]:
    """From the closing words to the date all stands on one page, so that no page holds a date alone."""
    found: list[Flowable] = []
    for together, some in groupby(blocks, lambda block: isinstance(block, Words) and block.part in _TOGETHER):
        drawn = [flowable for block in some for flowable in _drawn(block)]
        found += [KeepTogether(drawn)] if together else drawn
    return found


def _frame() -> Frame:
    bottom = A4[1] - _TOP - _HEIGHT
    return Frame(_SIDE, bottom, AREA * mm, _HEIGHT, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)


def _number(canvas: Canvas, document: Any) -> None:
    """— 1 —, 7 mm below the type area, outside on either side of a sheet, one character in."""
    page = canvas.getPageNumber()
    look = _Look(_PAGE_NUMBER, align=_RIGHT if page % 2 else _LEFT)
    words = Lettering(TEXTS("page", page=page), look)
    words.wrap(AREA * mm - 2 * _PAGE_NUMBER, _LINE)
    words.drawOn(canvas, _SIDE + _PAGE_NUMBER, A4[1] - _TOP - _HEIGHT - 7 * mm - words.height)


class Lettering(Flowable):
    """排字: words in lines of our own breaking, because reportlab begins lines with what may not begin them."""

    def __init__(self, words: str, look: _Look, colour: Any = black, made: list[str] | None = None) -> None:
        super().__init__()
        self.words, self.look, self.colour, self.made = words, look, colour, made
        self.leading = max(_LINE, look.size * 1.4) if look.size > 12 else look.size * 1.35
        # Only the first piece of what was torn has the first line's indent.
        self.indent = look.indent if made is None else 0

    def getSpaceBefore(self) -> float:
        return self.look.before

    def getSpaceAfter(self) -> float:
        return self.look.after

    def wrap(self, room: float, _: float) -> tuple[float, float]:
        inner = room - (self.look.left + self.look.right) * self.look.size
        self.room = room
        if self.made is None:
            self.made = lines(self.words, inner + 0.01, self.look.size, self.look.bold, self.indent)
        self.width, self.height = room, self.leading * len(self.made)
        return self.width, self.height

    def split(self, room: float, height: float) -> list[Flowable]:
        """Over two pages, with two lines at least on each."""
        made, fit = self.made or [], int(height / self.leading + 1e-6)
        fit = min(fit, len(made) - 2)
        if fit < 2:
            return []
        first = Lettering(self.words, self.look, self.colour, made[:fit])
        first.indent = self.indent
        return [first, Lettering(self.words, self.look, self.colour, made[fit:])]

    def draw(self) -> None:
        size, bold = self.look.size, self.look.bold
        self.canv.setFillColor(self.colour)
        for n, line in enumerate(self.made or []):
            free = self.room - (self.look.left + self.look.right) * size - width(line, size, bold)
            x = self.look.left * size + free * self.look.align + (self.indent * size if n == 0 else 0)
            y = self.height - n * self.leading - self.leading / 2 - size * 0.36
            for name, run in runs(line, bold):
                self.canv.setFont(name, size)
                self.canv.drawString(x, y, run)
                x += pdfmetrics.stringWidth(run, name, size)


def _drawn(block: Block) -> list[Flowable]:
    if isinstance(block, Grid):
        return [_table(block)]
    look, is_red = _LOOKS[block.part], block.part is Part.RED_HEAD
    look = look._replace(size=_filling(block.words)) if is_red else look
    words: Flowable = Lettering(block.words, look, _RED if is_red else black)
    if block.part is Part.LABEL:
        return [PageBreak(), words]
    if is_red:
        return [Spacer(1, _LINE), words, HRFlowable("100%", 2, color=_RED, spaceBefore=4 * mm, spaceAfter=_LINE)]
    return [CondPageBreak(_NEEDS[block.part]), words] if block.part in _NEEDS else [words]


def _filling(words: str) -> float:
    """A red head fills its line, and no more."""
    return min(44.0, AREA * mm / max(1, len(words)) - 0.1)


def _table(grid: Grid) -> Flowable:
    """The head is said again on every page."""
    last = len(grid.rows) - grid.strong
    rows = [_row(grid, grid.heads, bold=True, is_head=True)]
    rows += [_row(grid, row, bold=n >= last) for n, row in enumerate(grid.rows)]
    everywhere = (0, 0), (-1, -1)
    return Grid_(
        rows,
        colWidths=[width_ * mm for width_ in grid.widths],
        repeatRows=1,
        style=[
            ("GRID", *everywhere, 0.5, black),
            ("VALIGN", *everywhere, "MIDDLE"),
            ("LEFTPADDING", *everywhere, _PADDING),
            ("RIGHTPADDING", *everywhere, _PADDING),
            ("TOPPADDING", *everywhere, _PADDING),
            ("BOTTOMPADDING", *everywhere, _PADDING),
        ],
    )


def _row(grid: Grid, texts: Sequence[str], bold: bool, is_head: bool = False) -> list[Flowable]:
    return [
        Lettering(words, _Look(_CELL, bold, _LEFT if n in grid.left and not is_head else _CENTRE))
        for n, words in enumerate(texts)
    ]
