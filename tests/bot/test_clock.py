"""The clock: the tables say what is due. With Redis emptied, away, or nobody working, everything still happens."""

import signal
import threading
from datetime import UTC, datetime, timedelta

import pytest
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import select, text

from bot.clock import INLINE_AFTER, Clock, open_queue
from bot.installation import Installation
from models.inbound import Intake
from models.outbound import OutboundMessage
from models.people import Person
from tests.bot.conftest import Build
from tests.bot.inbox import leave_half_done, make_messages_due, states
from tests.bot.pushes import Postman, photo
from tests.bot.waiting import wait_until

NOWHERE = "redis://127.0.0.1:1/0"


def due_message(installation: Installation) -> None:
    """One message waits since a second ago."""
    leave_half_done(installation, photo())
    make_messages_due(installation)


def tick(installation: Installation, late: timedelta = timedelta(0)) -> None:
    Clock(installation, lambda: datetime.now(UTC) + late).tick()


def queued(installation: Installation) -> list[str]:
    return [job.args[0] for job in open_queue(installation.redis).jobs]


def work_off(installation: Installation) -> None:
    """What a worker elsewhere does with the queue."""
    queue = open_queue(installation.redis)
    worker = SimpleWorker([queue], connection=installation.redis, serializer=JSONSerializer)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        worker.work(burst=True, logging_level="WARNING")
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def test_it_nudges_a_worker_to_do_what_is_due(configure: Build) -> None:
    installation = configure()
    due_message(installation)

    tick(installation)
    asked, before = queued(installation), states(installation)
    work_off(installation)

    assert (asked, before) == (["take_in"], [Intake.KEPT])
    assert states(installation) == [Intake.DONE]


def test_it_asks_for_nothing_when_nothing_is_due(installation: Installation) -> None:
    leave_half_done(installation, photo())

    tick(installation)

    assert queued(installation) == []


def test_it_nudges_once_however_many_clocks_tick(installation: Installation) -> None:
    due_message(installation)
    moment = datetime.now(UTC)

    for _ in range(5):
        Clock(installation, lambda: moment).tick()

    assert queued(installation) == ["take_in"]


def test_it_nudges_again_a_little_later(installation: Installation) -> None:
    due_message(installation)

    tick(installation)
    tick(installation, late=timedelta(seconds=3))

    assert queued(installation) == ["take_in", "take_in"]


def test_it_does_itself_what_nobody_does_in_time(installation: Installation) -> None:
    due_message(installation)

    tick(installation, late=INLINE_AFTER)

    assert states(installation) == [Intake.DONE]


def test_it_does_everything_itself_while_redis_is_away(build: Build) -> None:
    installation = build(redis=NOWHERE)
    due_message(installation)

    tick(installation)

    assert states(installation) == [Intake.DONE]


def test_it_loses_nothing_when_redis_is_emptied_in_between(configure: Build) -> None:
    installation = configure()
    due_message(installation)
    tick(installation)
    installation.redis.flushall()
    work_off(installation)
    before = states(installation)

    tick(installation, late=INLINE_AFTER)

    assert before == [Intake.KEPT]
    assert states(installation) == [Intake.DONE]


def test_it_goes_on_to_the_next_chore_when_one_is_broken(
    post: Postman, installation: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    """A photo's row that no version of the program understands: fetching fails as a whole."""
    post.send(photo())
    with installation.database.story() as session:
        session.execute(text("UPDATE photos SET state = 'mislaid'"))
        now = datetime.now(UTC)
        person = session.scalars(select(Person.id)).one()
        session.add(OutboundMessage(key="x", person_id=person, text="您好", created_at=now, next_try_at=now))

    tick(installation, late=INLINE_AFTER)

    with installation.database.glance() as session:
        attempts = session.scalars(select(OutboundMessage.attempts)).one()
    assert "chore fetch_photos failed" in caplog.text
    assert attempts == 1


def test_it_ticks_on_after_the_database_was_away(build: Build, caplog: pytest.LogCaptureFixture) -> None:
    installation = build(redis=NOWHERE)
    due_message(installation)
    stop = threading.Event()
    thread = threading.Thread(target=Clock(installation).run, args=(stop,))
    rename(installation, "inbound_messages", "inbound_away")
    try:
        thread.start()
        wait_until(lambda: "cannot read the database" in caplog.text)
    finally:
        rename(installation, "inbound_away", "inbound_messages")
    try:
        wait_until(lambda: states(installation) == [Intake.DONE])
    finally:
        stop.set()
        thread.join(10)

    assert not thread.is_alive()


def rename(installation: Installation, old: str, new: str) -> None:
    with installation.database.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))
