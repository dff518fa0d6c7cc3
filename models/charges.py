"""计责事项: what is counted against a unit, read out of the events; and what a 申诉 has lifted again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.assignment import Assignment
from models.case import Case
from models.clock import Duty
from models.event import CaseEvent
from models.petition import Plea
from models.workflow import Move, Status

_OWED_BY_UNIT = (Duty.CLAIM, Duty.RECTIFY, Duty.PLEDGE)
_TELLING = (Move.BREACH, Move.FAIL, Move.REOPEN, Move.REFUSE, Move.EXPOSE)


class Charge(StrEnum):
    """计责类别."""

    BREACH = "breach"  # 逾期
    REWORK = "rework"  # 核查不通过, 返工, 重办
    FAKE = "fake"  # 弄虚作假
    REFUSAL = "refusal"  # 退回 refused
    EXPOSURE = "exposure"  # 媒体曝光


@dataclass(frozen=True, slots=True)
class Charged:
    """计责: one thing counted against one unit. event_id: what tells of it.  duty: which 逾期 it was, "" for others.

    at: when it happened.  noted_at: when the event was written, from when on a 申诉 is possible.
    """

    event_id: int
    charge: Charge
    unit_code: str
    at: datetime
    noted_at: datetime
    duty: str = ""

    @property
    def key(self) -> tuple[int, Charge]:
        """What a 申诉 names: one event may say 返工 and 弄虚作假, which are two things."""
        return self.event_id, self.charge

    @property
    def about(self) -> dict[str, Any]:
        """The same, as an event keeps it."""
        return {"event": self.event_id, "charge": self.charge.value, "unit": self.unit_code}


def charges(session: Session, case: Case) -> list[Charged]:
    """Everything counted against any unit for this case, the oldest first, whether or not it was lifted."""
    told = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.move.in_(_TELLING))
    return [found for event in session.scalars(told.order_by(CaseEvent.id)) for found in _of(case, event)]


def contested(session: Session, case: Case, *moves: Move) -> set[tuple[int, Charge]]:
    """The keys that a 申诉 was ever about (ASK_APPEAL), or that one has lifted (UPHOLD)."""
    told = select(CaseEvent.data).where(CaseEvent.case_id == case.id, CaseEvent.move.in_(moves))
    return {(data["event"], Charge(data["charge"])) for data in session.scalars(told)}


def lifted(session: Session, case: Case) -> set[tuple[int, Charge]]:
    """申诉成立: what no longer counts. With a 返工 goes the 弄虚作假 that the same event told of."""
    upheld = contested(session, case, Move.UPHOLD)
    return upheld | {(event, Charge.FAKE) for event, charge in upheld if charge is Charge.REWORK}


def _of(case: Case, event: CaseEvent) -> Iterator[Charged]:
    holder = _owing(case, event) if event.move is Move.BREACH else _holder(case, event.recorded_at)
    if holder is None:
        return
    for charge in _kinds(event):
        duty = event.data["duty"] if charge is Charge.BREACH else ""
        yield Charged(event.id, charge, holder.unit_code, event.at, event.recorded_at, duty)


def _kinds(event: CaseEvent) -> Iterator[Charge]:
    """What an event says against the unit; a rejected case that is opened again says nothing."""
    if event.move is Move.BREACH:
        yield Charge.BREACH
    elif event.move is Move.EXPOSE:
        yield Charge.EXPOSURE
    elif event.move is Move.REFUSE:
        if event.data.get("plea") == Plea.RETURN:
            yield Charge.REFUSAL
    elif event.now is Status.CLAIMED:
        yield Charge.REWORK
        if event.data.get("fake"):
            yield Charge.FAKE


def _owing(case: Case, event: CaseEvent) -> Assignment | None:
    """Whose deadline it was that passed; None where the command centre owed."""
    if Duty(event.data["duty"]) not in _OWED_BY_UNIT:
        return None
    owed = next((clock.assignment_id for clock in case.deadlines if clock.id == event.data["deadline"]), None)
    return next((lead for lead in case.assignments if lead.id == owed), None)


def _holder(case: Case, at: datetime) -> Assignment | None:
    """Who had the case then, else who got it next, else who had it last."""
    then = [lead for lead in case.assignments if lead.ended_at is None or lead.ended_at > at]
    return next(iter(then), case.assignments[-1] if case.assignments else None)
