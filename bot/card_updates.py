"""更新卡片: once a duty has ended its cards say what became of it, in everybody's conversation at once. Best effort:
the claim is decided in the database, and whoever presses an old card is answered in words."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select, update
from sqlalchemy.orm import Session

from bot.installation import Installation
from bot.wechat.errors import Fate, SendError
from handlers.cards import label_of
from models.card import CardState, TaskCard
from models.deadline import Deadline

log = logging.getLogger(__name__)

BATCH = 64
THREADS = 8
LEASE = timedelta(minutes=2)
_PAUSES = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 1800))
_PASSING = (Fate.RETRY, Fate.TOKEN, Fate.ALARM)


@dataclass(frozen=True, slots=True)
class _Due:
    """A card to change, as it was leased."""

    id: int
    account: str
    response_code: str
    people: list[str]
    label: str
    attempts: int
    expires_at: datetime


# Nobody has to think of telling the cards: whatever ends a deadline ends them.
_OPEN = TaskCard.state == CardState.OPEN, Deadline.ended_at.is_not(None)
# A card that was sent long before its duty ended has not been waiting since.
_SINCE = case((Deadline.ended_at > TaskCard.next_try_at, Deadline.ended_at), else_=TaskCard.next_try_at)
WAITING: Select[datetime | None] = (
    select(func.min(_SINCE)).select_from(TaskCard).join(Deadline, Deadline.id == TaskCard.deadline_id).where(*_OPEN)
)


def change_due(installation: Installation, now: datetime) -> int:
    """Change the next cards whose duty has ended. Returns how many were tried."""
    due = _lease(installation, now)
    with ThreadPoolExecutor(THREADS) as pool:
        errors = list(pool.map(lambda card: _change(installation, card), due))
    if due:
        with installation.database.story() as session:
            for card, error in zip(due, errors, strict=True):
                _settle(session, card, error, now)
    return len(due)


def _lease(installation: Installation, now: datetime) -> list[_Due]:
    with installation.database.story() as session:
        query = (
            select(TaskCard)
            .join(Deadline, Deadline.id == TaskCard.deadline_id)
            .where(*_OPEN, TaskCard.next_try_at <= now)
            .order_by(TaskCard.next_try_at, TaskCard.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True, of=TaskCard)
        )
        desk = installation.desk(session, now)
        return [_leased(card, label_of(desk, card), now) for card in session.scalars(query)]


def _leased(card: TaskCard, label: str, now: datetime) -> _Due:
    card.attempts, card.next_try_at = card.attempts + 1, now + LEASE
    people = card.people["users"]
    return _Due(card.id, card.account, card.response_code, people, label, card.attempts, card.expires_at)


def _change(installation: Installation, card: _Due) -> SendError | None:
    door = installation.doors.work.get(card.account)
    if door is None:
        return SendError(Fate.REFUSED, None, f"no app {card.account} in the settings")
    try:
        door.api.change_card(card.people, card.response_code, card.label)
    except SendError as error:
        return error
    except Exception as error:  # boundary: one poison card must not stop the others
        log.exception("card %s cannot be changed", card.id)
        return SendError(Fate.REFUSED, None, f"无法更新 ({type(error).__name__})")
    return None


def _settle(session: Session, card: _Due, error: SendError | None, now: datetime) -> None:
    session.execute(update(TaskCard).where(TaskCard.id == card.id).values(_outcome(card, error, now)))


def _outcome(card: _Due, error: SendError | None, now: datetime) -> dict[str, Any]:
    if error is None:
        return {"state": CardState.CHANGED, "error": ""}
    again = now + _PAUSES[min(card.attempts, len(_PAUSES)) - 1]
    if error.fate in _PASSING and again < card.expires_at:
        return {"next_try_at": again, "error": str(error)}
    return {"state": CardState.LEFT, "error": str(error)}
