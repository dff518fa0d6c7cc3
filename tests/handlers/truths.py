"""What must be true of a case at every moment of its life, whatever was said before."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select

from models.case import Case
from models.clock import Duty, Policy
from models.deadline import Deadline, Outcome, Reminder
from models.event import CaseEvent
from models.outbound import OutboundMessage
from models.petition import Petition, Plea, Ruling
from models.workflow import OPEN_STATUSES, Move, Status, after
from tests.stage import Stage


@dataclass(frozen=True)
class Record:
    """Everything that is kept of one case."""

    now: datetime
    case: Case
    events: list[CaseEvent]
    deadlines: list[Deadline]
    reminders: list[Reminder]
    petitions: list[Petition]
    said: list[OutboundMessage]

    @property
    def live(self) -> list[Duty]:
        return sorted(clock.duty for clock in self.deadlines if clock.ended_at is None)

    def moves(self, *moves: Move) -> list[CaseEvent]:
        return [event for event in self.events if event.move in moves]

    def steps(self, deadline: Deadline) -> list[int]:
        return sorted(reminder.step for reminder in self.reminders if reminder.deadline_id == deadline.id)


def record(stage: Stage, number: int) -> Record:
    with stage.installation.database.glance() as session:
        case = session.get_one(Case, number)
        _ = case.assignments, case.helpers
        events = select(CaseEvent).where(CaseEvent.case_id == number).order_by(CaseEvent.id)
        return Record(
            now=stage.now,
            case=case,
            events=list(session.scalars(events)),
            deadlines=list(case.deadlines),
            reminders=list(session.scalars(select(Reminder))),
            petitions=list(case.petitions),
            said=list(session.scalars(select(OutboundMessage).where(OutboundMessage.case_id == number))),
        )


def status_is_what_the_events_tell(kept: Record) -> None:
    """Replayed one by one, each from where the one before it ended, they lead to where the case stands."""
    assert kept.events[0].before is None
    for earlier, later in pairwise(kept.events):
        assert later.before is earlier.now
    for event in kept.events:
        assert event.now is after(event.before, event.move, event.part)
    assert kept.events[-1].now is kept.case.status


def one_unit_at_most_holds_it(kept: Record) -> None:
    leads = [lead for lead in kept.case.assignments if lead.ended_at is None]
    with_a_unit = kept.case.status in (Status.ASSIGNED, Status.CLAIMED, Status.RECTIFIED)
    assert len(leads) == (1 if with_a_unit else 0)
    assert all((lead.ended_at is None) is (lead.ending is None) for lead in kept.case.assignments)


# What is owed in each state. Of an overdue claim the rectification runs already.
OWED: dict[Status, list[list[Duty]]] = {
    Status.REPORTED: [[Duty.TRIAGE]],
    Status.ASSIGNED: [[Duty.CLAIM], [Duty.CLAIM, Duty.RECTIFY]],
    Status.CLAIMED: [[Duty.RECTIFY]],
    Status.RECTIFIED: [[Duty.VERIFY]],
    Status.CLOSED: [[]],
    Status.REJECTED: [[]],
}


def somebody_owes_the_next_step(kept: Record) -> None:
    assert [duty for duty in kept.live if duty is not Duty.RULING] in OWED[kept.case.status]
    assert (kept.case.closed_at is None) is (kept.case.status in OPEN_STATUSES)
    assert all((clock.ended_at is None) is (clock.next_at is not None) for clock in kept.deadlines)


# Where a petition can still be granted; when the case goes elsewhere it lapses.
WAITS_IN: dict[Plea, tuple[Status, ...]] = {
    Plea.RETURN: (Status.ASSIGNED, Status.CLAIMED),
    Plea.TRANSFER: (Status.ASSIGNED, Status.CLAIMED),
    Plea.EXTENSION: (Status.CLAIMED,),
    Plea.DEFERRAL: (Status.CLAIMED,),
    Plea.APPEAL: tuple(Status),
    Plea.REOPEN: (Status.CLOSED, Status.REJECTED),
}


def every_petition_waits_for_one_ruling(kept: Record) -> None:
    waiting = [petition.id for petition in kept.petitions if petition.state is Ruling.PENDING]
    clocks = [d.petition_id for d in kept.deadlines if d.duty is Duty.RULING and d.ended_at is None]
    assert sorted(waiting) == sorted(filter(None, clocks))
    kinds = Counter(petition.plea for petition in kept.petitions if petition.state is Ruling.PENDING)
    assert all(count == 1 and kept.case.status in WAITS_IN[plea] for plea, count in kinds.items())


def who_must_do_it_cannot_return_it(kept: Record) -> None:
    lead = kept.case.lead
    returning = [p for p in kept.petitions if p.plea is Plea.RETURN and p.state is Ruling.PENDING]
    assert not (lead and lead.forced and returning)
    assert kept.case.returns == len(kept.moves(Move.SEND_BACK))


def every_word_of_a_clock_is_taken_once_and_in_order(kept: Record) -> None:
    for clock in kept.deadlines:
        policy = Policy.from_json(clock.policy)
        first = policy.first_after(clock.starts_at, clock.due_at)
        assert kept.steps(clock) == list(range(first, clock.next_step))
        if clock.next_at is not None:
            assert clock.next_at == clock.due_at + policy.step(clock.next_step).offset


def every_breach_is_written_down_once_and_dated_at_its_deadline(kept: Record) -> None:
    dated = [(event.data["deadline"], event.at) for event in kept.moves(Move.BREACH)]
    assert sorted(dated) == sorted((clock.id, clock.due_at) for clock in kept.deadlines if clock.breached)
    ended_late = [clock for clock in kept.deadlines if clock.ended_at and clock.ended_at >= clock.due_at]
    assert all(clock.breached for clock in ended_late)
    assert all(clock.outcome is not Outcome.MET for clock in ended_late)


def nothing_overdue_was_extended(kept: Record) -> None:
    moved = [clock for clock in kept.deadlines if clock.outcome is Outcome.MOVED]
    assert all(clock.ended_at and clock.ended_at < clock.due_at for clock in moved)
    assert len(moved) == len(kept.moves(Move.EXTEND, Move.DEFER))
    granted = {petition.id for petition in kept.petitions if petition.state is Ruling.ACCEPTED}
    deferred = [clock.petition_id for clock in kept.deadlines if clock.duty is Duty.RECTIFY and clock.petition_id]
    assert len(deferred) == len(kept.moves(Move.DEFER))
    assert granted.issuperset(deferred)


def who_helps_owes_nothing_and_stops_with_the_lead(kept: Record) -> None:
    leads, helpers = ({one.id for one in hands} for hands in (kept.case.assignments, kept.case.helpers))
    assert {clock.assignment_id for clock in kept.deadlines} <= {None, *leads}
    assert kept.case.lead is not None or not kept.case.helping
    assert leads.isdisjoint(helpers)
    assert len({one.unit_code for one in kept.case.helping}) == len(kept.case.helping)
    assert kept.case.unit_code not in {one.unit_code for one in kept.case.helping}


def what_was_lifted_was_there_and_is_lifted_once(kept: Record) -> None:
    upheld = [(event.data["event"], event.data["charge"]) for event in kept.moves(Move.UPHOLD)]
    assert len(upheld) == len(set(upheld))
    assert {number for number, _ in upheld} <= {event.id for event in kept.events}


def every_word_names_its_cause(kept: Record) -> None:
    causes: dict[str, set[str]] = {
        "event": {str(event.id) for event in kept.events},
        "deadline": {f"{reminder.deadline_id}:{reminder.step}" for reminder in kept.reminders},
        "detail": {str(kept.case.id)},  # pictures somebody asked to see
        "petition": {str(petition.id) for petition in kept.petitions},
    }
    for row in kept.said:
        kind, *parts = row.key.split(":")
        assert ":".join(parts[:2] if kind == "deadline" else parts[:1]) in causes[kind], row.key


TRUTHS: tuple[Callable[[Record], None], ...] = (
    status_is_what_the_events_tell,
    one_unit_at_most_holds_it,
    somebody_owes_the_next_step,
    every_petition_waits_for_one_ruling,
    who_must_do_it_cannot_return_it,
    every_word_of_a_clock_is_taken_once_and_in_order,
    every_breach_is_written_down_once_and_dated_at_its_deadline,
    nothing_overdue_was_extended,
    who_helps_owes_nothing_and_stops_with_the_lead,
    what_was_lifted_was_there_and_is_lifted_once,
    every_word_names_its_cause,
)
