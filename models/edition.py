"""规则版本: a file of the data pack as somebody edited it in the command centre."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Key, Name, Words

_USED = text("state = 'used'")


class EditionState(StrEnum):
    """版本状态."""

    DRAFT = "draft"  # 草稿: being edited, perhaps not even valid
    USED = "used"  # 使用中: at most one of each file
    PAST = "past"  # 曾经使用
    DROPPED = "dropped"  # 作废: a draft nobody wants any more


class Edition(Base):
    """规则版本: the whole text of one file; what is in use is never changed, only followed by another.

    base: digest of the text its author began with, so that two who edit at once hear of each other.
    used_from, used_by: when it was last put in use, and by whom.
    """

    __tablename__ = "editions"
    __table_args__ = (Index("uq_editions_used", "file", unique=True, sqlite_where=_USED, postgresql_where=_USED),)

    id: Mapped[Id]
    file: Mapped[Key]
    text: Mapped[Words]
    note: Mapped[Name] = mapped_column(default="")
    base: Mapped[Key] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    state: Mapped[EditionState] = mapped_column(default=EditionState.DRAFT)
    used_from: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
