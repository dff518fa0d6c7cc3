"""一轮测评 on the stage: a plan, a round made of it, and its visits."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import select

from handlers.desk import Desk
from handlers.field import rounds
from handlers.field.frame import By, Days
from handlers.field.rounds import Plan
from models.people import Identity
from models.score import FieldRound, FieldVisit
from tests.stage import Actor, Stage

T = TypeVar("T")
TODAY = date(2026, 11, 23)
LAST = date(2026, 11, 27)


def plan(**changes: object) -> Plan:
    """One crossing of each district, and every closed case of the day."""
    values: dict[str, object] = {
        "title": "十一月第四周",
        "days": Days(TODAY, LAST),
        "seed": "2026-11-23",
        "points_by": (By.KIND,),
        "closed": Days(TODAY, TODAY),
        "cases_by": (By.DISTRICT, By.CATEGORY),
        "cases_each": 1,
    }
    return Plan(**{**values, **changes})  # type: ignore[arg-type]


def at_desk(stage: Stage, act: Callable[[Desk], T]) -> T:
    """Do something as the command centre does it, in one story."""
    with stage.installation.database.story() as session:
        session.expire_on_commit = False
        return act(stage.installation.desk(session, stage.now))


def made(stage: Stage, **changes: object) -> FieldRound:
    return at_desk(stage, lambda desk: rounds.make(desk, plan(**changes), None))


def visits(stage: Stage, only_cases: bool | None = None) -> Sequence[FieldVisit]:
    """Every visit by number; those of drawn cases, or those of points, alone."""
    with stage.installation.database.glance() as session:
        query = select(FieldVisit).order_by(FieldVisit.number)
        if only_cases is not None:
            query = query.where(FieldVisit.case_id.is_not(None) if only_cases else FieldVisit.case_id.is_(None))
        return session.scalars(query).all()


def person_of(stage: Stage, who: Actor) -> int:
    with stage.installation.database.glance() as session:
        return session.scalars(select(Identity.person_id).where(Identity.openid == who.openid)).one()


def closed_case(stage: Stage, officer: Actor, command: Actor, words: str = "垃圾桶满了没人清") -> int:
    """A case of 甸柳新村 that a unit says it has done and the command centre has passed."""
    number = stage.reported_case(words=words)
    stage.close(number, officer, command)
    return number


def goes(who: Actor, number: int, words: str) -> str:
    """Somebody's sheet for a visit, to its confirmation."""
    who.says(f"任务 {number} {words}")
    who.photo()
    who.says("完成")
    return who.says("确认")
