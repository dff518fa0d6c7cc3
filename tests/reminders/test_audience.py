"""Who hears (提醒对象): officers, leaders, the unit above and the command, and who hears when nobody is there."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from models.clock import Audience
from models.people import Membership, Person, Role
from models.unit import Unit
from models.workflow import Move
from reminders.audience import Roster
from tests.reminders.cast import person_of, reminders_said
from tests.stage import LIXIA, Stage

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)

# Two officers and a leader on the street, a leader and an officer in the district, one dispatcher.
OFFICER, COLLEAGUE, LEADER, DISTRICT_LEADER, DISTRICT_OFFICER, DISPATCHER = range(1, 7)
POSTS: dict[int, tuple[Role, str | None]] = {
    OFFICER: (Role.OFFICER, "street"),
    COLLEAGUE: (Role.OFFICER, "street"),
    LEADER: (Role.LEADER, "street"),
    DISTRICT_LEADER: (Role.LEADER, "district"),
    DISTRICT_OFFICER: (Role.OFFICER, "district"),
    DISPATCHER: (Role.DISPATCHER, None),
}
EVERYBODY = set(POSTS)
STREET = {OFFICER, COLLEAGUE, LEADER}
OFFICERS, TO_LEADER, PARENT, COMMAND = Audience.OFFICERS, Audience.LEADER, Audience.PARENT, Audience.COMMAND

# who is bound | who has claimed | for whom the step is | who hears | only because the unit has nobody
HEARERS: list[tuple[set[int], int | None, tuple[Audience, ...], list[int], bool]] = [
    (EVERYBODY, None, (OFFICERS,), [OFFICER, COLLEAGUE], False),
    (EVERYBODY, OFFICER, (OFFICERS,), [OFFICER], False),
    (EVERYBODY, LEADER, (OFFICERS,), [LEADER], False),
    (EVERYBODY, DISTRICT_LEADER, (OFFICERS,), [OFFICER, COLLEAGUE], False),  # claimed at a unit left since
    (EVERYBODY - {OFFICER}, OFFICER, (OFFICERS,), [COLLEAGUE], False),  # who claimed it has left
    (EVERYBODY - {OFFICER, COLLEAGUE}, None, (OFFICERS,), [LEADER], False),
    (EVERYBODY, None, (TO_LEADER,), [LEADER], False),
    (EVERYBODY, OFFICER, (OFFICERS, TO_LEADER), [OFFICER, LEADER], False),
    (EVERYBODY - {OFFICER, COLLEAGUE}, None, (OFFICERS, TO_LEADER), [LEADER], False),  # once, not twice
    (EVERYBODY, None, (PARENT,), [DISTRICT_LEADER], False),
    (EVERYBODY - {DISTRICT_LEADER}, None, (PARENT,), [DISTRICT_OFFICER], False),
    (EVERYBODY, None, (TO_LEADER, PARENT), [LEADER, DISTRICT_LEADER], False),
    (EVERYBODY - {LEADER}, None, (TO_LEADER, PARENT), [DISTRICT_LEADER], False),
    (EVERYBODY, None, (COMMAND,), [DISPATCHER], False),
    (EVERYBODY, None, (TO_LEADER, COMMAND), [LEADER, DISPATCHER], False),
    (EVERYBODY - STREET, None, (OFFICERS,), [DISTRICT_LEADER], True),
    (EVERYBODY - STREET - {DISTRICT_LEADER}, None, (OFFICERS, TO_LEADER), [DISTRICT_OFFICER], True),
    ({DISPATCHER}, None, (OFFICERS,), [DISPATCHER], True),
    ({DISPATCHER}, None, (TO_LEADER, PARENT), [DISPATCHER], True),
    (set(), None, (OFFICERS, TO_LEADER, PARENT, COMMAND), [], True),
]


@pytest.mark.parametrize(("bound", "claimer", "tell", "hear", "nobody"), HEARERS)
def test_it_finds_who_hears(
    session: Session, bound: set[int], claimer: int | None, tell: tuple[Audience, ...], hear: list[int], nobody: bool
) -> None:
    _bind(session, bound)

    assert Roster(session, NOW).hearers(tell, "street", claimer) == (hear, nobody)


@pytest.mark.parametrize("tell", list(Audience))
def test_it_asks_the_command_centre_where_no_unit_holds_the_case(session: Session, tell: Audience) -> None:
    _bind(session, EVERYBODY)

    assert Roster(session, NOW).hearers((tell,), None, None) == ([DISPATCHER], False)


def test_it_passes_over_a_level_above_that_has_nobody(session: Session) -> None:
    _bind(session, {OFFICER})
    session.add(Person(id=9, created_at=NOW))
    session.add(Membership(person_id=9, role=Role.LEADER, unit_code="command", since=NOW))

    assert Roster(session, NOW).people(PARENT, "street", None) == [9]


@pytest.mark.parametrize(
    ("since", "until", "serves"),
    [
        (NOW, None, True),
        (NOW - DAY, NOW + DAY, True),
        (NOW - DAY, NOW, False),  # relieved this very moment
        (NOW + DAY, None, False),  # not yet
    ],
)
def test_it_knows_only_who_is_in_office_now(
    session: Session, since: datetime, until: datetime | None, serves: bool
) -> None:
    _bind(session, set())
    session.add(Person(id=1, created_at=NOW))
    session.add(Membership(person_id=1, role=Role.OFFICER, unit_code="street", since=since, until=until))

    assert Roster(session, NOW).people(OFFICERS, "street", None) == ([1] if serves else [])


def test_it_reminds_the_district_where_the_street_has_nobody_and_says_why(stage: Stage) -> None:
    district = stage.leader("王区长", LIXIA)
    number = stage.reported_case()

    stage.wait(hours=6)

    [word] = reminders_said(stage)
    unheard = [event for event in stage.events(number) if event.move is Move.UNREACHED]
    assert word.person_id == person_of(stage, district)
    assert "【通知不到】甸柳新村街道没有绑定经办人" in word.text
    assert unheard[-1].data["step"] == 0


def test_it_writes_down_that_nobody_at_all_could_be_told(stage: Stage) -> None:
    number = stage.reported_case()

    stage.wait(hours=6)

    assert reminders_said(stage) == []
    assert [event.why for event in stage.events(number) if event.move is Move.UNREACHED][-1] == "370102009"


def _bind(session: Session, bound: set[int]) -> None:
    """Units of three levels, and those of the cast who have sent their 绑定码."""
    for code, parent in (("command", None), ("district", "command"), ("street", "district")):
        session.add(Unit(code=code, name=code, short=code, tier=code, parent_code=parent))
        session.flush()
    for person in sorted(bound):
        role, unit = POSTS[person]
        session.add(Person(id=person, created_at=NOW))
        session.add(Membership(person_id=person, role=role, unit_code=unit, since=NOW - DAY))
    session.flush()
