"""What must be true whatever was killed: nothing lost, nothing doubled, every word said, nothing claimed falsely.

The reminders are reckoned from the settings file and the deadlines' times alone, not by the product's own code.
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain

import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.case import Case
from models.deadline import Deadline, Reminder
from models.inbound import InboundMessage, Intake
from models.outbound import Delivery, OutboundMessage
from models.people import Identity, Way
from models.report import Report
from reminders.audit import GRACE, audit
from tests.system.house import House

# How late a word may be while something is being restarted: the clock does a chore itself after five seconds.
SLACK = timedelta(seconds=6)
PATIENCE = 25.0
_MESSAGE_NUMBER = re.compile(r"(?:<MsgId>|\"msgid\": \")(\d+)")
_WINDOW_CODES = {45015, 45047}  # no open window; its five messages are used up

Proof = Callable[[House, Session, datetime], Iterator[str]]


def prove(house: House) -> None:
    """Everything below holds, at the latest when what is under way has settled. Raises AssertionError."""
    end = time.monotonic() + PATIENCE
    while wrong := _what_is_wrong(house):
        if time.monotonic() > end:
            raise AssertionError("\n".join(wrong))
        time.sleep(0.3)
    house.tell(f"proved: {len(house.reported)} reports, {_reminders(house)} reminders")


def _what_is_wrong(house: House) -> list[str]:
    with house.glance() as session:
        now = datetime.now(UTC)
        return list(chain.from_iterable(proof(house, session, now) for proof in PROOFS))


def _reminders(house: House) -> int:
    with house.glance() as session:
        return int(session.scalars(select(func.count()).select_from(Reminder)).one())


def _nothing_for_the_auditor(_house: House, session: Session, now: datetime) -> Iterator[str]:
    # The auditor gives everything two minutes, which are two days here: it is asked as if they were over.
    for finding in audit(session, now + GRACE - SLACK):
        yield f"audit: {finding}"


def _one_case_for_each_report(house: House, session: Session, _now: datetime) -> Iterator[str]:
    query = select(Identity.openid, Report.case_id).join(Report, Report.person_id == Identity.person_id)
    # WeCom does not tell a from A in its userids.
    found = Counter((openid.lower(), number) for openid, number in session.execute(query))
    wanted = Counter((openid.lower(), number) for openid, number in house.reported)
    if found != wanted:
        yield f"reports: lost {dict(wanted - found)}, too many {dict(found - wanted)}"
    expected = {number for _, number in house.reported}
    if (cases := set(session.scalars(select(Case.id)))) != expected:
        yield f"cases: {sorted(cases)} instead of {sorted(expected)}"


def _kept_what_was_answered(house: House, session: Session, _now: datetime) -> Iterator[str]:
    rows = session.execute(select(InboundMessage.body, InboundMessage.state)).all()
    kept = Counter(number for body, _ in rows for number in _MESSAGE_NUMBER.findall(body))
    for push in house.records.pushes():
        times, ended = kept[str(push["msg_id"])], push["outcome"]
        if push["msg_id"] and (times > 1 or (times == 0 and ended in ("accepted", "answered"))):
            yield f"push {push['push_id']} of {push['openid']} ended as {ended}, and is kept {times} times"
    waiting = [state for _, state in rows if state is not Intake.DONE]
    if waiting:
        yield f"{len(waiting)} messages are not taken in"


def _every_reminder(house: House, session: Session, now: datetime) -> Iterator[str]:
    rules = yaml.safe_load(house.system.places.config.read_text(encoding="utf-8"))["clocks"]
    taken: dict[int, set[datetime]] = {}
    for deadline_id, due_at in session.execute(select(Reminder.deadline_id, Reminder.due_at)):
        taken.setdefault(deadline_id, set()).add(_rounded(due_at))
    for deadline in session.scalars(select(Deadline)):
        got, end = taken.get(deadline.id, set()), deadline.ended_at or now
        due = set(_due(deadline, rules[deadline.duty.value], end))
        late = {at for at in due if at < min(end, now) - SLACK} - got
        if late or got - due:
            yield f"case {deadline.case_id} {deadline.duty}: missing {sorted(late)}, unasked for {sorted(got - due)}"


def _due(deadline: Deadline, rule: dict[str, object], end: datetime) -> Iterator[datetime]:
    """The moments at which somebody must hear of a deadline until its end, by the settings file."""
    offsets = sorted(_seconds(step["at"]) for step in rule["remind"])  # type: ignore[attr-defined]
    repeat = _seconds(rule["repeat"])
    n = 0
    while True:
        offset = offsets[n] if n < len(offsets) else offsets[-1] + repeat * (n - len(offsets) + 1)
        at = deadline.due_at + timedelta(seconds=offset)
        if at > end:
            return
        # What was past when the duty began is not due, but the breach always is.
        if at > deadline.starts_at or offset == 0:
            yield _rounded(at)
        n += 1


def _seconds(words: object) -> float:
    return float(str(words).rstrip("s"))


def _rounded(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _every_word_said(house: House, session: Session, now: datetime) -> Iterator[str]:
    query = select(OutboundMessage, Identity.openid).join(Identity, Identity.person_id == OutboundMessage.person_id)
    said: dict[str, str] = {}
    for message, openid in session.execute(query):
        if message.state is Delivery.DEAD and not _waits_for_its_reader(message):
            yield f"nobody could be told: {message.text[:40]!r} {message.history}"
        elif message.state is Delivery.WAITING and message.created_at < now - SLACK:
            yield f"still waiting: {message.text[:40]!r} for {openid} {message.history}"
        elif message.way == Way.CUSTOM and not message.is_picture:
            said.setdefault(openid, _all_heard(house, openid) if openid not in said else "")
            if message.text not in said[openid]:
                yield f"counts as sent, and {openid} did not hear it: {message.text[:40]!r}"


def _waits_for_its_reader(message: OutboundMessage) -> bool:
    """Whether only the closed or spent window of its reader kept it back: they hear it when they write again.

    What asks somebody to act must be passed on instead; the auditor looks for that.
    """
    return {one["code"] for one in message.history["tries"]} <= _WINDOW_CODES


def _all_heard(house: House, openid: str) -> str:
    return "\n".join(line.text for line in house.phone(openid).lines() if line.sender == "account")


PROOFS: tuple[Proof, ...] = (
    _nothing_for_the_auditor,
    _one_case_for_each_report,
    _kept_what_was_answered,
    _every_reminder,
    _every_word_said,
)
