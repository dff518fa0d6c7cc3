"""The outbox (发件箱) when its own process dies, for real: killed with messages in hand."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.installation import ROOT
from models.outbound import Delivery
from tests.bot.post_office import PostOffice

_WORKER = """
import sys
from datetime import timedelta
from pathlib import Path
from bot import outbox
from bot.installation import install, utc_now
from bot.settings import load_settings
outbox.drain(install(load_settings(Path(sys.argv[1]))), utc_now, utc_now() + timedelta(minutes=1))
"""
SEND = "/cgi-bin/message/custom/send"


@contextmanager
def worker(settings: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that drains the same outbox."""
    process = subprocess.Popen([sys.executable, "-c", _WORKER, str(settings)], cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


@pytest.mark.slow
def test_it_says_again_what_a_killed_worker_had_said_and_says_what_it_had_not(
    office: PostOffice, tmp_path: Path
) -> None:
    """Between sending and recording: some had their word already, some not, and no row knows it."""
    heard, waiting = office.person(), office.person()
    office.faults.add("api_timeout", value=20, openid=waiting.openid, path=SEND)
    rows = [*office.say(heard, "一"), *office.say(waiting, "二")]
    with worker(tmp_path / "config.yaml") as process:
        wait_until(lambda: office.read_by(heard) == ["一"])
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    leased_until = max(office.row(row).next_try_at or office.now for row in rows)
    office.faults.clear()

    early = office.drain(leased_until - timedelta(seconds=1))
    late = office.drain(leased_until)

    assert (early, late) == (0, 2)
    assert office.read_by(heard) == ["一", "一"]
    assert "二" in office.read_by(waiting)
    assert [office.row(row).state for row in rows] == [Delivery.SENT, Delivery.SENT]


@pytest.mark.slow
def test_it_shares_the_work_between_processes_and_says_everything_once(
    open_post_office: Callable[..., PostOffice], tmp_path: Path
) -> None:
    office = open_post_office(delivery={"batch": 4})
    people = [office.person() for _ in range(40)]
    for who in people:
        office.say(who, "一", "二")
    office.faults.add("slow_api", value=50, path=SEND)

    with worker(tmp_path / "config.yaml") as process:
        wait_until(lambda: any(office.read_by(who) for who in people))
        done_here = office.drain()
        process.wait(30)

    assert [office.read_by(who) for who in people] == [["一", "二"]] * 40
    assert (0 < done_here < 80, process.returncode) == (True, 0)


def wait_until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)
