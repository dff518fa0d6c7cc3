"""What both databases can do but say differently."""

from typing import Any

from sqlalchemy import Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement, FunctionElement


class _SecondsBetween(FunctionElement[float]):
    """秒数: from one moment to another."""

    type = Float()
    inherit_cache = True
    name = "seconds_between"


@compiles(_SecondsBetween, "postgresql")
def _on_postgresql(element: _SecondsBetween, compiler: SQLCompiler, **options: Any) -> str:
    since, until = (compiler.process(one, **options) for one in element.clauses)
    # As double precision: extract gives exact numerics, which cost several times as much to add up and to sort.
    return f"CAST(EXTRACT(EPOCH FROM {until} - {since}) AS DOUBLE PRECISION)"


@compiles(_SecondsBetween, "sqlite")
def _on_sqlite(element: _SecondsBetween, compiler: SQLCompiler, **options: Any) -> str:
    since, until = (compiler.process(one, **options) for one in element.clauses)
    # A Julian day is a float of 16 digits, good to a tenth of a millisecond in this century.
    return f"((julianday({until}) - julianday({since})) * 86400.0)"


def seconds_between(since: Any, until: Any) -> ColumnElement[float]:
    """How many seconds lie between two columns of moments; null where one of them is."""
    return _SecondsBetween(since, until)
