"""Migrations: up and down on both databases, and the tables are exactly the models."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from bot import migration
from bot.database import open_engine
from models.all import Base


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of its own."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path / 'empty.db'}")
        yield engine
        engine.dispose()
        return
    url: str = request.getfixturevalue("postgres_url")
    server = open_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE DATABASE migrations"))
    engine = open_engine(url.replace("/tests", "/migrations"))
    yield engine
    engine.dispose()
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE migrations"))
    server.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_it_makes_exactly_the_tables_of_the_models(engine: Engine) -> None:
    migration.upgrade(engine)

    assert tables(engine) == set(Base.metadata.tables)
    assert migration.differences(engine) == []


def test_it_goes_down_to_nothing_and_up_again(engine: Engine) -> None:
    migration.upgrade(engine)
    migration.downgrade(engine)
    after = tables(engine)
    migration.upgrade(engine)

    assert after == set()
    assert migration.differences(engine) == []


def test_it_may_be_run_twice(engine: Engine) -> None:
    migration.upgrade(engine)
    migration.upgrade(engine)

    assert migration.differences(engine) == []


def test_it_keeps_what_is_in_the_tables(engine: Engine) -> None:
    migration.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO units (code, name, short, tier, retired) VALUES ('1', 'a', 'a', 'city', false)")
        )

    migration.upgrade(engine)

    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM units")).scalar() == 1


def test_it_notices_a_column_that_is_missing(engine: Engine) -> None:
    migration.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE photos DROP COLUMN reason"))

    assert "reason" in str(migration.differences(engine))
