"""大屏: what a room should see at a glance: how many stand where, which district burns, what just happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from console.listing.conditions import scope
from console.listing.lines import short_name
from console.looking import Look
from console.wording import SOON
from models.case import Case
from models.event import CaseEvent
from models.workflow import Move, Status

# What a room should hear of. Whoever did it is nobody's business there, and neither is what people wrote.
TOLD = (
    Move.OPEN,
    Move.ASSIGN,
    Move.CLAIM,
    Move.RECTIFY,
    Move.PASS,
    Move.CONFIRM,
    Move.FAIL,
    Move.REOPEN,
    Move.BREACH,
)
EVENTS = 12
_READ = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """一条: a district's open cases; late of them are overdue, soon due within two hours."""

    name: str
    open: int
    late: int
    soon: int


@dataclass(frozen=True, slots=True)
class Happening:
    """一件事, without a person or a word of anybody's."""

    at: datetime
    move: Move
    number: int
    category: str
    area: str
    unit: str


@dataclass(frozen=True, slots=True)
class Board:
    """大屏. by_status: of what is open.  opened, closed: today.  most: the longest bar."""

    late: int
    soon: int
    by_status: dict[Status, int]
    opened: int
    closed: int
    bars: Sequence[Bar]
    most: int
    happenings: Sequence[Happening]


def board(at: Look) -> Board:
    """大屏 of this moment, of what the visitor may see."""
    rows = _open_cases(at)
    bars = _bars(at, rows)
    midnight = _midnight(at)
    return Board(
        late=sum(row.late for row in rows),
        soon=sum(row.soon for row in rows),
        by_status={status: sum(row.cases for row in rows if row.status is status) for status in Status},
        opened=_since(at, Case.opened_at >= midnight),
        closed=_since(at, Case.closed_at >= midnight, Case.status == Status.CLOSED),
        bars=bars,
        most=max((bar.open for bar in bars), default=1),
        happenings=_happenings(at),
    )


def _open_cases(at: Look) -> list[Any]:
    now = at.looking.now
    is_late, is_soon = Case.due_at <= now, (Case.due_at > now) & (Case.due_at <= now + SOON)
    columns = (
        Case.district,
        Case.status,
        func.count().label("cases"),
        func.sum(case((is_late, 1), else_=0)).label("late"),
        func.sum(case((is_soon, 1), else_=0)).label("soon"),
    )
    query = select(*columns).where(Case.closed_at.is_(None), *scope(at.looking))
    return list(at.looking.session.execute(query.group_by(Case.district, Case.status)))


def _bars(at: Look, rows: Sequence[Any]) -> list[Bar]:
    """区县, the one with the most that is late first."""
    names = {row.district: short_name(at.desk, row.district) for row in rows if row.district}
    bars = [_bar(name, [row for row in rows if row.district == code]) for code, name in names.items()]
    return sorted(bars, key=lambda bar: (-bar.late, -bar.open, bar.name))


def _bar(name: str, rows: Sequence[Any]) -> Bar:
    return Bar(name, sum(r.cases for r in rows), sum(r.late for r in rows), sum(r.soon for r in rows))


def _midnight(at: Look) -> datetime:
    local = at.looking.now.astimezone(at.looking.zone)
    return datetime.combine(local.date(), time(), at.looking.zone).astimezone(UTC)


def _since(at: Look, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Case).where(*conditions, *scope(at.looking))
    return at.looking.session.scalars(query).one()


def _happenings(at: Look) -> list[Happening]:
    """The newest first. Read by number, which goes with time, and sorted by when it was written down."""
    newest = select(CaseEvent.id).order_by(CaseEvent.id.desc()).limit(_READ)
    fresh = CaseEvent.recorded_at > at.looking.now - timedelta(days=1)
    query = (
        select(CaseEvent.at, CaseEvent.move, Case.id, Case.category, Case.district, Case.street, Case.unit_code)
        .join(Case, Case.id == CaseEvent.case_id)
        .where(CaseEvent.id.in_(newest), CaseEvent.move.in_(TOLD), fresh, *scope(at.looking))
        .order_by(CaseEvent.id.desc())
        .limit(EVENTS)
    )
    return [_happening(at, *row) for row in at.looking.session.execute(query)]


def _happening(
    at: Look, moment: datetime, move: Move, number: int, category: str, district: str, street: str, unit: str
) -> Happening:
    known = at.desk.router.pack.categories.get(category)
    area = short_name(at.desk, street or district)
    return Happening(moment, move, number, known.name if known else "", area, short_name(at.desk, unit))
