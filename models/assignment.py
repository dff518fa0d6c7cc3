"""派单: case × unit × role. Clocks and scores hang here, not on the case."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, JsonDict, Ref
from models.clock import Duty, Policy
from models.deadline import Deadline

_OPEN_LEAD = text("ended_at IS NULL AND role = 'lead'")


class Hand(StrEnum):
    """主办 or 协办."""

    LEAD = "lead"
    CO = "co"


class Ending(StrEnum):
    """派单结果."""

    DONE = "done"
    RETURNED = "returned"  # 退回 accepted: the dispatching was wrong
    TRANSFERRED = "transferred"  # 转办
    DISMISSED = "dismissed"  # 取消协办


class Assignment(Base):
    """派单: who must act, or help (协办: no clocks and no rules of its own, its claim_due_at is the lead's).

    forced: assigned after too many returns, cannot be returned again (首接负责).
    policies: the claim and rectify rules as they were when the case was assigned, by duty.
    on_site: 须现场核查, because the photos of its rectification are in doubt; somebody has to have been there.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        Index(
            "uq_assignments_open_lead",
            "case_id",
            unique=True,
            sqlite_where=_OPEN_LEAD,
            postgresql_where=_OPEN_LEAD,
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), index=True)
    unit_code: Mapped[str] = mapped_column(String(32), ForeignKey("units.code"), index=True)
    role: Mapped[Hand] = mapped_column(default=Hand.LEAD)
    forced: Mapped[bool] = mapped_column(default=False)
    decision: Mapped[JsonDict] = mapped_column(default=dict)
    policies: Mapped[JsonDict]
    assigned_at: Mapped[datetime]
    claim_due_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    rectified_at: Mapped[datetime | None]
    rectification_id: Mapped[int | None] = mapped_column(ForeignKey("drafts.id"))
    reworks: Mapped[int] = mapped_column(default=0)
    on_site: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None]
    ending: Mapped[Ending | None]

    def policy(self, duty: Duty) -> Policy:
        """The rule in force for this assignment, whatever the settings say by now."""
        return Policy.from_json(self.policies[duty.value])

    def rectify_clock(self, starts_at: datetime) -> Deadline:
        """The 整改 deadline that follows the claim, or the claim deadline when nobody claimed: late buys nothing."""
        policy = self.policy(Duty.RECTIFY)
        due = starts_at + policy.within
        return Deadline.begin(Duty.RECTIFY, policy, starts_at, due, case_id=self.case_id, assignment_id=self.id)

    def finish(self, ending: Ending, now: datetime) -> None:
        self.ending, self.ended_at = ending, now
