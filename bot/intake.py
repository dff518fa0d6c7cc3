"""来件: keep first, understand after. Whatever happens later, a kept message is never lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from bot import ledger
from bot.installation import Installation
from bot.wechat.push import Unreadable, dedupe_key, read_fields, to_message
from handlers.reception import receive
from models.inbound import InboundMessage, Intake
from models.outbound import OutboundMessage

LEASE = timedelta(seconds=10)  # how long a webhook may work on what it kept before the job takes over
MAX_ATTEMPTS = 6

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
    engine = installation.database.engine
    dialect_insert = sqlite_insert if engine.dialect.name == "sqlite" else postgresql_insert
    key = dedupe_key(account, fields)
    values = {
        "account": account,
        "dedupe_key": key,
        "body": body,
        "kept_at": now,
        "state": Intake.KEPT,
        "answer": "",
        "attempts": 0,
        "next_try_at": now + LEASE,
        "error": "",
    }
    with engine.begin() as connection:
        new = dialect_insert(InboundMessage).values(values).on_conflict_do_nothing().returning(InboundMessage.id)
        fresh = connection.execute(new).scalar()
        if fresh is not None:
            return Kept(fresh, True, Intake.KEPT, "")
        known = select(InboundMessage.id, InboundMessage.state, InboundMessage.answer)
        row = connection.execute(known.where(InboundMessage.dedupe_key == key)).one()
    return Kept(row.id, False, row.state, row.answer)


def take_in(installation: Installation, inbound_id: int, now: datetime, in_time: InTime) -> str:
    """Understand a kept message, in one transaction. Returns the passive reply, "" for none.

    in_time: asked at the end whether the sender still waits; if not, the answer goes out as a message instead.
    A message somebody else is taking in, or has taken in, is left alone.
    """
    with installation.database.story() as session:
        row = session.execute(
            update(InboundMessage)
            .where(InboundMessage.id == inbound_id, InboundMessage.state == Intake.KEPT)
            .values(state=Intake.DONE, next_try_at=None)
            .returning(InboundMessage.account, InboundMessage.body, InboundMessage.kept_at)
        ).one_or_none()
        if row is None:
            return ""
        return _understand(installation, session, inbound_id, row.account, row.body, row.kept_at, now, in_time)


def _understand(
    installation: Installation,
    session: Session,
    inbound_id: int,
    account: str,
    body: str,
    kept_at: datetime,
    now: datetime,
    in_time: InTime,
) -> str:
    try:
        message = to_message(account, read_fields(body), kept_at)
    except Unreadable:
        return ""  # kept raw, answered `success`; there is nothing in it to understand
    door = installation.doors.get(account)
    if door is None or not message.sender:
        return ""
    reply = receive(installation.desk(session, now), message, door.account.platform)
    ledger.heard(session, reply.identity_id, message, now)
    if reply.text and in_time():
        session.execute(update(InboundMessage).where(InboundMessage.id == inbound_id).values(answer=reply.text))
        return reply.text
    if reply.text:
        session.execute(insert(OutboundMessage).values(**_late_answer(inbound_id, reply.person_id, reply.text, now)))
    return ""


def _late_answer(inbound_id: int, person_id: int, text: str, now: datetime) -> dict[str, Any]:
    return {
        "key": f"inbound:{inbound_id}:answer",
        "person_id": person_id,
        "text": text,
        "created_at": now,
        "next_try_at": now,
    }


def stumble(installation: Installation, inbound_id: int, error: Exception, now: datetime) -> None:
    """Note a failed try; try again later and later, and in the end leave it to a person."""
    with installation.database.story() as session:
        message = session.get(InboundMessage, inbound_id)
        if message is None or message.state is not Intake.KEPT:
            return
        message.attempts += 1
        message.error = f"{type(error).__name__}: {error}"[:500]
        if message.attempts >= MAX_ATTEMPTS:
            message.state, message.next_try_at = Intake.SET_ASIDE, None
        else:
            message.next_try_at = now + timedelta(seconds=2**message.attempts)
