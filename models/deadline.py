"""时限: a duty with an absolute end."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, JsonDict, Ref
from models.clock import Duty, Policy

_LIVE = text("next_at IS NOT NULL")
# What statistics count by the day it falls due.
_UNITS_DUTY = text("duty IN ('claim', 'rectify')")


class Outcome(StrEnum):
    """时限结果."""

    MET = "met"
    LATE = "late"  # done after the deadline
    MOVED = "moved"  # another deadline took its place (延期)
    DROPPED = "dropped"  # nobody owes it any more (退回, 转办)


class Deadline(Base):
    """时限: who owes what until when. "Late" is a query; the breach is dated at due_at.

    policy: copied in when made.  next_at, next_step: the next word due; next_at is None once nothing more is
    due, which is also what "not live" means to the sweep.  failures: how often the sweep stumbled over it.
    """

    __tablename__ = "deadlines"
    __table_args__ = (
        Index("ix_deadlines_next_at", "next_at", sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_deadlines_due_at", "due_at", sqlite_where=_UNITS_DUTY, postgresql_where=_UNITS_DUTY),
    )

    id: Mapped[Id]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"), index=True)
    petition_id: Mapped[int | None] = mapped_column(ForeignKey("petitions.id"))
    duty: Mapped[Duty]
    starts_at: Mapped[datetime]
    due_at: Mapped[datetime]
    policy: Mapped[JsonDict]
    next_step: Mapped[int]
    next_at: Mapped[datetime | None]
    breached: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    failures: Mapped[int] = mapped_column(default=0)

    @classmethod
    def begin(
        cls, duty: Duty, policy: Policy, starts_at: datetime, due_at: datetime, **links: int | None
    ) -> "Deadline":
        """Start a clock. links: case_id and, where they apply, assignment_id and petition_id."""
        first = policy.first_after(starts_at, due_at)
        return cls(
            duty=duty,
            starts_at=starts_at,
            due_at=due_at,
            policy=policy.as_json(),
            next_step=first,
            next_at=due_at + policy.step(first).offset,
            **links,
        )

    def is_late(self, at: datetime) -> bool:
        """逾期: whether something done at that moment is done too late. At the deadline it is."""
        return at >= self.due_at

    def end(self, now: datetime, outcome: Outcome | None = None) -> None:
        """Stop the clock; without an outcome it was done, in time or late."""
        self.outcome = outcome or (Outcome.LATE if self.is_late(now) else Outcome.MET)
        self.ended_at, self.next_at = now, None


class Reminder(Base):
    """催办记录: proof that one step of one deadline was taken, and how many people were told."""

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("deadline_id", "step"),)

    id: Mapped[Id]
    deadline_id: Mapped[Ref] = mapped_column(ForeignKey("deadlines.id"))
    step: Mapped[int]
    due_at: Mapped[datetime]
    taken_at: Mapped[datetime]
    told: Mapped[int]
