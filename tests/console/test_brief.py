"""日报: one day, as it was at its end."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from console.figures.choice import Choice
from console.figures.daily import Brief, brief
from console.figures.period import Period
from models.exposure import Exposure
from models.report import Report
from tests.console.browsers import Office
from tests.console.history import Histories
from tests.stage import DIANLIU, YAOJIA, Stage

# 08:00 in Jinan on Tuesday the 17th; the stage's now is Monday the 23rd.
BEGINNING = datetime(2026, 11, 17, 0, 0, tzinfo=UTC)
DAY = date(2026, 11, 17)
OPEN, ASSIGN = (0, "open"), (0.5, "assign")
CLAIM, RECTIFY, PASS = (2, "claim"), (4, "rectify"), (6, "pass")
ALMOST_MIDNIGHT = (3, "open"), (3, "assign")


@pytest.fixture
def histories(stage: Stage) -> Histories:
    return Histories(stage.installation, BEGINNING)


def told(stage: Stage, day: date = DAY, scope: frozenset[str] | None = None) -> Brief:
    with stage.installation.database.glance() as session:
        period = Period(day, day, stage.installation.settings.timezone)
        return brief(session, Choice(period=period, scope=scope), stage.now)


def test_it_counts_the_day_beside_the_one_before(stage: Stage, histories: Histories) -> None:
    histories.case(OPEN)
    histories.case(OPEN, ASSIGN, CLAIM, RECTIFY, PASS)
    histories.case((-20, "open"))

    made = told(stage)

    assert (made.day.opened, made.day.closed, made.before.opened) == (2, 1, 1)


def test_it_tells_what_was_overdue_at_the_end_of_the_day_though_it_is_done_by_now(
    stage: Stage, histories: Histories
) -> None:
    late = histories.case(OPEN, ASSIGN, (30, "claim"))  # due at 20:30, claimed the next day
    histories.case(OPEN, ASSIGN, (13, "claim"))  # late as well, but claimed on the same day
    histories.case((12, "open"), (12.5, "assign"), (40, "claim"))  # due after midnight

    made = told(stage)

    assert ([one.case.id for one in made.burning.lines], made.burning.count) == ([late], 1)


def test_it_tells_of_today_what_burns_now_the_longest_first(stage: Stage, histories: Histories) -> None:
    younger = histories.case((2, "open"), (2, "assign"))
    older = histories.case(OPEN, ASSIGN)

    made = told(stage, date(2026, 11, 23))

    assert [one.case.id for one in made.burning.lines] == [older, younger]
    assert made.at == stage.now


def test_it_shows_as_many_as_there_is_room_for_and_counts_all(stage: Stage, histories: Histories) -> None:
    for _ in range(12):
        histories.case(OPEN, ASSIGN)

    made = told(stage)

    assert (len(made.burning.lines), made.burning.count) == (10, 12)


def test_it_ranges_units_by_what_they_did_that_day(stage: Stage, histories: Histories) -> None:
    for _ in range(3):
        histories.case((-14, "open"), (-13, "assign", DIANLIU), (-10, "claim"), (-9, "rectify"))  # due that day
    histories.case(OPEN, (0.5, "assign", YAOJIA))  # and nobody claims
    histories.case((-14, "open"), (-13, "assign", "dept-urban"), (-10, "claim"), (-9, "rectify"))  # too few to say

    made = told(stage)

    assert [code for code, _ in made.worst] == [YAOJIA]
    assert [code for code, _ in made.best] == [DIANLIU]


def test_it_foresees_what_falls_due_on_the_next_day(stage: Stage, histories: Histories) -> None:
    histories.case((6, "open"), (6, "assign"))  # claimed by 02:00
    histories.case(OPEN, ASSIGN, CLAIM)  # put right by 10:00
    histories.case(OPEN, ASSIGN, CLAIM, RECTIFY)

    assert told(stage).tomorrow == ((DIANLIU, 1, 1),)


def test_it_tells_of_media_and_of_what_came_back(stage: Stage, histories: Histories) -> None:
    first = histories.case((-50, "open"), (-49, "assign"), (-48, "claim"), (-47, "rectify"), (-46, "pass"))
    again = histories.case(OPEN, ASSIGN, recurrence_of=first, exposed=True)
    with stage.installation.database.story() as session:
        report = session.query(Report).filter_by(case_id=again).one()
        at = BEGINNING + timedelta(hours=1)
        session.add(
            Exposure(case_id=again, report_id=report.id, outlet="济南日报", published_on=DAY, recorded_at=at, nth=2)
        )

    made = told(stage)

    assert [(one.exposure.outlet, one.case.id, one.has_pledge) for one in made.exposures.lines] == [
        ("济南日报", again, False)
    ]
    assert [case.id for case in made.recurrences.lines] == [again]


def test_it_tells_a_leader_of_their_units_only(stage: Stage, histories: Histories) -> None:
    histories.case(OPEN, (0.5, "assign", YAOJIA), recurrence_of=histories.case(OPEN, (0.5, "assign", YAOJIA)))

    made = told(stage, scope=frozenset({DIANLIU}))

    assert (made.day.reports, made.burning.count, made.recurrences.count) == (0, 0, 0)
    assert (made.worst, made.tomorrow, made.exposures.count) == ((), (), 0)


def test_it_stands_on_a_page_that_can_be_printed(office: Office, stage: Stage, histories: Histories) -> None:
    late = histories.case(OPEN, ASSIGN)
    browser = office.browser(stage.dispatcher())

    page = browser.get("/brief?day=2026-11-17").text

    assert re.search(rf'href="/console/cases/{late}"', page)
    assert "2026年11月17日　星期二" in page
    assert not re.search(r"\sstyle=|<style|onclick", page)


@pytest.mark.parametrize("day", ["2026-11-24", "2026-02-30", "0001-01-01", "x"])
def test_it_has_no_brief_of_a_day_that_is_none(office: Office, stage: Stage, day: str) -> None:
    page = office.browser(stage.dispatcher()).text(f"/brief?day={day}")

    assert "没有这一天的日报" in page
    assert "2026年11月23日" in page
