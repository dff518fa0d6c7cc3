"""流转记录: who, when, from, to, why."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, JsonDict, Ref, Words
from models.workflow import Move, Part, Status

# What statistics count by its day: the end of a case, and whether it had to be done again.
_VERDICT = text("move IN ('pass', 'confirm', 'fail', 'reopen')")


class CaseEvent(Base):
    """流转记录: append-only, written in the same transaction as the change it tells of.

    at: when it happened; a breach is dated at the deadline, not at the sweep.  recorded_at: when we wrote it.
    before is None for the first event only.
    """

    __tablename__ = "case_events"
    __table_args__ = (
        Index("ix_case_events_case_id_id", "case_id", "id"),
        Index("ix_case_events_at", "at", sqlite_where=_VERDICT, postgresql_where=_VERDICT),
    )

    id: Mapped[Id]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    move: Mapped[Move]
    before: Mapped[Status | None]
    now: Mapped[Status]
    part: Mapped[Part]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    why: Mapped[Words] = mapped_column(default="")
    data: Mapped[JsonDict] = mapped_column(default=dict)
