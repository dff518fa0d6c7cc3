"""The auditor (对账): every finding can be produced, and a clean case produces none."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Executable, delete, func, select, update

from models.actor import SYSTEM
from models.case import Case
from models.deadline import Deadline, Reminder
from models.draft import Draft
from models.inbound import InboundMessage, Intake
from models.outbound import Delivery, OutboundMessage
from models.photo import Fetch, Photo
from models.workflow import Move, Status
from reminders.audit import CHECKS, GRACE
from tests.reminders.cast import Cast, hours, missed, turn
from tests.stage import Stage

MOMENT = timedelta(seconds=1)


def _forget_a_word(stage: Stage) -> None:
    _execute(stage, delete(Reminder).where(Reminder.step == 1))


def _stop_the_clock(stage: Stage) -> None:
    _execute(stage, update(Deadline).where(Deadline.ended_at.is_(None)).values(next_at=None))


def _change_the_status(stage: Stage) -> None:
    _execute(stage, update(Case).values(status=Status.CLAIMED))


def _leave_the_sweep_out(stage: Stage) -> None:
    stage.now += hours(2)


def _keep_a_message(stage: Stage) -> None:
    _inbound(stage, Intake.KEPT)


def _set_a_message_aside(stage: Stage) -> None:
    _inbound(stage, Intake.SET_ASIDE)


def _leave_a_word_unsaid(stage: Stage) -> None:
    values = {"state": Delivery.WAITING, "next_try_at": stage.now - GRACE - MOMENT}
    _execute(stage, update(OutboundMessage).where(OutboundMessage.case_id.is_not(None)).values(values))


def _leave_a_photo_unfetched(stage: Stage) -> None:
    values = {"state": Fetch.WAITING, "next_try_at": stage.now - GRACE - MOMENT}
    _execute(stage, update(Photo).values(values))


def _lose_a_word(stage: Stage) -> None:
    """It died, and nobody was told in its place."""
    _die(stage)


def _lose_every_word(stage: Stage) -> None:
    """It died, and so did all that was passed on."""
    with stage.installation.database.story() as session:
        desk, case = stage.installation.desk(session, stage.now), stage.cases()[-1]
        held = Case.locked(session, case.id)
        assert held is not None
        with_deadline = select(func.min(OutboundMessage.id)).where(OutboundMessage.deadline_id.is_not(None))
        row = session.scalars(with_deadline).one()
        held.move(Move.UNREACHED, SYSTEM, desk.now, outbound=row, nobody=True)
    _die(stage)


def _die(stage: Stage) -> None:
    """Everything ever said about a deadline."""
    values = {"state": Delivery.DEAD, "next_try_at": None}
    first = select(OutboundMessage.key).where(OutboundMessage.deadline_id.is_not(None)).order_by(OutboundMessage.id)
    with stage.installation.database.glance() as session:
        stem = session.scalars(first.limit(1)).one().rpartition(":")[0]
    _execute(stage, update(OutboundMessage).where(OutboundMessage.key.startswith(stem)).values(values))


def _say_a_word_twice(stage: Stage) -> None:
    tries = {"tries": [{"at": "", "way": "custom", "code": 0, "reason": "ok"}] * 2}
    values = {"state": Delivery.SENT, "next_try_at": None, "history": tries}
    first = select(func.min(OutboundMessage.id)).scalar_subquery()
    _execute(stage, update(OutboundMessage).where(OutboundMessage.id == first).values(values))


def _destroy_a_photo_silently(stage: Stage) -> None:
    gone = {"state": Fetch.ERASED, "next_try_at": None}
    _execute(stage, update(Photo).where(Photo.id == select(func.min(Photo.id)).scalar_subquery()).values(gone))


def _leave_a_rectification_unjudged(stage: Stage) -> None:
    due = {"judge_at": stage.now - timedelta(minutes=5)}
    _execute(stage, update(Draft).where(Draft.id == select(func.min(Draft.id)).scalar_subquery()).values(due))


# what is broken | what the auditor calls it
BROKEN: list[tuple[Callable[[Stage], None], set[str]]] = [
    (_forget_a_word, {"reminder_missing"}),
    (_stop_the_clock, {"case_unwatched"}),
    (_change_the_status, {"status_drift"}),
    (_leave_the_sweep_out, {"deadline_stuck", "reminder_missing"}),
    (_keep_a_message, {"inbound_stuck"}),
    (_set_a_message_aside, {"inbound_set_aside"}),
    (_leave_a_word_unsaid, {"outbound_stuck"}),
    (_leave_a_photo_unfetched, {"photo_stuck"}),
    (_leave_a_rectification_unjudged, {"photos_not_judged"}),
    (_lose_a_word, {"unreached_not_passed_on"}),
    (_lose_every_word, {"unreached_nobody_left"}),
    (_say_a_word_twice, {"said_twice"}),
    (_destroy_a_photo_silently, {"erased_silently"}),
]


@pytest.mark.parametrize(("break_it", "found"), BROKEN, ids=lambda value: getattr(value, "__name__", ""))
def test_it_finds_what_is_broken(
    cast: Cast, stage: Stage, break_it: Callable[[Stage], None], found: set[str]
) -> None:
    stage.reported_case()
    turn(stage, 11)  # two words have been said, the third is due half an hour later
    _do_the_other_jobs(stage)

    break_it(stage)

    assert {finding.what for finding in stage.findings()} == found


def test_it_can_find_each_thing_it_looks_for() -> None:
    assert len(set.union(*(found for _, found in BROKEN))) == len(CHECKS)


def test_it_finds_nothing_from_the_report_to_the_end(cast: Cast, stage: Stage) -> None:
    number = stage.reported_case()
    found = [missed(stage)]
    for who, words in (
        (cast.officer, f"认领 {number}"),
        (cast.officer, f"延期 {number} 等配件"),
        (cast.command, f"同意 {number}"),
        (cast.officer, f"整改 {number} 已清运"),
        (cast.command, f"不通过 {number} 还有"),
        (cast.officer, f"整改 {number} 又清运了"),
        (cast.command, f"通过 {number}"),
    ):
        turn(stage, 2)
        cast.officer.photo()
        who.says(words)
        found.append(missed(stage))

    assert stage.case(number).status is Status.CLOSED
    assert found == [[]] * len(found)


def test_it_names_the_row_and_the_steps(cast: Cast, stage: Stage) -> None:
    number = stage.reported_case()
    turn(stage, 11)
    _forget_a_word(stage)

    [finding] = missed(stage)

    assert finding.row == f"deadline {stage.case(number).deadlines[-1].id}"
    assert "claim steps [1]" in finding.words


@pytest.mark.parametrize(
    ("late", "found"), [(GRACE, set()), (GRACE + MOMENT, {"deadline_stuck", "reminder_missing"})]
)
def test_it_gives_the_sweep_time_to_come_by(cast: Cast, stage: Stage, late: timedelta, found: set[str]) -> None:
    stage.reported_case()

    stage.now += hours(6) + late

    assert {finding.what for finding in missed(stage)} == found


def test_it_asks_no_word_of_a_duty_that_was_done_before_it(cast: Cast, stage: Stage) -> None:
    number = stage.reported_case()
    stage.wait(hours=5)
    cast.officer.says(f"认领 {number}")

    stage.wait(hours=8)

    assert missed(stage) == []


def test_it_shows_a_word_that_was_due_before_the_duty_was_done_and_never_said(cast: Cast, stage: Stage) -> None:
    number = stage.reported_case()
    stage.now += hours(7)

    cast.officer.says(f"认领 {number}")  # an hour after a word that no sweep came by to say

    assert [finding.what for finding in missed(stage)] == ["reminder_missing"]


def test_it_shows_a_deadline_that_was_set_aside(cast: Cast, stage: Stage) -> None:
    stage.reported_case()
    stage.now += hours(6) + GRACE + MOMENT

    _execute(stage, update(Deadline).where(Deadline.ended_at.is_(None)).values(failures=5, next_at=stage.now + GRACE))

    assert [finding.what for finding in missed(stage)] == ["reminder_missing"]


@pytest.mark.parametrize("end", ["不予立案 {} 重复", "派单 {} 甸柳"])
def test_it_watches_no_case_that_is_over(cast: Cast, stage: Stage, end: str) -> None:
    number = stage.reported_case()
    cast.officer.says(f"退回 {number} 不归我们管")
    cast.command.says(f"同意 {number}")

    cast.command.says(end.format(number))

    assert missed(stage) == []


def _do_the_other_jobs(stage: Stage) -> None:
    """As if every picture were fetched and every word said."""
    _execute(stage, update(Photo).values(state=Fetch.KEPT, next_try_at=None))
    _execute(stage, update(OutboundMessage).values(state=Delivery.SENT, next_try_at=None))


def _inbound(stage: Stage, state: Intake) -> None:
    with stage.installation.database.story() as session:
        kept_at = stage.now - GRACE - MOMENT
        session.add(
            InboundMessage(account="jinan", dedupe_key="a", body="<xml/>", kept_at=kept_at, state=state, error="why")
        )


def _execute(stage: Stage, statement: Executable) -> None:
    with stage.installation.database.story() as session:
        session.execute(statement)
