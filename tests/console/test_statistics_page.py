"""统计页: filters in the address, numbers that lead to their cases, and Excel."""

import re
from datetime import UTC, datetime
from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook

from models.journal import JournalEntry
from tests.console.browsers import Browser, Office
from tests.console.history import Histories
from tests.stage import DIANLIU, LIXIA, YAOJIA, Stage

BEGINNING = datetime(2026, 11, 16, 0, 0, tzinfo=UTC)
WEEK = "from=2026-11-16&to=2026-11-22"
DONE = ((0, "open"), (1, "assign"), (5, "claim"), (10, "rectify"), (20, "pass"))
LATE = ((0, "open"), (1, "assign", YAOJIA))


@pytest.fixture
def numbers(stage: Stage) -> list[int]:
    """Three cases of last week: two done by one street, one nobody claims at the other."""
    histories = Histories(stage.installation, BEGINNING)
    return [
        histories.case(*DONE),
        histories.case(*DONE, channel="hotline_12345", street=DIANLIU),
        histories.case(*LATE, street=YAOJIA, category="event:09005"),
    ]


@pytest.fixture
def command(office: Office, stage: Stage) -> Browser:
    return office.browser(stage.dispatcher())


def links(page: str) -> list[tuple[str, int]]:
    """Every number that leads to its cases: the address, and the number."""
    found = re.findall(r'<a href="/console(/statistics/cases[^"]*)">(\d+)</a>', page)
    return [(unescape(address), int(number)) for address, number in found]


def test_it_says_what_the_week_was_like(command: Browser, numbers: list[int]) -> None:
    page = command.text(f"/statistics?{WEEK}&group=unit")

    assert "认领及时率 66.7% 2 / 3" in page
    assert "整改及时率 100.0% 2 / 2" in page
    assert re.search(r"甸柳 2 2 ", page)


def test_it_says_how_every_rate_is_counted(command: Browser) -> None:
    page = command.text("/statistics")

    assert all(formula in page for formula in ("立案的上报 ÷", "到期仍未认领的现在就算逾期", "以最差的为准"))


@pytest.mark.parametrize(
    "group", ["platform", "tier", "unit", "district", "street", "major", "category", "campaign", "day"]
)
def test_it_leads_from_every_number_to_as_many_cases(command: Browser, numbers: list[int], group: str) -> None:
    found = links(command.get(f"/statistics?{WEEK}&group={group}").text)

    assert len(found) > 5
    for address, number in found:
        assert len(re.findall(r'href="/console/cases/\d+"', command.get(address).text)) == number, address


FILTERS = [
    ("channel=hotline_12345", 1),
    (f"district={LIXIA}", 3),
    (f"street={YAOJIA}", 1),
    (f"unit={LIXIA}", 3),
    (f"charged={LIXIA}", 0),
    ("tier=street", 3),
    ("major=event%3A09", 1),
    ("category=event%3A09005", 1),
    ("campaign=%E5%9F%8E%E5%B8%82%E7%8E%AF%E5%A2%83%E9%9D%A2%E8%B2%8C%E6%8F%90%E5%8D%87", 3),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_it_counts_what_the_address_asks_for(command: Browser, numbers: list[int], query: str, expected: int) -> None:
    page = command.text(f"/statistics?{WEEK}&{query}")

    assert f"上报 {expected} 立案{expected}" in page


@pytest.mark.parametrize(
    "query",
    [
        "group=nobody",
        "channel=x",
        "unit=x",
        "tier=x",
        "from=2026-13-01",
        "from=2026-11-22&to=2026-11-16",
        "from=0001-01-01",
    ],
)
def test_it_says_what_it_did_not_understand(command: Browser, query: str) -> None:
    assert "没有采用" in command.text(f"/statistics?{query}")


def test_it_shows_a_leader_their_own_units_only(office: Office, stage: Stage, numbers: list[int]) -> None:
    leader = office.browser(stage.leader())

    table = unescape(leader.get(f"/statistics?{WEEK}&group=unit").text).split("<tbody>")[1]
    foreign = leader.text(f"/statistics/cases?figure=claim_late&{WEEK}&charged={YAOJIA}")

    assert "甸柳" in table
    assert "姚家" not in table
    assert "没有这样的案件" in foreign


def test_it_shows_nothing_to_a_leader_whose_office_ended(office: Office, stage: Stage, numbers: list[int]) -> None:
    leader = stage.leader()
    browser = office.browser(leader)
    stage.leave(leader)

    assert browser.get("/statistics").status_code in (302, 403)


def test_it_is_not_for_officers(office: Office, stage: Stage) -> None:
    officer = office.browser(stage.officer())

    answers = [
        officer.get(page).status_code for page in ("/statistics", "/statistics.xlsx", "/statistics/cases", "/brief")
    ]
    assert answers == [403] * 4


def test_it_knows_no_other_figures(command: Browser) -> None:
    assert command.get("/statistics/cases?figure=__class__").status_code == 404


def test_it_fills_a_workbook_with_the_same_and_says_what_it_is(
    command: Browser, numbers: list[int], stage: Stage
) -> None:
    answer = command.get(f"/statistics.xlsx?{WEEK}&group=unit&channel=citizen_photo")

    book = load_workbook(BytesIO(answer.data))
    rows = list(book["统计"].values)
    total = dict(zip(rows[0], rows[-1], strict=True))
    notes = dict(book["口径与条件"].values)
    assert book.sheetnames == ["统计", "走势", "自查与他查", "口径与条件"]
    assert (total["责任单位"], total["上报"], total["认领及时率"]) == ("合计", 2, 0.5)
    assert notes["统计期间"] == "2026-11-16 至 2026-11-22（含）"
    assert notes["筛选条件"] == "平台：市民拍客团"
    assert "÷" in notes["返工率"]
    with stage.installation.database.glance() as session:
        assert session.query(JournalEntry).filter_by(act="statistics.export").count() == 1


def test_it_draws_without_styles_of_its_own(command: Browser, numbers: list[int]) -> None:
    page = command.get(f"/statistics?{WEEK}").text

    assert page.count('<svg class="chart"') == 4
    assert not re.search(r"\sstyle=|<style", page)


def test_it_gives_a_unit_no_rate_of_what_never_reached_one(command: Browser, stage: Stage) -> None:
    Histories(stage.installation, BEGINNING).case((0, "open"), (1, "reject"))
    Histories(stage.installation, BEGINNING).case(*DONE)

    rows = load_workbook(BytesIO(command.get(f"/statistics.xlsx?{WEEK}&group=unit").data))["统计"].values
    head, *told = list(rows)
    rates = {row[0]: row[head.index("立案率")] for row in told}

    assert rates == {"甸柳": None, "未定": None, "合计": 0.5}
