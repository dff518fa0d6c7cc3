"""汇总: facts filtered, grouped and added up by the database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    String,
    Subquery,
    case,
    column,
    func,
    literal,
    select,
    values,
)
from sqlalchemy.orm import Session

from console.figures.choice import COLUMNS, Atlas, Choice, Grouping
from console.figures.facts import Fact
from console.figures.period import Period

Sums = dict[str, dict[str, float]]
_WHAT = ("case_id", "channel", "unit", "district", "street", "category", "at")


def measures(fact: Subquery) -> list[str]:
    """The names of what a fact counts."""
    return [name for name in fact.c.keys() if name not in _WHAT]  # noqa: SIM118  a collection of columns, not a dict


def gather(session: Session, fact: Fact, choice: Choice, by: Grouping, atlas: Atlas, now: datetime) -> Sums:
    """Every measure's sum, by group; groups nothing belongs to are left out."""
    told = fact(now).subquery()
    names = measures(told)
    key, source = grouped(told, by, choice.period, atlas)
    query = (
        select(key.label("key"), *(func.sum(told.c[name]).label(name) for name in names))
        .select_from(source)
        .where(*choice.conditions(told))
        .group_by("key")
    )
    return {row.key: {name: getattr(row, name) or 0 for name in names} for row in session.execute(query)}


def behind(session: Session, fact: Fact, measure: str, choice: Choice, now: datetime, most: int) -> list[int]:
    """明细: the numbers of the cases behind a figure, the latest first; a case stands there once."""
    told = fact(now).subquery()
    latest = func.max(told.c.at)
    query: Select[Any] = (
        select(told.c.case_id)
        .where(*choice.conditions(told), told.c[measure] == 1)
        .group_by(told.c.case_id)
        .order_by(latest.desc(), told.c.case_id.desc())
        .limit(most)
    )
    return list(session.scalars(query))


def grouped(told: Subquery, by: Grouping, period: Period, atlas: Atlas) -> tuple[ColumnElement[str], FromClause]:
    """The group of a row, and the tables it is read from."""
    if by is Grouping.DAY:
        return _bucket(told.c.at, period), told
    own = told.c[COLUMNS[by]]
    folds = atlas.folds(by)
    if folds is None:
        return own, told
    table = _lookup(folds)
    return func.coalesce(table.c.fold, ""), told.outerjoin(table, table.c.one == own)


def _bucket(at: ColumnElement[datetime], period: Period) -> ColumnElement[str]:
    """By the city's own midnights, which neither database could be asked for in the same words."""
    buckets = period.buckets()
    return case(
        *((at < bucket.until, literal(bucket.key)) for bucket in buckets[:-1]), else_=literal(buckets[-1].key)
    )


def _lookup(folds: Mapping[str, str]) -> FromClause:
    """A table of the pack's own knowledge, joined like any other: 180 WHENs a row would cost more than the join."""
    rows = values(column("one", String), column("fold", String), name="folds").data(list(folds.items()))
    return rows.cte("folds")
