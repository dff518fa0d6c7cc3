"""来件: keep first, understand after. Whatever happens later, a kept message is never lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot import ledger
from bot.installation import Installation
from bot.wechat.entrances import Entrance
from bot.wechat.fields import clean
from bot.wechat.push import Unreadable, read_fields
from handlers.message import Message
from handlers.reception import Reply, receive
from models.base import Upsert, table_of
from models.clock import QuietHours
from models.inbound import InboundMessage, Intake
from models.outbound import OutboundMessage

LEASE = timedelta(seconds=10)  # how long a webhook may work on what it kept before the job takes over
MAX_ATTEMPTS = 6
_LONGEST_PAUSE = 300  # seconds

_INBOUND = table_of(InboundMessage)

InTime = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a push once it is safe. fresh: it was not there before."""

    id: int
    fresh: bool
    state: Intake
    answer: str


def keep(installation: Installation, account: str, body: str, fields: Mapping[str, Any], now: datetime) -> Kept:
    """Store the raw message and commit. The same push again finds the first one's row."""
    entrance = installation.doors.entrance(account)
    if entrance is None:
        raise LookupError(f"no account {account} in the settings")
    key = entrance.dedupe_key(fields)
    values = {
        "account": account,
        "dedupe_key": key,
        # The one character PostgreSQL cannot keep; whoever reads the body drops it anyway.
        "body": body.replace("\0", ""),
        "kept_at": now,
        "state": Intake.KEPT,
        "answer": "",
        "attempts": 0,
        "next_try_at": now + LEASE,
        "error": "",
    }
    with installation.database.note() as connection:
        fresh = connection.execute(_KEEP.on(connection), values).scalar()
        if fresh is not None:
            return Kept(fresh, True, Intake.KEPT, "")
        row = connection.execute(_KNOWN, {"key": key}).one()
    return Kept(row.id, False, row.state, row.answer)


_KEEP = Upsert(InboundMessage, lambda row: row.on_conflict_do_nothing().returning(_INBOUND.c.id))
_KNOWN = select(_INBOUND.c.id, _INBOUND.c.state, _INBOUND.c.answer).where(_INBOUND.c.dedupe_key == bindparam("key"))


def take_in(installation: Installation, inbound_id: int, now: datetime, in_time: InTime) -> str:
    """Understand a kept message, in one transaction. Returns the passive reply, "" for none.

    in_time: asked at the end whether the sender still waits; if not, the answer goes out as a message instead.
    A message somebody else is taking in, or has taken in, is left alone.
    """
    with installation.database.story() as session:
        row = session.execute(_TAKE, {"row": inbound_id}).one_or_none()
        if row is None:
            return ""
        entrance = installation.doors.entrance(row.account)
        if entrance is None:
            # Not a message without meaning: it waits for the settings to be put right.
            raise LookupError(f"no account {row.account} in the settings")
        reply = _understood(installation, session, entrance, row.body, row.kept_at, now)
        return _answered(session, inbound_id, reply, now, in_time()) if reply else ""


# Whoever has the row is working on it: skipped, not waited for, or one slow story would hold up the job.
_FREE = (
    select(_INBOUND.c.id)
    .where(_INBOUND.c.id == bindparam("row"), _INBOUND.c.state == Intake.KEPT)
    .with_for_update(skip_locked=True)
)
_TAKE = (
    update(_INBOUND)
    .where(_INBOUND.c.id == _FREE.scalar_subquery())
    .values(state=Intake.DONE, next_try_at=None)
    .returning(_INBOUND.c.account, _INBOUND.c.body, _INBOUND.c.kept_at)
)
_ANSWER = update(_INBOUND).where(_INBOUND.c.id == bindparam("row")).values(answer=bindparam("reply"))


def _understood(
    installation: Installation, session: Session, entrance: Entrance, body: str, kept_at: datetime, now: datetime
) -> Reply | None:
    """The last answer stands for all: what one push says together is answered once, when all of it is known."""
    try:
        messages = entrance.understand(read_fields(body), kept_at)
    except Unreadable:
        return None  # kept raw, answered `success`; there is nothing in it to understand
    desk, reply = installation.desk(session, now), None
    for message in messages:
        if message.sender:
            reply = receive(desk, message, entrance.platform)
            _LEDGERS[entrance.path](session, reply.identity_id, message, now, installation.quiet_hours)
    return reply


def _no_windows(
    session: Session, identity_id: int, message: Message, now: datetime, _quiet_hours: QuietHours | None = None
) -> None:
    """企业微信 lets us speak to members at any time."""


_Ledger = Callable[[Session, int, Message, datetime, QuietHours | None], None]
_LEDGERS: Mapping[str, _Ledger] = {"wechat": ledger.heard, "wecom": _no_windows, "group": ledger.invited}


def _answered(session: Session, inbound_id: int, reply: Reply, now: datetime, in_time: bool) -> str:
    """What goes back on the push itself while its sender waits. Words that cannot, go out as a message."""
    passive = reply.label if reply.pressed else reply.text
    if reply.text and (reply.pressed or not in_time):
        session.execute(insert(OutboundMessage).values(**_late_answer(inbound_id, reply, now)))
    if not (passive and in_time):
        return ""
    session.execute(_ANSWER, {"row": inbound_id, "reply": passive})
    return passive


def _late_answer(inbound_id: int, reply: Reply, now: datetime) -> dict[str, Any]:
    return {
        "key": f"inbound:{inbound_id}:answer",
        "person_id": reply.person_id,
        "text": reply.text,
        "chat": reply.chat,
        "created_at": now,
        "next_try_at": now,
    }


def stumble(installation: Installation, inbound_id: int, error: Exception, now: datetime) -> None:
    """Note a failed try; try again later and later, and in the end leave it to a person.

    A database that is locked or away is not the message's fault: for that alone it is never left.
    """
    with installation.database.story() as session:
        query = select(InboundMessage).where(InboundMessage.id == inbound_id, InboundMessage.state == Intake.KEPT)
        # Held, or a webhook that ends meanwhile would have its DONE written over.
        message = session.scalars(query.with_for_update(skip_locked=True)).one_or_none()
        if message is None:
            return
        message.attempts += 1
        message.error = clean(f"{type(error).__name__}: {error}")[:500]
        if message.attempts >= MAX_ATTEMPTS and not isinstance(error, OperationalError):
            message.state, message.next_try_at = Intake.SET_ASIDE, None
        else:
            message.next_try_at = now + timedelta(seconds=min(2**message.attempts, _LONGEST_PAUSE))
