"""来件: raw messages as received."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Key, Words

_WAITING = text("next_try_at IS NOT NULL")


class Intake(StrEnum):
    """来件状态."""

    KEPT = "kept"  # safe, not yet understood
    DONE = "done"  # taken in; answer holds what was replied
    SET_ASIDE = "set_aside"  # failed too often; a person must look


class InboundMessage(Base):
    """来件: kept before anything else, never edited; only its intake state moves.

    dedupe_key: equal for the same push sent again, and only then.  answer: the passive reply, given again to
    a redelivery.  next_try_at: when the job may take it in; None once that is settled.
    """

    __tablename__ = "inbound_messages"
    __table_args__ = (
        Index("ix_inbound_messages_waiting", "next_try_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[Id]
    account: Mapped[Key]
    dedupe_key: Mapped[str] = mapped_column(String(160), unique=True)
    body: Mapped[Words]
    kept_at: Mapped[datetime]
    state: Mapped[Intake] = mapped_column(default=Intake.KEPT)
    answer: Mapped[Words] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    error: Mapped[Words] = mapped_column(default="")
