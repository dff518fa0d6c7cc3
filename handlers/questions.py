"""Asking and remembering what was asked (提问): so that a bare "1" means something."""

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select

from handlers.desk import Desk
from models.question import Ask, Question


def put(desk: Desk, person_id: int, ask: Ask, payload: dict[str, Any], valid: timedelta) -> None:
    """Ask. What was asked before in the same way no longer counts; ratings count case by case."""
    forget(desk, person_id, ask, payload["case"] if ask is Ask.RATING else None)
    desk.session.add(
        Question(person_id=person_id, ask=ask, payload=payload, asked_at=desk.now, expires_at=desk.now + valid)
    )
    desk.session.flush()


def latest(desk: Desk, person_id: int, *asks: Ask) -> Question | None:
    """The newest question still open for an answer, of the kinds named (any when none is)."""
    return desk.session.scalars(
        _LATEST, {"person": person_id, "now": desk.now, "asks": asks or tuple(Ask)}
    ).one_or_none()


_LATEST = (
    select(Question)
    .where(
        Question.person_id == bindparam("person"),
        Question.answered_at.is_(None),
        Question.expires_at > bindparam("now"),
        Question.ask.in_(bindparam("asks", expanding=True)),
    )
    .order_by(Question.id.desc())
    .limit(1)
)


def forget(desk: Desk, person_id: int, ask: Ask, case_id: int | None = None) -> None:
    """Close what is open of one kind, about one case where one is named."""
    query = select(Question).where(
        Question.person_id == person_id, Question.ask == ask, Question.answered_at.is_(None)
    )
    for question in desk.session.scalars(query):
        if case_id is None or question.payload["case"] == case_id:
            question.answered_at = desk.now
