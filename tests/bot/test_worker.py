"""A worker: RQ beside the clock, until SIGTERM, whatever Redis does."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from bot.installation import Installation
from bot.worker import run_worker
from models.inbound import Intake
from tests import servers
from tests.bot.conftest import Build
from tests.bot.inbox import kept, leave_half_done, make_messages_due, states
from tests.bot.pushes import message
from tests.bot.waiting import wait_until

Director = Callable[[Callable[[], None]], Future[None]]


@pytest.fixture
def meanwhile() -> Iterator[Director]:
    """Does something beside the worker, which needs the main thread, and tells it to stop at the end."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    with ThreadPoolExecutor(1) as pool:

        def direct(play: Callable[[], None]) -> Future[None]:
            def act() -> None:
                try:
                    wait_until(lambda: signal.getsignal(signal.SIGTERM) is not handlers[signal.SIGTERM])
                    play()
                finally:
                    os.kill(os.getpid(), signal.SIGTERM)

            return pool.submit(act)

        yield direct
    for number, handler in handlers.items():
        signal.signal(number, handler)


def speak(installation: Installation) -> None:
    leave_half_done(installation, message("text", Content="帮助"))
    make_messages_due(installation)


def all_done(installation: Installation) -> bool:
    return set(states(installation)) == {Intake.DONE}


def test_it_works_until_it_is_told_to_stop(configure: Build, meanwhile: Director) -> None:
    installation = configure()
    speak(installation)

    play = meanwhile(lambda: wait_until(lambda: all_done(installation)))
    run_worker()

    play.result(1)
    assert all_done(installation)


def test_it_works_and_stops_without_any_redis(
    configure: Build, meanwhile: Director, caplog: pytest.LogCaptureFixture
) -> None:
    installation = configure(redis="redis://127.0.0.1:1/0")
    speak(installation)

    play = meanwhile(lambda: wait_until(lambda: all_done(installation)))
    run_worker()

    play.result(1)
    assert "the clock works alone" in caplog.text


def test_it_works_on_and_stops_in_peace_after_redis_has_died(configure: Build, meanwhile: Director) -> None:
    valkey = servers.valkey()
    installation = configure(redis=valkey.__enter__())

    def story() -> None:
        speak(installation)
        wait_until(lambda: all_done(installation))
        valkey.__exit__(None, None, None)
        speak(installation)
        wait_until(lambda: all_done(installation))

    play = meanwhile(story)
    run_worker()

    play.result(1)
    assert len(kept(installation)) == 2
