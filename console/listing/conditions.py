"""条件: what a filter asks of the database."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.orm import Session, aliased

from console.listing.filter import OPEN, Filter, major_of
from console.listing.search import says
from console.visitor import with_below
from console.wording import SOON, TODAY, Lamp
from models.assignment import Assignment
from models.case import Case
from models.clock import Duty
from models.deadline import Deadline
from models.outbound import Delivery, OutboundMessage
from models.people import Membership, Role
from models.workflow import OPEN_STATUSES, Status
from routing.categories import Category
from routing.pack import Pack

_OWED_BY_UNITS = (Duty.CLAIM, Duty.RECTIFY, Duty.PLEDGE)

# Nobody reads more, and a statement takes no more values on SQLite.
_FEW = 5000

Conditions = list[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Looking:
    """看的人和时刻: for whom a list is made, and when. units: what they may see, None for the whole city."""

    session: Session
    pack: Pack
    zone: ZoneInfo
    now: datetime
    units: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """所问: what a case must be to stand in the list, to bring its pages and to count it; the two mean the same."""

    shown: Conditions
    counted: Conditions


def conditions(filter_: Filter, looking: Looking) -> Asked:
    """What a case must be to stand in the list."""
    every = [*scope(looking), *_plain(filter_), *_named(filter_, looking), *_days(filter_, looking.zone)]
    if not filter_.q:
        return Asked(every, every)
    said = says(looking.session, filter_.q, looking.pack.platforms)
    return Asked([*every, said.shown], [*every, said.counted])


def scope(looking: Looking) -> Conditions:
    """Only what the visitor may see."""
    return [] if looking.units is None else [_held_by(looking.units)]


def is_owed(duty: Duty) -> ColumnElement[bool]:
    """Whether a duty runs for the case."""
    running = select(Deadline.case_id).where(Deadline.duty == duty, Deadline.ended_at.is_(None))
    return Case.id.in_(running)


def has_lamp(lamp: Lamp, now: datetime) -> ColumnElement[bool]:
    """The same as console.wording.lamp says of one case."""
    due = Case.due_at
    return {
        Lamp.OVERDUE: due <= now,
        Lamp.SOON: and_(due > now, due <= now + SOON),
        Lamp.TODAY: and_(due > now + SOON, due <= now + TODAY),
        Lamp.LATER: due > now + TODAY,
        Lamp.NONE: due.is_(None),
    }[lamp]


def must_be_seen() -> ColumnElement[bool]:
    """须现场核查; see Case.needs_look."""
    leads = select(Assignment.case_id).where(Assignment.on_site.is_(True), Assignment.ended_at.is_(None))
    return and_(*has_status(Status.RECTIFIED), Case.id.in_(leads))


def is_unreached(looking: Looking) -> ColumnElement[bool]:
    """未通知到: nobody acts for the unit, or every word about what it owes has died.

    Both are few, and are looked up first: as conditions of one statement they would be asked of every open case.
    """
    cases, units = looking.session.scalars(_died()).all(), _unmanned(looking)
    waits = Case.closed_at.is_(None), Case.status.in_((Status.ASSIGNED, Status.CLAIMED))
    return and_(*waits, or_(Case.id.in_(cases), Case.unit_code.in_(units)))


def _died() -> Select[Any]:
    said, dead = aliased(OutboundMessage), aliased(OutboundMessage)
    heard = exists().where(said.deadline_id == Deadline.id, said.state == Delivery.SENT, said.instead_of.is_(None))
    return (
        select(dead.case_id)
        .join(Deadline, Deadline.id == dead.deadline_id)
        .where(dead.state == Delivery.DEAD, Deadline.ended_at.is_(None), Deadline.duty.in_(_OWED_BY_UNITS), ~heard)
        .distinct()
        .limit(_FEW)
    )


def _unmanned(looking: Looking) -> list[str]:
    """Units for which nobody acts."""
    in_office = Membership.since <= looking.now, or_(Membership.until.is_(None), Membership.until > looking.now)
    acting = Membership.role.in_((Role.OFFICER, Role.LEADER))
    manned = set(looking.session.scalars(select(Membership.unit_code).where(acting, *in_office).distinct()))
    return sorted(set(looking.pack.units) - manned)


def has_status(status: str) -> Conditions:
    """One state, or OPEN for the four that are not over. closed_at says the same again: an index knows it."""
    if status == OPEN:
        return [Case.closed_at.is_(None)]
    over = [Case.closed_at.is_(None)] if status in OPEN_STATUSES else []
    return [Case.status == Status(status), *over]


def _plain(filter_: Filter) -> Conditions:
    """The columns that are compared as they are."""
    same = {
        Case.channel: filter_.channel,
        Case.district: filter_.district,
        Case.street: filter_.street,
        Case.category: filter_.category,
    }
    asked: Conditions = [column == value for column, value in same.items() if value]
    asked += has_status(filter_.status) if filter_.status else []
    asked += [Case.rating == filter_.rating] if filter_.rating else []
    asked += [Case.exposed.is_(True)] if filter_.exposed else []
    asked += [Case.recurrence_of.is_not(None)] if filter_.recurrence else []
    asked += [must_be_seen()] if filter_.on_site else []
    return asked


def _named(filter_: Filter, looking: Looking) -> Conditions:
    """What the data pack or the clock has to say something about first."""
    pack = looking.pack
    asked: Conditions = [Case.category.in_(sorted(keys)) for keys in _categories(filter_, pack)]
    asked += [_held_by(with_below(pack, [filter_.unit]))] if filter_.unit else []
    asked += [is_owed(Duty(filter_.owes))] if filter_.owes else []
    asked += [has_lamp(Lamp(filter_.lamp), looking.now)] if filter_.lamp else []
    asked += [is_unreached(looking)] if filter_.unreached else []
    return asked


def _categories(filter_: Filter, pack: Pack) -> list[set[str]]:
    """The keys that fit each of the words that stand for several categories."""
    every = pack.categories.values()
    ways: Sequence[tuple[str, Callable[[Category], str]]] = (
        (filter_.major, lambda one: major_of(one.key)),
        (filter_.campaign, lambda one: one.campaign),
        (filter_.veto, lambda one: one.veto),
    )
    return [{one.key for one in every if belongs(one) == said} for said, belongs in ways if said]


def _held_by(units: Collection[str]) -> ColumnElement[bool]:
    return Case.unit_code.in_(sorted(units)) if units else false()


def _days(filter_: Filter, zone: ZoneInfo) -> Conditions:
    column = Case.closed_at if filter_.by_closing else Case.opened_at
    asked: Conditions = []
    if filter_.since:
        asked.append(column >= _midnight(filter_.since, zone))
    if filter_.until:
        asked.append(column < _midnight(filter_.until, zone, 1))
    return asked


def _midnight(day: date, zone: ZoneInfo, later: int = 0) -> datetime:
    """Where a day begins in the city. The first and the last day there are stand for any time before and after."""
    try:
        return datetime.combine(day + timedelta(days=later), time(), zone).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time(), UTC)
