"""战绩与光荣榜: what a registered reporter has found, and the month's honour list."""

from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import aliased

from handlers.desk import Desk
from handlers.people.caller import Caller
from models.case import Case
from models.people import Membership, Person, Role
from models.report import Report
from models.workflow import OPEN_STATUSES, Status

MINE, HONOURS = ("我的战绩", "战绩"), ("光荣榜", "荣誉榜")
HONOURED = 10
_NOT_ACCEPTED = (Status.REJECTED, Status.REPORTED)
_AGAIN = aliased(Case)


def answer(desk: Desk, caller: Caller, text: str) -> str | None:
    """The answer to 战绩 or 光荣榜; None for everything else."""
    if text in MINE:
        return _mine(desk, caller)
    return _honours(desk) if text in HONOURS else None


def _mine(desk: Desk, caller: Caller) -> str:
    """上报、立案、办结、反弹, and how the areas stand that the caller looks after."""
    came_back = exists().where(_AGAIN.recurrence_of == Case.id)
    row = desk.session.execute(
        select(
            func.count(),
            _count(Case.status.not_in(_NOT_ACCEPTED)),
            _count(Case.status == Status.CLOSED),
            _count(came_back),
        )
        .select_from(Report)
        .join(Case, Case.id == Report.case_id)
        .where(Report.person_id == caller.person.id)
    ).one()
    reported, accepted, closed, recurred = (int(n or 0) for n in row)
    mine = desk.texts("tally.mine", reported=reported, accepted=accepted, closed=closed, recurred=recurred)
    return "\n".join([mine, *(_area(desk, code) for m in caller.memberships for code in m.areas.split())])


def _area(desk: Desk, code: str) -> str:
    """片区: what is open there, and what was closed this month."""
    in_area = (Case.street == code) | (Case.district == code)
    is_open, closed = desk.session.execute(
        select(
            _count(Case.status.in_(OPEN_STATUSES)),
            _count((Case.status == Status.CLOSED) & (Case.closed_at >= _month(desk))),
        ).where(in_area)
    ).one()
    return desk.texts("tally.area", area=desk.unit_name(code), open=is_open or 0, closed=closed or 0)


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
            Membership.until.is_(None) | (Membership.until > desk.now),
            Report.reported_at >= _month(desk),
            # An honour list that counted these would tell who is an assessor as well.
            Report.channel.not_in([p.key for p in desk.router.pack.platforms.values() if p.anonymous]),
            Case.status.not_in(_NOT_ACCEPTED),
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
