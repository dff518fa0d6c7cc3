"""统计口径: each history has figures that can be counted on one's fingers."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.installation import Installation
from console.figures import facts
from console.figures.choice import NOWHERE, Atlas, Choice, Grouping
from console.figures.definitions import RATES, Figures, Share
from console.figures.discovery import discoveries
from console.figures.gathering import behind
from console.figures.period import Period
from console.figures.table import Table, in_all, report, table
from models.people import Role
from tests.console.history import Histories
from tests.stage import DIANLIU, LIXIA, YAOJIA

# A Monday, 08:00 in Jinan. The period is that week; now is its end.
BEGINNING = datetime(2026, 11, 16, 0, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
OPEN, ASSIGN, CLAIM, RECTIFY, PASS = (0, "open"), (1, "assign"), (5, "claim"), (10, "rectify"), (20, "pass")
DONE = (OPEN, ASSIGN, CLAIM, RECTIFY, PASS)


@pytest.fixture
def histories(installation: Installation) -> Histories:
    return Histories(installation, BEGINNING)


@pytest.fixture
def atlas(installation: Installation) -> Atlas:
    return Atlas.of(installation.router.pack)


def week(installation: Installation, **asked: Any) -> Choice:
    return Choice(period=Period(date(2026, 11, 16), date(2026, 11, 22), installation.settings.timezone), **asked)


def counted(installation: Installation, now: datetime = NOW, **asked: Any) -> Figures:
    with installation.database.glance() as session:
        return in_all(session, week(installation, **asked), now)


def tabled(installation: Installation, by: Grouping, atlas: Atlas, **asked: Any) -> Table:
    with installation.database.glance() as session:
        return table(session, week(installation, **asked), by, atlas, NOW)


HISTORIES: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("nobody has looked at it", (OPEN,), {"reports": 1, "undecided": 1, "opened": 1, "accepting": Share(0, 0)}),
    ("不予立案", (OPEN, (1, "reject")), {"rejected": 1, "accepting": Share(0, 1)}),
    ("done in time", DONE, {"claiming": Share(1, 1), "rectifying": Share(1, 1), "reworking": Share(0, 1)}),
    ("one more report joins it", (*DONE[:3], (6, "join", "hotline_12345")), {"reports": 2, "opened": 1}),
    ("claimed too late", (OPEN, ASSIGN, (14, "claim")), {"claim_late": 1, "claiming": Share(0, 1)}),
    ("nobody claims: late now", (OPEN, ASSIGN), {"claim_late": 1, "claim_met": 0}),
    ("there is still time", ((146.5, "open"), (147.5, "assign")), {"claim_running": 1, "claiming": Share(0, 0)}),
    ("put right too late", (OPEN, ASSIGN, CLAIM, (30, "rectify")), {"rectifying": Share(0, 1)}),
    ("overdue and open counts now", (OPEN, ASSIGN, CLAIM), {"rectify_late": 1, "claim_met": 1}),
    (
        "an approved 延期 moves the deadline",
        (OPEN, ASSIGN, CLAIM, (20, "extend"), (40, "rectify")),
        {"rectifying": Share(1, 1), "extensions": 1},
    ),
    ("退回 in time was never owed", (OPEN, ASSIGN, (3, "send_back")), {"claiming": Share(0, 0), "returned": 1}),
    ("退回 is still accepted", (OPEN, ASSIGN, (3, "send_back")), {"accepted": 1, "undecided": 0}),
    ("退回 after the deadline was late", (OPEN, ASSIGN, (14, "send_back")), {"claiming": Share(0, 1)}),
    (
        "返工 counts against the passes, and has a deadline of its own",
        (OPEN, ASSIGN, CLAIM, RECTIFY, (12, "fail"), (20, "rectify"), (22, "pass")),
        {"reworking": Share(1, 2), "rectifying": Share(2, 2), "closed": 1},
    ),
    (
        "a late 返工 is late",
        (OPEN, ASSIGN, CLAIM, RECTIFY, (12, "fail"), (70, "rectify")),
        {"rectifying": Share(1, 2)},
    ),
    (
        "重办 is a 返工 and takes the closing back",
        (*DONE, (30, "reopen")),
        {"reworking": Share(1, 2), "closed": 0},
    ),
    ("the reporter closes it", (*DONE[:4], (12, "confirm")), {"passed": 1, "closed": 1}),
    ("content", (*DONE, (21, "rate", 2)), {"content": Share(1, 1)}),
    ("of several answers the worst", (*DONE, (21, "rate", 1), (22, "join", "", 3)), {"content": Share(0, 1)}),
    ("a rating outside the week", (*DONE, (200, "rate", 3)), {"content": Share(0, 0)}),
    ("before the week", tuple((hours - 100, *rest) for hours, *rest in DONE), {"reports": 0, "closed": 0}),
]


@pytest.mark.parametrize(("steps", "expected"), [row[1:] for row in HISTORIES], ids=[row[0] for row in HISTORIES])
def test_it_counts_a_history(
    installation: Installation, histories: Histories, steps: Any, expected: dict[str, Any]
) -> None:
    histories.case(*steps)

    figures = counted(installation)

    assert {name: getattr(figures, name) for name in expected} == expected


def test_it_counts_a_recurrence_with_the_case_it_came_back_from(
    installation: Installation, histories: Histories
) -> None:
    first = histories.case(*DONE)
    histories.case((50, "open"), recurrence_of=first)

    figures = counted(installation)

    assert (figures.recurring, figures.recurrences) == (Share(1, 1), 1)


def test_it_forgives_a_recurrence_that_was_none(installation: Installation, histories: Histories) -> None:
    first = histories.case(*DONE)
    histories.case((50, "open"), (51, "reject"), recurrence_of=first)

    figures = counted(installation)

    assert (figures.recurring, figures.recurrences) == (Share(0, 1), 0)


def test_it_charges_the_unit_that_held_the_case_then(
    installation: Installation, histories: Histories, atlas: Atlas
) -> None:
    failed_by_first = (OPEN, ASSIGN, CLAIM, RECTIFY, (12, "fail"), (13, "assign", YAOJIA), (14, "claim"))
    histories.case(*failed_by_first, (15, "rectify"), (16, "pass"))

    rows = {row.key: row.figures for row in tabled(installation, Grouping.UNIT, atlas).rows}

    assert (rows[DIANLIU].reworking, rows[YAOJIA].reworking) == (Share(1, 1), Share(0, 1))
    assert (rows[DIANLIU].claiming, rows[YAOJIA].claiming) == (Share(1, 1), Share(1, 1))


def test_it_has_no_rate_of_nothing() -> None:
    assert [getattr(Figures(), name).rate for name in RATES] == [None] * len(RATES)


def test_it_takes_the_middle_and_the_average_of_every_step(
    installation: Installation, histories: Histories, atlas: Atlas
) -> None:
    for closed in (11, 20, 100):
        histories.case(*DONE[:4], (closed, "pass"))
    histories.case(*DONE[:4], (24, "pass"), street="370102011")

    total = tabled(installation, Grouping.STREET, atlas).total.times

    assert (total["in_all"].median, total["in_all"].mean) == (pytest.approx(22), pytest.approx(38.75))
    steps = [total[name].median for name in ("to_assign", "to_claim", "to_rectify", "to_verify")]
    assert steps == [pytest.approx(hours) for hours in (1, 4, 5, 12)]


def test_it_takes_the_middle_of_each_group(installation: Installation, histories: Histories, atlas: Atlas) -> None:
    for closed in (11, 20, 100):
        histories.case(*DONE[:4], (closed, "pass"))

    row = tabled(installation, Grouping.TIER, atlas).rows[0]

    assert (row.key, row.times["in_all"].median) == ("street", pytest.approx(20))


def city(histories: Histories) -> None:
    """A bit of everything, in several places, platforms, kinds and days."""
    places = [(DIANLIU, DIANLIU, LIXIA), (YAOJIA, YAOJIA, LIXIA), ("dept-urban", "", ""), (LIXIA, "", LIXIA)]
    platforms = ["citizen_photo", "hotline_12345", "media_supervision"]
    categories = ["event:06010", "event:09005", "part:01001", ""]
    for number in range(24):
        unit, street, district = places[number % 4]
        start = number * 6.5
        steps = [(start, "open"), (start + 1, "assign", unit), (start + 2 + number, "claim")]
        ends = [(start + 3 + 2 * number, "rectify"), (start + 5 + 2 * number, "fail" if number % 5 == 0 else "pass")]
        made = [(start, "open"), (start + 1, "reject")] if number % 7 == 3 else [*steps, *ends][: 1 + number % 5]
        facts = {"channel": platforms[number % 3], "category": categories[number % 4]}
        histories.case(*made, street=street, district=district, **facts)


@pytest.mark.parametrize("by", [by for by in Grouping if by is not Grouping.ALL])
def test_it_adds_up_to_the_whole_whatever_it_is_grouped_by(
    installation: Installation, histories: Histories, atlas: Atlas, by: Grouping
) -> None:
    city(histories)

    told = tabled(installation, by, atlas)

    assert told.total.figures == counted(installation)
    assert told.total.figures.reports >= 20
    assert len({row.key for row in told.rows}) == len(told.rows) > 1


def test_it_tells_of_every_day_also_of_empty_ones(installation: Installation, histories: Histories) -> None:
    histories.case((15.9, "open"))
    histories.case((16.1, "open"))  # after midnight in the city, on the same day in UTC

    with installation.database.glance() as session:
        days = report(session, week(installation), Grouping.UNIT, NOWHERE, NOW)[1]

    assert [(row.key[-2:], row.figures.opened) for row in days][:3] == [("16", 1), ("17", 1), ("18", 0)]
    assert len(days) == 7


FILTERS: list[tuple[dict[str, Any], int]] = [
    ({"channel": "hotline_12345"}, 1),
    ({"district": LIXIA}, 3),
    ({"street": YAOJIA}, 1),
    ({"category": "event:06010"}, 2),
    ({"categories": frozenset({"event:09005", "part:01001"})}, 1),
    ({"units": frozenset({DIANLIU})}, 1),
    ({"scope": frozenset({DIANLIU}), "units": frozenset({YAOJIA})}, 0),
    ({"scope": frozenset()}, 0),
    ({"categories": frozenset()}, 0),
]


@pytest.mark.parametrize(("asked", "expected"), FILTERS)
def test_it_counts_what_is_asked_for(
    installation: Installation, histories: Histories, asked: dict[str, Any], expected: int
) -> None:
    histories.case(OPEN, (1, "assign", DIANLIU))
    histories.case(OPEN, (1, "assign", YAOJIA), channel="hotline_12345", street=YAOJIA)
    histories.case(OPEN, (1, "assign", "dept-urban"), street="370102003", category="event:09005")

    assert counted(installation, **asked).opened == expected


@pytest.mark.parametrize("by", [Grouping.UNIT, Grouping.TIER])
def test_it_never_shows_a_foreign_unit(
    installation: Installation, histories: Histories, atlas: Atlas, by: Grouping
) -> None:
    city(histories)
    # One case that went from the other unit to this one, and the other way round.
    histories.case(OPEN, ASSIGN, CLAIM, (6, "assign", YAOJIA), (7, "claim"), (8, "rectify"), (9, "pass"))
    histories.case(OPEN, (1, "assign", YAOJIA), CLAIM, (6, "assign", DIANLIU), (7, "claim"))

    told = tabled(installation, by, atlas, scope=frozenset({DIANLIU}))
    with installation.database.glance() as session:
        numbers = behind(session, facts.duties, "claim_met", week(installation, scope=frozenset({YAOJIA})), NOW, 99)

    assert {row.key for row in told.rows} <= ({DIANLIU} if by is Grouping.UNIT else {"street"})
    assert len(numbers) >= 2


def test_it_names_the_cases_behind_a_figure(installation: Installation, histories: Histories) -> None:
    late = [histories.case(OPEN, ASSIGN), histories.case((2, "open"), (3, "assign"))]
    histories.case(*DONE)

    with installation.database.glance() as session:
        numbers = behind(session, facts.duties, "claim_late", week(installation), NOW, 10)

    assert numbers == late[::-1]


def test_it_knows_who_found_a_problem(installation: Installation, histories: Histories) -> None:
    from_street = histories.person(Role.OFFICER, DIANLIU)
    too_new = histories.person(Role.OFFICER, DIANLIU, since=100)
    citizen = histories.person(Role.PATROL)
    for person in (from_street, too_new, citizen):
        histories.case(OPEN, ASSIGN, by=person)
    # The street's officer finds it, and the district above the street has to act.
    histories.case(OPEN, (1, "assign", LIXIA), by=from_street)

    with installation.database.glance() as session:
        told = {one.unit: one for one in discoveries(session, week(installation), NOW)}

    assert (told[DIANLIU].finding, told[DIANLIU].by_others) == (Share(1, 3), {"citizen_photo": 2})
    assert told[LIXIA].finding == Share(1, 1)
