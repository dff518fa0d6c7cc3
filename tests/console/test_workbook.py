"""工作簿: what Excel gets."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from console.workbook import PERCENT, Column, Sheet, workbook

COLUMNS = (Column("单位"), Column("件数"), Column("及时率", PERCENT))


def reread(*sheets: Sheet) -> object:
    return load_workbook(BytesIO(workbook(sheets)))


def test_it_writes_numbers_as_numbers_and_shares_as_per_cent() -> None:
    page = reread(Sheet("统计", COLUMNS, [("历下", 3, 0.5), ("市中", 0, None)]))["统计"]

    assert [cell.value for cell in page[2]] == ["历下", 3, 0.5]
    assert (page["C2"].number_format, page["C3"].value) == ("0.0%", None)


@pytest.mark.parametrize(
    "words", ['=HYPERLINK("http://x","点")', "=1+1", "+1", "-1", "@SUM(A1)", "＝1", "#N/A", "=" * 3]
)
def test_it_keeps_a_text_that_looks_like_a_formula_a_text(words: str) -> None:
    data = workbook([Sheet("统计", COLUMNS[:1], [(words,)])])

    cell = load_workbook(BytesIO(data)).active["A2"]
    assert (cell.value, cell.data_type) == (words, "s")
    assert b"<f>" not in ZipFile(BytesIO(data)).read("xl/worksheets/sheet1.xml")


def test_it_marks_such_a_text_so_that_editing_it_calculates_nothing() -> None:
    page = reread(Sheet("统计", COLUMNS[:1], [("=1+1",), ("平常的字",)]))["统计"]

    assert (bool(page["A2"].quotePrefix), bool(page["A3"].quotePrefix)) == (True, False)


def test_it_keeps_the_head_in_sight_and_lets_it_filter() -> None:
    page = reread(Sheet("统计", COLUMNS, [("历下", 3, 0.5)] * 300))["统计"]

    assert (page.freeze_panes, page.auto_filter.ref, page.max_row) == ("B2", "A1:C301", 301)


def test_it_gives_chinese_words_room() -> None:
    page = reread(Sheet("统计", COLUMNS, [("济南市创建全国文明城市工作指挥部", 3, 0.5)]))["统计"]

    assert page.column_dimensions["A"].width == 34


def test_it_takes_names_and_characters_excel_refuses() -> None:
    book = reread(Sheet("一/二:三[四]" + "长" * 40, COLUMNS[:1], [("退格\x08符",)]))

    page = book.worksheets[0]
    assert (len(page.title), page["A2"].value) == (31, "退格符")
