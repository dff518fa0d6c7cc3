"""排名工作簿: what Excel gets of published tables."""

from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from console.ranking_book import ranking_book
from scoring.explain import Because
from scoring.notice import Notice, table_of
from tests.scoring.made_tables import CORRECTION, kept, notice, row

AT = datetime(2026, 11, 5, tzinfo=UTC)
CASES = {"district": {("u0", "claim"): [], ("u1", "claim"): [Because(12, "claim", AT, 1.0, "claim", True)] * 2}}
CASES["district"] |= {("u2", "claim"): [Because(15, "claim", AT, 0.0, "claim", False)]}


def book(made: Notice | None = None, cases: object = None) -> Workbook:
    made = made or notice()
    return load_workbook(BytesIO(ranking_book(made, [kept()["rules"]] * len(made.tables), cases)))  # type: ignore[arg-type]


def test_it_has_a_sheet_for_each_tier_and_for_rules_digests_and_corrections() -> None:
    assert book().sheetnames == ["市直部门", "区县", "街道（镇）", "规则", "校验值", "更正"]


def test_its_figures_are_numbers() -> None:
    page = book()["区县"]

    assert [cell.value for cell in page[2]][:3] == [1, "历下区", 97.79]
    assert page["D2"].value == 0.99
    assert page["D2"].number_format == "0.0%"


def test_a_figure_leads_to_its_cases() -> None:
    made = book(cases=CASES)
    first, second, third = made["区县"]["D2"], made["区县"]["D3"], made["区县"]["D4"]

    assert first.hyperlink is None
    assert [second.hyperlink.location, third.hyperlink.location] == ["'认领及时'!A2", "'认领及时'!A4"]
    assert [cell.value for cell in made["认领及时"][4]] == ["区县", "槐荫区", 15, "认领", "2026-11-05", 0]


def test_without_leave_to_see_them_no_case_is_named() -> None:
    made = book()

    assert "认领及时" not in made.sheetnames
    assert not any(cell.hyperlink for page in made for line in page for cell in line)


def test_a_correction_stands_on_a_sheet_of_its_own() -> None:
    words = [cell.value for cell in book()["更正"][2]]

    assert words[0] == "2026-12-15"
    assert "名次：4 → 3" in words[3]


def test_no_name_and_no_word_calculates() -> None:
    table = kept(corrections=[{**CORRECTION, "words": "=1+1"}])
    table["rows"]["rows"][0] = row(0, '=HYPERLINK("http://x")', 1, "97.00")
    made = Notice((table_of(table),), "市", AT.date())

    file = ZipFile(BytesIO(ranking_book(made, [table["rules"]])))
    assert not any(b"<f>" in file.read(name) for name in file.namelist())
