"""用时: how long it took from the report to the end, on average and in the middle, in all and step by step."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, select
from sqlalchemy.orm import Session

from console.figures.choice import Atlas, Choice, Grouping
from console.figures.facts import IN_ALL, STEPS, spans
from console.figures.gathering import grouped

_HOUR = 3600.0
_NAMES = (IN_ALL, *STEPS)


@dataclass(frozen=True, slots=True)
class Hours:
    """小时: 平均数 and 中位数 of `count` cases. The middle one says more where a few took months."""

    count: int
    mean: float | None
    median: float | None


Times = dict[str, Hours]
NO_TIME = Hours(0, None, None)


def times(session: Session, choice: Choice, by: Grouping, atlas: Atlas, now: datetime) -> dict[str, Times]:
    """用时 by group: the hours in all and of each step."""
    told = spans(now).subquery()
    key, source = grouped(told, by, choice.period, atlas)
    rows = select(key.label("key"), *(told.c[name] for name in _NAMES)).select_from(source)
    return _read(session, rows.where(*choice.conditions(told)))


def times_in_all(session: Session, choice: Choice, now: datetime) -> Times:
    """用时 of everything chosen: a median cannot be put together from those of its groups."""
    told = spans(now).subquery()
    rows = select(literal("").label("key"), *(told.c[name] for name in _NAMES)).where(*choice.conditions(told))
    return _read(session, rows).get("", dict.fromkeys(_NAMES, NO_TIME))


def _read(session: Session, rows: Select[Any]) -> dict[str, Times]:
    ranked = _ranked(rows.subquery())
    columns = [column for name in _NAMES for column in _summed(ranked, name)]
    found = session.execute(select(ranked.c.key, *columns).group_by(ranked.c.key))
    return {row.key: {name: _hours(row, name) for name in _NAMES} for row in found}


def _ranked(rows: Subquery) -> Subquery:
    """Each row's place among its group's, for every length. SQLite has no percentile_cont, both have windows."""
    key = rows.c.key
    places = [
        column
        for name in _NAMES
        for column in (
            # Nulls last by word: the two databases put them at different ends.
            func.row_number()
            .over(partition_by=key, order_by=(rows.c[name].is_(None), rows.c[name]))
            .label(f"{name}_place"),
            func.count(rows.c[name]).over(partition_by=key).label(f"{name}_many"),
        )
    ]
    return select(rows, *places).subquery()


def _summed(ranked: Subquery, name: str) -> list[ColumnElement[Any]]:
    value, place, many = (ranked.c[f"{name}{part}"] for part in ("", "_place", "_many"))
    # The middle one, or the two around the middle.
    in_the_middle = and_(place >= (many + 1) // 2, place <= (many + 2) // 2)
    return [
        func.count(value).label(f"{name}_count"),
        func.avg(value).label(f"{name}_mean"),
        func.avg(case((in_the_middle, value))).label(f"{name}_median"),
    ]


def _hours(row: Any, name: str) -> Hours:
    mean, median = getattr(row, f"{name}_mean"), getattr(row, f"{name}_median")
    if mean is None:
        return NO_TIME
    return Hours(getattr(row, f"{name}_count"), float(mean) / _HOUR, float(median) / _HOUR)
