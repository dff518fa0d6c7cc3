"""任务卡片: cards with buttons that lie in people's conversations, and must not go on asking for what is done."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, JsonDict, Key, Ref, Words

_OPEN = text("state = 'open'")


class CardState(StrEnum):
    """卡片状态."""

    OPEN = "open"  # its buttons can be pressed
    CHANGED = "changed"  # they say what became of the duty
    LEFT = "left"  # they could not be changed; pressing them is answered in words


class TaskCard(Base):
    """任务卡片: one send of a card, to one or several members of a company.

    task_id: ours, unique at its account.  response_code: changes the card for everybody, once, until expires_at.
    people: {"users": [...]}, the userids it went to.  deadline_id: the duty it asks for; when that has ended, the
    buttons are changed.  next_try_at: not to be changed before.
    """

    __tablename__ = "task_cards"
    __table_args__ = (Index("ix_task_cards_open", "deadline_id", sqlite_where=_OPEN, postgresql_where=_OPEN),)

    id: Mapped[Id]
    account: Mapped[Key]
    task_id: Mapped[Key] = mapped_column(unique=True)
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), index=True)
    deadline_id: Mapped[Ref] = mapped_column(ForeignKey("deadlines.id"))
    response_code: Mapped[Words]
    people: Mapped[JsonDict]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[CardState] = mapped_column(default=CardState.OPEN)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    error: Mapped[Words] = mapped_column(default="")
