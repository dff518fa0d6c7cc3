"""What every table shares: the declarative base and the named kinds of columns."""

import enum
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, BigInteger, Connection, DateTime, Dialect, Enum, Integer, MetaData, String, Table, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time. SQLite keeps no zone, so the zone is checked going in and put back coming out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# BIGINT everywhere, but only INTEGER is an alias of the row id on SQLite.
_BigId = BigInteger().with_variant(Integer, "sqlite")

Id = Annotated[int, mapped_column(_BigId, primary_key=True)]
Ref = Annotated[int, mapped_column(_BigId)]
Key = Annotated[str, mapped_column(String(64))]
Name = Annotated[str, mapped_column(String(128))]
Words = Annotated[str, mapped_column(Text)]
UnitCode = Annotated[str, mapped_column(String(32))]
JsonDict = dict[str, Any]


def _values(kind: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in kind]


class Base(DeclarativeBase):
    """All tables. Constraints get names, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy's own way
        datetime: UtcDateTime,
        JsonDict: JSON,
        enum.Enum: Enum(enum.Enum, native_enum=False, create_constraint=False, length=24, values_callable=_values),
    }


def table_of(model: type[Base]) -> Table:
    """A model's table, for statements on the busiest ways: rows cost a fifth of what objects cost."""
    return Base.metadata.tables[model.__tablename__]


class Upsert:
    """写或改: an INSERT … ON CONFLICT, which both databases know but SQLAlchemy has per dialect only.

    Made once, when its module is imported: building a statement costs five times as much as running it.
    """

    def __init__(self, model: type[Base], finish: Callable[[Any], Any]) -> None:
        """finish: gets the dialect's insert into the model's table and adds what happens on conflict."""
        dialects = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
        self._statements = {name: finish(insert(table_of(model))) for name, insert in dialects.items()}

    def on(self, connection: Connection | Session) -> Any:
        """The statement for this connection's database."""
        bind = connection.get_bind() if isinstance(connection, Session) else connection
        return self._statements[bind.dialect.name]
