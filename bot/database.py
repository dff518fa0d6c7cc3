"""数据库: engines and sessions for SQLite and PostgreSQL. Sessions are opened here and used in bot and console."""

import select
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

_SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON")


def open_engine(url: str, patience: timedelta = timedelta(seconds=10), pool: int = 20) -> Engine:
    """An engine that waits at most `patience` for a lock, on either database.

    The webhook gives less patience than a job: WeChat has gone after five seconds. Errors do not show the values
    of a statement: they are what people said, and errors end in logs.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url, patience, pool)
    milliseconds = int(patience.total_seconds() * 1000)
    options = f"-c timezone=UTC -c lock_timeout={milliseconds} -c statement_timeout={milliseconds * 6}"
    engine = create_engine(
        url,
        pool_size=pool,
        max_overflow=pool,
        pool_timeout=patience.total_seconds(),
        hide_parameters=True,
        connect_args={"options": options, "connect_timeout": 3},
    )

    @event.listens_for(engine, "checkout")
    def _look(connection: Any, _record: Any, _proxy: Any) -> None:
        # A restarted server must cost one reconnect, not one failed message. An idle server says nothing, so
        # whatever there is to read on the socket is its farewell; SELECT 1 would be a round trip for every story.
        idle = select.poll()
        idle.register(connection.fileno(), select.POLLIN)
        if idle.poll(0):
            raise InvalidatePoolError("the server has closed the connection")

    return engine


def _sqlite(url: str, patience: timedelta, pool: int) -> Engine:
    database = make_url(url).database
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=pool,
        max_overflow=pool,
        hide_parameters=True,
        connect_args={"timeout": patience.total_seconds()},
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred transaction that reads first and writes later fails at once when another wrote between;
        # busy_timeout does not help there. Taking the write lock first turns that failure into a short wait.
        options = connection.get_execution_options()
        if options.get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN" if options.get("reading") else "BEGIN IMMEDIATE")

    return engine


class _Turns:
    """轮流写: SQLite has one writer at a time, and who waits inside it sleeps longer and longer, as luck has it.

    Here the threads of a process stand in line, so that only one of each process tries its luck.
    """

    def __init__(self, patience: timedelta) -> None:
        self._patience = patience.total_seconds()
        self._lock = Lock()

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=self._patience):
            waited = TimeoutError(f"no turn to write within {self._patience:g} s")
            raise OperationalError("BEGIN IMMEDIATE", None, waited)

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class Database:
    """数据库: hands out one session per story; it commits at the end or not at all."""

    def __init__(self, engine: Engine, patience: timedelta = timedelta(seconds=10)) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._readers = sessionmaker(engine.execution_options(reading=True), expire_on_commit=False)
        self._notes = engine.execution_options(isolation_level="AUTOCOMMIT")
        is_sqlite = engine.dialect.name == "sqlite"
        self._turn: AbstractContextManager[None] = _Turns(patience) if is_sqlite else nullcontext()

    @contextmanager
    def story(self) -> Iterator[Session]:
        """One story, one transaction: commits when the block ends, rolls back when it raises."""
        with self._turn, self._sessions() as session, session.begin():
            yield session

    @contextmanager
    def glance(self) -> Iterator[Session]:
        """Read without keeping writers out; nothing is committed."""
        with self._readers() as session:
            yield session

    @contextmanager
    def note(self) -> Iterator[Connection]:
        """For a single statement, which is its own transaction: committed when `execute` returns."""
        with self._turn, self._notes.connect() as connection:
            yield connection
