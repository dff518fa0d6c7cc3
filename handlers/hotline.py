"""12345 工单往来: orders from the hotline's own system in, outcomes back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from handlers import adding, reporting
from handlers.channels import hotline_12345
from handlers.desk import Desk
from handlers.reading.work_order import WorkOrder
from models.case import Case
from models.draft import Draft, DraftState
from models.event import CaseEvent
from models.hotline import HotlineOrder
from models.report import Report
from models.workflow import Move, Status

_SETTLING = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Taken:
    """受理: the case's number, and whether the order was new."""

    case: int
    new: bool


def take_order(desk: Desk, person_id: int, order: WorkOrder) -> Taken:
    """受理工单: the same order number finds the case it made before."""
    known = case_of(desk, order.number)
    if known is not None:
        adding.add_new(desk, known, order.demand, person_id)
        return Taken(known.id, new=False)
    draft = Draft(
        person_id=person_id,
        account="",  # not by WeChat
        channel=hotline_12345.KEY,
        text=order.demand,
        place=order.address[:128],
        opened_at=desk.now,
        touched_at=desk.now,
        state=DraftState.SUBMITTED,  # never open: it comes whole, and several may come at once
    )
    desk.session.add(draft)
    desk.session.flush()
    receipts = reporting.submit(desk, draft, [hotline_12345.item_of(order)])
    return Taken(receipts[0].case.id, new=True)


def case_of(desk: Desk, number: str) -> Case | None:
    """The case an order belongs to."""
    query = (
        select(Case)
        .join(Report, Report.case_id == Case.id)
        .join(HotlineOrder, HotlineOrder.report_id == Report.id)
        .where(HotlineOrder.number == number)
    )
    return desk.session.scalars(query).one_or_none()


def outcome(desk: Desk, number: str) -> dict[str, Any] | None:
    """反馈: where an order stands; None for an order we do not know. Plain values, times in ISO 8601 UTC."""
    case = case_of(desk, number)
    if case is None:
        return None
    lead = case.assignments[-1] if case.assignments else None
    return {
        "number": number,
        "case": case.id,
        "status": case.status.value,
        "status_words": desk.texts(f"status.{case.status}"),
        "unit": desk.unit_name(lead.unit_code) if lead else None,
        "claimed_at": _iso(lead.claimed_at if lead else None),
        "closed_at": _iso(case.closed_at),
        "reason": _last_words(desk, case),
    }


def changed(desk: Desk, after: int, limit: int) -> list[dict[str, Any]]:
    """The outcomes of orders whose case changed after a change seen before, the oldest change first.

    after, and `change` of each outcome: the number of a CaseEvent.
    """
    # Two stories at once may commit out of the order of their numbers; what is younger waits for the next call.
    settled = CaseEvent.recorded_at <= desk.now - _SETTLING
    latest = func.max(CaseEvent.id)
    query = (
        select(HotlineOrder.number, latest)
        .join(Report, Report.id == HotlineOrder.report_id)
        .join(CaseEvent, CaseEvent.case_id == Report.case_id)
        .where(CaseEvent.id > after, settled)
        .group_by(HotlineOrder.number)
        .order_by(latest)
        .limit(limit)
    )
    return [{**(outcome(desk, number) or {}), "change": change} for number, change in desk.session.execute(query)]


def _last_words(desk: Desk, case: Case) -> str:
    """Why it was rejected, or what was said when it was closed."""
    if case.status not in (Status.REJECTED, Status.CLOSED):
        return ""
    ends = (Move.REJECT, Move.PASS, Move.CONFIRM)
    query = (
        select(CaseEvent.why)
        .where(CaseEvent.case_id == case.id, CaseEvent.move.in_(ends))
        .order_by(CaseEvent.id.desc())
        .limit(1)
    )
    return desk.session.scalars(query).first() or ""


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
