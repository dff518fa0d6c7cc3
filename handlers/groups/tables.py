"""导出表格: the rows of a CSV, Excel or JSON export as plain texts, times included."""

import csv
import io
import json
import warnings
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from zipfile import ZipFile

# No types are published with it.
from openpyxl import load_workbook  # type: ignore[import-untyped]

from handlers.groups.files import ExportError
from handlers.groups.wording import TEXTS
from handlers.membership.spreadsheet import COLUMNS_AT_MOST, DAMAGED, LAST_ROW, UNPACKED_AT_MOST
from handlers.reading.chat_rows import BROKEN

ROWS_AT_MOST = 50_000
_DELIMITERS = ",\t;，|"
_LINES_OF_HEAD = 5
# Where programs put the messages in a file that tells other things as well.
_LISTS = ("messages", "data", "list", "records", "items", "msgs")

Rows = list[tuple[str, ...]]


def csv_rows(text: str) -> Rows:
    """The rows of a CSV; a text that is none gives rows of one cell, or none."""
    head = "".join(text.split("\n", _LINES_OF_HEAD)[:_LINES_OF_HEAD])
    reader = csv.reader(io.StringIO(text), delimiter=max(_DELIMITERS, key=head.count))
    try:
        return [tuple(row) for row in islice(reader, ROWS_AT_MOST)]
    except csv.Error:  # a cell that never ends
        return []


def json_rows(text: str) -> Rows:
    """The rows of a JSON list, of a list inside a JSON object, or of JSON lines; [] for what is none of them."""
    entries = _whole(text)
    entries = entries if entries is not None else [_line(line) for line in text.split("\n") if line.strip()]
    told = [entry for entry in entries[:ROWS_AT_MOST] if isinstance(entry, Mapping)]
    if not told or len(told) * 2 < len(entries):
        return []
    names = list(dict.fromkeys(["type", *(str(name) for entry in told for name in entry)]))[: COLUMNS_AT_MOST * 2]
    rows = [tuple(_cell(entry.get(name)) for name in names) for entry in told]
    # A file that was cut off in the middle of a message must not look as if it were whole.
    lost = [(BROKEN,)] * (min(len(entries), ROWS_AT_MOST) - len(told))
    return [tuple(names), *rows, *lost]


def _whole(text: str) -> Sequence[object] | None:
    tree = _line(text)
    if isinstance(tree, list):
        return tree
    if not isinstance(tree, dict):
        return None
    return next((tree[name] for name in _LISTS if isinstance(tree.get(name), list)), [tree])


def _line(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _cell(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(_cell(one) for one in value if not isinstance(one, list))
    if isinstance(value, Mapping):
        return next((str(value[name]) for name in ("name", "nickname", "path", "file", "text") if name in value), "")
    return "" if value is None else str(value)


def excel_rows(data: bytes) -> Rows:
    """The rows of a workbook's first visible sheet. Raises ExportError."""
    try:
        with ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > UNPACKED_AT_MOST:
            raise ExportError(TEXTS("export.too_large"))
        with warnings.catch_warnings():
            # It warns of styles and drop-down lists, which say nothing about the rows.
            warnings.simplefilter("ignore")
            return _sheet(data)
    except DAMAGED as error:
        raise ExportError(TEXTS("export.damaged_excel")) from error


def _sheet(data: bytes) -> Rows:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        if sheet is None:
            return []
        # The size a sheet claims for itself may be wrong, and would cut rows off.
        sheet.reset_dimensions()
        rows: Iterable[Iterable[object]] = sheet.iter_rows(
            max_row=LAST_ROW, max_col=COLUMNS_AT_MOST, values_only=True
        )
        filled = (row for row in (tuple(map(_text, row)) for row in rows) if any(row))
        return list(islice(filled, ROWS_AT_MOST))
    finally:
        book.close()


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        # Excel keeps WeChat's 1795392000 as 1795392000.0.
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return "" if value is None else str(value)
