"""催办扫描: the sweep over stored deadlines is the clock. Redis and RQ only nudge it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, exists, insert, literal_column, select, true, update
from sqlalchemy.orm import Session

from models.assignment import Assignment
from models.base import table_of
from models.clock import Duty, QuietHours
from models.deadline import Deadline, Reminder
from models.event import CaseEvent
from models.outbound import Delivery, OutboundMessage
from models.wording import Texts
from models.workflow import Move, Part, after
from reminders.audience import Roster
from reminders.due import DueRow, Taken, due_row, due_rows, take
from reminders.words import Speaker

_MOVE_ON = (
    update(Deadline)
    .where(Deadline.id == bindparam("row"))
    .values(next_step=bindparam("step"), next_at=bindparam("at"), breached=bindparam("late"))
)


# What quiet hours hold back is overtaken by the next word about the same deadline: one word in the morning, not four.
_OVERTAKE = (
    update(OutboundMessage)
    .where(
        OutboundMessage.deadline_id == bindparam("about"),
        OutboundMessage.person_id == bindparam("hearer"),
        OutboundMessage.state == Delivery.WAITING,
        OutboundMessage.key.startswith("deadline:"),
    )
    .values(state=Delivery.VOID, next_try_at=None)
)

_EVENTS, _REMINDERS = insert(table_of(CaseEvent)), insert(table_of(Reminder))
# What is the same in every word stands in the statement: a fifth of the time goes into handing over values.
_MESSAGES = insert(table_of(OutboundMessage)).values(
    state=literal_column(f"'{Delivery.WAITING}'"),
    may_bundle=true(),
    attempts=literal_column("0"),
    way=literal_column("''"),
    history=literal_column("'{}'"),
    chat=literal_column("''"),
)


@dataclass(frozen=True, slots=True)
class Bell:
    """What the sweep goes by: words, the city's time, quiet hours and the names of categories."""

    texts: Texts
    zone: ZoneInfo
    quiet_hours: QuietHours | None
    categories: Mapping[str, str]


@dataclass(slots=True)
class _Batch:
    """Rows to write, collected so that a thousand deadlines cost a handful of statements."""

    reminders: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    moved: list[dict[str, Any]] = field(default_factory=list)
    unclaimed: list[int] = field(default_factory=list)
    stale: list[dict[str, Any]] = field(default_factory=list)


def sweep(session: Session, bell: Bell, now: datetime, limit: int) -> int:
    """Take every due step of up to `limit` deadlines. Returns how many deadlines that were.

    1. hold the due deadlines  2. pass their due steps, writing one word to each hearer  3. record breaches, dated
    at the deadline  4. start the 整改 clock of what nobody claimed  5. set the next word's time.
    """
    rows = due_rows(session, now, limit)
    _take_all(session, bell, now, rows)
    return len(rows)


def sweep_one(session: Session, bell: Bell, now: datetime, deadline_id: int) -> None:
    """The same for one deadline, when a batch has failed and the culprit must be found."""
    _take_all(session, bell, now, due_row(session, deadline_id, now))


def set_aside(session: Session, deadline_id: int, now: datetime) -> None:
    """A poison row waits longer and longer, so that the others go on; the auditor shows it."""
    deadline = session.get(Deadline, deadline_id)
    if deadline is not None and deadline.next_at is not None:
        deadline.failures += 1
        deadline.next_at = now + timedelta(minutes=min(2**deadline.failures, 60))


def _take_all(session: Session, bell: Bell, now: datetime, rows: list[DueRow]) -> None:
    if not rows:
        return
    roster = Roster(session, now)
    speaker = Speaker(bell.texts, bell.zone, bell.categories, roster)
    batch = _Batch()
    for row in rows:
        _take(batch, speaker, bell.quiet_hours, row, now)
    _write(session, batch)


def _take(batch: _Batch, speaker: Speaker, quiet: QuietHours | None, row: DueRow, now: datetime) -> None:
    taken = take(row, now)
    hearers, nobody = speaker.roster.hearers(taken.tell, row.unit, row.claimer)
    ready = quiet.release(now, row.due_at) if quiet else now
    text = speaker.text(row, taken, ready, nobody)
    if ready > now:
        batch.stale += [{"about": row.id, "hearer": person} for person in hearers]
    short = speaker.short(row)
    batch.messages += [_message(row, taken, person, text, short, now, ready) for person in hearers]
    batch.reminders += _reminders(row, taken, now, len(hearers))
    late = row.breached or taken.breach
    batch.moved.append({"row": row.id, "step": taken.next_step, "at": taken.next_at, "late": late})
    if taken.breach:
        batch.events.append(_breach(row, now))
    if row.duty is Duty.CLAIM and row.assignment_id is not None and now >= row.due_at:
        batch.unclaimed.append(row.assignment_id)  # also where the breach was noted by whoever touched the case
    if not hearers or nobody:
        batch.events.append(_unheard(row, taken, now))


def _message(
    row: DueRow, taken: Taken, person: int, text: str, short: dict[str, str], now: datetime, ready: datetime
) -> dict[str, Any]:
    return {
        "key": f"deadline:{row.id}:{taken.steps[-1]}:{person}",
        "person_id": person,
        "text": text,
        "short": short,
        "case_id": row.case_id,
        "deadline_id": row.id,
        "created_at": now,
        "next_try_at": ready,
    }


def _reminders(row: DueRow, taken: Taken, now: datetime, told: int) -> Iterable[dict[str, Any]]:
    """A record for each step passed; only the last of them was said."""
    for n in taken.steps:
        yield {
            "deadline_id": row.id,
            "step": n,
            "due_at": row.due_at + row.policy.step(n).offset,
            "taken_at": now,
            "told": told if n == taken.steps[-1] else 0,
        }


def _breach(row: DueRow, now: datetime) -> dict[str, Any]:
    """逾期, dated at the deadline, whenever the sweep came by."""
    return _event(row, Move.BREACH, row.due_at, now, row.duty.value, {"deadline": row.id, "duty": row.duty.value})


def _unheard(row: DueRow, taken: Taken, now: datetime) -> dict[str, Any]:
    """Nobody at the unit heard this step: an event of its own, because it is somebody's failing."""
    return _event(row, Move.UNREACHED, now, now, row.unit or "", {"deadline": row.id, "step": taken.steps[-1]})


def _event(row: DueRow, move: Move, at: datetime, now: datetime, why: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "case_id": row.case_id,
        "move": move,
        "before": row.status,
        "now": after(row.status, move, Part.SYSTEM),
        "part": Part.SYSTEM,
        "at": at,
        "recorded_at": now,
        "why": why,
        "data": data,
    }


def _write(session: Session, batch: _Batch) -> None:
    connection = session.connection()
    for statement, rows in (
        (_OVERTAKE, batch.stale),
        (_EVENTS, batch.events),
        (_REMINDERS, batch.reminders),
        (_MESSAGES, batch.messages),
        (_MOVE_ON, batch.moved),
    ):
        if rows:
            connection.execute(statement, rows)
    _start_rectifying(session, batch.unclaimed)


def _start_rectifying(session: Session, assignments: list[int]) -> None:
    """The 整改 clock starts at the claim deadline for a case nobody claimed."""
    if not assignments:
        return
    running = exists().where(Deadline.assignment_id == Assignment.id, Deadline.duty == Duty.RECTIFY)
    query = select(Assignment).where(
        Assignment.id.in_(assignments), Assignment.claimed_at.is_(None), Assignment.ended_at.is_(None), ~running
    )
    # Not add_all, which asks SQLite for the id of each.
    session.bulk_save_objects([lead.rectify_clock(lead.claim_due_at) for lead in session.scalars(query)])
