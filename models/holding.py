"""承办: who has a case, the one unit that answers for it (主办) and those that help it (协办)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Mapped

from models.actor import Actor
from models.assignment import Assignment, Ending, Hand
from models.timekeeping import Timekeeping
from models.workflow import Move


class Holding(Timekeeping):
    """承办: the leads are in `assignments`, the helpers in `helpers`, and nobody ever finds one among the others."""

    if TYPE_CHECKING:  # the columns are Case's own
        assignments: Mapped[list[Assignment]]
        helpers: Mapped[list[Assignment]]

    @property
    def lead(self) -> Assignment | None:
        """主办: the open lead assignment."""
        return next((a for a in self.assignments if a.ended_at is None), None)

    @property
    def helping(self) -> list[Assignment]:
        """协办: whoever helps now."""
        return [helper for helper in self.helpers if helper.ended_at is None]

    def enlist(self, unit_code: str, actor: Actor, now: datetime, why: str = "") -> Assignment:
        """指定协办: the unit helps, without a clock of its own; the lead answers for the time."""
        lead = self._must_lead()
        self.move(Move.ENLIST, actor, now, why, unit=unit_code)
        helper = Assignment(
            unit_code=unit_code,
            role=Hand.CO,
            policies={},
            assigned_at=now,
            claim_due_at=lead.claim_due_at,
            decision={"by": actor.part.value},
        )
        self.helpers.append(helper)
        self._flush()
        return helper

    def dismiss(self, helper: Assignment, actor: Actor, now: datetime) -> None:
        """取消协办."""
        self.move(Move.DISMISS, actor, now, unit=helper.unit_code)
        helper.finish(Ending.DISMISSED, now)

    def _release(self, ending: Ending, now: datetime) -> None:
        """Whoever helped does so no more: the case is over, or another unit answers for it."""
        for helper in self.helping:
            helper.finish(ending, now)

    def _must_lead(self) -> Assignment:
        if self.lead is None:
            raise LookupError(f"case {self.id} is {self.status} without an open lead assignment")
        return self.lead
