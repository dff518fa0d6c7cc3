"""清单的 Excel: the rows of a filter, and what they were asked for by."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from console.listing.conditions import Asked
from console.listing.filter import Filter
from console.listing.lines import Line, lines
from console.listing.paging import Seek, page
from console.listing.wording import TEXTS
from console.workbook import Cell, Column, Sheet
from handlers.desk import Desk

LIMIT = 50_000
_AT_ONCE = 2000
_HEADS = ("number", "status", "category", "area", "place", "text", "unit", "platform")
_TIMES = ("opened", "closed", "due")


def sheets(desk: Desk, filter_: Filter, asked: Asked, said: Sequence[tuple[str, str]]) -> list[Sheet]:
    """The cases, and a sheet that says how they were chosen."""
    columns = [Column(TEXTS(f"excel.{name}")) for name in (*_HEADS, *_TIMES, "rating", "marks")]
    about: list[Sequence[Cell]] = [
        (TEXTS("excel.made"), _time(desk, desk.now)),
        *said,
        (TEXTS("excel.sheet"), TEXTS("excel.more", limit=LIMIT)),
    ]
    described = [Column(TEXTS("excel.filter")), Column("")]
    return [
        Sheet(TEXTS("excel.sheet"), columns, (_cells(desk, one) for one in _all(desk, filter_, asked))),
        Sheet(TEXTS("excel.about"), described, about),
    ]


def _all(desk: Desk, filter_: Filter, asked: Asked) -> Iterator[Line]:
    """Page by page, so that fifty thousand cases are never all in memory."""
    seek: Seek | None = None
    for _ in range(LIMIT // _AT_ONCE):
        found = page(desk.session, filter_, asked, seek, _AT_ONCE)
        yield from lines(desk, found.rows)
        seek = found.after
        if seek is None:
            return


def _cells(desk: Desk, one: Line) -> list[Cell]:
    what: list[Cell] = [
        one.number,
        one.status_name,
        one.category,
        one.area,
        one.place,
        one.text,
        one.unit,
        one.platform,
    ]
    times = [_time(desk, at) for at in (one.opened_at, one.closed_at, one.due_at)]
    rating = TEXTS(f"rating.{one.rating}") if one.rating else ""
    return [*what, *times, rating, "、".join(TEXTS(f"mark.{mark}") for mark in one.marks)]


def _time(desk: Desk, at: datetime | None) -> str:
    return at.astimezone(desk.zone).strftime("%Y-%m-%d %H:%M") if at else ""
