"""填档 (filling): the lives are told in Python, a row each; everything else is made of them by the database itself.

Sending ten million rows would take it longer than writing them.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import (
    Connection,
    Table,
    insert,
    text,
)

from benchmarks.archive.beside import write_beside
from benchmarks.archive.lives import Cast, Life, Story, Telling, lives, stories
from benchmarks.archive.rows import write_cases
from benchmarks.archive.scratch import lives_table, scratch, stories_table
from bot.database import open_engine
from bot.settings import ClockSettings
from demo.cast import ACCOUNT
from models.assignment import Assignment
from models.base import table_of
from models.case import Case
from models.clock import Clocks
from models.draft import Draft
from models.people import Identity, Membership, Person, Role
from models.petition import Petition
from models.report import Report
from routing.pack import load as load_pack
from routing.router import Router
from routing.what.learned import read_starter

_ROOT = Path(__file__).parents[2]
_DATA = _ROOT / "data" / "jinan"
_REPORTERS, _EACH, _COMMAND = 20_000, 4, 9
_STORIES, _SEED = 3000, 7
PATIENCE = timedelta(minutes=30)
# Millions of references that we have just written ourselves need no looking up one by one.
_FREELY = {
    "sqlite": ("PRAGMA defer_foreign_keys = ON",),
    "postgresql": ("SET LOCAL session_replication_role = replica", "SET LOCAL statement_timeout = 0"),
}
_TIDYING = {"sqlite": ("ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)"), "postgresql": ("VACUUM ANALYZE", "CHECKPOINT")}


def fill(url: str, cases: int, clocks: Clocks, now: datetime) -> None:
    """Fill an empty, migrated database that has its units."""
    engine = open_engine(url, PATIENCE)
    router = Router(load_pack(_DATA), read_starter(_DATA))
    told = stories(router, _DATA / "reports" / "sentences", _STORIES, _SEED)
    units = tuple(sorted(router.pack.units))
    crew = Cast(min(_REPORTERS, cases), units, _EACH, min(_REPORTERS, cases) + _COMMAND + 1)
    with engine.begin() as connection:
        for command in _FREELY[engine.dialect.name]:
            connection.execute(text(command))
        scratch.create_all(connection)
        _pour(connection, stories_table, _story_rows(told))
        _pour(connection, lives_table, _life_rows(lives(cases, told, Telling(clocks, crew, now, _SEED))))
        _hire(connection, crew, now)
        write_cases(connection, clocks)
        write_beside(connection, clocks, now)
        scratch.drop_all(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET statement_timeout = 0"))
            _set_sequences(connection)
        for command in _TIDYING[engine.dialect.name]:
            connection.execute(text(command))
    engine.dispose()


def _story_rows(told: Sequence[Story]) -> Iterator[list[Any]]:
    for n, one in enumerate(told):
        decision = json.dumps(one.decision, ensure_ascii=False)
        yield [n, one.text, one.place, one.category, one.district, one.street, one.unit, one.lat, one.lon, decision]


def _life_rows(told: Iterable[Life]) -> Iterator[list[Any]]:
    names = list(Life.kinds())
    for one in told:
        yield [getattr(one, name) for name in names]


def _pour(connection: Connection, into: Table, rows: Iterator[list[Any]]) -> None:
    """Rows from Python: COPY where there is one."""
    driver: Any = connection.connection.driver_connection
    names = ", ".join(column.name for column in into.c)
    if connection.dialect.name == "postgresql":
        with driver.cursor() as cursor, cursor.copy(f"COPY {into.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        connection.execute(text(f"ANALYZE {into.name}"))
        return
    marks = ", ".join("?" for _ in into.c)
    while batch := list(islice(rows, 5000)):
        shown = [[_plain(value) for value in row] for row in batch]
        driver.executemany(f"INSERT INTO {into.name} ({names}) VALUES ({marks})", shown)  # noqa: S608


def _plain(value: Any) -> Any:
    return value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value


def _hire(connection: Connection, crew: Cast, now: datetime) -> None:
    """Person 1 and on report; then the command centre; then who acts for the units, a leader first."""
    people = crew.first + len(crew.units) * crew.each - 1
    ids = range(1, people + 1)
    connection.execute(
        insert(table_of(Person)), [{"id": n, "name": _name(n, crew), "created_at": now - _AGO} for n in ids]
    )
    known = {"account": ACCOUNT, "follows": True, "last_heard_at": now - timedelta(hours=5), "platform": ""}
    connection.execute(
        insert(table_of(Identity)), [{"id": n, "openid": f"o-archive-{n}", "person_id": n, **known} for n in ids]
    )
    connection.execute(insert(table_of(Membership)), list(_memberships(crew, now)))


_AGO = timedelta(days=740)
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"


def _name(n: int, crew: Cast) -> str:
    return f"{_SURNAMES[n % 20]}{'建国丽华明强敏静军磊'[n % 10]}" if n > crew.reporters else ""


def _memberships(crew: Cast, now: datetime) -> Iterator[dict[str, Any]]:
    held = {"since": now - _AGO, "post": "", "shift": "", "areas": "", "outlet": "", "deputy": ""}
    command = [Role.DISPATCHER] * 5 + [Role.VERIFIER] * 3 + [Role.ADMIN]
    for n, role in enumerate(command):
        yield {"person_id": crew.reporters + 1 + n, "role": role, "unit_code": None, **held}
    for k in range(len(crew.units) * crew.each):
        role = Role.LEADER if k % crew.each == 0 else Role.OFFICER
        yield {"person_id": crew.first + k, "role": role, "unit_code": crew.units[k // crew.each], **held}


def _set_sequences(connection: Connection) -> None:
    """PostgreSQL counts by itself; numbers that were given must be stepped over."""
    for model in (Draft, Case, Report, Assignment, Person, Identity, Petition):
        name = model.__tablename__
        connection.execute(text(f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))"))  # noqa: S608


def clocks_of_config() -> Clocks:
    """The time limits that config.yaml is delivered with."""
    given = yaml.safe_load((_ROOT / "config.yaml").read_text(encoding="utf-8"))
    return ClockSettings.model_validate(given["clocks"]).clocks()
