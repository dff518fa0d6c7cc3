"""事实: what can be counted, one row a thing: what it is of, when it counts, and a column of 0 and 1 per measure.

Everything else — filters, groups, sums, the cases behind a number — is made of these statements and nothing else,
so that a number means the same wherever it stands. All of them have the columns of `_of`.
"""

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select, text
from sqlalchemy.orm import aliased

from console.figures.portable import seconds_between
from models.assignment import Assignment, Hand
from models.case import Case
from models.clock import Duty
from models.deadline import Deadline, Outcome
from models.event import CaseEvent
from models.people import Membership, Role
from models.petition import Petition, Plea, Ruling
from models.report import Report
from models.unit import Unit
from models.workflow import OPEN_STATUSES, Move, Status

Fact = Callable[[datetime], Select[Any]]
_ONE = literal(1)
# What was taken off a unit before its deadline was never owed; after it, it was late.
_RELIEVED_LATE = and_(Deadline.outcome == Outcome.DROPPED, Deadline.ended_at >= Deadline.due_at)
_REWORKED = (Move.FAIL, Move.REOPEN)
_PASSED = (Move.PASS, Move.CONFIRM)
# In the words of the partial indexes: SQLite uses one only where it reads its condition in the statement itself.
_UNITS_DUTIES = text("deadlines.duty IN ('claim', 'rectify')")
_VERDICTS = text("case_events.move IN ('pass', 'confirm', 'fail', 'reopen')")
_STAFF = (Role.OFFICER, Role.LEADER)
IN_ALL = "in_all"
STEPS = ("to_assign", "to_claim", "to_rectify", "to_verify")


def reports(now: datetime) -> Select[Any]:
    """上报: each by the day it came and its own platform, also where it joined a case somebody else had opened.

    A case that came back from a unit was accepted once; 待研判 is what nobody has decided yet.
    """
    waits = and_(Case.status == Status.REPORTED, Case.returns == 0)
    return select(
        *_of(Report.reported_at, channel=Report.channel),
        _ONE.label("reports"),
        _flag(and_(Case.status != Status.REJECTED, ~waits)).label("accepted"),
        _flag(Case.status == Status.REJECTED).label("rejected"),
        _flag(waits).label("undecided"),
    ).join_from(Report, Case, Case.id == Report.case_id)


def openings(now: datetime) -> Select[Any]:
    """新案件: each by the day it was opened, and whether it is a problem that came back or one a medium published."""
    return select(
        *_of(Case.opened_at),
        _ONE.label("opened"),
        _flag(and_(Case.recurrence_of.is_not(None), Case.status != Status.REJECTED)).label("recurrences"),
        _flag(Case.exposed.is_(True)).label("exposed"),
    )


def duties(now: datetime) -> Select[Any]:
    """认领与整改时限: each by the day it falls due, charged to the unit that owed it then.

    In time: done before the deadline.  Late: done after it, or still not done though it is past, or taken off the
    unit after it had passed.  Not counted: what still has time, what was moved by an approved 延期 or 缓办 (the new
    deadline counts on its own day) and what a unit was relieved of in time.  返工 has a deadline of its own.
    """
    is_late = or_(
        Deadline.outcome == Outcome.LATE, and_(Deadline.outcome.is_(None), Deadline.due_at <= now), _RELIEVED_LATE
    )
    states = {
        "met": Deadline.outcome == Outcome.MET,
        "late": is_late,
        "running": and_(Deadline.outcome.is_(None), Deadline.due_at > now),
    }
    flags = [
        _flag(and_(Deadline.duty == duty, condition)).label(f"{duty.value}_{name}")
        for duty in (Duty.CLAIM, Duty.RECTIFY)
        for name, condition in states.items()
    ]
    return (
        select(*_of(Deadline.due_at, unit=Assignment.unit_code), *flags)
        .join_from(Deadline, Assignment, Assignment.id == Deadline.assignment_id)
        .join(Case, Case.id == Deadline.case_id)
        .where(_UNITS_DUTIES)
    )


def verdicts(now: datetime) -> Select[Any]:
    """核查结论: each by its day, charged to the unit that held the case then: done, or to be done again.

    Done: 核查通过 or the reporter's 满意.  Again: 核查不通过, or 重办 of a closed case.
    """
    holder = (
        select(Assignment.unit_code)
        .where(
            Assignment.case_id == CaseEvent.case_id,
            Assignment.role == Hand.LEAD,
            Assignment.assigned_at <= CaseEvent.at,
        )
        .order_by(Assignment.assigned_at.desc(), Assignment.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    # A rejected case that is looked at again never had a unit.
    counts = or_(CaseEvent.move != Move.REOPEN, CaseEvent.now == Status.CLAIMED)
    return (
        select(
            *_of(CaseEvent.at, unit=holder),
            _flag(CaseEvent.move.in_(_PASSED)).label("passed"),
            _flag(CaseEvent.move.in_(_REWORKED)).label("reworked"),
        )
        .join_from(CaseEvent, Case, Case.id == CaseEvent.case_id)
        .where(_VERDICTS, counts)
    )


def ratings(now: datetime) -> Select[Any]:
    """评价: one a case, its worst, by the day that one was given, charged to who holds the case or closed it."""
    worse = aliased(Report)
    outdone = exists().where(
        worse.case_id == Report.case_id,
        or_(worse.rating > Report.rating, and_(worse.rating == Report.rating, worse.id < Report.id)),
    )
    return (
        select(
            *_of(Report.rated_at),
            *(_flag(Report.rating == score).label(f"rated_{score}") for score in (1, 2, 3)),
        )
        .join_from(Report, Case, Case.id == Report.case_id)
        .where(Report.rating.is_not(None), ~outdone)
    )


def closings(now: datetime) -> Select[Any]:
    """办结: each by the day it was closed, and whether the problem has come back since (反弹)."""
    again = aliased(Case)
    came_back = exists().where(again.recurrence_of == Case.id, again.status != Status.REJECTED)
    return select(*_of(Case.closed_at), _ONE.label("closed"), _flag(came_back).label("came_back")).where(
        Case.status == Status.CLOSED
    )


def spans(now: datetime) -> Select[Any]:
    """用时: of each closed case, by the day it was closed, the seconds in all and of every step.

    The steps are those of the assignment that closed it: until it was given to this unit, claimed, put right,
    verified. Together they are the whole. A 重办 has its own assignment, so all before it lies in the first step.
    """
    moments = (Case.opened_at, Assignment.assigned_at, Assignment.claimed_at, Assignment.rectified_at, Case.closed_at)
    steps = zip(STEPS, pairwise(moments), strict=True)
    did_it = and_(Assignment.case_id == Case.id, Assignment.role == Hand.LEAD, Assignment.ended_at == Case.closed_at)
    return (
        select(
            *_of(Case.closed_at),
            seconds_between(Case.opened_at, Case.closed_at).label(IN_ALL),
            *(seconds_between(since, until).label(name) for name, (since, until) in steps),
        )
        .outerjoin_from(Case, Assignment, did_it)
        .where(Case.status == Status.CLOSED)
    )


def grants(now: datetime) -> Select[Any]:
    """准予: 延期, 缓办 and 退回 that were accepted, by the day of the ruling, charged to the unit that asked."""
    is_deferral = Petition.until.is_not(None)
    return (
        select(
            *_of(Petition.ruled_at, unit=Assignment.unit_code),
            _flag(and_(Petition.plea == Plea.EXTENSION, ~is_deferral)).label("extensions"),
            _flag(is_deferral).label("deferrals"),
            _flag(Petition.plea == Plea.RETURN).label("returned"),
        )
        .join_from(Petition, Assignment, Assignment.id == Petition.assignment_id)
        .join(Case, Case.id == Petition.case_id)
        .where(Petition.state == Ruling.ACCEPTED, or_(Petition.plea.in_((Plea.EXTENSION, Plea.RETURN)), is_deferral))
    )


def findings(now: datetime) -> Select[Any]:
    """发现: accepted cases by the day they were opened, and whether the unit that got them had found them itself.

    Itself: who reported first held an office (经办人, 单位负责人) at that unit, or at one right below it, at that
    time. Citizens on patrol, volunteers, the hotline, assessors and media are others, whoever organises them.
    """
    office = aliased(Unit)
    by_staff = (
        select(literal(1))
        .select_from(Report)
        .join(Membership, Membership.person_id == Report.person_id)
        .join(office, office.code == Membership.unit_code)
        .where(
            Report.case_id == Case.id,
            Report.reported_at <= Case.opened_at,
            Membership.role.in_(_STAFF),
            Membership.since <= Report.reported_at,
            or_(Membership.until.is_(None), Membership.until > Report.reported_at),
            or_(office.code == Case.unit_code, office.parent_code == Case.unit_code),
        )
        .exists()
    )
    accepted = or_(Case.status.in_(OPEN_STATUSES), Case.status == Status.CLOSED)
    return select(*_of(Case.opened_at), _ONE.label("found"), _flag(by_staff).label("found_itself")).where(
        accepted, Case.unit_code != ""
    )


def _of(at: Any, unit: Any = Case.unit_code, channel: Any = Case.channel) -> list[ColumnElement[Any]]:
    """What every row is of: its case, platform, charged unit, place and category, and the moment it counts at."""
    return [
        Case.id.label("case_id"),
        channel.label("channel"),
        func.coalesce(unit, "").label("unit"),
        Case.district.label("district"),
        Case.street.label("street"),
        Case.category.label("category"),
        at.label("at"),
    ]


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)
