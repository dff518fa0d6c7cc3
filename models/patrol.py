"""巡访: one patrol member's round, from its start to its summary."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Name, Ref

_OPEN = text("ended_at IS NULL")


class Round(Base):
    """巡访: at most one is under way per person; what is reported meanwhile belongs to it."""

    __tablename__ = "rounds"
    __table_args__ = (Index("uq_rounds_open", "person_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),)

    id: Mapped[Id]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("persons.id"))
    route: Mapped[Name] = mapped_column(default="")
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
