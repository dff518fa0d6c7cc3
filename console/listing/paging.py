"""翻页: fifty rows from a place in the order on, found by an index and not by counting.

A page begins behind a row, not at a number, so that what is opened or closed between two pages moves nothing: who
turns the pages meets every case that stays in its place once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, func, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from console.listing.conditions import Asked, Conditions
from console.listing.filter import Filter, Sort
from models.case import Case

SIZE = 50
# How far it is counted, and how far where each row's words must be read for it.
COUNTED, COUNTED_IN_SEARCH = 10_000, 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHOWN = 160  # characters of a case's words that a line has room for


class Seek(NamedTuple):
    """位置: the row a page begins behind, and which way it is read.

    section: of the order, see _sections.  at: its microseconds, 0 where the section goes by numbers alone.
    """

    section: int
    at: int
    number: int
    back: bool = False

    def __str__(self) -> str:
        return ".".join((str(self.section), str(self.at), str(self.number), "b" if self.back else "f"))

    @classmethod
    def read(cls, said: str) -> "Seek | None":
        """A place as an address says it; None for none, and for one that is not ours."""
        parts = said.split(".")
        if len(parts) != 4 or parts[3] not in ("f", "b"):
            return None
        if not all(part.isdecimal() and part.isascii() and len(part) < 18 for part in parts[:3]):
            return None
        section, at, number = map(int, parts[:3])
        return cls(section, at, number, parts[3] == "b") if section < 2 and number < 2**62 else None


@dataclass(frozen=True, slots=True)
class Section:
    """段: a part of an order that one index can be walked along. What has no due time comes behind what has one."""

    only: Conditions
    time: InstrumentedAttribute[Any] | None
    rises: bool
    is_sorted: bool = False

    @property
    def keys(self) -> list[Any]:
        """What its rows are sorted by. is_sorted: after they were found, and not found along an index."""
        keys: list[Any] = [Case.id] if self.time is None else [self.time, Case.id]
        return [func.coalesce(key, key) for key in keys] if self.is_sorted else keys


@dataclass(frozen=True, slots=True)
class Page:
    """一页: its rows, and the places before and after it, None where there is nothing more."""

    rows: list[Row[Any]]
    before: Seek | None
    after: Seek | None


COLUMNS = (
    Case.id,
    Case.version,
    Case.status,
    Case.channel,
    Case.category,
    Case.district,
    Case.street,
    Case.unit_code,
    func.substr(Case.text, 1, _SHOWN).label("text"),
    Case.place,
    Case.opened_at,
    Case.closed_at,
    Case.due_at,
    Case.rating,
    Case.exposed,
    Case.recurrence_of,
)


def page(session: Session, filter_: Filter, asked: Asked, seek: Seek | None = None, size: int = SIZE) -> Page:
    """One page of the cases that fulfil the conditions, in the filter's order."""
    sections, back = _sections(filter_), seek is not None and seek.back
    rows = _rows(session, sections, asked.shown, seek, size + 1)
    more, rows = len(rows) > size, rows[:size]
    if back:
        rows.reverse()
    first, last = (_place(rows[n], sections) if rows else None for n in (0, -1))
    has_before, has_after = (more, True) if back else (seek is not None, more)
    before = first._replace(back=True) if first and has_before else None
    return Page(rows, before, last if has_after else None)


def count(session: Session, filter_: Filter, asked: Asked) -> "Count":
    """How many there are, up to where nobody reads the difference any more: it takes long to know."""
    limit = COUNTED_IN_SEARCH if filter_.q else COUNTED
    some = select(Case.id).where(*asked.counted).limit(limit + 1)
    if filter_.q:
        # From the newest on as well: without an order the planner would begin at the oldest and find nothing open.
        some = some.order_by(Case.opened_at.desc(), Case.id.desc())
    found = session.scalars(select(func.count()).select_from(some.subquery())).one()
    return Count(min(found, limit), found > limit)


class Count(NamedTuple):
    """件数. is_more: there are more than counted."""

    cases: int
    is_more: bool


def _sections(filter_: Filter) -> list[Section]:
    rises, far = filter_.sort.rises != filter_.backwards, _is_far(filter_)
    if filter_.sort is Sort.OPENED:
        return [Section([], Case.opened_at, rises, far)]
    if filter_.sort is Sort.NUMBER:
        return [Section([], None, rises, far)]
    column = Case.due_at if filter_.sort is Sort.DUE else Case.closed_at
    return [Section([column.is_not(None)], column, rises, far), Section([column.is_(None)], None, False, far)]


def _is_far(filter_: Filter) -> bool:
    """Whether days are asked for that lie far down in the order: the planner expects them everywhere in it."""
    own = Sort.CLOSED if filter_.by_closing else Sort.OPENED
    return (filter_.since is not None or filter_.until is not None) and filter_.sort is not own


def _rows(
    session: Session, sections: Sequence[Section], asked: Conditions, seek: Seek | None, size: int
) -> list[Any]:
    back = seek is not None and seek.back
    found: list[Any] = []
    for n in range(len(sections))[:: -1 if back else 1]:
        if seek is not None and (n > seek.section if back else n < seek.section):
            continue
        start = seek if seek is not None and n == seek.section else None
        found += session.execute(_query(sections[n], asked, start, back).limit(size - len(found))).all()
        if len(found) >= size:
            break
    return found


def _query(section: Section, asked: Conditions, start: Seek | None, back: bool) -> Select[Any]:
    rises = section.rises != back
    query = select(*COLUMNS).where(*section.only, *asked)
    if start is not None:
        query = query.where(_behind(section, start, rises))
    return query.order_by(*(key.asc() if rises else key.desc() for key in section.keys))


def _behind(section: Section, start: Seek, rises: bool) -> ColumnElement[bool]:
    if section.time is None:
        return Case.id > start.number if rises else Case.id < start.number
    at = literal(_EPOCH + timedelta(microseconds=start.at), section.time.type)
    here, there = tuple_(section.time, Case.id), tuple_(at, literal(start.number))
    return here > there if rises else here < there


def _place(row: Row[Any], sections: Sequence[Section]) -> Seek:
    """Where a row stands in the order."""
    for n, section in enumerate(sections):
        if section.time is None:
            return Seek(n, 0, row.id)
        at = getattr(row, section.time.key)
        if at is not None:
            return Seek(n, (at - _EPOCH) // timedelta(microseconds=1), row.id)
    raise LookupError(f"case {row.id} has no place in its order")
