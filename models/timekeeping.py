"""计时: the part of a case that makes moves, and starts and ends the clocks they bring about."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Mapped

from models.actor import SYSTEM, Actor
from models.chronicle import Chronicle
from models.clock import Clocks, Duty
from models.deadline import Deadline, Outcome
from models.workflow import Move, after


class Timekeeping(Chronicle):
    """计时: every act of a case goes through `move`, which first notes what is late by then."""

    if TYPE_CHECKING:  # the columns are Case's own
        due_at: Mapped[datetime | None]
        deadlines: Mapped[list[Deadline]]

    def live(self, *duties: Duty) -> list[Deadline]:
        """The deadlines that run now, of the duties named (all when none is)."""
        return [d for d in self.deadlines if d.ended_at is None and (not duties or d.duty in duties)]

    def move(self, move: Move, actor: Actor, now: datetime, why: str = "", **data: Any) -> None:
        """Make a legal move and append its event. Raises IllegalMove."""
        before = self.status
        landing = after(before, move, actor.part)
        self._note_overdue(now)
        self.status = landing
        self._record(move, before, actor, now, why, data)

    def _note_overdue(self, now: datetime) -> None:
        """逾期: what is late is written down, dated at its deadline, before the act that may end it.

        The sweep does the same; whoever comes first sets `breached`, and both hold the case while they do.
        """
        for clock in self.live():
            if clock.is_late(now) and not clock.breached:
                clock.breached = True
                self._flush()  # a clock begun in this very story has no id before
                data = {"deadline": clock.id, "duty": clock.duty.value}
                self._record(Move.BREACH, self.status, SYSTEM, now, clock.duty.value, data, at=clock.due_at)

    def _begin(self, duty: Duty, clocks: Clocks, now: datetime, petition_id: int | None = None) -> None:
        policy = clocks.of(duty)
        self._clock(Deadline.begin(duty, policy, now, now + policy.within, petition_id=petition_id))

    def _clock(self, deadline: Deadline) -> Deadline:
        self.deadlines.append(deadline)
        self._note_due()
        return deadline

    def _end(self, now: datetime, *duties: Duty, outcome: Outcome | None = None) -> None:
        for clock in self.live(*duties):
            clock.end(now, outcome)
        self._note_due()

    def _note_due(self) -> None:
        self.due_at = min((clock.due_at for clock in self.live()), default=None)
