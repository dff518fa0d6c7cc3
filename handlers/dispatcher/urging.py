"""催办: the command centre's own word to a unit, beside those that come by the clock."""

from datetime import timedelta

from sqlalchemy import select

from handlers import notices
from handlers.desk import Desk
from handlers.dispatcher import triage
from handlers.people.caller import Caller
from models.actor import Actor
from models.case import Case
from models.clock import Duty
from models.event import CaseEvent
from models.workflow import Move, Part, Status

# Whoever is urged twice in an hour hears neither.
AT_MOST_EVERY = timedelta(hours=1)
_OWED = {Status.ASSIGNED: Duty.CLAIM, Status.CLAIMED: Duty.RECTIFY}


def urge(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """催办 12 今天必须清完: at once to everybody who acts for the unit, and into the story of the case."""
    duty = _OWED.get(case.status)
    clocks = case.live(duty) if duty else []
    if not clocks:
        return triage.wrong_state(desk, case)
    if _urged_lately(desk, case):
        return desk.texts("urge.lately", number=case.id)
    case.move(Move.NOTE, Actor(Part.DISPATCHER, caller.person.id), desk.now, rest, urged=True)
    text = desk.texts(
        "urge.unit",
        summary=notices.describe(desk, case),
        owed=desk.texts(f"urge.owed.{case.status}"),
        due=desk.clock_time(clocks[0].due_at),
        late=desk.texts("duty.late") if clocks[0].is_late(desk.now) else "",
        words=f"\n{rest}" if rest else "",
    )
    told = notices.tell_unit(desk, case, text, clocks[0])
    unit = desk.unit_name(case.unit_code)
    if not told:
        return desk.texts("urge.nobody", number=case.id, unit=unit)
    return desk.texts("urge.done", number=case.id, unit=unit, count=told)


def _urged_lately(desk: Desk, case: Case) -> bool:
    notes = select(CaseEvent.data).where(
        CaseEvent.case_id == case.id, CaseEvent.move == Move.NOTE, CaseEvent.at > desk.now - AT_MOST_EVERY
    )
    return any(data.get("urged") for data in desk.session.scalars(notes))
