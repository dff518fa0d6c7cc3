"""工作簿: tables as an Excel file, for people who calculate on: numbers as numbers, and no text that calculates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain, islice
from typing import Any

# No types are published with it.
from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Font, PatternFill  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter, quote_sheetname  # type: ignore[import-untyped]
from openpyxl.worksheet.hyperlink import Hyperlink  # type: ignore[import-untyped]

from handlers.membership.spreadsheet import is_formula

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PERCENT, HOURS, WHOLE = "0.0%", "0.0", "#,##0"
# What Excel itself allows.
_NAME_AT_MOST, _TEXT_AT_MOST = 31, 32_767
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_NARROWEST, _WIDEST = 8, 60
# Widths have to be said before the first row is written; so many rows tell what the others need.
_LOOKED_AT = 200
_HEAD_FONT, _HEAD_FILL = Font(bold=True), PatternFill("solid", fgColor="E8EEF6")
_LINK_FONT = Font(color="1F4F82", underline="single")
_HEAD_ALIGNED, _WRAPPED = Alignment(wrap_text=True, vertical="top"), Alignment(wrap_text=True, vertical="top")


@dataclass(frozen=True, slots=True)
class Link:
    """链接: a number or text that leads to a row of another sheet of the same file."""

    value: str | int | float
    sheet: str
    row: int


Cell = str | int | float | Link | None


@dataclass(frozen=True, slots=True)
class Column:
    """列: its head, and how Excel shows its numbers ("" as they are)."""

    head: str
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """表: a name, columns and rows. wraps: long texts are broken into lines."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]] = field(default_factory=tuple)
    wraps: bool = False


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """An .xlsx file. Each head stays in sight and can be filtered; a text is a text, whatever it begins with."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(book, sheet)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _write(book: Any, sheet: Sheet) -> None:
    rows = iter(sheet.rows)
    first = list(islice(rows, _LOOKED_AT))
    page = book.create_sheet(sheet_name(sheet.name))
    page.freeze_panes = "B2"
    for n, width in enumerate(_widths(sheet.columns, first), start=1):
        page.column_dimensions[get_column_letter(n)].width = width
    page.append([_head(page, column.head) for column in sheet.columns])
    count = 1
    for row in chain(first, rows):
        page.append([_cell(page, value, column, sheet) for value, column in zip(row, sheet.columns, strict=True)])
        count += 1
    page.auto_filter.ref = f"A1:{get_column_letter(max(1, len(sheet.columns)))}{count}"


def sheet_name(words: str) -> str:
    """A sheet's name as Excel takes it."""
    return words.translate(_FORBIDDEN_IN_NAMES)[:_NAME_AT_MOST]


def _head(page: Any, words: str) -> Any:
    cell = WriteOnlyCell(page, value=words)
    cell.data_type, cell.font, cell.fill, cell.alignment = "s", _HEAD_FONT, _HEAD_FILL, _HEAD_ALIGNED
    return cell


def _cell(page: Any, value: Cell, column: Column, sheet: Sheet) -> Any:
    if value is None:
        return None
    if isinstance(value, Link):
        cell = _cell(page, value.value, column, sheet)
        cell.font = _LINK_FONT
        cell.hyperlink = Hyperlink(ref="", location=f"{quote_sheetname(sheet_name(value.sheet))}!A{value.row}")
        return cell
    if isinstance(value, str):
        cell = WriteOnlyCell(page, value=_shown(value))
        # openpyxl takes "=1" for a formula and "#N/A" for an error; the type says that it is neither. The mark is
        # Excel's own for a text, so that it stays one when somebody edits it, and nothing is put before its words.
        cell.data_type, cell.quotePrefix = "s", is_formula(value)
    else:
        cell = WriteOnlyCell(page, value=value)
        if column.shape:
            cell.number_format = column.shape
    if sheet.wraps:
        cell.alignment = _WRAPPED
    return cell


def _shown(words: str) -> str:
    return str(ILLEGAL_CHARACTERS_RE.sub("", words))[:_TEXT_AT_MOST]


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> list[int]:
    texts = [[column.head, *(row[n] for row in rows)] for n, column in enumerate(columns)]
    return [min(_WIDEST, max(_NARROWEST, *(_width(value) + 2 for value in values))) for values in texts]


def _width(value: Cell) -> int:
    """In Excel's measure: a Chinese character is two wide."""
    if isinstance(value, Link):
        return _width(value.value)
    if isinstance(value, str):
        return max((sum(2 if ord(one) > 0x2E7F else 1 for one in line) for line in value.split("\n")), default=0)
    return len(f"{value:.1f}") if isinstance(value, float) else len(str(value or ""))
