"""The demo as a newcomer starts it: says where to look, starts over with its data, and leaves nothing behind."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from demo.cast import ACCOUNT, CITIZEN, OFFICER
from demo.config import ROOT
from demo.smoke import STEPS, run_smoke
from simulator.client import Person
from tests.system.house import Tell, until

pytestmark = pytest.mark.slow

PORT = 18700


class Demo:
    """`run.py demo` in a process of its own."""

    def __init__(self, folder: Path, port: int = PORT) -> None:
        self._log = folder.parent / f"{folder.name}-{port}.txt"
        words = ["demo", "--hour", "1s", "--port", str(port), "--folder", str(folder)]
        with self._log.open("w") as log:
            command = [sys.executable, str(ROOT / "run.py"), *words]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT)

    @property
    def printed(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def is_up(self) -> "Demo":
        until(lambda: "Ctrl-C" in self.printed or self.process.poll() is not None, "the demo is up", 40)
        assert self.process.poll() is None, self.printed
        return self

    def phone(self, openid: str) -> Person:
        found = re.search(r"http://\S+(?=/split)", self.printed)
        assert found, self.printed
        return Person(found.group(), ACCOUNT, openid)

    def parts(self) -> list[psutil.Process]:
        parts: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return parts

    def ends(self, how: int) -> int:
        self.process.send_signal(how)
        return self.process.wait(30)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    """Start the demo in this test's folder."""
    started: list[Demo] = []

    def begin(port: int = PORT) -> Demo:
        started.append(Demo(tmp_path / "demo", port))
        return started[-1]

    yield begin
    for demo in started:
        if demo.process.poll() is None:
            demo.ends(signal.SIGINT)


def test_it_goes_on_where_it_stopped(start: Callable[..., Demo]) -> None:
    first = start().is_up()
    first.phone(CITIZEN).sends_photo("pothole")
    parts = first.parts()

    ended = first.ends(signal.SIGINT)
    second = start().is_up()
    progress = second.phone(CITIZEN).says("解放路街道路面坑洼").reply

    assert ended == 0
    assert not any(part.is_running() for part in parts)
    assert "照片1张" in progress
    assert sum("绑定成功" in line.text for line in second.phone(OFFICER).lines()) == 1


def test_it_takes_the_next_port_and_only_one_of_it_runs_in_a_folder(start: Callable[..., Demo]) -> None:
    with socket.create_server(("127.0.0.1", PORT)):
        demo = start().is_up()

    another = start(PORT + 20)

    assert another.process.wait(20) == 1
    assert "已经在" in another.printed
    assert f"端口 {PORT} 已被占用" in demo.printed
    assert demo.phone(CITIZEN).says("帮助").reply


def test_it_restarts_what_dies_and_takes_its_parts_along_when_it_is_killed(start: Callable[..., Demo]) -> None:
    demo = start().is_up()
    before = demo.parts()

    next(part for part in before if "web" in part.cmdline()).kill()
    until(lambda: "web 停了" in demo.printed, "the watchman has seen it")
    parts = demo.parts()
    demo.ends(signal.SIGKILL)

    assert len(parts) >= 5
    until(lambda: not any(part.is_running() for part in parts), "nothing is left")


def test_it_says_in_words_what_does_not_start(start: Callable[..., Demo], tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "supervision.db").write_bytes(b"this is no database" * 100)

    demo = start()

    assert demo.process.wait(30) == 1
    assert "Traceback" not in demo.printed
    assert "file is not a database" in demo.printed
    assert "已停止" in demo.printed


def test_it_plays_the_story_of_every_platform_to_its_end(capsys: pytest.CaptureFixture[str], tell: Tell) -> None:
    tell("run.py smoke")

    held = run_smoke(None)

    printed = capsys.readouterr()
    assert held, printed.out + printed.err
    assert f"全部走通，共 {len(STEPS)} 步" in printed.out
