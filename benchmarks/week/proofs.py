"""The proofs (证明): what must be true of the week, each a named check with what it found."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.week.phones import Shown, Sight, Word
from benchmarks.week.playing import Course
from benchmarks.week.town import Town
from bot.ways import WORK_WAYS
from models.deadline import Deadline, Reminder
from models.event import CaseEvent
from models.outbound import Delivery, OutboundMessage
from models.workflow import Move
from reminders.audit import audit


class Clock(NamedTuple):
    """时限 as far as it matters here."""

    duty: str
    due_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """证据: the tables and the phones after the week."""

    town: Town
    course: Course
    session: Session
    words: dict[int, Word]
    shown: Shown
    clocks: dict[int, Clock]
    steps: list[Reminder]
    passed: dict[int, list[Word]]
    by_stem: dict[str, list[Word]]

    def origin(self, word: Word) -> Word:
        """The word it passes on, or itself."""
        return self.words[word.instead_of] if word.instead_of else word


_ON_ITS_WAY, _TRIED_AGAIN = timedelta(minutes=2), timedelta(hours=1)
_MOST_STEPS = 32  # of one deadline within a week
Proof = Callable[[Evidence], Iterator[str]]


def gather(town: Town, course: Course, session: Session, words: dict[int, Word], shown: Shown) -> Evidence:
    """Read what the proofs need, once."""
    query = select(Deadline.id, Deadline.duty, Deadline.due_at, Deadline.ended_at)
    clocks = {row[0]: Clock(*row[1:]) for row in session.execute(query)}
    passed: dict[int, list[Word]] = defaultdict(list)
    by_stem: dict[str, list[Word]] = defaultdict(list)
    for word in words.values():
        by_stem[word.stem].append(word)
        if word.instead_of:
            passed[word.instead_of].append(word)
    steps = list(session.scalars(select(Reminder).order_by(Reminder.id)))
    return Evidence(town, course, session, words, shown, clocks, steps, passed, by_stem)


def _audited(evidence: Evidence) -> Iterator[str]:
    for finding in audit(evidence.session, evidence.town.watch.now):
        yield f"{finding.what} {finding.row}: {finding.words}"


def _every_step(evidence: Evidence) -> Iterator[str]:
    """Each step that was to be said was told to somebody, passed on to somebody, or nobody owed it any more."""
    last = {}
    for step in evidence.steps:
        last[step.deadline_id, step.taken_at] = step
    for step in last.values():
        said = evidence.by_stem.get(f"deadline:{step.deadline_id}:{step.step}", [])
        if not said:
            yield f"deadline {step.deadline_id} step {step.step}: nobody was to hear it"
        elif not any(_is_settled(evidence, word) for word in said):
            states = Counter(word.state.value for word in said)
            yield f"deadline {step.deadline_id} step {step.step}: {dict(states)}, and nobody has it"


def _is_settled(evidence: Evidence, word: Word) -> bool:
    chain = [word, *evidence.passed.get(word.id, ())]
    return any(one.state is Delivery.SENT or _is_held(evidence, one) or _is_over(evidence, one) for one in chain)


def _is_held(evidence: Evidence, word: Word) -> bool:
    """It waits for the morning, or for the next try."""
    return word.state is Delivery.WAITING and bool(word.next_try_at and word.next_try_at > evidence.town.watch.now)


def _is_over(evidence: Evidence, word: Word) -> bool:
    """It was not said because the duty had ended, or because a later word about it was."""
    clock = evidence.clocks[word.deadline_id or 0]
    if clock.ended_at is not None and word.state is not Delivery.SENT:
        return True
    return word.state is Delivery.VOID and any(
        later.id > word.id and later.person_id == word.person_id for later in _about(evidence, word.deadline_id or 0)
    )


def _about(evidence: Evidence, deadline_id: int) -> Iterator[Word]:
    for step in range(_MOST_STEPS):
        yield from evidence.by_stem.get(f"deadline:{deadline_id}:{step}", ())


def _dead_ends(evidence: Evidence) -> Iterator[str]:
    """A word that died was passed on until somebody had it, a colleague had it, or the duty was over."""
    excused = _excused(evidence.session)
    for word in evidence.words.values():
        if word.state is Delivery.DEAD and word.case_id and word.id not in excused:
            yield f"row {word.id} {word.key}: dead without a note on its case"


def _excused(session: Session) -> set[int]:
    """The rows about whose death there is an event."""
    query = select(CaseEvent.data).where(CaseEvent.move == Move.UNREACHED)
    return {data["outbound"] for data in session.scalars(query) if "outbound" in data}


def _shown_once(evidence: Evidence) -> Iterator[str]:
    """No phone shows a word more often than it was said, but where WeChat showed it and its answer was lost."""
    for sight, times in evidence.shown.seen.items():
        said = len(evidence.shown.rows.get(sight, ())) + len(evidence.shown.tried.get(sight, ()))
        if len(times) > said + unanswered(evidence, sight):
            count = f"shown {len(times)} times, said {said}"
            yield f"person {sight.person_id} by {sight.way}: {count}: {sight.read[:60]!r} at {times[-1]}"


def unanswered(evidence: Evidence, sight: Sight) -> int:
    """How many tries at what looks like this had no answer. It goes again: whoever is not told is worse off."""
    rows = [evidence.session.get_one(OutboundMessage, row.id) for row in evidence.shown.rows.get(sight, ())]
    return sum(one["code"] is None for row in rows for one in row.history["tries"])


def _shown_at_all(evidence: Evidence) -> Iterator[str]:
    """Whatever counts as said stands on a phone. Of equal words WeCom shows one while it is asked to compare."""
    for sight, rows in evidence.shown.rows.items():
        seen = len(evidence.shown.seen.get(sight, ()))
        if seen < (len(rows) if sight.way not in WORK_WAYS else 1):
            yield f"rows {[row.id for row in rows]} by {sight.way}: shown {seen} times: {sight.read[:60]!r}"


def _told_once(evidence: Evidence) -> Iterator[str]:
    """Nobody is told the same step twice by the same way, nor twice asked to pass it on."""
    told: Counter[tuple[str, int, str, bool]] = Counter()
    for word in evidence.words.values():
        if word.state is Delivery.SENT:
            told[evidence.origin(word).stem, word.person_id, word.way, word.instead_of is not None] += 1
    for (stem, person, way, _), times in told.items():
        if times > 1:
            yield f"{stem}: person {person} by {way}, {times} times"


def _nothing_dropped(evidence: Evidence) -> Iterator[str]:
    for dropped in evidence.town.wechat.dropped():
        yield f"{dropped['userid']} at {dropped['at']}: {dropped['text'][:40]!r}"


def _nothing_stale(evidence: Evidence) -> Iterator[str]:
    """Nothing about a duty was sent after the duty had ended."""
    for word in evidence.words.values():
        clock = evidence.clocks.get(word.deadline_id or 0)
        if clock and clock.ended_at and word.sent_at and word.sent_at > clock.ended_at:
            yield f"row {word.id} {word.key}: sent {word.sent_at}, ended {clock.ended_at}"


def _windows_kept(evidence: Evidence) -> Iterator[str]:
    """The ledger promised no window that WeChat found closed; who left without a word is not its fault."""
    silent = sum(member.silently for member in evidence.town.members.values())
    for code in (45015, 45047, 43101):
        refused = sum(n for (_, answer), n in evidence.course.calls.items() if answer == code)
        if refused > silent:
            yield f"{refused} calls were refused with {code}; {silent} people left silently"


def _nights_kept(evidence: Evidence) -> Iterator[str]:
    """Between 22:00 and 07:00 only what may not wait is said."""
    quiet = evidence.town.installation.quiet_hours
    assert quiet is not None
    for sight, times in evidence.shown.seen.items():
        rows = evidence.shown.rows.get(sight, []) + evidence.shown.tried.get(sight, [])
        for at in times:
            if quiet.release(at) != at and not any(_may_not_wait(evidence, row, at) for row in rows):
                yield f"person {sight.person_id} by {sight.way} at {at}: {sight.read[:60]!r}"


def _may_not_wait(evidence: Evidence, row: Word, at: datetime) -> bool:
    quiet = evidence.town.installation.quiet_hours
    clock = evidence.clocks.get(row.deadline_id or 0)
    if quiet is None or not row.may_bundle:
        return True
    due_at = clock.due_at if clock else None
    # What is on its way at ten o'clock need not come back, nor need what was refused a moment ago.
    patience = _TRIED_AGAIN if row.attempts > 1 else _ON_ITS_WAY + evidence.course.grain
    is_on_its_way = quiet.release(row.created_at, due_at) == row.created_at and at - row.created_at <= patience
    return is_on_its_way or quiet.release(at, due_at) == at


PROOFS: dict[str, Proof] = {
    "the auditor finds nothing": _audited,
    "every step is told, passed on, or over": _every_step,
    "no word dies without a note": _dead_ends,
    "no phone shows a word twice": _shown_once,
    "what was said is on a phone": _shown_at_all,
    "nobody is told a step twice by the same way": _told_once,
    "nothing is dropped silently": _nothing_dropped,
    "nothing is said about what is over": _nothing_stale,
    "the ledger's windows were open": _windows_kept,
    "the nights are kept": _nights_kept,
}
