"""审计: proves that nothing was lost and nothing is silent. Each finding is a bug or a duty somebody neglects."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from models.case import Case
from models.clock import Duty, Policy
from models.deadline import Deadline, Reminder
from models.event import CaseEvent
from models.inbound import InboundMessage, Intake
from models.outbound import Delivery, OutboundMessage
from models.photo import Photo
from models.workflow import OPEN_STATUSES

GRACE = timedelta(minutes=2)  # how long a due thing may wait before it counts as stuck


@dataclass(frozen=True, slots=True)
class Finding:
    """审计发现: what is wrong (a short English key), of which row, in words."""

    what: str
    row: str
    words: str


Check = Callable[[Session, datetime], Iterator[Finding]]


def audit(session: Session, now: datetime) -> list[Finding]:
    """Run every check. Reads only."""
    return [finding for check in CHECKS for finding in check(session, now)]


def _missing_words(session: Session, now: datetime) -> Iterator[Finding]:
    """Every step of every deadline that is past must have its Reminder, or the deadline had ended before it."""
    taken: dict[int, set[int]] = {}
    for deadline_id, step in session.execute(select(Reminder.deadline_id, Reminder.step)):
        taken.setdefault(deadline_id, set()).add(step)
    for deadline in session.scalars(select(Deadline)):
        # Something done seconds after a word was due may well have been done before the sweep came by.
        end = (deadline.ended_at or now) - GRACE
        missing = sorted(_steps_until(deadline, end) - taken.get(deadline.id, set()))
        if missing:
            yield Finding(
                "reminder_missing", f"deadline {deadline.id}", f"{deadline.duty} steps {missing} have no word"
            )


def _steps_until(deadline: Deadline, end: datetime) -> set[int]:
    """Computed from the policy and the deadline alone, not from what the sweep noted for itself."""
    policy = Policy.from_json(deadline.policy)
    n = policy.first_after(deadline.starts_at, deadline.due_at)
    steps = set()
    while deadline.due_at + policy.step(n).offset < end:
        steps.add(n)
        n += 1
    return steps


def _unwatched_cases(session: Session, _now: datetime) -> Iterator[Finding]:
    """An open case whose next step nobody owes."""
    live = select(Deadline.case_id).where(Deadline.next_at.is_not(None), Deadline.duty != Duty.RULING)
    query = select(Case.id, Case.status).where(Case.status.in_(OPEN_STATUSES), Case.id.not_in(live))
    for case_id, status in session.execute(query):
        yield Finding("case_unwatched", f"case {case_id}", f"{status} without a live deadline")


def _status_drift(session: Session, _now: datetime) -> Iterator[Finding]:
    """A status must equal the last event's `now`."""
    last = select(func.max(CaseEvent.id)).group_by(CaseEvent.case_id)
    event = aliased(CaseEvent)
    query = (
        select(Case.id, Case.status, event.now)
        .outerjoin(event, and_(event.case_id == Case.id, event.id.in_(last)))
        .where(or_(event.id.is_(None), event.now != Case.status))
    )
    for case_id, status, told in session.execute(query):
        yield Finding("status_drift", f"case {case_id}", f"is {status}, its last event says {told}")


def _stuck(what: str, query: Select[int, Any]) -> Check:
    """Rows that wait for a job and have waited too long."""

    def check(session: Session, now: datetime) -> Iterator[Finding]:
        for row, since in session.execute(query):
            if since < now - GRACE:
                yield Finding(what, f"row {row}", f"due since {since:%Y-%m-%d %H:%M:%S} UTC")

    return check


def _given_up(what: str, query: Select[int, str]) -> Check:
    """Rows that no job will touch again; a person must look."""

    def check(session: Session, _now: datetime) -> Iterator[Finding]:
        for row, words in session.execute(query):
            yield Finding(what, f"row {row}", words)

    return check


CHECKS: tuple[Check, ...] = (
    _missing_words,
    _unwatched_cases,
    _status_drift,
    _stuck("deadline_stuck", select(Deadline.id, Deadline.next_at).where(Deadline.next_at.is_not(None))),
    _stuck(
        "inbound_stuck", select(InboundMessage.id, InboundMessage.kept_at).where(InboundMessage.state == Intake.KEPT)
    ),
    _stuck(
        "outbound_stuck",
        select(OutboundMessage.id, OutboundMessage.next_try_at).where(OutboundMessage.state == Delivery.WAITING),
    ),
    _stuck("photo_stuck", select(Photo.id, Photo.next_try_at).where(Photo.next_try_at.is_not(None))),
    _given_up(
        "inbound_set_aside",
        select(InboundMessage.id, InboundMessage.error).where(InboundMessage.state == Intake.SET_ASIDE),
    ),
)
