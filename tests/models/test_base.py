"""Times are aware and in UTC, on both databases; enums are kept by their values."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from bot.installation import Installation
from models.all import Base, Person
from models.base import UtcDateTime
from models.case import Case
from models.workflow import Status

JINAN = timezone(timedelta(hours=8))


def test_it_stores_any_zone_and_gives_back_utc(installation: Installation) -> None:
    with installation.database.story() as session:
        session.add(Person(id=1, created_at=datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=JINAN)))

    with installation.database.glance() as session:
        kept = session.get_one(Person, 1).created_at

    assert kept == datetime(2026, 11, 23, 1, 0, 0, 123456, tzinfo=UTC)
    assert kept.tzinfo is UTC


def test_it_refuses_a_time_without_a_zone(session: Session) -> None:
    session.add(Person(created_at=datetime(2026, 11, 23, 9, 0)))  # noqa: DTZ001  that is the point

    with pytest.raises(StatementError, match="without a zone"):
        session.flush()


def test_it_keeps_no_time_as_no_time(session: Session) -> None:
    dialect = session.get_bind().dialect

    assert UtcDateTime().process_bind_param(None, dialect) is None
    assert UtcDateTime().process_result_value(None, dialect) is None


def test_it_compares_times_in_the_database_whatever_zone_they_were_given_in(session: Session) -> None:
    session.add(Person(name="new", created_at=datetime(2027, 1, 4, 9, 0, tzinfo=JINAN)))
    session.flush()
    half_past_eight, half_past_nine = (datetime(2027, 1, 4, hour, 30, tzinfo=UTC) for hour in (0, 1))

    found = session.scalars(select(Person.name).where(Person.created_at.between(half_past_eight, half_past_nine)))

    assert list(found) == ["new"]


def test_it_keeps_an_enum_by_its_value(session: Session) -> None:
    session.add(Case(status=Status.CLAIMED, channel="c", text="", place="", opened_at=datetime.now(UTC)))
    session.flush()

    assert session.execute(text("SELECT status FROM cases")).scalar_one() == "claimed"


def test_it_gives_every_constraint_a_name() -> None:
    nameless = [
        f"{table.name}: {constraint}"
        for table in Base.metadata.sorted_tables
        for constraint in (*table.constraints, *table.indexes)
        if not constraint.name
    ]

    assert nameless == []
