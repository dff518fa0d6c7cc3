"""重新研判: with other words, rules or another version, waiting cases get fresh suggestions."""

from typing import Any

from sqlalchemy import select

from handlers import labelling
from handlers.desk import Desk
from models.actor import SYSTEM
from models.case import Case
from models.workflow import Move, Status


def rerun(desk: Desk) -> tuple[int, int]:
    """Look again at every waiting case. Returns how many waited and how many have other suggestions now.

    Nothing is sent by it and nobody is told: whoever decides sees the new suggestions.
    """
    waiting = list(desk.session.scalars(select(Case.id).where(Case.status == Status.REPORTED).order_by(Case.id)))
    return len(waiting), sum(_again(desk, number) for number in waiting)


def _suggested(decision: dict[str, Any]) -> list[Any]:
    """What a dispatcher sees of it: the units in their order, the category and the place. Not how sure they are."""
    others = [option["unit"] for option in decision.get("alternatives", [])]
    return [decision.get(key) for key in ("unit", "category", "street", "district")] + others


def _again(desk: Desk, number: int) -> bool:
    case = Case.locked(desk.session, number)
    if case is None or case.status is not Status.REPORTED:
        return False
    before = case.decision
    decision = labelling.decide_again(desk, case)
    if _suggested(before) == _suggested(case.decision):
        case.decision = before
        return False
    # What a dispatcher settled comes back as it was: the finding said so, and nothing overrules it.
    case.category = decision.category or ""
    case.district, case.street = decision.district or "", decision.street or ""
    case.move(Move.REVIEW, SYSTEM, desk.now, unit=decision.unit, model=decision.model)
    return True
