"""撤销: a dispatcher takes back what the same dispatcher has just done. Both stay in the story of the case."""

from handlers import notices, reporting, satisfaction
from handlers.desk import Desk
from handlers.dispatcher import triage
from handlers.people.caller import Caller
from models.actor import Actor
from models.case import Case
from models.workflow import IllegalMove, Part, Status


def take_back(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """撤销派单: back to the queue. It is no 退回: nothing was asked for, and nothing counts towards 首接负责."""
    lead, returns = case.lead, case.returns
    if lead is None:
        return triage.wrong_state(desk, case)
    people, unit = notices.unit_people(desk, lead.unit_code), lead.unit_code
    try:
        case.send_back(Actor(Part.DISPATCHER, caller.person.id), desk.clocks, desk.now, rest)
    except IllegalMove:
        return triage.wrong_state(desk, case)
    case.returns = returns
    text = desk.texts("task.relieved", number=case.id)
    for person in people:
        desk.say(person, f"{case.cause}:relieved", text, case=case, can_wait=True)
    return desk.texts("undo.assigned", number=case.id, unit=desk.unit_name(unit))


def reopen_rejected(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """撤销不予立案: back to the queue, and whoever reported hears that it goes on."""
    if case.status is not Status.REJECTED:
        return triage.wrong_state(desk, case)
    case.reopen(Actor(Part.DISPATCHER, caller.person.id), desk.clocks, desk.now, rest)
    notices.tell_reporters(desk, case, desk.texts("undo.reporter", number=case.id))
    satisfaction.forget_ratings(desk, case)
    return desk.texts("undo.rejected", number=case.id, options=reporting.options(desk, case))
