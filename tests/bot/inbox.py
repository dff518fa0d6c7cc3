"""The inbox (来件): what is kept, and what a webhook leaves that died half way."""

import json
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from bot import intake
from bot.installation import Installation
from models.inbound import InboundMessage, Intake
from tests.bot.pushes import Fields


def kept(installation: Installation) -> list[InboundMessage]:
    with installation.database.glance() as session:
        return list(session.scalars(select(InboundMessage).order_by(InboundMessage.id)))


def states(installation: Installation) -> list[Intake]:
    return [message.state for message in kept(installation)]


def leave_half_done(installation: Installation, fields: Fields) -> int:
    """A push whose webhook died after keeping it; returns the message's id."""
    return intake.keep(installation, "jinan", json.dumps(fields), fields, datetime.now(UTC)).id


def make_messages_due(installation: Installation) -> None:
    """As if the pause after a failed try were over."""
    with installation.database.story() as session:
        waiting = update(InboundMessage).where(InboundMessage.state == Intake.KEPT)
        session.execute(waiting.values(next_try_at=datetime.now(UTC) - timedelta(seconds=1)))
