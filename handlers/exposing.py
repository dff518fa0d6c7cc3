"""媒体曝光: counted by place and category; the unit that holds the case owes a promise (整改承诺)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from handlers import matching, notices
from handlers.desk import Desk
from models.actor import SYSTEM
from models.case import Case
from models.clock import Duty
from models.exposure import Exposure, Pledge
from models.report import Report
from models.workflow import Move, Status

REPEAT_WITHIN = timedelta(days=90)
OWING = (Status.ASSIGNED, Status.CLAIMED)


def expose(desk: Desk, case: Case, report: Report, told: Mapping[str, Any], published_on: date) -> None:
    """Record an exposure of a case; a unit that holds it already now owes a promise as well."""
    case.exposed = True
    exposure = Exposure(
        case_id=case.id,
        report_id=report.id,
        outlet=told.get("outlet", ""),
        column=told.get("column", ""),
        title=told.get("title", ""),
        url=told.get("url", ""),
        published_on=published_on,
        nth=_times_before(desk, case, published_on) + 1,
        recorded_at=desk.now,
    )
    desk.session.add(exposure)
    desk.session.flush()
    case.move(Move.EXPOSE, SYSTEM, desk.now, exposure.outlet, exposure=exposure.id, nth=exposure.nth)
    if owe_pledge(desk, case):  # a case that is with a unit already; others hear of it with their 派单
        _tell_owed(desk, case)


def owe_again(desk: Desk, case: Case) -> None:
    """返工 and 重办: a unit that has promised nothing since the last exposure owes it now."""
    exposed_at = select(func.max(Exposure.recorded_at)).where(Exposure.case_id == case.id).scalar_subquery()
    promised = select(Pledge.id).where(Pledge.case_id == case.id, Pledge.made_at >= exposed_at).limit(1)
    if desk.session.scalars(promised).first() is None and owe_pledge(desk, case):
        _tell_owed(desk, case)


def _tell_owed(desk: Desk, case: Case) -> None:
    clock = case.live(Duty.PLEDGE)[0]
    due = desk.clock_time(clock.due_at)
    text = desk.texts("pledge.exposed", number=case.id, summary=notices.describe(desk, case), due=due)
    for person in notices.unit_people(desk, case.assignments[-1].unit_code):
        desk.say(person, f"{case.cause}:unit:pledge", text, case=case, deadline=clock, can_wait=True)


def _times_before(desk: Desk, case: Case, published_on: date) -> int:
    """Exposures of the same problem: the same category at the same place, whichever cases they were of."""
    query = (
        select(Case, func.count())
        .join(Exposure, Exposure.case_id == Case.id)
        .where(Case.category == case.category, Exposure.published_on >= published_on - REPEAT_WITHIN)
        .group_by(Case.id)
    )
    here = matching.spot_of(case)
    return sum(
        count
        for other, count in desk.session.execute(query)
        # Two that nobody has named yet are not the same problem.
        if other.id == case.id or (case.category and matching.is_same_place(desk, here, matching.spot_of(other)))
    )


def owe_pledge(desk: Desk, case: Case) -> bool:
    """整改承诺 is owed inside the claim limit by whoever holds an exposed case. Returns whether it is owed now."""
    lead = case.lead
    if lead is None or not case.exposed or case.status not in OWING:
        return False
    if not case.live(Duty.PLEDGE):
        case.begin_pledge(lead, desk.clocks, desk.now)
    return True
