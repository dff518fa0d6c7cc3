"""底稿 (scratch): where the lives stand while everything else is made of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    literal,
    select,
)
from sqlalchemy.sql.expression import ColumnElement, FromClause

from benchmarks.archive.lives import Life
from models.base import Base, UtcDateTime, table_of
from models.workflow import Status

# A draft of a report has its case's number; the 整改's stands behind them all, and what was only heard behind those.
BEHIND = 10_000_000
OPEN = [Status.REPORTED.value, Status.ASSIGNED.value, Status.CLAIMED.value, Status.RECTIFIED.value]

scratch = MetaData()
stories_table = Table(
    "archivestories_table",
    scratch,
    Column("n", Integer, primary_key=True),
    *(Column(name, String) for name in ("text", "place", "category", "district", "street", "unit")),
    Column("lat", Float),
    Column("lon", Float),
    Column("decision", JSON),
)
_KINDS = {datetime: UtcDateTime, str: String, bool: Boolean, int: Integer}
lives_table = Table(
    "archivelives_table",
    scratch,
    *(
        Column(name, next(kind for known, kind in _KINDS.items() if issubclass(hint, known)))
        for name, hint in Life.kinds().items()
    ),
)
life = lives_table.c


def write_rows(connection: Connection, model: type[Base], rows: FromClause, **values: Any) -> None:
    table = table_of(model)
    known = {_column_of(table, name): value for name, value in values.items()}
    columns = [v if isinstance(v, ColumnElement) else literal(v, table.c[name].type) for name, v in known.items()]
    connection.execute(insert(table).from_select(list(known), select(*columns).select_from(rows)))


def _column_of(table: Table, name: str) -> str:
    return name if name in table.c else f"{name}_name"
