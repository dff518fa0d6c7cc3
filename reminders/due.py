"""What is due now (到点): the rows a sweep takes, and what each of them means."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, Text, cast, select
from sqlalchemy.orm import Session

from models.assignment import Assignment
from models.case import Case
from models.clock import Audience, Duty, Policy
from models.deadline import Deadline
from models.petition import Petition
from models.workflow import Status


class DueRow(NamedTuple):
    """到点时限: a deadline whose next word is due, with what the word needs to know."""

    policy: Policy
    id: int
    duty: Duty
    due_at: datetime
    next_step: int
    breached: bool
    assignment_id: int | None
    case_id: int
    status: Status
    category: str
    place: str
    street: str
    unit: str | None
    claimer: int | None
    plea: str | None


_COLUMNS = (
    cast(Deadline.policy, Text),
    Deadline.id,
    Deadline.duty,
    Deadline.due_at,
    Deadline.next_step,
    Deadline.breached,
    Deadline.assignment_id,
    Case.id,
    Case.status,
    Case.category,
    Case.place,
    Case.street,
    Assignment.unit_code,
    Assignment.claimed_by,
    Petition.plea,
)


def _query() -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS)
        .join(Case, Case.id == Deadline.case_id)
        .outerjoin(Assignment, Assignment.id == Deadline.assignment_id)
        .outerjoin(Petition, Petition.id == Deadline.petition_id)
        # Another sweeper's rows are skipped, not waited for; on SQLite the write lock already excludes it.
        # The case is held too: a story holds its case and then ends its deadlines, so a sweep that held only
        # these would meet it head on, and would write its event under a status that is changing.
        .with_for_update(of=(Deadline, Case), skip_locked=True, key_share=True)
    )


def due_rows(session: Session, now: datetime, limit: int) -> list[DueRow]:
    """The deadlines whose next word is due, the longest waiting first, held for this transaction."""
    query = _query().where(Deadline.next_at <= now).order_by(Deadline.next_at).limit(limit)
    return _read(session, query)


def due_row(session: Session, deadline_id: int, now: datetime) -> list[DueRow]:
    """One deadline, if its next word is still due; [] otherwise."""
    query = _query().where(Deadline.id == deadline_id, Deadline.next_at <= now)
    return _read(session, query)


def _read(session: Session, query: Select[*tuple[Any, ...]]) -> list[DueRow]:
    return [DueRow(_policy(kept), *rest) for kept, *rest in session.execute(query)]


@lru_cache(maxsize=256)
def _policy(kept: str) -> Policy:
    """Every deadline has a copy of its rule, but all are copies of a few: reading each took a third of a sweep."""
    return Policy.from_json(json.loads(kept))


@dataclass(frozen=True, slots=True)
class Taken:
    """What becomes of a due deadline.

    steps: the step numbers passed, the last of which is said.  tell: who hears.  breach: it was missed just now.
    """

    steps: range
    tell: tuple[Audience, ...]
    offset: timedelta
    breach: bool
    next_step: int
    next_at: datetime


def take(row: DueRow, now: datetime) -> Taken:
    """Go past every step that is due. After a standstill one word is said, to everybody the missed ones were for."""
    policy = row.policy
    first = last = row.next_step
    while row.due_at + policy.step(last + 1).offset <= now:
        last += 1
    steps = range(first, last + 1)
    # What was only a warning before the deadline is stale once something later is due.
    heard = [n for n in steps if n == last or policy.step(n).offset >= timedelta(0)]
    tell = tuple(dict.fromkeys(audience for n in heard for audience in policy.step(n).tell))
    return Taken(
        steps=steps,
        tell=tell,
        offset=policy.step(last).offset,
        breach=not row.breached and now >= row.due_at,
        next_step=last + 1,
        next_at=row.due_at + policy.step(last + 1).offset,
    )
