"""案件: the problem at a place, and everything that can be done to it."""

from datetime import datetime
from typing import Any, Self

from sqlalchemy import ColumnElement, ForeignKey, Index, String, and_, select
from sqlalchemy.orm import Mapped, Session, WriteOnlyMapped, mapped_column, relationship

from models.actor import SYSTEM, Actor, Order
from models.assignment import Assignment, Ending, Hand
from models.base import Base, Id, JsonDict, Key, Name, Words
from models.clock import Clocks, Duty
from models.deadline import Deadline, Outcome
from models.event import CaseEvent
from models.petition import Petition
from models.pleading import Pleading
from models.workflow import Move, Part, Status, after


class Case(Pleading, Base):
    """案件: status always equals the last event's `now`; every verb appends that event.

    category: key such as "event:06010", "" while unknown.  district, street: unit codes.  lat, lon: WGS-84.
    decision: how it was routed, in plain values.  exposed: a medium published it.
    recurrence_of: the closed case this problem came back from (反弹); linked, never joined.
    returns: how often a 退回 was accepted.
    unit_code: who holds it, or held it last when it was closed; "" while nobody does.  due_at: what is owed first.
    rating: the worst word of its reporters.  These three repeat what other rows say, so that lists need not ask them.
    """

    __tablename__ = "cases"
    __table_args__ = (Index("ix_cases_status_category", "status", "category"),)

    id: Mapped[Id]
    status: Mapped[Status]
    channel: Mapped[Key]
    category: Mapped[Key] = mapped_column(default="")
    district: Mapped[str] = mapped_column(String(32), default="")
    street: Mapped[str] = mapped_column(String(32), default="")
    text: Mapped[Words]
    place: Mapped[Name]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    decision: Mapped[JsonDict] = mapped_column(default=dict)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    returns: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)
    exposed: Mapped[bool] = mapped_column(default=False)
    recurrence_of: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    unit_code: Mapped[str] = mapped_column(String(32), default="")
    due_at: Mapped[datetime | None]
    rating: Mapped[int | None]

    # Two lists, so that whoever looks for the unit that answers for a case cannot find one that only helps.
    assignments: Mapped[list[Assignment]] = relationship(
        order_by=Assignment.id, primaryjoin=lambda: _held_by(Hand.LEAD), overlaps="helpers"
    )
    helpers: Mapped[list[Assignment]] = relationship(
        order_by=Assignment.id, primaryjoin=lambda: _held_by(Hand.CO), overlaps="assignments"
    )
    deadlines: Mapped[list[Deadline]] = relationship(order_by=Deadline.id)
    petitions: Mapped[list[Petition]] = relationship(order_by=Petition.id)
    events: WriteOnlyMapped[CaseEvent] = relationship(order_by=CaseEvent.id)

    # Two sessions that both read the case cannot both change it: the second one's UPDATE finds no row.
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @classmethod
    def open(cls, session: Session, clocks: Clocks, now: datetime, **facts: Any) -> Self:
        """受理: a new problem; the command centre owes it a decision."""
        case = cls(status=after(None, Move.OPEN, Part.SYSTEM), opened_at=now, **facts)
        session.add(case)
        session.flush()
        case._record(Move.OPEN, None, SYSTEM, now, "", {})
        case._begin(Duty.TRIAGE, clocks, now)
        return case

    @classmethod
    def locked(cls, session: Session, case_id: int) -> Self | None:
        """The case, held for this transaction, so that of two claims at once one waits and sees the other."""
        # Not FOR UPDATE: whoever only refers to the case (a new report, an event) need not wait for us.
        query = select(cls).where(cls.id == case_id).with_for_update(key_share=True)
        return session.scalars(query.execution_options(populate_existing=True)).one_or_none()

    def assign(self, order: Order, actor: Actor, now: datetime) -> Assignment:
        """派单 or 转办: the unit's claim clock starts; whoever had it before is relieved."""
        self.move(Move.ASSIGN, actor, now, order.why, unit=order.unit, forced=order.forced)
        self._relieve(Ending.TRANSFERRED, now)
        lead = Assignment(
            unit_code=order.unit,
            forced=order.forced,
            decision=order.decision,
            policies=order.policies,
            assigned_at=now,
        )
        lead.claim_due_at = now + lead.policy(Duty.CLAIM).within
        self.assignments.append(lead)
        self.unit_code = order.unit
        self._flush()
        clock = Deadline.begin(Duty.CLAIM, lead.policy(Duty.CLAIM), now, lead.claim_due_at, assignment_id=lead.id)
        self._clock(clock)
        return lead

    def claim(self, actor: Actor, now: datetime) -> Assignment:
        """认领: the rectification clock runs from now or from the claim deadline, whichever is earlier."""
        self.move(Move.CLAIM, actor, now)
        lead = self._must_lead()
        lead.claimed_at, lead.claimed_by = now, actor.person_id
        self._end(now, Duty.CLAIM)
        if not self.live(Duty.RECTIFY):  # the sweep has started it already where the claim is late
            self._clock(lead.rectify_clock(min(now, lead.claim_due_at)))
        return lead

    def rectify(self, actor: Actor, draft_id: int, clocks: Clocks, now: datetime, why: str) -> None:
        """整改完成: now the command centre owes a verification."""
        self.move(Move.RECTIFY, actor, now, why, draft=draft_id)
        lead = self._must_lead()
        lead.rectified_at, lead.rectification_id, lead.on_site = now, draft_id, False
        self._end(now, Duty.RECTIFY)
        self._end(now, Duty.PLEDGE, outcome=Outcome.DROPPED)  # what is done needs no promise
        self._lapse(now)
        self._begin(Duty.VERIFY, clocks, now)

    def doubt(self, now: datetime, why: str, **data: Any) -> None:
        """照片存疑: before the case is closed, somebody must have been there."""
        self.move(Move.DOUBT, SYSTEM, now, why, **data)
        self.assignments[-1].on_site = True

    def clear(self, now: datetime, why: str) -> None:
        """疑点消除."""
        self.move(Move.CLEAR, SYSTEM, now, why)
        self.assignments[-1].on_site = False

    @property
    def needs_look(self) -> bool:
        """须现场核查: neither the reporter's word nor the photos are enough to close it."""
        return self.status is Status.RECTIFIED and self.lead is not None and self.lead.on_site

    def correct(self, actor: Actor, now: datetime, why: str, **facts: str) -> None:
        """更正: category, street, district or place as a dispatcher knows them; running clocks stay as they are."""
        before = {name: getattr(self, name) for name in facts}
        self.move(Move.CORRECT, actor, now, why, before=before, after=facts)
        for name, value in facts.items():
            setattr(self, name, value)

    def close(self, move: Move, actor: Actor, now: datetime, why: str = "", **data: Any) -> None:
        """办结: by 核查 (PASS) or by the reporter's word (CONFIRM, with their score)."""
        self.move(move, actor, now, why, **data)
        self._end(now, Duty.VERIFY)
        self._must_lead().finish(Ending.DONE, now)
        self._release(Ending.DONE, now)
        self.closed_at = now

    def fail(self, actor: Actor, clocks: Clocks, now: datetime, why: str, fake: bool = False) -> None:
        """核查不通过: 返工 by the same unit, with a clock of its own. fake: 弄虚作假, as whoever verified it says."""
        self.move(Move.FAIL, actor, now, why, **({"fake": True} if fake else {}))
        self._end(now, Duty.VERIFY)
        lead = self._must_lead()
        lead.reworks += 1
        self._rework(lead, clocks, now)

    def reject(self, actor: Actor, now: datetime, why: str, **data: Any) -> None:
        """不予立案, with the reason the reporter will read. into: the case it was joined with (并案)."""
        self.move(Move.REJECT, actor, now, why, **data)
        self._end(now, Duty.TRIAGE)
        self.closed_at = now

    def send_back(self, actor: Actor, clocks: Clocks, now: datetime, why: str) -> None:
        """同意退回: the unit is relieved and the command centre must decide again."""
        self.move(Move.SEND_BACK, actor, now, why)
        self._relieve(Ending.RETURNED, now)
        self.returns += 1
        self._begin(Duty.TRIAGE, clocks, now)

    def reopen(self, actor: Actor, clocks: Clocks, now: datetime, why: str, fake: bool = False) -> None:
        """同意重办: a closed case goes back to its unit as 返工, a rejected one to the dispatcher's queue.

        fake: 弄虚作假, as whoever has seen the place says.
        """
        was_closed = self.status is Status.CLOSED
        self.move(Move.REOPEN, actor, now, why, **({"fake": True} if fake else {}))
        self.closed_at = None
        if not was_closed:
            self._begin(Duty.TRIAGE, clocks, now)
            return
        past = self.assignments[-1]
        lead = Assignment(
            unit_code=past.unit_code,
            assigned_at=now,
            claim_due_at=now,
            claimed_at=now,
            claimed_by=past.claimed_by,
            forced=past.forced,
            reworks=past.reworks + 1,
            decision=past.decision,
            policies=past.policies,
        )
        self.assignments.append(lead)
        self.unit_code = lead.unit_code
        self._flush()
        self._rework(lead, clocks, now)

    def begin_pledge(self, lead: Assignment, clocks: Clocks, now: datetime) -> None:
        """整改承诺 is owed from the exposure, or the assignment of an exposed case; never longer than a claim."""
        policy = clocks.of(Duty.PLEDGE)
        due = now + min(policy.within, lead.policy(Duty.CLAIM).within)
        self._clock(Deadline.begin(Duty.PLEDGE, policy, now, due, assignment_id=lead.id))

    def pledge(self, actor: Actor, now: datetime, words: str) -> None:
        """整改承诺 given."""
        self.move(Move.PLEDGE, actor, now, words)
        self._end(now, Duty.PLEDGE)

    def _rework(self, lead: Assignment, clocks: Clocks, now: datetime) -> None:
        policy = lead.policy(Duty.RECTIFY)
        self._clock(Deadline.begin(Duty.RECTIFY, policy, now, now + clocks.rework, assignment_id=lead.id))

    def _relieve(self, ending: Ending, now: datetime) -> None:
        """Whoever held the case owes nothing more, and nobody rules on what they asked."""
        self._end(now, Duty.TRIAGE)
        self._end(now, Duty.CLAIM, Duty.RECTIFY, Duty.PLEDGE, outcome=Outcome.DROPPED)
        self._lapse(now)
        if self.lead:
            self.lead.finish(ending, now)
            self.unit_code = ""
            self._release(ending, now)
            self._flush()  # the old lead must be out before the new one enters: one open lead per case


def _held_by(hand: Hand) -> ColumnElement[bool]:
    return and_(Case.id == Assignment.case_id, Assignment.role == hand)
