"""审计: proves that nothing was lost and nothing is silent. Each finding is a bug or a duty somebody neglects."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, Text, and_, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from models.case import Case
from models.clock import Duty, Policy
from models.deadline import Deadline, Reminder
from models.deletion import Deletion, Destroyed
from models.draft import Draft
from models.event import CaseEvent
from models.inbound import InboundMessage, Intake
from models.outbound import Delivery, OutboundMessage
from models.people import Membership, Role
from models.photo import Fetch, Photo
from models.workflow import OPEN_STATUSES, Move, Part

GRACE = timedelta(minutes=2)  # how long a due thing may wait before it counts as stuck


@dataclass(frozen=True, slots=True)
class Finding:
    """审计发现: what is wrong (a short English key), of which row, in words."""

    what: str
    row: str
    words: str


Check = Callable[[Session, datetime], Iterator[Finding]]


def audit(session: Session, now: datetime) -> list[Finding]:
    """Run every check. Reads only."""
    return [finding for check in CHECKS for finding in check(session, now)]


def _missing_words(session: Session, now: datetime) -> Iterator[Finding]:
    """Every step of every deadline that is past must have its Reminder, or the deadline had ended before it."""
    taken: dict[int, set[int]] = {}
    for deadline_id, step in session.execute(select(Reminder.deadline_id, Reminder.step)):
        taken.setdefault(deadline_id, set()).add(step)
    for deadline in session.scalars(select(Deadline)):
        # Something done seconds after a word was due may well have been done before the sweep came by.
        end = (deadline.ended_at or now) - GRACE
        missing = sorted(_steps_until(deadline, end) - taken.get(deadline.id, set()))
        if missing:
            yield Finding(
                "reminder_missing", f"deadline {deadline.id}", f"{deadline.duty} steps {missing} have no word"
            )


def _steps_until(deadline: Deadline, end: datetime) -> set[int]:
    """Computed from the policy and the deadline alone, not from what the sweep noted for itself."""
    policy = Policy.from_json(deadline.policy)
    n = policy.first_after(deadline.starts_at, deadline.due_at)
    steps = set()
    while deadline.due_at + policy.step(n).offset < end:
        steps.add(n)
        n += 1
    return steps


def _unwatched_cases(session: Session, _now: datetime) -> Iterator[Finding]:
    """An open case whose next step nobody owes."""
    live = select(Deadline.case_id).where(Deadline.next_at.is_not(None), Deadline.duty != Duty.RULING)
    query = select(Case.id, Case.status).where(Case.status.in_(OPEN_STATUSES), Case.id.not_in(live))
    for case_id, status in session.execute(query):
        yield Finding("case_unwatched", f"case {case_id}", f"{status} without a live deadline")


def _status_drift(session: Session, _now: datetime) -> Iterator[Finding]:
    """A status must equal the last event's `now`."""
    last = select(func.max(CaseEvent.id)).group_by(CaseEvent.case_id)
    event = aliased(CaseEvent)
    query = (
        select(Case.id, Case.status, event.now)
        .outerjoin(event, and_(event.case_id == Case.id, event.id.in_(last)))
        .where(or_(event.id.is_(None), event.now != Case.status))
    )
    for case_id, status, told in session.execute(query):
        yield Finding("status_drift", f"case {case_id}", f"is {status}, its last event says {told}")


def _stuck(what: str, query: Select[int, Any]) -> Check:
    """Rows that wait for a job and have waited too long."""

    def check(session: Session, now: datetime) -> Iterator[Finding]:
        for row, since in session.execute(query):
            if since < now - GRACE:
                yield Finding(what, f"row {row}", f"due since {since:%Y-%m-%d %H:%M:%S} UTC")

    return check


def _given_up(what: str, query: Select[int, str]) -> Check:
    """Rows that no job will touch again; a person must look."""

    def check(session: Session, _now: datetime) -> Iterator[Finding]:
        for row, words in session.execute(query):
            yield Finding(what, f"row {row}", words)

    return check


def _unheard(what: str, *, ended: bool) -> Check:
    """未送达: words about a live deadline that died, when neither a colleague nor anybody above has them.

    ended: whether they were passed on until nobody was left, which is somebody's failing; otherwise it is ours.
    """

    def check(session: Session, _now: datetime) -> Iterator[Finding]:
        for dead, chain in _silent_chains(session):
            if _ended(session, chain) is ended:
                yield Finding(what, f"row {dead.id}", f"deadline {dead.deadline_id}: {dead.key} reached nobody")

    return check


def _silent_chains(session: Session) -> Iterator[tuple[OutboundMessage, list[OutboundMessage]]]:
    """Each dead word of a live deadline, once for all who were to hear it, with everything said instead, all dead."""
    live = select(Deadline.id).where(Deadline.ended_at.is_(None))
    dead = select(OutboundMessage.deadline_id).where(
        OutboundMessage.state == Delivery.DEAD, OutboundMessage.deadline_id.in_(live)
    )
    query = select(OutboundMessage).where(OutboundMessage.deadline_id.in_(dead)).order_by(OutboundMessage.id)
    rows = list(session.scalars(query))
    acting = _acting(session)
    words: dict[str, list[OutboundMessage]] = defaultdict(list)
    passed: dict[int, list[OutboundMessage]] = defaultdict(list)
    for row in rows:
        (words[row.key.rpartition(":")[0]] if row.instead_of is None else passed[row.instead_of]).append(row)
    for said in words.values():
        chain = said + [row for word in said for row in passed[word.id]]
        lost = next((row for row in said if row.state is Delivery.DEAD), None)
        if lost is not None and not _is_heard(lost, said, acting) and not _is_alive(chain[len(said) :]):
            yield lost, chain


def _acting(session: Session) -> dict[int, set[str | None]]:
    """The units each person acts or acted for; None for the command centre."""
    acting: dict[int, set[str | None]] = defaultdict(set)
    roles = (Role.OFFICER, Role.LEADER, Role.DISPATCHER, Role.VERIFIER)
    query = select(Membership.person_id, Membership.unit_code).where(Membership.role.in_(roles))
    for person, unit in session.execute(query):
        acting[person].add(unit)
    return acting


def _is_heard(lost: OutboundMessage, said: list[OutboundMessage], acting: dict[int, set[str | None]]) -> bool:
    """Whether a colleague was given the same word."""
    own = acting[lost.person_id]
    return any(row.state is Delivery.SENT and own & acting[row.person_id] for row in said)


def _is_alive(passed: list[OutboundMessage]) -> bool:
    return any(row.state is not Delivery.DEAD for row in passed)


def _ended(session: Session, chain: list[OutboundMessage]) -> bool:
    """Whether it was noted on the case that nobody was left to be told."""
    noted = select(CaseEvent.data).where(
        CaseEvent.case_id == chain[0].case_id, CaseEvent.move == Move.UNREACHED, CaseEvent.part == Part.SYSTEM
    )
    ids = {row.id for row in chain}
    return any(data.get("nobody") and data.get("outbound") in ids for data in session.scalars(noted))


def _said_twice(session: Session, _now: datetime) -> Iterator[Finding]:
    """A word that WeChat accepted more than once."""
    # Most rows hold one try; reading every history would take minutes after a year.
    query = select(OutboundMessage.id, OutboundMessage.history).where(OutboundMessage.state == Delivery.SENT)
    twice = cast(OutboundMessage.history, Text).like('%"code": 0,%"code": 0,%')
    for row, history in session.execute(query.where(twice)):
        accepted = [attempt["way"] for attempt in history["tries"] if attempt["code"] == 0]
        yield Finding("said_twice", f"row {row}", f"accepted by {', '.join(accepted)}")


def _erased_silently(session: Session, _now: datetime) -> Iterator[Finding]:
    """A photo that is gone and stands in no entry of the deletion log, neither by its hash nor by its number."""
    entries = select(Deletion.name).where(Deletion.kind == Destroyed.PHOTO)
    erased = select(Photo.sha256).where(Photo.state == Fetch.ERASED)
    # A file that outlives one of its photos is written down with the last; until then the rows are, by number.
    unnamed = set(session.scalars(erased.except_(entries)))
    numbers = set(session.scalars(entries.where(Deletion.name.startswith("photo "))))
    rows = select(Photo.id).where(Photo.state == Fetch.ERASED, Photo.sha256.in_(unnamed))
    for row in session.scalars(rows):
        if f"photo {row}" not in numbers:
            yield Finding("erased_silently", f"photo {row}", "is destroyed, and the deletion log does not say so")


CHECKS: tuple[Check, ...] = (
    _missing_words,
    _unheard("unreached_not_passed_on", ended=False),
    _unheard("unreached_nobody_left", ended=True),
    _said_twice,
    _unwatched_cases,
    _status_drift,
    _erased_silently,
    _stuck("deadline_stuck", select(Deadline.id, Deadline.next_at).where(Deadline.next_at.is_not(None))),
    _stuck(
        "inbound_stuck", select(InboundMessage.id, InboundMessage.kept_at).where(InboundMessage.state == Intake.KEPT)
    ),
    _stuck(
        "outbound_stuck",
        select(OutboundMessage.id, OutboundMessage.next_try_at).where(OutboundMessage.state == Delivery.WAITING),
    ),
    _stuck("photo_stuck", select(Photo.id, Photo.next_try_at).where(Photo.next_try_at.is_not(None))),
    _stuck("photos_not_judged", select(Draft.id, Draft.judge_at).where(Draft.judge_at.is_not(None))),
    _given_up(
        "inbound_set_aside",
        select(InboundMessage.id, InboundMessage.error).where(InboundMessage.state == Intake.SET_ASIDE),
    ),
)
