"""How the week goes by (进程): people act, the sweep finds what is due, the outbox says it, minute after minute."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select

from benchmarks.week.cast import MONDAY
from benchmarks.week.life import WEEK, Life
from benchmarks.week.town import Town
from bot import card_updates, outbox
from bot.jobs import SWEEP_BATCH
from models.deadline import Deadline
from models.outbound import OutboundMessage
from reminders.sweep import sweep

# No case comes any more; the words of the last night are said.
AFTERWARDS = timedelta(hours=9)
_TROUBLE_EVERY = timedelta(hours=3)
_SEND = "/cgi-bin/message/send"
# What goes wrong now and then, and how often in a row. What takes real time to go wrong is left to the fault tests.
_TROUBLES = (
    ("busy", 3, ""),
    ("wecom_rate", 5, ""),
    ("rate", 3, ""),
    ("api_500", 2, ""),
    ("token_expired", 1, ""),
    ("api_answer_lost", 1, _SEND),
)


@dataclass(slots=True)
class Course:
    """经过: what the week took. seconds: of real time, by what was done.  calls: by path and answer."""

    ends: datetime
    grain: timedelta
    steps: int = 0
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    calls: Counter[tuple[str, int]] = field(default_factory=Counter)
    _seen: int = 0

    def count_calls(self, town: Town) -> None:
        """The simulator remembers only the newest calls."""
        for call in town.wechat.calls(self._seen):
            self._seen = call["n"]
            self.calls[call["path"], call["errcode"]] += 1

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Real time, counted."""
        began = time.perf_counter()
        yield
        self.seconds[what] += time.perf_counter() - began


def play(town: Town, life: Life, grain: timedelta) -> Course:
    """Let the week go by, and the night after it. grain: how often anybody looks at what is due."""
    course = Course(MONDAY + WEEK + AFTERWARDS, grain)
    trouble_at = MONDAY
    while town.watch.now < course.ends:
        with course.timed("looking"):
            town.turn(min(_next_moment(town, life, grain), course.ends))
        course.steps += 1
        if town.watch.now >= trouble_at:
            name, times, path = town.random.choice(_TROUBLES)
            town.wechat.trouble(name, times, path)
            trouble_at = town.watch.now + _TROUBLE_EVERY * town.random.random() * 2
            course.count_calls(town)
        _step(town, life, course)
    course.count_calls(town)
    return course


def _step(town: Town, life: Life, course: Course) -> None:
    here, now = town.installation, town.watch.now
    with course.timed("acting"), here.database.story() as session:
        life.act(session, now)
    with course.timed("sweeping"):
        while _sweep(town) == SWEEP_BATCH:
            pass
    with course.timed("sending"):
        outbox.drain(here, town.watch, now + course.grain)
    with course.timed("changing cards"):
        while _has_cards(town) and card_updates.change_due(here, now):
            pass
    with course.timed("reading"):
        life.listen(now)


def _sweep(town: Town) -> int:
    with town.installation.database.story() as session:
        return sweep(session, town.installation.bell, town.watch.now, SWEEP_BATCH)


def _has_cards(town: Town) -> bool:
    with town.installation.database.glance() as session:
        due_at = session.scalars(card_updates.WAITING).one()
    return due_at is not None and due_at <= town.watch.now


def _next_moment(town: Town, life: Life, grain: timedelta) -> datetime:
    """The next multiple of the grain at which there is anything to do; a worker's clock looks much more often."""
    with town.installation.database.glance() as session:
        queries = (
            select(func.min(Deadline.next_at)),
            select(func.min(OutboundMessage.next_try_at)),
        )
        due = [at for query in queries if (at := session.scalars(query).one())]
    if life.agenda:
        due.append(life.agenda[0][0])
    passed = max(min(due) - town.watch.now, timedelta(0))
    # Rounded up: nothing is looked at before it is due.
    return town.watch.now + max(-(-passed // grain), 1) * grain
