"""Asking and remembering what was asked (提问): so that a bare "1" means something."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from handlers.desk import Desk
from models.question import Ask, Question


def put(desk: Desk, person_id: int, ask: Ask, payload: dict[str, Any], valid: timedelta) -> None:
    """Ask; a menu asked earlier no longer counts."""
    if ask is Ask.WHICH_CASE:
        _forget(desk, person_id, ask)
    desk.session.add(
        Question(person_id=person_id, ask=ask, payload=payload, asked_at=desk.now, expires_at=desk.now + valid)
    )
    desk.session.flush()


def latest(desk: Desk, person_id: int, *asks: Ask) -> Question | None:
    """The newest question still open for an answer, of the kinds named (any when none is)."""
    query = (
        select(Question)
        .where(Question.person_id == person_id, Question.answered_at.is_(None), Question.expires_at > desk.now)
        .order_by(Question.id.desc())
        .limit(1)
    )
    return desk.session.scalars(query.where(Question.ask.in_(asks)) if asks else query).one_or_none()


def _forget(desk: Desk, person_id: int, ask: Ask) -> None:
    desk.session.execute(
        update(Question)
        .where(Question.person_id == person_id, Question.ask == ask, Question.answered_at.is_(None))
        .values(answered_at=desk.now)
    )
