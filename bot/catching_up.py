"""补发: what found no way to somebody is said as soon as they write to us again."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.outbound import Delivery, OutboundMessage
from models.people import Identity

STILL_NEWS = timedelta(days=7)
# What WeChat refuses for its content would be refused for ever.
_CHANCES = 3


def catch_up(session: Session, identity_id: int, now: datetime, ready: datetime) -> None:
    """Put what is dead for want of a window back on its way, several words in one message.

    ready: not before then; what nobody asked for can wait until morning.
    A duty has its own chain of people who were told instead; who is late for it hears it by the clock.
    """
    person = select(Identity.person_id).where(Identity.id == identity_id).scalar_subquery()
    waited = (
        update(OutboundMessage)
        .where(
            OutboundMessage.person_id == person,
            OutboundMessage.state == Delivery.DEAD,
            OutboundMessage.deadline_id.is_(None),
            OutboundMessage.instead_of.is_(None),
            OutboundMessage.attempts < _CHANCES,
            OutboundMessage.created_at > now - STILL_NEWS,
        )
        .values(state=Delivery.WAITING, next_try_at=ready, may_bundle=True)
        .execution_options(synchronize_session=False)
    )
    session.execute(waited)
