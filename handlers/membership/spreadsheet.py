"""表格: the rows of a CSV or Excel file as plain texts, whoever made it and however."""

import csv
import io
import unicodedata
import warnings
import zlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from zipfile import BadZipFile, ZipFile

# No types are published with it.
from openpyxl import load_workbook  # type: ignore[import-untyped]
from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

from handlers.membership.wording import TEXTS

MEGABYTE = 1024 * 1024
BYTES_AT_MOST = 5 * MEGABYTE
# An .xlsx is a zip: a few kilobytes of it can hold gigabytes.
UNPACKED_AT_MOST = 60 * MEGABYTE
ROWS_AT_MOST, COLUMNS_AT_MOST = 5000, 50
# Excel's own last row: no real file goes beyond it, a made one would be counted for hours.
LAST_ROW = 1_048_576
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
DELIMITERS = ",\t;，"
# Looked at for the delimiter: a title above the header has none.
LINES_OF_HEAD = 5
# A byte order mark settles it; without one UTF-8 refuses what is not UTF-8, GB 18030 hardly anything.
MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
ENCODINGS = ("utf-8-sig", "gb18030")
FORMULA_SIGNS = "=+-@"
# What openpyxl lets out of a damaged or made-up file; it promises nothing narrower.
DAMAGED = (
    BadZipFile,
    InvalidFileException,
    zlib.error,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)

Row = tuple[int, tuple[str, ...]]


class RosterError(Exception):
    """名单读不了: the file as a whole cannot be read; says in Chinese what to do."""


def read_rows(source: Path | bytes) -> list[Row]:
    """The rows that say anything, with their numbers as Excel shows them; raises RosterError.

    Of a workbook it is the first visible sheet. What kind of file it is says its content, not its name.
    """
    data = _bytes(source)
    if data.startswith(OLD_EXCEL):
        raise RosterError(TEXTS("file.old_excel"))
    return _excel(data) if data.startswith(ZIP) else _csv(data)


def clean(text: str) -> str:
    """A cell's text on one line, without what cannot be seen."""
    # Zero-width and direction marks come along when people copy out of WeChat, and split equal names.
    seen = "".join(" " if one.isspace() else one for one in text if one.isspace() or not _is_hidden(one))
    return " ".join(seen.split())


def is_formula(text: str) -> bool:
    """Whether a table program that opens the text would calculate it instead of showing it."""
    return unicodedata.normalize("NFKC", text[:1]).startswith(tuple(FORMULA_SIGNS))


def safe_cell(text: str) -> str:
    """A text for a table that others will open: shown, never calculated."""
    return f"'{text}" if is_formula(text) else text


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs")


def _bytes(source: Path | bytes) -> bytes:
    try:
        data = source if isinstance(source, bytes) else _head(source)
    except OSError as error:
        raise RosterError(TEXTS("file.cannot_open", reason=error.strerror)) from error
    if len(data) > BYTES_AT_MOST:
        raise RosterError(TEXTS("file.too_large", megabytes=BYTES_AT_MOST // MEGABYTE))
    return data


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(BYTES_AT_MOST + 1)


def _filled(rows: Iterable[Iterable[str]]) -> list[Row]:
    filled: list[Row] = []
    for number, row in enumerate(rows, start=1):
        texts = tuple(clean(text) for text in row)
        if any(texts):
            filled.append((number, texts))
        # Inside the loop, so that no more is ever held than may be.
        if len(filled) > ROWS_AT_MOST:
            raise RosterError(TEXTS("file.too_many_rows", rows=ROWS_AT_MOST))
    return filled


def _csv(data: bytes) -> list[Row]:
    # A lone carriage return is an error to csv, and old Excel for Mac ends its lines so.
    text = _decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    head = "".join(text.split("\n", LINES_OF_HEAD)[:LINES_OF_HEAD])
    try:
        return _filled(csv.reader(io.StringIO(text), delimiter=max(DELIMITERS, key=head.count)))
    except csv.Error as error:
        raise RosterError(TEXTS("file.damaged_csv")) from error


def _decoded(data: bytes) -> str:
    marked = MARKS.get(data[:2])
    for encoding in (marked,) if marked else ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RosterError(TEXTS("file.no_encoding"))


def _excel(data: bytes) -> list[Row]:
    try:
        _check_size(data)
        with warnings.catch_warnings():
            # It warns of drop-down lists and styles, which say nothing about the rows.
            warnings.simplefilter("ignore")
            return _sheet(data)
    except DAMAGED as error:
        raise RosterError(TEXTS("file.damaged_excel")) from error


def _check_size(data: bytes) -> None:
    with ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > UNPACKED_AT_MOST:
        raise RosterError(TEXTS("file.too_large_unpacked", megabytes=UNPACKED_AT_MOST // MEGABYTE))


def _sheet(data: bytes) -> list[Row]:
    # Only read-only mode goes row by row; data_only off, so that a formula is seen to be one.
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        if sheet is None:
            raise RosterError(TEXTS("file.no_sheet"))
        # The size a sheet claims for itself may be wrong, and would cut rows off.
        sheet.reset_dimensions()
        return _filled(_texts(row) for row in sheet.iter_rows(max_row=LAST_ROW, max_col=COLUMNS_AT_MOST))
    finally:
        book.close()


def _texts(row: Iterable[object]) -> list[str]:
    # One cell far down brings a million empty rows before it.
    cells = [cell for cell in row if getattr(cell, "value", None) is not None]
    return [_text(cell) for cell in row] if cells else []


def _text(cell: object) -> str:
    value: object = getattr(cell, "value", None)
    if getattr(cell, "data_type", "") == "f":
        # An array formula is an object, and a plain one may come without its sign.
        return f"={str(value).removeprefix('=')}"
    if isinstance(value, float) and value.is_integer():
        # Excel keeps a phone number as 13800000000.0.
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)
