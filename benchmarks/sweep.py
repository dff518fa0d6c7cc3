"""催办扫描: a thousand words due among a million open deadlines, found, written and committed."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median

import click
from sqlalchemy import func, select

from benchmarks.city import Population, Running, running, settle
from benchmarks.figures import show, spread
from benchmarks.ground import DATABASES, Ground
from bot.installation import Installation, install
from bot.jobs import SWEEP_BATCH
from bot.settings import load_settings
from models.clock import Clocks, Duty
from models.deadline import Deadline, Reminder
from models.outbound import OutboundMessage
from reminders.due import due_rows
from reminders.sweep import sweep

_OFFICERS = 500  # two or three at each unit, and a leader
_AIM = 100  # milliseconds
_MINUTE = timedelta(minutes=1)
_CALM = 5000  # moments of the coming day at which the others are due
# What falls due: a warning to each who has claimed, or everything that can fall due, in equal parts. Breaches write
# events, and those of the claim start the next clock.
_KINDS = {
    "one warning each": [(Duty.RECTIFY, 1)],
    "every kind of word": [(Duty.CLAIM, step) for step in range(4)] + [(Duty.RECTIFY, step) for step in range(6)],
}


@dataclass(frozen=True, slots=True)
class Size:
    """规模. due: how many of the open deadlines each round finds; the round before the first only warms up."""

    deadlines: int = 1_000_000
    due: int = 1000
    rounds: int = 5


QUICK = Size(deadlines=10_000, due=100, rounds=2)


@dataclass(slots=True)
class Figures:
    """成绩: milliseconds, one value for each round.  cpu: what of `take` our own process computed, which is what a
    busy machine changes least.  words: messages written in the last round.
    """

    find: list[float] = field(default_factory=list)
    take: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    words: int = 0


def run(ground: Ground, size: Size) -> dict[tuple[str, str], Figures]:
    """Measure on both databases and print the table."""
    figures = {(kind, due): found for kind in DATABASES for due, found in _measure(ground, kind, size).items()}
    rows = [
        (
            kind,
            due,
            str(f.words),
            spread(f.find, 1),
            spread(f.take, 1),
            f"{median(f.cpu):.0f}",
            f"{_AIM / median(f.take):.2f}",
        )
        for (kind, due), f in figures.items()
    ]
    head = (
        "sweep",
        "what is due",
        "words",
        "find ms",
        "find, write, commit ms",
        "of it CPU of ours",
        f"times as fast as {_AIM} ms",
    )
    show(f"Sweep, {size.due} due among {size.deadlines} open deadlines", head, rows)
    return figures


def _measure(ground: Ground, kind: str, size: Size) -> dict[str, Figures]:
    url, now = ground.database(kind), datetime.now(UTC)
    installation = install(load_settings(ground.places(url).config))
    began = time.perf_counter()
    settle(url, _population(installation.clocks, size, now), installation.clocks, now)
    click.echo(f"  {kind}: {size.deadlines} open deadlines in {time.perf_counter() - began:.0f} s")
    figures = {due: Figures() for due in _KINDS}
    for number, due in enumerate(_program(size)):
        _round(installation, size, now + number * _MINUTE, figures[due])
    installation.database.engine.dispose()
    ground.drop(url)
    # A worker runs for weeks: what it does once, such as compiling statements, is done in the round before the first.
    return {due: Figures(f.find[1:], f.take[1:], f.cpu[1:], f.words) for due, f in figures.items()}


def _program(size: Size) -> list[str]:
    """What falls due in each minute."""
    return [due for _ in range(size.rounds + 1) for due in _KINDS]


def _population(clocks: Clocks, size: Size, now: datetime) -> Population:
    kinds = _KINDS["every kind of word"]
    tomorrow = now + timedelta(days=1)
    calm = [running(clocks, *kinds[n % len(kinds)], tomorrow + timedelta(seconds=17 * n)) for n in range(_CALM)]
    return Population(_OFFICERS, size.deadlines, list(_soon(clocks, size, now)), calm)


def _soon(clocks: Clocks, size: Size, now: datetime) -> Iterator[Running]:
    """Each round's words fall due in the minute before it; those of all rounds lie mixed in the tables."""
    for n in range(size.due):
        for number, due in enumerate(_program(size)):
            kind = _KINDS[due][n % len(_KINDS[due])]
            yield running(clocks, *kind, now + number * _MINUTE - timedelta(seconds=n % 50))


def _round(installation: Installation, size: Size, now: datetime, figures: Figures) -> None:
    database = installation.database
    with database.story() as session, _stopwatch(figures.find, time.perf_counter):
        found = len(due_rows(session, now, size.due + 1))
    with _stopwatch(figures.take, time.perf_counter), _stopwatch(figures.cpu, time.process_time):
        taken = sum(iter(lambda: _sweep(installation, now), 0))
    with database.glance() as session:
        recorded = session.scalar(select(func.count()).where(Reminder.taken_at == now))
        left = session.scalar(select(func.count()).where(Deadline.next_at <= now))
        figures.words = session.scalar(select(func.count()).where(OutboundMessage.created_at == now)) or 0
    assert (found, taken, recorded, left) == (size.due, size.due, size.due, 0), (found, taken, recorded, left)


def _sweep(installation: Installation, now: datetime) -> int:
    """One batch, as the worker's chore takes it."""
    with installation.database.story() as session:
        return sweep(session, installation.bell, now, SWEEP_BATCH)


@contextmanager
def _stopwatch(milliseconds: list[float], clock: Callable[[], float]) -> Iterator[None]:
    began = clock()
    yield
    milliseconds.append((clock() - began) * 1000)
