"""Word: a 通报 as .docx in the layout of GB/T 9704-2012: A4, type area 156 × 225 mm, 22 lines of 28 characters."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any, NamedTuple

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from scoring.notice import Notice
from scoring.papers.outline import AREA, Block, Grid, Part, Words, outline, title
from scoring.papers.wording import TEXTS

MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_RED = RGBColor(0xE6, 0x00, 0x12)
_BODY, _TITLE, _LINE = 16.0, 22.0, 225 / 22 * 72 / 25.4  # 三号, 二号, and from one of the 22 lines to the next
# 28 to a line: a little closer than the letters' own width.
_CHARACTER = 15.75
_LATIN = "Times New Roman"


class _Look(NamedTuple):
    """版式 of a part. indent: of the first line; left, right: of all lines, in characters."""

    face: str = "body"
    size: float = _BODY
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY
    indent: float = 0
    left: float = 0
    right: float = 0
    before: float = 0
    after: float = 0
    keeps: bool = False


_CENTRE, _RIGHT, _LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT
_LOOKS = {
    Part.RED_HEAD: _Look("title", 26, _CENTRE, before=_LINE, after=_LINE),
    Part.NUMBER: _Look(align=_CENTRE, after=6),
    Part.TITLE: _Look("title", _TITLE, _CENTRE, before=2 * _LINE, after=_LINE, keeps=True),
    Part.TO: _Look(align=_LEFT),
    Part.BODY: _Look(indent=2),
    Part.HEADING: _Look("heading", indent=2, keeps=True),
    Part.SECOND: _Look("second", indent=2, keeps=True),
    # From here to the date all stands on one page, so that no page holds a date alone.
    Part.CLOSING: _Look(indent=2, keeps=True),
    Part.ATTACHMENT: _Look(align=_LEFT, indent=2, before=_LINE, keeps=True),
    Part.ATTACHED: _Look(align=_LEFT, left=5, keeps=True),
    # 不加盖印章: the name two characters from the right, the date below it.
    Part.SIGNED: _Look(align=_RIGHT, right=2, before=2 * _LINE, keeps=True),
    Part.DATED: _Look(align=_RIGHT, right=4),
    Part.LABEL: _Look("heading", align=_LEFT),
    Part.CAPTION: _Look("title", _TITLE, _CENTRE, before=_LINE, after=10),
    Part.NOTE: _Look(size=10.5, before=6, after=4, keeps=True),
}


def word(notice: Notice) -> bytes:
    """The paper as a .docx file."""
    document = Document()
    _set_page(document)
    _set_properties(document, notice)
    for block in outline(notice):
        _put(document, block)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _set_page(document: Any) -> None:
    """天头 37 mm, 订口 28 mm; numbers 7 mm below the type area, outside on either side of a sheet."""
    section = document.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(22)
    _set_grid(section)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _LATIN, Pt(_BODY)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), TEXTS("typeface.body"))
    document.settings.odd_and_even_pages_header_footer = True
    _number(section.footer, _RIGHT)
    _number(section.even_page_footer, _LEFT)


def _set_grid(section: Any) -> None:
    """22 lines on a page; the pitch in twentieths of a point."""
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(int(_LINE * 20)))


def _number(footer: Any, align: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 —, one character in from the edge."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    paragraph.paragraph_format.right_indent = paragraph.paragraph_format.left_indent = Pt(14)
    before, after = TEXTS.raw("page").split("{page}")
    for words in (before, None, after):
        run = paragraph.add_run(words or "")
        _set_face(run, "page", 14, latin=TEXTS("typeface.page"))
        if words is None:
            _add_field(run, "PAGE")


def _add_field(run: Any, name: str) -> None:
    for kind in ("begin", None, "end"):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = name
        run._r.append(part)


def _set_properties(document: Any, notice: Notice) -> None:
    told = document.core_properties
    told.title, told.author, told.last_modified_by, told.comments = title(notice), notice.issuer, "", ""


def _put(document: Any, block: Block) -> None:
    if isinstance(block, Grid):
        _add_table(document, block)
        return
    paragraph = document.add_paragraph()
    look = _LOOKS[block.part]
    _write(paragraph, block.words, look, _size(block, look))
    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.keep_with_next = Pt(look.before), Pt(look.after), look.keeps
    form.first_line_indent, form.left_indent = Pt(look.indent * _CHARACTER), Pt(look.left * _CHARACTER)
    form.right_indent = Pt(look.right * _CHARACTER)
    if block.part is Part.LABEL:
        form.page_break_before = True
    if block.part is Part.RED_HEAD:
        _add_red_line(paragraph)


def _size(block: Words, look: _Look) -> float:
    """A red head fills its line, and no more."""
    room = AREA * 72 / 25.4 / max(1, len(block.words))
    return min(44.0, room) if block.part is Part.RED_HEAD else look.size


def _write(paragraph: Any, words: str, look: _Look, size: float) -> None:
    paragraph.alignment = look.align
    form = paragraph.paragraph_format
    if look.size > 12:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(max(_LINE, size * 1.4))
    else:
        _leave_grid(paragraph)
    run = paragraph.add_run(words)
    _set_face(run, look.face, size)
    if size == _BODY:
        _set_closer(run)
    if look is _LOOKS[Part.RED_HEAD]:
        run.font.color.rgb = _RED


def _set_face(run: Any, face: str, size: float, latin: str = _LATIN) -> None:
    run.font.size, run.font.name = Pt(size), latin
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), TEXTS(f"typeface.{face}"))


def _set_closer(run: Any) -> None:
    """28 characters to a line, in twentieths of a point; not every program heeds a page's grid for it."""
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(round((_CHARACTER - _BODY) * 20)))
    properties = run._element.get_or_add_rPr()
    properties.insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs")


def _leave_grid(paragraph: Any) -> None:
    """Small letters stand closer than the lines of the text."""
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(snap, "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")


def _add_red_line(paragraph: Any) -> None:
    """红色分隔线, as wide as the type area."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "11"), ("color", str(_RED))):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        *(borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr")
    )


def _add_table(document: Any, grid: Grid) -> None:
    """The head is said again on every page, and no row is torn."""
    table = document.add_table(rows=0, cols=len(grid.heads), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, grid.widths, strict=True):
        column.width = Mm(width)
    _add_row(table, grid, grid.heads, "heading", is_head=True)
    for n, row in enumerate(grid.rows):
        strong = n >= len(grid.rows) - grid.strong
        _add_row(table, grid, row, "heading" if strong else "body")


def _add_row(table: Any, grid: Grid, texts: Sequence[str], face: str, is_head: bool = False) -> None:
    row = table.add_row()
    properties = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", "w:tblHeader") if is_head else ("w:cantSplit",):
        properties.append(OxmlElement(name))
    cells = row.cells
    for n, words in enumerate(texts):
        cells[n].width = Mm(grid.widths[n])
        paragraph = cells[n].paragraphs[0]
        paragraph.alignment = _LEFT if n in grid.left and not is_head else _CENTRE
        _leave_grid(paragraph)
        paragraph.paragraph_format.space_after = Pt(0)
        _set_face(paragraph.add_run(words), face, 9)
