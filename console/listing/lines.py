"""行: cases as a list shows them, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from handlers.desk import Desk
from models.assignment import Assignment
from models.workflow import Status


@dataclass(frozen=True, slots=True)
class Line:
    """一行. marks: keys of what sets the case apart, as templates word them.  version: see Case."""

    number: int
    version: int
    status: Status
    status_name: str
    platform: str
    category: str
    area: str
    place: str
    text: str
    unit: str
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    rating: int | None
    marks: tuple[str, ...]


def lines(desk: Desk, rows: Iterable[Any]) -> list[Line]:
    """The rows of a page, whatever they were read by."""
    found = list(rows)
    to_see = _to_see(desk, [row.id for row in found if row.status is Status.RECTIFIED])
    names = {status: desk.texts(f"status.{status}") for status in Status}
    return [_line(desk, row, names, row.id in to_see) for row in found]


def _line(desk: Desk, row: Any, names: Mapping[Status, str], must_be_seen: bool) -> Line:
    pack = desk.router.pack
    category, platform = pack.categories.get(row.category), pack.platforms.get(row.channel)
    marks = {
        "exposed": row.exposed,
        "recurrence": row.recurrence_of is not None,
        "on_site": must_be_seen,
        "unhappy": row.rating == 3,
    }
    return Line(
        number=row.id,
        version=row.version,
        status=row.status,
        status_name=names[row.status],
        platform=platform.name if platform else row.channel,
        category=category.name if category else "",
        area=short_name(desk, row.street or row.district),
        place=row.place,
        text=row.text,
        unit=short_name(desk, row.unit_code),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        due_at=row.due_at,
        rating=row.rating,
        marks=tuple(name for name, is_so in marks.items() if is_so),
    )


def short_name(desk: Desk, code: str) -> str:
    """A unit's short name, "" for none; the table knows those that the data pack no longer has."""
    unit = desk.router.pack.units.get(code)
    return unit.short if unit else desk.unit_name(code)


def _to_see(desk: Desk, numbers: list[int]) -> set[int]:
    """须现场核查."""
    if not numbers:
        return set()
    open_lead = Assignment.ended_at.is_(None), Assignment.on_site.is_(True)
    return set(desk.session.scalars(select(Assignment.case_id).where(Assignment.case_id.in_(numbers), *open_lead)))
