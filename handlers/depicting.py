"""Depicting (制图): what a comparison or a case card shows, in words and photos; bot/picture_parcels.py draws it.

Everything is written down when it is said, so that whoever gets it later sees the case as it was then.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from handlers.desk import Desk
from models.assignment import Assignment
from models.base import JsonDict
from models.case import Case
from models.clock import Duty
from models.photo import Photo
from models.workflow import Status

MOST = 3  # photos of one side
_DONE = (Status.RECTIFIED, Status.CLOSED)
_ENDED = (Status.CLOSED, Status.REJECTED)


def comparison(desk: Desk, case: Case, before: list[Photo], after: list[Photo]) -> JsonDict:
    """对比: before and after, with number, category, place and unit. Never a reporter."""
    return {"kind": "compare", "heading": _heading(desk, case), **_sides(desk, before, after)}


def card(desk: Desk, case: Case, before: list[Photo], after: list[Photo]) -> JsonDict:
    """案件卡: the same, with the case's state and its steps and clocks."""
    steps = list(_steps(desk, case))
    late = any(step["late"] and not step["done"] for step in steps)
    state = desk.texts(f"status.{case.status}")
    heading = _heading(desk, case, desk.texts("picture.state_late", state=state) if late else state)
    sides = _sides(desk, before[:1], after[:1])
    return {"kind": "card", "heading": heading, "steps": steps, "late": late, **sides}


def _heading(desk: Desk, case: Case, tag: str = "") -> JsonDict:
    unit = case.assignments[-1].unit_code if case.assignments else ""
    details = {
        "place": case.place or desk.unit_name(case.street) or desk.unit_name(case.district),
        "unit": desk.unit_name(unit) if unit else desk.texts("case.no_unit"),
    }
    return {
        "title": desk.texts("picture.title", number=case.id, category=desk.category_name(case)),
        "details": [[desk.texts(f"picture.fact.{name}"), words] for name, words in details.items() if words],
        "tag": tag,
        "footer": desk.texts("picture.footer", at=desk.full_time(desk.now)),
    }


def _sides(desk: Desk, before: list[Photo], after: list[Photo]) -> JsonDict:
    return {"before": _side(desk, "before", before), "after": _side(desk, "after", after)}


def _side(desk: Desk, name: str, photos: list[Photo]) -> JsonDict:
    # When it came, not when the camera says it was taken: that is the command centre's to know.
    time = desk.clock_time(photos[0].arrived_at) if photos else ""
    return {
        "title": desk.texts(f"picture.side.{name}"),
        "time": time,
        "photos": [photo.id for photo in photos[:MOST]],
    }


def _steps(desk: Desk, case: Case) -> Iterator[JsonDict]:
    """上报 派单 认领 整改 办结: when each happened, or until when it is owed."""
    yield _step(desk, "report", case.opened_at)
    if case.status is Status.REJECTED:
        yield _step(desk, "reject", case.closed_at)
        return
    lead = case.assignments[-1] if case.assignments else None
    if lead is not None and lead.ended_at and case.status not in _ENDED:
        lead = None  # 退回: nobody has it any more
    yield _step(desk, "assign", lead.assigned_at if lead else None, _due(case, Duty.TRIAGE))
    yield _step(desk, "claim", lead.claimed_at if lead else None, lead.claim_due_at if lead else None)
    yield _step(desk, "rectify", *_rectified(case, lead))
    yield _step(desk, "close", case.closed_at, _due(case, Duty.VERIFY))


def _rectified(case: Case, lead: Assignment | None) -> tuple[datetime | None, datetime | None]:
    """When it was put right, unless it was not good enough, and by when it has or had to be."""
    if lead is None:
        return None, None
    clocks = [c for c in case.deadlines if c.duty is Duty.RECTIFY and c.assignment_id == lead.id]
    return lead.rectified_at if case.status in _DONE else None, clocks[-1].due_at if clocks else None


def _due(case: Case, duty: Duty) -> datetime | None:
    clocks = case.live(duty)
    return clocks[0].due_at if clocks else None


def _step(desk: Desk, name: str, at: datetime | None, due: datetime | None = None) -> JsonDict:
    late = due is not None and (at or desk.now) > due
    return {
        "name": desk.texts(f"picture.step.{name}"),
        "at": desk.clock_time(at) if at else "",
        "note": _note(desk, at, due, late) if due else "",
        "done": at is not None,
        "late": late,
    }


def _note(desk: Desk, at: datetime | None, due: datetime, late: bool) -> str:
    if late:
        hours, minutes = divmod(((at or desk.now) - due) // timedelta(minutes=1), 60)
        return desk.texts("picture.late", hours=hours, minutes=minutes)
    return "" if at else desk.texts("picture.due", due=desk.clock_time(due))
