"""记账: what became of everything that was sent: on its row, in the ledger, with the people."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import bindparam, case, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.installation import Installation
from bot.parcel import Outcome, Result, SentCard, Try
from bot.wechat.errors import Fate
from bot.wechat.work_app import CARD_LIFE
from handlers.unreached import tell_others
from models.base import Upsert, UtcDateTime
from models.card import TaskCard
from models.outbound import Delivery, OutboundMessage
from models.people import Allowance, Identity

log = logging.getLogger(__name__)

GIVE_UP = timedelta(hours=24)  # a word WeChat keeps failing on for a day is dead, and somebody else is told
_PAUSES = (0.2, 1.0, 3.0)  # seconds

Change = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Books:
    """账本 of one batch. rows: as they were leased, by id.  now: when the sending ended."""

    installation: Installation
    rows: dict[int, OutboundMessage]
    leased_at: datetime
    now: datetime

    def keep(self, outcomes: list[Outcome]) -> None:
        """Write down what became of the batch. What nobody could be given has a story each: it touches its case."""
        changes = [self._change(row_id, o) for o in outcomes for row_id in o.parcel.row_ids]
        changes.sort(key=lambda change: int(change["row"]))
        live = [change for change in changes if change["now_state"] is not Delivery.DEAD]
        self._insist(partial(self._record, live, outcomes))
        for change in changes:
            if change["now_state"] is Delivery.DEAD:
                self._insist(partial(self._give_up, change))
        _alarm(outcomes)

    def _insist(self, write: Callable[[Session], None]) -> None:
        """Write in one story, again and again while the database is busy: what is not recorded is sent twice."""
        for pause in _PAUSES:
            try:
                with self.installation.database.story() as session:
                    return write(session)
            except OperationalError as error:
                log.warning("what was sent cannot be recorded yet (%s); trying again", type(error.orig).__name__)
                time.sleep(pause)
        with self.installation.database.story() as session:
            return write(session)

    def _record(self, changes: list[Change], outcomes: list[Outcome], session: Session) -> None:
        if changes:
            session.connection().execute(_RECORD, changes)
        # A story about a message holds its sender's identity and then the ledger; here it is the same order.
        _break_bindings(session, outcomes, self.leased_at, self.now)
        _spend(session, outcomes)
        cards = [_card(outcome.card, self.now) for outcome in outcomes if outcome.card]
        if cards:
            session.execute(_CARDS.on(session), cards)

    def _give_up(self, change: Change, session: Session) -> None:
        if session.connection().execute(_RECORD, change).rowcount:
            message = session.get_one(OutboundMessage, change["row"])
            tell_others(self.installation.desk(session, self.now), message)

    def _change(self, row_id: int, outcome: Outcome) -> Change:
        row, sent = self.rows[row_id], outcome.result is Result.SENT
        again = None if sent else self._again_at(row, outcome)
        tries = (_told(attempt, self.now) for attempt in outcome.tries)
        return {
            "row": row.id,
            "now_state": Delivery.SENT if sent else Delivery.WAITING if again else _ended(row),
            "again_at": again,
            "by_way": outcome.tries[-1].way.value if sent else "",
            "accepted_at": self.now if sent else None,
            "tried": {"tries": [*row.history.get("tries", []), *tries]},
            # A row that was only put back keeps its next pause short.
            "counted": row.attempts - (not outcome.tries and outcome.result is not Result.NOBODY),
        }

    def _again_at(self, row: OutboundMessage, outcome: Outcome) -> datetime | None:
        """When to try again; None when that is useless."""
        if outcome.result is Result.UNTRIED:
            return self._after(outcome.behind)
        if outcome.result is Result.LATER and not outcome.tries:
            return outcome.until  # only too fast, which is nobody's failure
        if outcome.result is Result.NOBODY or self.now - row.created_at > GIVE_UP:
            return None
        pauses = self.installation.settings.delivery.retry
        later = self.now + pauses[min(row.attempts, len(pauses)) - 1]
        return max(later, outcome.until) if outcome.until else later

    def _after(self, first: Outcome | None) -> datetime:
        """Together with what has to go first; at once when that has been given up, or only the time was over."""
        again = self._again_at(self.rows[first.parcel.row_ids[0]], first) if first else None
        return again or self.now


def _card(sent: SentCard, now: datetime) -> Change:
    """Where a card lies, so that its buttons can be changed once the duty has ended."""
    return {
        "account": sent.account,
        "task_id": sent.task_id,
        "case_id": sent.errand.case_id,
        "deadline_id": sent.errand.deadline_id,
        "response_code": sent.response_code,
        "people": {"users": list(sent.people)},
        "sent_at": now,
        "expires_at": now + CARD_LIFE,
        "next_try_at": now,
    }


def _ended(row: OutboundMessage) -> Delivery:
    """A picture that found no open window is dropped; its words went by themselves and are what counts."""
    return Delivery.VOID if row.is_picture else Delivery.DEAD


def _told(attempt: Try, now: datetime) -> dict[str, Any]:
    """One try as kept on the row. The reason is WeChat's; SendError has taken every secret out of it."""
    error = attempt.error
    return {
        "at": now.isoformat(timespec="seconds"),
        "way": attempt.way.value,
        "code": error.code if error else 0,
        "reason": str(error) if error else "ok",
    }


def _alarm(outcomes: list[Outcome]) -> None:
    """Say what only a person can put right; once a batch, not once a message."""
    tries = (t for o in outcomes for t in o.tries)
    # By their codes: WeCom's words hold a number that is another in every answer.
    alarms = {(t.way, t.error.code): t.error for t in tries if t.error and t.error.fate is Fate.ALARM}
    for (way, _), error in alarms.items():
        log.error("WeChat takes nothing until the settings are put right: %s: %s", way, error)


def _break_bindings(session: Session, outcomes: list[Outcome], leased_at: datetime, now: datetime) -> None:
    broken = {t.identity_id for o in outcomes for t in o.tries if t.error and t.error.fate is Fate.BROKEN_BINDING}
    if broken:
        # Who has spoken since is there after all.
        silent = Identity.id.in_(broken) & (Identity.last_heard_at <= leased_at)
        session.execute(update(Identity).where(silent).values(broken_at=now))


def _spend(session: Session, outcomes: list[Outcome]) -> None:
    """Take from the ledger what was used up; a window that was opened anew meanwhile is another window."""
    costs: Counter[tuple[int, str, str, datetime | None]] = Counter()
    for attempt in (t for o in outcomes for t in o.tries):
        if (used := attempt.window) is not None and attempt.cost:
            costs[attempt.identity_id, used.way, used.slot, used.until] += attempt.cost
    names = ("whose", "by", "at_slot", "seen")
    # In one order, so that two workers who both write to the same people wait for each other in turn.
    rows = [dict(zip(names, key, strict=True)) | {"n": costs[key]} for key in sorted(costs, key=lambda key: key[:3])]
    if rows:
        session.connection().execute(_SPEND, rows)


_RECORD = (
    update(OutboundMessage)
    # Should a lease have run out after all, nothing that somebody else has settled is taken back.
    .where(OutboundMessage.id == bindparam("row"), OutboundMessage.state == Delivery.WAITING)
    .values(
        state=bindparam("now_state"),
        next_try_at=bindparam("again_at"),
        way=bindparam("by_way"),
        sent_at=bindparam("accepted_at"),
        history=bindparam("tried"),
        attempts=bindparam("counted"),
    )
)
# Whose lease had run out may have sent the same card; WeCom has answered with the same code, and one row is enough.
_CARDS = Upsert(TaskCard, lambda row: row.on_conflict_do_nothing(index_elements=["task_id"]))
_N = bindparam("n", type_=Allowance.left.type)
_SPEND = (
    update(Allowance)
    .where(
        Allowance.identity_id == bindparam("whose"),
        Allowance.way == bindparam("by"),
        Allowance.slot == bindparam("at_slot"),
        Allowance.until.is_not_distinct_from(bindparam("seen", type_=UtcDateTime())),
    )
    .values(left=case((Allowance.left > _N, Allowance.left - _N), else_=0))
)
