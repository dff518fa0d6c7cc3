"""健康: what is late, and whether this process can serve. The tables say it, so every process agrees."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import redis
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.installation import Installation
from bot.jobs import CHORES
from models.candidate import Candidate, CandidateState
from models.card import CardState, TaskCard
from models.case import Case
from models.deadline import Deadline
from models.inbound import InboundMessage, Intake
from models.outbound import Delivery, OutboundMessage
from models.photo import Fetch, Photo

LATE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Health:
    """健康状况. lags: seconds each chore is behind, {} when the database does not answer.  problems: in words.

    notes: what somebody should look at although messages are kept and answered.
    """

    lags: dict[str, float]
    redis: bool
    problems: list[str]
    notes: list[str] = field(default_factory=list)


def examine(installation: Installation, now: datetime) -> Health:
    """Look at everything; never raises for a database or Redis that is away."""
    reachable = _redis_answers(installation)
    try:
        lags = _lags(installation, now)
    except SQLAlchemyError as error:
        return Health({}, reachable, [f"the database does not answer ({type(error).__name__})"])
    behind = [f"{name} is {seconds:.0f} s behind" for name, seconds in lags.items() if seconds > LATE.total_seconds()]
    trouble = installation.routers.trouble
    return Health(lags, reachable, behind, [f"the rules in use cannot be read: {trouble}"] if trouble else [])


def _lags(installation: Installation, now: datetime) -> dict[str, float]:
    with installation.database.glance() as session:
        installation.routers.current(session, now)  # so that a process nobody writes to knows as well
        return {name: chore.lag(chore.due_since(installation, session), now) for name, chore in CHORES.items()}


_COUNTS = {
    "inbound_waiting": select(func.count()).where(InboundMessage.next_try_at.is_not(None)),
    "inbound_set_aside": select(func.count()).where(InboundMessage.state == Intake.SET_ASIDE),
    "outbound_waiting": select(func.count()).where(OutboundMessage.next_try_at.is_not(None)),
    "outbound_failing": select(func.count()).where(
        OutboundMessage.next_try_at.is_not(None), OutboundMessage.attempts > 1
    ),
    "cards_open": select(func.count()).where(TaskCard.state == CardState.OPEN),
    "cards_left": select(func.count()).where(TaskCard.state == CardState.LEFT),
    "outbound_dead": select(func.count()).where(OutboundMessage.state == Delivery.DEAD),
    "photos_waiting": select(func.count()).where(Photo.next_try_at.is_not(None)),
    "photos_lost": select(func.count()).where(Photo.state == Fetch.LOST),
    "candidates_waiting": select(func.count()).where(Candidate.state == CandidateState.WAITING),
    "deadlines_live": select(func.count()).where(Deadline.next_at.is_not(None)),
    "deadlines_overdue": select(func.count()).where(Deadline.next_at.is_not(None), Deadline.breached),
    "deadlines_stumbling": select(func.count()).where(Deadline.next_at.is_not(None), Deadline.failures > 0),
}


def count_rows(installation: Installation) -> dict[str, int]:
    """Rows that wait or were given up. Counting takes a while, so only who asks for figures waits for it."""
    with installation.database.glance() as session:
        counts = {name: int(session.scalars(query).one()) for name, query in _COUNTS.items()}
        by_status = session.execute(select(Case.status, func.count()).group_by(Case.status))
        return counts | {f"cases_{status.value}": count for status, count in by_status}


def _redis_answers(installation: Installation) -> bool:
    try:
        return bool(installation.redis.ping())
    except redis.RedisError:
        return False
