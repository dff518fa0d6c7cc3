"""计分账: what the events of one case say for and against units, each dated, each naming its event.

Pure: the events of a case in, its items out, and nothing else is looked at. Replaying all events of a case gives the
same items whatever was known of it before; that is all that "incremental" means here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from models.charges import Charge
from models.clock import Duty
from models.petition import Plea
from models.workflow import Move, Part
from scoring.items import Facts, Happened, Item, Kind


class _Mark(NamedTuple):
    """When, and which event says so."""

    at: datetime
    event_id: int


@dataclass(slots=True)
class _Visit:
    """经手: all turns of one unit with one case together, because deadlines are bundled: sending back buys nothing.

    begun: since when each duty ran.  done, late: when a duty was done, and the deadline that passed before.
    """

    begun: dict[Duty, datetime] = field(default_factory=dict)
    done: dict[Duty, _Mark] = field(default_factory=dict)
    late: dict[Duty, _Mark] = field(default_factory=dict)
    failures: list[_Mark] = field(default_factory=list)
    fakes: list[_Mark] = field(default_factory=list)
    passed: _Mark | None = None
    is_deferred: bool = False


_DUTIES = {Duty.CLAIM: Kind.CLAIM, Duty.RECTIFY: Kind.RECTIFY}
_LIFTS = {Charge.REWORK: (Charge.REWORK, Charge.FAKE)}
Key = tuple[int, Charge]


class _Ledger:
    """账: reads the events of one case in their order."""

    def __init__(self, facts: Facts, lifted: frozenset[Key]) -> None:
        self.facts, self.lifted = facts, lifted
        self.visits: dict[str, _Visit] = {}
        self.holder = ""
        self.items: list[Item] = []
        self.ratings: list[tuple[int, _Mark]] = []
        self.exposures: list[tuple[float, _Mark]] = []

    def read(self, event: Happened) -> None:
        """Take one more event in; most kinds count for nothing."""
        reader = _READERS.get(event.move)
        if reader is not None:
            reader(self, event)

    def visit(self) -> _Visit:
        return self.visits.setdefault(self.holder, _Visit())

    def counts(self, event: Happened, charge: Charge) -> bool:
        """Whether it counts against a unit: somebody holds the case, and no 申诉 has lifted it."""
        return bool(self.holder) and (event.id, charge) not in self.lifted

    def add(self, kind: Kind, mark: _Mark, value: float = 1, unit: str = "", duty: str = "") -> None:
        who = unit or self.holder
        if who:
            self.items.append(Item(who, kind, self.facts.case_id, mark.event_id, mark.at, value, duty))


def _assigned(ledger: _Ledger, event: Happened) -> None:
    ledger.holder = str(event.data.get("unit", ""))
    ledger.visit().begun.setdefault(Duty.CLAIM, event.at)


def _claimed(ledger: _Ledger, event: Happened) -> None:
    visit = ledger.visit()
    visit.done.setdefault(Duty.CLAIM, _Mark(event.at, event.id))
    visit.begun.setdefault(Duty.RECTIFY, event.at)


def _rectified(ledger: _Ledger, event: Happened) -> None:
    """The time lost in the 核查 that follows is not the unit's."""
    ledger.visit().done[Duty.RECTIFY] = _Mark(event.at, event.id)


def _breached(ledger: _Ledger, event: Happened) -> None:
    duty = Duty(event.data["duty"])
    if duty not in _DUTIES or not ledger.counts(event, Charge.BREACH):
        return
    visit = ledger.visit()
    visit.late.setdefault(duty, _Mark(event.at, event.id))
    if duty is Duty.CLAIM:  # from here on the rectification's clock runs, whoever claims when
        visit.begun.setdefault(Duty.RECTIFY, event.at)


def _passed(ledger: _Ledger, event: Happened) -> None:
    mark = _Mark(event.at, event.id)
    ledger.visit().passed = mark
    ledger.add(Kind.CLOSED, mark)
    if event.move is Move.CONFIRM:
        ledger.ratings.append((int(event.data.get("score", 1)), mark))


def _failed(ledger: _Ledger, event: Happened) -> None:
    """返工. What reporters said of the first try is not what they say of the next one."""
    visit, mark = ledger.visit(), _Mark(event.at, event.id)
    visit.passed = None
    visit.done.pop(Duty.RECTIFY, None)
    ledger.ratings.clear()
    if ledger.counts(event, Charge.REWORK):
        visit.failures.append(mark)
    if event.data.get("fake") and ledger.counts(event, Charge.FAKE):
        visit.fakes.append(mark)


def _rated(ledger: _Ledger, event: Happened) -> None:
    if event.part is Part.REPORTER and "score" in event.data:
        ledger.ratings.append((int(event.data["score"]), _Mark(event.at, event.id)))


def _sent_back(ledger: _Ledger, event: Happened) -> None:
    ledger.add(Kind.WRONG_DISPATCH, _Mark(event.at, event.id), unit=ledger.facts.command)
    ledger.holder = ""


def _refused(ledger: _Ledger, event: Happened) -> None:
    if event.data.get("plea") == Plea.RETURN and ledger.counts(event, Charge.REFUSAL):
        ledger.add(Kind.SHIRKED, _Mark(event.at, event.id))


def _extended(ledger: _Ledger, event: Happened) -> None:
    ledger.add(Kind.EXTENSION, _Mark(event.at, event.id))


def _deferred(ledger: _Ledger, event: Happened) -> None:
    ledger.visit().is_deferred = True
    ledger.add(Kind.DEFERRAL, _Mark(event.at, event.id))


def _exposed(ledger: _Ledger, event: Happened) -> None:
    """Whoever holds it answers for it; while nobody does, whoever gets it."""
    if (event.id, Charge.EXPOSURE) not in ledger.lifted:
        ledger.exposures.append((float(event.data.get("nth", 1)), _Mark(event.at, event.id)))


_READERS: Mapping[Move, Callable[[_Ledger, Happened], None]] = {
    Move.ASSIGN: _assigned,
    Move.CLAIM: _claimed,
    Move.RECTIFY: _rectified,
    Move.BREACH: _breached,
    Move.PASS: _passed,
    Move.CONFIRM: _passed,
    Move.FAIL: _failed,
    Move.REOPEN: _failed,
    Move.OBJECT: _rated,
    Move.RATE: _rated,
    Move.NOTE: _rated,
    Move.SEND_BACK: _sent_back,
    Move.REFUSE: _refused,
    Move.EXTEND: _extended,
    Move.DEFER: _deferred,
    Move.EXPOSE: _exposed,
}

COUNTING = frozenset({*_READERS, Move.UPHOLD})


def items_of(events: Iterable[Happened], facts: Facts, until: datetime) -> list[Item]:
    """计分事项 of one case. until: how late what is still open counts by now (aware UTC)."""
    ordered = sorted(events, key=lambda event: event.id)
    ledger = _Ledger(facts, _lifted(ordered))
    for event in ordered:
        ledger.read(event)
    return [*ledger.items, *_concluded(ledger, until)]


def _lifted(events: Iterable[Happened]) -> frozenset[Key]:
    """申诉成立: what no longer counts; with a 返工 goes the 弄虚作假 that the same event told of."""
    upheld = ((event.data["event"], Charge(event.data["charge"])) for event in events if event.move is Move.UPHOLD)
    return frozenset((event, also) for event, charge in upheld for also in _LIFTS.get(charge, (charge,)))


def _concluded(ledger: _Ledger, until: datetime) -> Iterator[Item]:
    """What only the whole story tells."""
    case_id = ledger.facts.case_id
    for unit, visit in ledger.visits.items():
        for duty, kind in _DUTIES.items():
            yield from _of_duty(unit, visit, duty, kind, case_id, until)
        yield from _of_checks(unit, visit, case_id)
    answers = ledger.holder or (list(ledger.visits)[-1] if ledger.visits else "")
    if answers:
        yield from _of_case(ledger, answers)


def _of_duty(unit: str, visit: _Visit, duty: Duty, kind: Kind, case_id: int, until: datetime) -> Iterator[Item]:
    """A duty counts once it is done or late. What is put right counts when it is accepted, dated when it was done."""
    late, done = visit.late.get(duty), visit.done.get(duty)
    if late is not None:
        yield Item(unit, kind, case_id, late.event_id, late.at, 0, duty.value)
        yield Item(unit, Kind.OVERTIME, case_id, late.event_id, late.at, _multiple(visit, duty, until), duty.value)
        if duty is Duty.RECTIFY and visit.passed is None:
            yield Item(unit, Kind.OPEN_OVERDUE, case_id, late.event_id, late.at, 1, duty.value)
    elif done is not None and (duty is Duty.CLAIM or (visit.passed is not None and not visit.is_deferred)):
        yield Item(unit, kind, case_id, done.event_id, done.at, 1, duty.value)


def _multiple(visit: _Visit, duty: Duty, until: datetime) -> float:
    """超期倍数 = (used − limit) ÷ limit, up to now while it is still open."""
    due, done = visit.late[duty].at, visit.done.get(duty)
    limit = (due - visit.begun.get(duty, due)).total_seconds()
    over = ((done.at if done is not None and done.at > due else until) - due).total_seconds()
    return max(over, 0.0) / limit if limit > 0 else 0.0


def _of_checks(unit: str, visit: _Visit, case_id: int) -> Iterator[Item]:
    first = visit.failures[0] if visit.failures else visit.passed
    if first is not None:
        yield Item(unit, Kind.CHECK, case_id, first.event_id, first.at, 0 if visit.failures else 1)
    for nth, mark in enumerate(visit.failures, start=1):
        yield Item(unit, Kind.FAILED_CHECK, case_id, mark.event_id, mark.at, nth)
    for mark in visit.fakes:
        yield Item(unit, Kind.FAKE, case_id, mark.event_id, mark.at, 1)


def _of_case(ledger: _Ledger, unit: str) -> Iterator[Item]:
    """What is the case's and not a turn's: whoever has it, or had it last, answers for it."""
    facts, case_id = ledger.facts, ledger.facts.case_id
    for nth, mark in ledger.exposures:
        yield Item(unit, Kind.EXPOSURE, case_id, mark.event_id, mark.at, nth)
    if ledger.ratings:
        worst, mark = max(ledger.ratings)
        yield Item(unit, Kind.RATING, case_id, mark.event_id, mark.at, worst)
    closed = ledger.visits[unit].passed if unit in ledger.visits else None
    if closed is not None and facts.came_back_at is not None:
        yield Item(unit, Kind.RECURRENCE, case_id, closed.event_id, facts.came_back_at, facts.came_back_as)
    begun = ledger.visits[unit].begun.get(Duty.CLAIM) if unit in ledger.visits else None
    if begun is not None:
        found = Kind.FOUND_BY_SELF if facts.found_by_self else Kind.FOUND_BY_OTHERS
        yield Item(unit, found, case_id, 0, begun, 1)
