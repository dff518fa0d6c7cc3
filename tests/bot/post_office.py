"""The post office (邮局): people whom WeChat knows, words on their way to them, and what reached their phones."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import ledger, outbox
from bot.installation import Installation
from handlers.membership.invitations import invite
from handlers.message import Kind, Message
from handlers.reception import receive
from models.case import Case
from models.clock import QuietHours
from models.outbound import OutboundMessage
from models.people import Allowance, Identity, Role, Way
from simulator.people import Person as Phone
from simulator.server import Simulator

_numbers = count(1)


@dataclass(frozen=True)
class Recipient:
    """Somebody with a phone, in the simulator and in our tables."""

    openid: str
    identity_id: int
    person_id: int
    phone: Phone


class PostOffice:
    """An installation and the simulator that is its WeChat. Time is real on both sides."""

    def __init__(self, installation: Installation, simulator: Simulator) -> None:
        self.installation = installation
        self.simulator = simulator
        self.faults = simulator.world.faults

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    def person(self, *, spoke: bool = True, person_id: int | None = None) -> Recipient:
        """A follower; who spoke can be written to for 48 hours, five times, and both sides know it."""
        openid = f"o-{next(_numbers)}"
        phone = self.simulator.world.people.add(Phone(account="jinan", openid=openid, name=openid))
        message = Message(
            kind=Kind.TEXT if spoke else Kind.NOTICE, account="jinan", sender=openid, sent_at=self.now, text="帮助"
        )
        with self.installation.database.story() as session:
            reply = receive(self.installation.desk(session, self.now), message, "citizen_photo")
            ledger.heard(session, reply.identity_id, message, self.now)
            if person_id is not None:
                session.get_one(Identity, reply.identity_id).person_id = person_id
        if spoke:
            phone.spoke(self.now, self.simulator.world.limits)
        return Recipient(openid, reply.identity_id, person_id or reply.person_id, phone)

    def staff(self, role: Role, unit: str | None = None, *, spoke: bool = True) -> Recipient:
        """Somebody who holds a role."""
        who = self.person(spoke=spoke)
        with self.installation.database.story() as session:
            code = invite(session, role, unit, f"name-{who.openid}", self.now, timedelta(days=1)).code
            message = Message(kind=Kind.SCAN, account="jinan", sender=who.openid, sent_at=self.now, scene=code)
            receive(self.installation.desk(session, self.now), message, "citizen_photo")
        return who

    def say(self, who: Recipient, *texts: str, **row: Any) -> list[int]:
        """Put words on their way, due now; returns their rows' ids."""
        with self.installation.database.story() as session:
            rows = [self._row(who, text, row) for text in texts]
            session.add_all(rows)
            session.flush()
            return [row.id for row in rows]

    def _row(self, who: Recipient, text: str, more: dict[str, Any]) -> OutboundMessage:
        due = {"key": f"test:{next(_numbers)}", "created_at": self.now, "next_try_at": self.now}
        return OutboundMessage(person_id=who.person_id, text=text, **(due | more))

    def drain(self, at: datetime | None = None) -> int:
        """Send what is due, as of now or another moment."""
        now = at or self.now
        return outbox.drain(self.installation, lambda: now, now + timedelta(hours=1))

    def row(self, row_id: int) -> OutboundMessage:
        with self.installation.database.glance() as session:
            return session.get_one(OutboundMessage, row_id)

    def rows(self) -> list[OutboundMessage]:
        with self.installation.database.glance() as session:
            return list(session.scalars(select(OutboundMessage).order_by(OutboundMessage.id)))

    def codes(self, row_id: int) -> list[tuple[str, int | None]]:
        """Every try of a row: by which way, and WeChat's code."""
        return [(attempt["way"], attempt["code"]) for attempt in self.row(row_id).history["tries"]]

    def read_by(self, who: Recipient) -> list[str]:
        """What appeared on the phone."""
        return [line.text for line in self.simulator.world.conversations.of(("jinan", who.openid))]

    def ways_to(self, who: Recipient) -> list[str]:
        return [line.way for line in self.simulator.world.conversations.of(("jinan", who.openid))]

    def left(self, who: Recipient, way: Way = Way.CUSTOM, slot: str = "") -> int:
        """What our ledger believes may still be said."""
        with self.installation.database.glance() as session:
            here = Allowance.identity_id == who.identity_id, Allowance.way == way, Allowance.slot == slot
            return session.scalars(select(Allowance.left).where(*here)).one_or_none() or 0

    def buys(self, who: Recipient, way: Way, slot: str) -> None:
        """The person subscribes once more, and both sides know it."""
        if way is Way.ONCE:
            who.phone.scenes.add(int(slot))
        else:
            who.phone.notices[slot] += 1
        with self.installation.database.story() as session:
            ledger.bought(session, who.identity_id, way, slot)

    def identity(self, who: Recipient) -> Identity:
        with self.installation.database.glance() as session:
            return session.get_one(Identity, who.identity_id)

    def speaks_again(self, who: Recipient, quiet_hours: QuietHours | None = None) -> None:
        message = Message(kind=Kind.TEXT, account="jinan", sender=who.openid, sent_at=self.now, text="帮助")
        with self.installation.database.story() as session:
            reply = receive(self.installation.desk(session, self.now), message, "citizen_photo")
            ledger.heard(session, reply.identity_id, message, self.now, quiet_hours)
        who.phone.spoke(self.now, self.simulator.world.limits)

    def does_not_follow(self, who: Recipient) -> None:
        with self.installation.database.story() as session:
            session.get_one(Identity, who.identity_id).follows = False

    def forget(self, who: Recipient) -> None:
        """The openid we hold is nobody's at WeChat: 40003 from now on."""
        with self.installation.database.story() as session:
            session.get_one(Identity, who.identity_id).openid = f"{who.openid}-gone"

    def tapped(self, who: Recipient) -> None:
        """A tap opened the minute, and both sides know it."""
        who.phone.tapped(self.now, self.simulator.world.limits)
        until = self.now + ledger.BRIEF
        with self.installation.database.story() as session:
            session.add(Allowance(identity_id=who.identity_id, way=Way.CUSTOM_BRIEF, left=3, until=until))

    def deadline(self, *, ended: bool) -> int:
        """A deadline of a case of its own; returns its id."""
        with self.installation.database.story() as session:
            (deadline,) = self._case(session).deadlines
            if ended:
                deadline.end(self.now)
            session.flush()
            return deadline.id

    def case(self) -> int:
        with self.installation.database.story() as session:
            return self._case(session).id

    def _case(self, session: Session) -> Case:
        facts = {"channel": "citizen_photo", "text": "垃圾", "place": "甸柳新村"}
        return Case.open(session, self.installation.clocks, self.now, **facts)

    def is_heard(self, who: Recipient) -> None:
        """A message of theirs is being taken in just now."""
        with self.installation.database.story() as session:
            session.get_one(Identity, who.identity_id).last_heard_at = self.now + timedelta(seconds=1)

    def drain_once(self, tick: timedelta) -> int:
        """One batch, by a clock that is `tick` later each time somebody looks."""
        now, ticks = self.now, count()

        def clock() -> datetime:
            return now + next(ticks) * tick

        # Drain looks, leases, and has looked again before the next batch.
        return outbox.drain(self.installation, clock, now + tick)
