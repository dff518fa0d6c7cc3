"""发送: ten thousand reminders due in the same minute, through a WeChat that takes 50 ms for every call.

The whole way: two worker processes find the due deadlines, write the words, send and record them. Every officer
gets one word, so nothing can be bundled and each word is a call.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import click
import redis
import requests
from rq import Worker
from sqlalchemy import func, select

from benchmarks.city import Population, openid, running, settle
from benchmarks.figures import percentile, show, spread
from benchmarks.ground import DATABASES, PATIENCE, Ground
from bot.database import Database, open_engine
from bot.settings import load_settings
from demo.config import Places
from demo.processes import Part, answers, ours, wait_until
from models.clock import Duty
from models.outbound import Delivery, OutboundMessage

WORKERS = 2
CALL_MILLISECONDS = 50
_AIM = 60
_LONGEST = timedelta(minutes=5)
_SEND = "/cgi-bin/message/custom/send"
_BEFORE = 1  # 整改: two hours before the deadline, to who has claimed


@dataclass(frozen=True, slots=True)
class Size:
    """规模. lead: from the filling of the tables to the moment at which everything is due."""

    reminders: int = 10_000
    lead: timedelta = timedelta(seconds=15)
    rounds: int = 3


QUICK = Size(reminders=200, lead=timedelta(seconds=3), rounds=1)


@dataclass(slots=True)
class Figures:
    """成绩: seconds, one value for each round.  late: the median of the time from due to sent."""

    all_sent: list[float] = field(default_factory=list)
    all_written: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)


def run(ground: Ground, size: Size) -> dict[str, Figures]:
    """Measure on both databases in turn, round after round, and print the table."""
    figures = {kind: Figures() for kind in DATABASES}
    for number in range(size.rounds):
        for kind, found in figures.items():
            _measure(ground, kind, size, found)
            click.echo(f"  round {number + 1}: {kind}, all sent after {found.all_sent[-1]:.1f} s")
    rows = [
        (kind, spread(f.all_written, 1), spread(f.all_sent, 1), spread([size.reminders / s for s in f.all_sent]),
         spread(f.late, 1), spread([_AIM / s for s in f.all_sent], 1))
        for kind, f in figures.items()
    ]  # fmt: skip
    head = ("outbox", "all written s", "all sent s", "words/s", "half sent within s", "times as fast as 60 s")
    title = f"{size.reminders} reminders due at once, {WORKERS} workers, {CALL_MILLISECONDS} ms a call"
    show(title, head, rows)
    return figures


def _measure(ground: Ground, kind: str, size: Size, figures: Figures) -> None:
    url = ground.database(kind)
    places = ground.places(url)
    engine = open_engine(url)
    try:
        with _system(ground, places, size.reminders):
            due = datetime.now(UTC) + size.lead
            settle(
                url, _population(places, size, due), load_settings(places.config).clocks.clocks(), datetime.now(UTC)
            )
            written, sent = _watch(Database(engine), size.reminders, due)
            _check_phones(places, size.reminders)
        figures.all_written.append(written)
        figures.all_sent.append(sent)
        figures.late.append(_median_lateness(Database(engine), due))
    finally:
        engine.dispose()
        ground.drop(url)


@contextmanager
def _system(ground: Ground, places: Places, people: int) -> Iterator[None]:
    """Valkey, the phones and the workers; the webhook has nothing to do here."""
    ground.start_valkey(places)
    phones = _phones(places, people)
    workers = [ours(places, f"worker-{n}", "worker") for n in range(WORKERS)]
    try:
        for part in (phones, *workers):
            part.start()
        wait_until(phones, lambda: answers(f"{places.simulator_url}/sim/faults"), PATIENCE)
        wait_until(workers[0], lambda: _at_work(places) == WORKERS, PATIENCE)
        yield
    finally:
        for part in workers:
            part.ask_to_stop()
        for part in (*workers, phones):
            part.stop()


def _phones(places: Places, people: int) -> Part:
    words = [str(places.simulator_config), str(places.simulator_port), str(people), str(CALL_MILLISECONDS)]
    command = [sys.executable, "-m", "benchmarks.phones", *words]
    return Part("phones", command, places.folder / "logs" / "phones.log")


def _at_work(places: Places) -> int:
    with redis.Redis(unix_socket_path=str(places.socket)) as connection:
        return Worker.count(connection=connection)


def _population(places: Places, size: Size, due: datetime) -> Population:
    clocks = load_settings(places.config).clocks.clocks()
    word = running(clocks, Duty.RECTIFY, _BEFORE, due)
    return Population(size.reminders, size.reminders, [word] * size.reminders)


def _watch(database: Database, reminders: int, due: datetime) -> tuple[float, float]:
    """Seconds from the moment everything was due until the last word was written, and until the last was sent."""
    written = 0.0
    while True:
        with database.glance() as session:
            found = session.execute(select(OutboundMessage.state, func.count()).group_by(OutboundMessage.state)).all()
            states = {row[0]: row[1] for row in found}
        passed = datetime.now(UTC) - due
        if not written and sum(states.values()) == reminders:
            written = passed.total_seconds()
        if states == {Delivery.SENT: reminders}:
            return written, passed.total_seconds()
        assert passed < _LONGEST, f"not all sent after {_LONGEST}: {states}"
        time.sleep(0.2)


def _check_phones(places: Places, people: int) -> None:
    """Everybody must have got one word, nobody two."""
    calls = requests.get(f"{places.simulator_url}/sim/calls", timeout=60).json()
    heard = Counter(call["openid"] for call in calls if call["path"] == _SEND and call["errcode"] == 0)
    assert heard == {openid(n): 1 for n in range(1, people + 1)}, heard.most_common(3)


def _median_lateness(database: Database, due: datetime) -> float:
    with database.glance() as session:
        sent = session.scalars(select(OutboundMessage.sent_at)).all()
    return percentile([(at - due).total_seconds() for at in sent if at], 0.5)
