"""战绩与光荣榜: what a registered reporter has found, and the month's honour list."""

from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select

from handlers.desk import Desk
from handlers.people import Caller
from models.case import Case
from models.people import Membership, Person, Role
from models.report import Report
from models.workflow import Status

MINE, HONOURS = ("我的战绩", "战绩"), ("光荣榜", "荣誉榜")
HONOURED = 10


def answer(desk: Desk, caller: Caller, text: str) -> str | None:
    """The answer to 战绩 or 光荣榜; None for everything else."""
    if text in MINE:
        return _mine(desk, caller)
    return _honours(desk) if text in HONOURS else None


def _mine(desk: Desk, caller: Caller) -> str:
    """上报、立案、办结、反弹."""
    row = desk.session.execute(
        select(
            func.count(),
            _count(Case.status != Status.REJECTED),
            _count(Case.status == Status.CLOSED),
            _count(Case.recurrence_of.is_not(None)),
        )
        .select_from(Report)
        .join(Case, Case.id == Report.case_id)
        .where(Report.person_id == caller.person.id)
    ).one()
    reported, accepted, closed, recurred = (int(n or 0) for n in row)
    return desk.texts("tally.mine", reported=reported, accepted=accepted, closed=closed, recurred=recurred)


def _honours(desk: Desk) -> str:
    """本月光荣榜: registered 拍客 by cases accepted this month; ties in the order of their first report."""
    counted = func.count(func.distinct(Report.case_id))
    query = (
        select(Person.name, counted)
        .join(Report, Report.person_id == Person.id)
        .join(Case, Case.id == Report.case_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.role == Role.PHOTOGRAPHER,
            Report.reported_at >= _month(desk),
            Case.status.not_in((Status.REJECTED, Status.REPORTED)),
        )
        .group_by(Person.id, Person.name)
        .order_by(counted.desc(), func.min(Report.id))
        .limit(HONOURED)
    )
    rows = desk.session.execute(query).all()
    if not rows:
        return desk.texts("tally.nobody")
    lines = [desk.texts("tally.line", n=n, name=name, count=count) for n, (name, count) in enumerate(rows, start=1)]
    return desk.texts("tally.honours", lines="\n".join(lines))


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _month(desk: Desk) -> datetime:
    """The first moment of this month in the city's time."""
    local = desk.now.astimezone(desk.zone)
    return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
