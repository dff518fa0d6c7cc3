"""日报: what a day was like, what burns at its end, who did well and who did not, and what tomorrow brings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from console.figures.choice import NOWHERE, Choice, Grouping
from console.figures.definitions import Figures
from console.figures.table import figures, in_all
from models.assignment import Assignment
from models.case import Case
from models.clock import Duty
from models.deadline import Deadline
from models.exposure import Exposure, Pledge
from models.workflow import Status

# One page of A4 has room for so many.
BURNING, UNITS, EXPOSED, CAME_BACK = 10, 5, 5, 5
# A unit with one duty, done in time, has not shown much yet.
DUTIES_AT_LEAST = 3
# How far back a brief of the past looks for what was overdue then; of today's nothing is left out.
_LOOKED_BACK = timedelta(days=31)
_UNITS_DUTIES = (Duty.CLAIM, Duty.RECTIFY)


@dataclass(frozen=True, slots=True)
class Burning:
    """最急: a duty that is overdue, and since when."""

    case: Case
    unit: str
    duty: Duty
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Exposed:
    """曝光: a publication, its case, and whether the unit has promised anything."""

    exposure: Exposure
    case: Case
    has_pledge: bool


Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class Shown(Generic[Line]):
    """一栏: as many lines as there is room for, and how many there are."""

    lines: tuple[Line, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Brief:
    """日报. at: the moment it tells of: the end of the day, or now. worst, best: (unit, its figures of the day)."""

    at: datetime
    day: Figures
    before: Figures
    burning: Shown[Burning]
    worst: tuple[tuple[str, Figures], ...]
    best: tuple[tuple[str, Figures], ...]
    exposures: Shown[Exposed]
    recurrences: Shown[Case]
    tomorrow: tuple[tuple[str, int, int], ...]


def brief(session: Session, choice: Choice, now: datetime) -> Brief:
    """The brief of the one day a choice is of, within what the visitor may see."""
    at = min(now, choice.period.until)
    units = figures(session, choice, (Grouping.UNIT,), NOWHERE, now)[Grouping.UNIT]
    worst, best = _ranged(units)
    return Brief(
        at=at,
        day=in_all(session, choice, now),
        before=in_all(session, choice.during(choice.period.before), now),
        burning=_burning(session, choice, at, now),
        worst=worst,
        best=best,
        exposures=_exposures(session, choice),
        recurrences=_recurrences(session, choice),
        tomorrow=_tomorrow(session, choice, at),
    )


def _ranged(units: dict[str, Figures]) -> tuple[Any, Any]:
    """By what was done that day, not by scores: most late, and most in time with nothing late."""
    named = [(code, one) for code, one in units.items() if code]
    late = sorted((x for x in named if x[1].duties_late), key=lambda x: (-x[1].duties_late, x[1].duties_met, x[0]))
    good = [x for x in named if not x[1].duties_late and not x[1].reworked and x[1].duties_met >= DUTIES_AT_LEAST]
    return tuple(late[:UNITS]), tuple(sorted(good, key=lambda x: (-x[1].duties_met, x[0]))[:UNITS])


def _burning(session: Session, choice: Choice, at: datetime, now: datetime) -> Shown[Burning]:
    """What was overdue at that moment, the longest first."""
    # Of now, an index knows what still runs; of the past none does.
    running = Deadline.ended_at.is_(None) if at == now else Deadline.due_at > at - _LOOKED_BACK
    query = _owed(choice, at).where(Deadline.due_at <= at, running)
    rows = session.execute(query.order_by(Deadline.due_at, Deadline.id).limit(BURNING)).all()
    cases = _cases(session, (row.case_id for row in rows))
    lines = tuple(Burning(cases[row.case_id], row.unit_code, row.duty, row.due_at) for row in rows)
    return Shown(lines, _count(session, query))


def _tomorrow(session: Session, choice: Choice, at: datetime) -> tuple[tuple[str, int, int], ...]:
    """明日到期: unit, how many claims, how many rectifications; the most first."""
    until = choice.period.until
    due = _owed(choice, at).where(Deadline.due_at >= until, Deadline.due_at < until + timedelta(days=1)).subquery()
    query = select(due.c.unit_code, due.c.duty, func.count()).group_by(due.c.unit_code, due.c.duty)
    found: dict[str, dict[Duty, int]] = {}
    for unit, duty, count in session.execute(query):
        found.setdefault(unit, {})[duty] = count
    rows = [(unit, n.get(Duty.CLAIM, 0), n.get(Duty.RECTIFY, 0)) for unit, n in found.items()]
    return tuple(sorted(rows, key=lambda row: (-row[1] - row[2], row[0])))


def _owed(choice: Choice, at: datetime) -> Select[*tuple[Any, ...]]:
    """The units' duties that ran at a moment."""
    return (
        select(Deadline.case_id, Deadline.duty, Deadline.due_at, Assignment.unit_code)
        .join(Assignment, Assignment.id == Deadline.assignment_id)
        .where(
            Deadline.duty.in_(_UNITS_DUTIES),
            Deadline.starts_at <= at,
            or_(Deadline.ended_at.is_(None), Deadline.ended_at > at),
            *_within(choice, Assignment.unit_code),
        )
    )


def _exposures(session: Session, choice: Choice) -> Shown[Exposed]:
    period = choice.period
    query = (
        select(Exposure, Case)
        .join(Case, Case.id == Exposure.case_id)
        .where(
            Exposure.recorded_at >= period.since,
            Exposure.recorded_at < period.until,
            Case.status != Status.REJECTED,
            *_within(choice, Case.unit_code),
        )
    )
    rows: list[Row[Any]] = list(session.execute(query.order_by(Exposure.nth.desc(), Exposure.id).limit(EXPOSED)))
    promised = set(session.scalars(select(Pledge.case_id).where(Pledge.case_id.in_([row.Case.id for row in rows]))))
    lines = tuple(Exposed(row.Exposure, row.Case, row.Case.id in promised) for row in rows)
    return Shown(lines, _count(session, query.with_only_columns(Exposure.id)))


def _recurrences(session: Session, choice: Choice) -> Shown[Case]:
    period = choice.period
    query = select(Case).where(
        and_(Case.recurrence_of.is_not(None), Case.status != Status.REJECTED),
        Case.opened_at >= period.since,
        Case.opened_at < period.until,
        *_within(choice, Case.unit_code),
    )
    lines = session.scalars(query.order_by(Case.id.desc()).limit(CAME_BACK))
    return Shown(tuple(lines), _count(session, query.with_only_columns(Case.id)))


def _within(choice: Choice, unit: Any) -> list[ColumnElement[bool]]:
    return [] if choice.scope is None else [unit.in_(sorted(choice.scope))]


def _cases(session: Session, numbers: Iterable[int]) -> dict[int, Case]:
    return {case.id: case for case in session.scalars(select(Case).where(Case.id.in_(set(numbers))))}


def _count(session: Session, query: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0
