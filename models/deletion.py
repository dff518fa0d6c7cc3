"""销毁记录: what was destroyed, when and why. It never says what it held."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Key, Words


class Destroyed(StrEnum):
    """销毁对象."""

    PHOTO = "photo"  # 照片: the original, and every copy of it
    PUBLIC = "public"  # 公开照片: the public copy alone, because it was withdrawn
    ORPHAN = "orphan"  # a file that no row knows
    RAW = "raw"  # 来件原文


class Deletion(Base):
    """销毁记录: append-only. name: the file's hash or the row's id.  size: bytes that are gone."""

    __tablename__ = "deletions"

    id: Mapped[Id]
    kind: Mapped[Destroyed]
    name: Mapped[Key] = mapped_column(index=True)
    size: Mapped[int] = mapped_column(default=0)
    why: Mapped[Words]
    deleted_at: Mapped[datetime] = mapped_column(index=True)
