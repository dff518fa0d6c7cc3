"""申请与裁定: the part of a case that is asked for something, and what becomes of it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Mapped

from models.actor import SYSTEM, Actor
from models.clock import Clocks, Duty
from models.deadline import Deadline, Outcome
from models.holding import Holding
from models.petition import Petition, Plea, Ruling
from models.workflow import Move, OutOfTime

ASKING = {
    Plea.RETURN: Move.ASK_RETURN,
    Plea.EXTENSION: Move.ASK_EXTENSION,
    Plea.DEFERRAL: Move.ASK_DEFERRAL,
    Plea.TRANSFER: Move.ASK_TRANSFER,
    Plea.REOPEN: Move.ASK_REOPEN,
    Plea.APPEAL: Move.ASK_APPEAL,
}
# What is asked about the past does not depend on who has the case now.
_OUTLASTS = (Plea.REOPEN, Plea.APPEAL)


class Pleading(Holding):
    """申请与裁定: what an accepted petition changes is a verb of its own."""

    if TYPE_CHECKING:  # the column is Case's own
        petitions: Mapped[list[Petition]]

    def ask(
        self,
        plea: Plea,
        actor: Actor,
        clocks: Clocks,
        now: datetime,
        why: str,
        unit: str | None = None,
        until: datetime | None = None,
        **about: Any,
    ) -> Petition:
        """申请: the command centre owes a ruling; the unit's own clock goes on.

        unit: whom a 转办 suggests.  until: the end of a 缓办.  about: what the event says besides.
        """
        when = {"until": until.isoformat()} if until else {}
        self.move(ASKING[plea], actor, now, why, **when, **about)
        lead = self.lead
        petition = Petition(
            assignment_id=lead.id if lead else None,
            person_id=actor.person_id,
            plea=plea,
            reason=why,
            suggested_unit=unit,
            until=until,
            asked_at=now,
        )
        self.petitions.append(petition)
        self._flush()
        self._begin(Duty.RULING, clocks, now, petition_id=petition.id)
        return petition

    def pending(self, plea: Plea) -> Petition | None:
        return next((p for p in self.petitions if p.plea is plea and p.state is Ruling.PENDING), None)

    def settle(self, petition: Petition, state: Ruling, actor: Actor, now: datetime, words: str = "") -> None:
        """裁定: note the ruling and stop its clock. What an accepted one changes is the caller's next verb."""
        self._note_overdue(now)
        petition.rule(state, now, actor.person_id, words)
        for clock in self.live(Duty.RULING):
            if clock.petition_id == petition.id:
                clock.end(now, Outcome.DROPPED if state is Ruling.LAPSED else None)
        self._note_due()
        if state is Ruling.REFUSED:
            self.move(Move.REFUSE, actor, now, words, plea=petition.plea.value)

    def extend(self, actor: Actor, clocks: Clocks, now: datetime, why: str) -> Deadline:
        """同意延期: another deadline takes the place of the running one. Raises OutOfTime when that one is past."""
        running = self._still_running(now)
        self.move(Move.EXTEND, actor, now, why)
        return self._prolong(running, running.due_at + clocks.extension, now)

    def defer(self, petition: Petition, until: datetime, actor: Actor, now: datetime) -> Deadline:
        """同意缓办: the deadline moves to the moment asked for, never forward. Raises OutOfTime when it is past.

        The new clock names its petition, as the event does: a 缓办 is never taken for an 延期.
        """
        running = self._still_running(now)
        self.move(Move.DEFER, actor, now, petition.reason, petition=petition.id, until=until.isoformat())
        return self._prolong(running, max(until, running.due_at), now, petition.id)

    def uphold(self, petition: Petition, actor: Actor, now: datetime, why: str, **about: Any) -> None:
        """申诉成立: about names the event that no longer counts, which stays where it is, and what it said."""
        self.settle(petition, Ruling.ACCEPTED, actor, now, why)
        self.move(Move.UPHOLD, actor, now, why, petition=petition.id, **about)

    def _still_running(self, now: datetime) -> Deadline:
        running = self.live(Duty.RECTIFY)
        if any(clock.is_late(now) for clock in running):
            raise OutOfTime(f"case {self.id}: the deadline is past and cannot be moved any more")
        return running[0]

    def _prolong(
        self, running: Deadline, due_at: datetime, now: datetime, petition_id: int | None = None
    ) -> Deadline:
        running.end(now, Outcome.MOVED)
        policy = self._must_lead().policy(Duty.RECTIFY)
        links = {"assignment_id": running.assignment_id, "petition_id": petition_id}
        return self._clock(Deadline.begin(Duty.RECTIFY, policy, now, due_at, **links))

    def _lapse(self, now: datetime) -> None:
        for petition in self.petitions:
            if petition.state is Ruling.PENDING and petition.plea not in _OUTLASTS:
                self.settle(petition, Ruling.LAPSED, SYSTEM, now)
