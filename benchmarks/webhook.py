"""接收推送: our durable webhook beside two echoes that store nothing, on the same server settings.

Ours keeps every message (committed before anything else), takes it in and answers from its meaning.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from statistics import median

import click
from sqlalchemy import func, select

from benchmarks.figures import percentile, show, spread
from benchmarks.ground import PATIENCE, Ground
from benchmarks.load import Answers, fire
from benchmarks.pushes import http_requests
from bot.database import Database, open_engine
from demo.config import Places
from demo.processes import Part, answers, ours, wait_until
from models.inbound import InboundMessage, Intake

CONNECTIONS = 16
THREADS = 8
_WARM_UP = 200
_UNUSED = "sqlite://"  # an echo's settings file must name a database, too


@dataclass(frozen=True, slots=True)
class Runner:
    """参赛者: whose server it is, and the database behind it where there is one."""

    name: str
    rival: str = ""
    database: str = ""


RUNNERS = (
    Runner("Flask + wechatpy echo", rival="wechatpy"),
    Runner("WeRoBot Flask view", rival="werobot"),
    Runner("ours, SQLite", database="sqlite"),
    Runner("ours, PostgreSQL", database="postgresql"),
)
YARDSTICK = "WeRoBot Flask view"


@dataclass(slots=True)
class Figures:
    """成绩: one value for each round."""

    per_second: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)

    def add(self, answers: Answers) -> None:
        self.per_second.append(answers.per_second)
        self.p50.append(percentile(answers.waits, 0.5) * 1000)
        self.p99.append(percentile(answers.waits, 0.99) * 1000)


@dataclass(frozen=True, slots=True)
class Size:
    """规模: messages and seconds bound each run, whichever ends first."""

    messages: int = 6000
    seconds: float = 20
    rounds: int = 3
    processes: tuple[int, ...] = (1, 2)


QUICK = Size(messages=300, rounds=1, processes=(2,))


def run(ground: Ground, size: Size) -> dict[tuple[str, int], Figures]:
    """Measure every runner in turn, round after round, and print the table."""
    runners = [runner for runner in RUNNERS if _is_there(runner)]
    figures = {(runner.name, n): Figures() for n in size.processes for runner in runners}
    for number in range(size.rounds):
        for processes in size.processes:
            for runner in runners:
                answers = _measure(ground, runner, processes, size)
                figures[runner.name, processes].add(answers)
                click.echo(f"  round {number + 1}: {runner.name}, {processes} processes: {answers.per_second:.0f}/s")
    _show(figures)
    return figures


def _is_there(runner: Runner) -> bool:
    if runner.rival != "werobot" or find_spec("werobot"):
        return True
    click.echo(f"  {runner.name} is left out: pip install -r benchmarks/requirements.txt")
    return False


def _measure(ground: Ground, runner: Runner, processes: int, size: Size) -> Answers:
    url = ground.database(runner.database) if runner.database else _UNUSED
    places = ground.places(url, processes=processes, threads=THREADS)
    try:
        with _serving(ground, places, runner):
            fire(places.web_port, http_requests(places.simulator_config, _WARM_UP, seed=1), CONNECTIONS, size.seconds)
            pushes = http_requests(places.simulator_config, size.messages, seed=2)
            answers = fire(places.web_port, pushes, CONNECTIONS, size.seconds)
        _check(runner, url, answers)
    finally:
        if runner.database:
            ground.drop(url)
    return answers


@contextmanager
def _serving(ground: Ground, places: Places, runner: Runner) -> Iterator[None]:
    """One server, on a port and a Valkey of its own."""
    if runner.rival:
        command = [sys.executable, "-m", "benchmarks.echo", runner.rival, str(places.config)]
        part = Part(runner.rival, command, places.folder / "logs" / "echo.log")
    else:
        ground.start_valkey(places)
        part = ours(places, "web", "web")
    part.start()
    try:
        wait_until(part, lambda: answers(f"http://127.0.0.1:{places.web_port}/healthz"), PATIENCE)
        yield
    finally:
        part.stop()


def _check(runner: Runner, url: str, answered: Answers) -> None:
    """Speed without correctness counts nothing: everything answered with a reply, everything kept and taken in."""
    sent = len(answered.waits)
    assert answered.statuses == {"200 reply": sent}, answered.statuses
    if runner.database:
        kept = _kept(url)
        assert kept == {Intake.DONE: sent + _WARM_UP}, kept


def _kept(url: str) -> dict[Intake, int]:
    engine = open_engine(url)
    with Database(engine).glance() as session:
        rows = session.execute(select(InboundMessage.state, func.count()).group_by(InboundMessage.state)).all()
    engine.dispose()
    return {row[0]: row[1] for row in rows}


def _show(figures: dict[tuple[str, int], Figures]) -> None:
    rows = []
    for (name, processes), found in figures.items():
        yardstick = figures.get((YARDSTICK, processes))
        ratio = f"{median(found.per_second) / median(yardstick.per_second):.2f}" if yardstick else "-"
        rows.append(
            (name, str(processes), spread(found.per_second), ratio, spread(found.p50, 1), spread(found.p99, 1))
        )
    head = ("webhook", "processes", "messages/s", "ratio to WeRoBot", "p50 ms", "p99 ms")
    show(f"Webhook, safe mode, gunicorn gthread × {THREADS} threads, {CONNECTIONS} connections", head, rows)
