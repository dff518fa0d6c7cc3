"""用时: how long it took from the report to the end, on average and in the middle, in all and step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, Subquery, and_, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from console.figures.choice import Atlas, Choice, Grouping
from console.figures.facts import IN_ALL, STEPS, spans
from console.figures.gathering import chosen, plan

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


def times(
    session: Session, choice: Choice, groupings: Sequence[Grouping], atlas: Atlas, now: datetime
) -> dict[Grouping, dict[str, Times]]:
    """用时 by group, for each way of grouping: a median cannot be put together from those of smaller groups."""
    groupings = tuple(dict.fromkeys(groupings))
    rows = chosen(spans(now).subquery(), choice, groupings, atlas)
    has_medians = session.get_bind().dialect.name == "postgresql"
    parts = [_with_percentiles(rows, by) if has_medians else _with_windows(rows, by) for by in groupings]
    plan(session)
    found: dict[Grouping, dict[str, Times]] = {by: {} for by in groupings}
    for row in session.execute(union_all(*parts)):
        found[Grouping(row.grouping)][row.key] = {name: _hours(row, name) for name in _NAMES}
    return found


def _with_percentiles(rows: CTE, by: Grouping) -> Select[Any]:
    """The median as PostgreSQL has it: twice as fast as windows."""
    key = rows.c[by.value]
    columns = [
        one
        for name in _NAMES
        for one in _averaged(rows.c[name], name, func.percentile_cont(0.5).within_group(rows.c[name]))
    ]
    return select(literal(by.value).label("grouping"), key.label("key"), *columns).group_by(key)


def _with_windows(rows: CTE, by: Grouping) -> Select[Any]:
    """The median from each row's place in its group, which is how SQLite can tell it."""
    key = rows.c[by.value]
    places = [
        column
        for name in _NAMES
        for column in (
            func.row_number()
            .over(partition_by=key, order_by=(rows.c[name].is_(None), rows.c[name]))
            .label(f"{name}_place"),
            func.count(rows.c[name]).over(partition_by=key).label(f"{name}_many"),
        )
    ]
    ranked = select(key.label("key"), *(rows.c[name] for name in _NAMES), *places).subquery()
    columns = [one for name in _NAMES for one in _averaged(ranked.c[name], name, _middle(ranked, name))]
    return select(literal(by.value).label("grouping"), ranked.c.key, *columns).group_by(ranked.c.key)


def _middle(ranked: Subquery, name: str) -> ColumnElement[float]:
    """The one in the middle, or the average of the two around it."""
    place, many = ranked.c[f"{name}_place"], ranked.c[f"{name}_many"]
    return func.avg(case((and_(place >= (many + 1) // 2, place <= (many + 2) // 2), ranked.c[name])))


def _averaged(value: ColumnElement[float], name: str, median: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    return [
        func.count(value).label(f"{name}_count"),
        func.avg(value).label(f"{name}_mean"),
        median.label(f"{name}_median"),
    ]


def _hours(row: Any, name: str) -> Hours:
    mean, median = getattr(row, f"{name}_mean"), getattr(row, f"{name}_median")
    if mean is None:
        return NO_TIME
    return Hours(getattr(row, f"{name}_count"), float(mean) / _HOUR, float(median) / _HOUR)
