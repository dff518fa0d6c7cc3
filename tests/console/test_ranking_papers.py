"""考核材料下载: the papers for those who decide, with real cases behind the figures."""

from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook

from models.journal import JournalEntry
from models.score import Ranking, RankingState
from tests.console.browsers import Browser, Office
from tests.console.test_public_ranking import put
from tests.console.test_rankings_page import published
from tests.scoring.test_tables import a_month
from tests.stage import Stage


@pytest.fixture
def admin(office: Office, stage: Stage) -> Browser:
    return office.browser(stage.admin())


def words(data: bytes) -> str:
    return "\n".join(one.text for one in Document(BytesIO(data)).paragraphs)


def test_the_inside_paper_has_the_suggestions_and_the_public_one_not(office: Office, admin: Browser) -> None:
    number = put(office)

    inside = words(admin.get(f"/rankings/{number}/papers/docx?head=1").data)
    outside = words(office.app.test_client().get(f"/ranking/{number}.docx").data)
    assert "历下区：连续4期居后1位，建议启动问责程序。" in inside
    assert "济南市创建全国文明城市工作指挥部文件" in inside
    assert "奖惩建议" not in outside


def test_a_figure_in_excel_leads_to_the_cases_it_was_counted_from(admin: Browser, stage: Stage) -> None:
    a_month(stage)
    number = published(admin, stage)
    with stage.installation.database.glance() as session:
        row = next(one for one in session.get_one(Ranking, number).rows["rows"] if one["cases"] == 3)

    book = load_workbook(BytesIO(admin.get(f"/rankings/{number}/papers/xlsx").data))
    line = next(one for one in book["街道（镇）"].iter_rows() if one[-1].value == row["unit"])
    sheet, cell = line[3].hyperlink.location.split("!")
    first = book[sheet.strip("'")][cell].row
    found = [one[2].value for one in book["认领及时"].iter_rows(min_row=first) if one[1].value == row["name"]]
    assert len(set(found)) == 3
    with stage.installation.database.glance() as session:
        assert session.query(JournalEntry).filter_by(act="ranking.paper", subject=f"ranking:{number}").count() == 1


def test_a_frozen_table_can_be_printed_before_it_is_out(office: Office, admin: Browser) -> None:
    number = put(office, state=RankingState.FROZEN)

    assert admin.get(f"/rankings/{number}/papers/pdf").data.startswith(b"%PDF")


@pytest.mark.parametrize("address", ["{}/papers/docx", "999/papers/docx", "{}/papers/exe"])
def test_there_is_none_of_a_draft_and_of_no_other_kind(office: Office, admin: Browser, address: str) -> None:
    number = put(office, state=RankingState.DRAFT)

    assert admin.get(f"/rankings/{address.format(number)}").status_code == 404


def test_only_who_makes_rankings_gets_them(office: Office, stage: Stage) -> None:
    number = put(office)

    for who in (stage.dispatcher(), stage.verifier(), stage.leader(), stage.officer()):
        assert office.browser(who).get(f"/rankings/{number}/papers/docx").status_code == 403
