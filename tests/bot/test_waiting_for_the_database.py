"""Who waits for the database, how long, and what a restarted server costs."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.database import Database, open_engine

PATIENCE = timedelta(seconds=0.2)


def test_it_lets_a_second_writer_of_the_process_wait_no_longer_than_its_patience(tmp_path: Path) -> None:
    database = Database(open_engine(f"sqlite:///{tmp_path / 'a.db'}", PATIENCE), PATIENCE)

    def second() -> float:
        began = time.monotonic()
        with pytest.raises(OperationalError, match="no turn to write"), database.story():
            pass
        return time.monotonic() - began

    with ThreadPoolExecutor(1) as pool, database.story():
        waited = pool.submit(second).result()

    assert PATIENCE.total_seconds() <= waited < 10 * PATIENCE.total_seconds()
    database.engine.dispose()


def test_it_gives_the_turn_back_when_a_story_fails(tmp_path: Path) -> None:
    database = Database(open_engine(f"sqlite:///{tmp_path / 'a.db'}", PATIENCE), PATIENCE)
    with pytest.raises(ZeroDivisionError), database.story():
        raise ZeroDivisionError

    with database.story() as session:
        found = session.execute(text("SELECT 1")).scalar()

    assert found == 1
    database.engine.dispose()


def test_it_commits_a_note_at_once(tmp_path: Path) -> None:
    database = Database(open_engine(f"sqlite:///{tmp_path / 'a.db'}", PATIENCE), PATIENCE)

    with database.note() as connection:
        connection.execute(text("CREATE TABLE kept (n INTEGER)"))
    with database.glance() as session:
        count = session.execute(text("SELECT count(*) FROM kept")).scalar()

    assert count == 0
    database.engine.dispose()


def test_it_replaces_a_connection_the_server_has_closed_without_anybody_noticing(postgres_url: str) -> None:
    engine, other = open_engine(postgres_url), open_engine(postgres_url)
    with engine.connect() as connection:
        old = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with other.connect() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend({old}, 5000)"))  # waits until it is gone

    with engine.connect() as connection:
        new = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()

    assert new != old
    engine.dispose()
    other.dispose()
