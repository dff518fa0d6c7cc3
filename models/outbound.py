"""发件: everything we have to say."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, JsonDict, Key, Ref, Words

_WAITING = text("next_try_at IS NOT NULL")


class Delivery(StrEnum):
    """发件状态."""

    WAITING = "waiting"
    SENT = "sent"  # WeChat accepted it
    DEAD = "dead"  # no way was left; somebody else was told
    VOID = "void"  # the case had moved on before it could be said


class OutboundMessage(Base):
    """发件: something to say to one person, written in the same transaction as its cause.

    key: unique, names the cause, so that no cause speaks twice.  short: the form for 20-character fields,
    and under "page" the address its reader, and nobody else, may be offered.
    photo_id: the message is this picture; it waits until the picture is fetched.
    picture: what is drawn around that photo, see bot/picture_parcels.py; {} for the bare photo.
    deadline_id: said only while that deadline is live.
    next_try_at: not to be sent before; moved on while some process is sending it; None once settled.
    chat: the group in which it may be said as well, "" for a word nobody else may read.
    instead_of: the word nobody could be given that this one passes on.
    may_bundle: may share one message with others that wait for the same person.
    history: every attempt, its way and the answer.
    """

    __tablename__ = "outbound_messages"
    __table_args__ = (
        Index("ix_outbound_messages_waiting", "next_try_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(96), unique=True)
    person_id: Mapped[Ref] = mapped_column(ForeignKey("persons.id"), index=True)
    text: Mapped[Words]
    short: Mapped[JsonDict] = mapped_column(default=dict)
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photos.id"))
    picture: Mapped[JsonDict] = mapped_column(default=dict)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadlines.id"), index=True)
    chat: Mapped[Key] = mapped_column(default="")
    instead_of: Mapped[int | None] = mapped_column(ForeignKey("outbound_messages.id"), index=True)
    may_bundle: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]
    state: Mapped[Delivery] = mapped_column(default=Delivery.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    way: Mapped[Key] = mapped_column(default="")
    sent_at: Mapped[datetime | None]
    history: Mapped[JsonDict] = mapped_column(default=dict)

    @property
    def is_picture(self) -> bool:
        """Whether it shows something, and says nothing that could be lost with it."""
        return self.photo_id is not None or bool(self.picture)
