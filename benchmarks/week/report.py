"""What the week was like (小结): the figures and the proofs, printed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import click
from sqlalchemy import func, select

from benchmarks.figures import percentile, show
from benchmarks.week.life import Life
from benchmarks.week.phones import Word, look, words_of
from benchmarks.week.playing import play
from benchmarks.week.proofs import PROOFS, Evidence, gather
from benchmarks.week.town import town
from models.card import TaskCard
from models.case import Case
from models.outbound import Delivery
from routing.router import Router

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """计划. seed: the same seed, the same people and cases.  units: how the codes of those begin that take part.

    grain: how often anybody looks at what is due; people act at any second only where that is a minute, because the
    auditor gives the sweep no more than two.
    """

    cases: int
    seed: int = 1
    units: tuple[str, ...] = ("",)
    grain: timedelta = MINUTE


@contextmanager
def live(folder: Path, database: str, plan: Plan, router: Router | None = None) -> Iterator[Evidence]:
    """Let a week go by in an empty database; what is left of it afterwards."""
    with town(folder, database, plan.seed, plan.units, router) as place:
        life = Life(place, SECOND if plan.grain == MINUTE else plan.grain)
        life.begin(plan.cases)
        course = play(place, life, plan.grain)
        with place.installation.database.glance() as session:
            words = words_of(session)
            yield gather(place, course, session, words, look(place, words))


def failures(evidence: Evidence) -> dict[str, list[str]]:
    """What each proof found against the week."""
    return {name: list(proof(evidence)) for name, proof in PROOFS.items()}


def show_proofs(evidence: Evidence) -> bool:
    """Print every proof; whether all of them hold."""
    found = failures(evidence)
    show("Proofs", ("proof", "against it"), [(name, str(len(against))) for name, against in found.items()])
    for name, against in found.items():
        for example in against[:_EXAMPLES]:
            click.echo(f"  {name}: {example}")
    return not any(found.values())


def show_figures(evidence: Evidence) -> None:
    """Print what there is to count."""
    words, course = list(evidence.words.values()), evidence.course
    sent = [word for word in words if word.state is Delivery.SENT]
    wall = sum(course.seconds.values())
    statuses = evidence.session.execute(select(Case.status, func.count()).group_by(Case.status))
    cards = evidence.session.execute(select(TaskCard.state, func.count()).group_by(TaskCard.state))
    bundled = evidence.shown.bundled
    messages = sum(bundled.values())
    show("Figures", ("what", "how many"), [
        ("cases", _listed({str(row[0]): row[1] for row in statuses})),
        ("duties", _listed(Counter(clock.duty for clock in evidence.clocks.values()))),
        ("words", _listed(Counter(word.state.value for word in words))),
        ("sent by", _listed(Counter(word.way for word in sent))),
        ("passed on to", _listed(Counter(_level(word) for word in words if word.instead_of))),
        ("asked to pass on what they knew", str(_asked_of_knowers(evidence))),
        ("shown again, an answer was lost", str(_shown_again(evidence))),
        ("people with a dead word", str(len({word.person_id for word in words if word.state is Delivery.DEAD}))),
        ("words in a message", f"{len(sent) / max(messages, 1):.2f}, at most {max(bundled, default=0)}"),
        ("cards", _listed({str(row[0]): row[1] for row in cards})),
        ("calls", str(sum(course.calls.values()))),
        ("refused calls", _listed(_refused(evidence))),
        ("from due to told, minutes", _spans(_lateness(evidence, held=True))),
        ("of it what the night did not hold", _spans(_lateness(evidence, held=False))),
        ("steps of the clock", str(course.steps)),
        ("real seconds", _listed({name: round(s) for name, s in course.seconds.items()})),
        ("words sent in a second", f"{len(sent) / max(wall, 1):.0f}"),
    ])  # fmt: skip


def _listed(counts: dict[str, int]) -> str:
    return f"{sum(counts.values())}: " + ", ".join(f"{name} {n}" for name, n in sorted(counts.items()))


def _level(word: Word) -> str:
    level = word.key.split(":")[2]
    return level if level in ("deputy", "command") else "unit or above"


def _asked_of_knowers(evidence: Evidence) -> int:
    """How often somebody was asked to pass on a word they had been given themselves."""
    sent = [word for word in evidence.words.values() if word.state is Delivery.SENT]
    knew = {(word.stem, word.person_id) for word in sent}
    return sum((evidence.origin(word).stem, word.person_id) in knew for word in sent if word.instead_of)


def _shown_again(evidence: Evidence) -> int:
    """How often a phone shows a word once more because WeChat's answer to the first try was lost."""
    shown = evidence.shown
    return sum(
        max(0, len(times) - len(shown.rows[sight])) for sight, times in shown.seen.items() if sight in shown.rows
    )


def _refused(evidence: Evidence) -> dict[str, int]:
    refused: Counter[str] = Counter()
    for (_, code), n in evidence.course.calls.items():
        if code:
            refused["no answer" if code == -2 else str(code)] += n
    return refused


def _lateness(evidence: Evidence, held: bool) -> list[float]:
    """Minutes from the moment a step was due until somebody was first told of it, in whoever's place."""
    quiet, spans = evidence.town.installation.quiet_hours, []
    for step in evidence.steps:
        told = _first_told(evidence, f"deadline:{step.deadline_id}:{step.step}")
        due_at = evidence.clocks[step.deadline_id].due_at
        if told and (held or quiet is None or quiet.release(step.due_at, due_at) == step.due_at):
            spans.append((told - step.due_at) / timedelta(minutes=1))
    return spans


def _first_told(evidence: Evidence, stem: str) -> datetime | None:
    said = evidence.by_stem.get(stem, [])
    chain = [one for word in said for one in (word, *evidence.passed.get(word.id, ()))]
    return min((word.sent_at for word in chain if word.sent_at), default=None)


def _spans(minutes: Sequence[float]) -> str:
    return f"p50 {percentile(minutes, 0.5):.1f}, p99 {percentile(minutes, 0.99):.1f}, of {len(minutes)}"
