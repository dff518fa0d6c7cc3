"""汇总: facts filtered, grouped and added up by the database."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
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
    text,
    union_all,
    values,
)
from sqlalchemy.orm import Session

from console.figures.choice import COLUMNS, Atlas, Choice, Grouping
from console.figures.facts import Fact
from console.figures.period import Period

Sums = dict[str, dict[str, int]]
_WHAT = ("case_id", "channel", "unit", "district", "street", "category", "at")
# A month's rows lie beside each other on the disk, so reading them by their index is cheap, which the planner does
# not believe of a table of a million; and compiling a statement takes longer than running it.
_PLANNING = ("SET LOCAL random_page_cost = 1.1", "SET LOCAL jit = off")


def gather(
    session: Session, fact: Fact, choice: Choice, groupings: Sequence[Grouping], atlas: Atlas, now: datetime
) -> dict[Grouping, Sums]:
    """Every measure's sum by group, for each way of grouping; groups nothing belongs to are left out."""
    groupings = tuple(dict.fromkeys(groupings))
    told = fact(now).subquery()
    names = measures(told)
    rows = chosen(told, choice, groupings, atlas)
    parts = [
        select(
            literal(by.value).label("grouping"),
            rows.c[by.value].label("key"),
            *(func.sum(rows.c[name]).label(name) for name in names),
        ).group_by(rows.c[by.value])
        for by in groupings
    ]
    plan(session)
    found: dict[Grouping, Sums] = {by: {} for by in groupings}
    for row in session.execute(union_all(*parts)):
        found[Grouping(row.grouping)][row.key] = {name: int(getattr(row, name)) for name in names}
    return found


def chosen(told: Subquery, choice: Choice, groupings: Sequence[Grouping], atlas: Atlas) -> CTE:
    """The rows of a fact that are asked for, each with its group for every way of grouping; read once."""
    source: FromClause = told
    keys = []
    for by in groupings:
        key, source = _grouped(told, source, by, choice.period, atlas)
        keys.append(key.label(by.value))
    rows = select(*keys, *(told.c[name] for name in measures(told))).select_from(source)
    return rows.where(*choice.conditions(told)).cte("chosen")


def measures(told: Subquery) -> list[str]:
    """The names of what a fact counts."""
    return [name for name in told.c.keys() if name not in _WHAT]  # noqa: SIM118  a collection of columns, not a dict


def behind(session: Session, fact: Fact, measure: str, choice: Choice, now: datetime, most: int) -> list[int]:
    """明细: the numbers of the cases behind a figure, the latest first; a case stands there once."""
    told = fact(now).subquery()
    query: Select[Any] = (
        select(told.c.case_id)
        .where(*choice.conditions(told), told.c[measure] == 1)
        .group_by(told.c.case_id)
        .order_by(func.max(told.c.at).desc(), told.c.case_id.desc())
        .limit(most)
    )
    plan(session)
    return list(session.scalars(query))


def plan(session: Session) -> None:
    """For the rest of this transaction; only PostgreSQL plans by such guesses."""
    if session.get_bind().dialect.name == "postgresql":
        for setting in _PLANNING:
            session.execute(text(setting))


def _grouped(
    told: Subquery, source: FromClause, by: Grouping, period: Period, atlas: Atlas
) -> tuple[ColumnElement[str], FromClause]:
    """The group of a row, and the tables it is read from."""
    if by is Grouping.ALL:
        return literal(""), source
    if by is Grouping.DAY:
        return _bucket(told.c.at, period), source
    own, folds = told.c[COLUMNS[by]], atlas.folds(by)
    if folds is None:
        return own, source
    table = _lookup(folds, f"folds_{by.value}")
    return func.coalesce(table.c.fold, ""), source.outerjoin(table, table.c.one == own)


def _bucket(at: ColumnElement[datetime], period: Period) -> ColumnElement[str]:
    """By the city's own midnights, which neither database could be asked for in the same words."""
    buckets = period.buckets()
    if len(buckets) == 1:
        return literal(buckets[0].key)
    return case(
        *((at < bucket.until, literal(bucket.key)) for bucket in buckets[:-1]), else_=literal(buckets[-1].key)
    )


def _lookup(folds: Mapping[str, str], name: str) -> FromClause:
    """A table of the pack's own knowledge, joined like any other: 180 WHENs a row would cost more than the join."""
    return values(column("one", String), column("fold", String), name=name).data(list(folds.items())).cte(name)
