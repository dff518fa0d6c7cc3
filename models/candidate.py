"""群线索: what was said in a group that may be a report, until a dispatcher says whether it is one."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, Id, Key, Name, Ref, Words
from models.draft import Draft

_WAITING = text("state = 'waiting'")


class CandidateState(StrEnum):
    """线索状态."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"  # its draft has become reports
    IGNORED = "ignored"


class Candidate(Base):
    """群线索: its words and pictures are those of its draft, whose person is who spoke.

    speaker: the name shown in the group.  registered: whether the speaker is a member of the platform; else the
    draft's person is nobody's account.  said_at: None where the export does not tell the day; said_when: the time
    as the export told it.  doubt: why it may be no report ("no_problem", "no_words"), "" for none.
    settled_by: the dispatcher, None for the command line.
    """

    __tablename__ = "candidates"
    __table_args__ = (
        Index("ix_candidates_waiting", "imported_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[Id]
    channel: Mapped[Key]
    chat: Mapped[Name] = mapped_column(default="")
    speaker: Mapped[Name]
    registered: Mapped[bool]
    draft_id: Mapped[Ref] = mapped_column(ForeignKey("drafts.id"), unique=True)
    said_at: Mapped[datetime | None]
    said_when: Mapped[Key] = mapped_column(default="")
    doubt: Mapped[Key] = mapped_column(default="")
    state: Mapped[CandidateState] = mapped_column(default=CandidateState.WAITING)
    imported_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    reason: Mapped[Words] = mapped_column(default="")
    draft: Mapped[Draft] = relationship()

    @classmethod
    def locked(cls, session: Session, number: int) -> "Candidate | None":
        """The candidate, held for this transaction: of two dispatchers at once the second sees the first."""
        query = select(cls).where(cls.id == number).with_for_update()
        return session.scalars(query.execution_options(populate_existing=True)).one_or_none()

    def settle(self, state: CandidateState, now: datetime, by: int | None, reason: str = "") -> None:
        """Confirmed or ignored, once."""
        if self.state is not CandidateState.WAITING:
            raise ValueError(f"candidate {self.id} is settled already: {self.state}")
        self.state, self.settled_at, self.settled_by, self.reason = state, now, by, reason


class Overheard(Base):
    """已读发言: one thing said in a group that is in a candidate, so that no second import takes it again.

    mark: who said what when, as a hash.  photo_id: the picture it is, for one that a later import may bring along.
    """

    __tablename__ = "overheard"

    id: Mapped[Id]
    candidate_id: Mapped[Ref] = mapped_column(ForeignKey("candidates.id"), index=True)
    mark: Mapped[Key] = mapped_column(unique=True)
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photos.id"))
