"""Sheets (照片清单): which cases a meeting looks at, and what stands beside their pictures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, select

from handlers import depicting, notices
from handlers.desk import Desk
from models.assignment import Assignment, Ending, Hand
from models.base import JsonDict
from models.case import Case
from models.report import Report
from models.unit import Unit
from models.workflow import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """筛选: "" and None mean all. unit: with everything below it.  since, until: opened from, and before, aware.

    statuses: () for all.
    """

    unit: str = ""
    platform: str = ""
    since: datetime | None = None
    until: datetime | None = None
    statuses: tuple[Status, ...] = ()


def numbers(desk: Desk, wanted: Wanted) -> list[int]:
    """The cases' numbers, in order."""
    query = select(Case.id).order_by(Case.id)
    if wanted.since:
        query = query.where(Case.opened_at >= wanted.since)
    if wanted.until:
        query = query.where(Case.opened_at < wanted.until)
    if wanted.statuses:
        query = query.where(Case.status.in_(wanted.statuses))
    if wanted.platform:
        query = query.where(exists().where(Report.case_id == Case.id, Report.channel == wanted.platform))
    return list(desk.session.scalars(_of_unit(desk, query, wanted.unit) if wanted.unit else query))


def _of_unit(desk: Desk, query: Select[int], unit: str) -> Select[int]:
    """What the unit holds, and what it has done; not what has gone elsewhere since."""
    theirs = Assignment.ended_at.is_(None) | (Assignment.ending == Ending.DONE)
    here = exists().where(
        Assignment.case_id == Case.id,
        Assignment.role == Hand.LEAD,
        Assignment.unit_code.in_(_below(desk, unit)),
        theirs,
    )
    return query.where(here)


def _below(desk: Desk, unit: str) -> list[str]:
    found, level = [unit], [unit]
    while level:
        level = list(desk.session.scalars(select(Unit.code).where(Unit.parent_code.in_(level))))
        found += level
    return found


def entries(desk: Desk, cases: list[int]) -> Iterator[JsonDict]:
    """What stands on the sheet of each case: title, lines, warning, and both sides as in a comparison."""
    for number in cases:
        yield _entry(desk, desk.session.get_one(Case, number))
        desk.session.expunge_all()  # a year of cases must not be held at once


def _entry(desk: Desk, case: Case) -> JsonDict:
    card = depicting.card(desk, case, notices.photos_before(desk, case), notices.photos_after(desk, case))
    heading, steps = card["heading"], card["steps"]
    late = (desk.texts("sheet.step", name=step["name"], at=step["note"]) for step in steps if step["late"])
    lines = [
        *(desk.texts("sheet.fact", name=name, words=words) for name, words in heading["details"]),
        *(desk.texts("sheet.step", name=step["name"], at=step["at"]) for step in steps if step["done"]),
        case.text,
    ]
    return {
        "title": heading["title"],
        "lines": [desk.texts("sheet.state", state=heading["tag"]), *lines],
        "warning": desk.texts("sheet.and").join(late),
        "before": card["before"],
        "after": card["after"],
    }


def words(desk: Desk, wanted: Wanted, count: int) -> dict[str, str]:
    """What stands above and below every page, and where a picture is missing."""
    platform = desk.router.pack.platforms.get(wanted.platform) if wanted.platform else None
    last = wanted.until - timedelta(microseconds=1) if wanted.until else desk.now
    parts = [
        desk.unit_name(wanted.unit),
        platform.name if platform else wanted.platform,
        desk.texts("sheet.since", since=_day(desk, wanted.since), until=_day(desk, last)) if wanted.since else "",
        "、".join(desk.texts(f"status.{status}") for status in wanted.statuses),
        desk.texts("sheet.count", count=count),
    ]
    return {
        "title": desk.texts("sheet.title"),
        "subtitle": " · ".join(part for part in parts if part),
        "empty": desk.texts("sheet.empty"),
        "page": desk.texts("sheet.page", page="{page}"),
    }


def _day(desk: Desk, at: datetime | None) -> str:
    local = (at or desk.now).astimezone(desk.zone)
    return f"{local.month}月{local.day}日"
