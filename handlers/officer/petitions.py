"""退回, 延期, 转办: what a unit asks the command centre. The clock goes on until somebody rules."""

from datetime import timedelta

from handlers import notices, questions
from handlers.desk import Desk
from handlers.naming import unit_named
from handlers.officer.choice import Wish, choose, held
from handlers.people.caller import Caller
from models.actor import Actor
from models.case import Case
from models.clock import Duty
from models.petition import Plea
from models.question import Ask
from models.workflow import Status

REASON_OPEN_FOR = timedelta(minutes=10)

_STATES = {
    Plea.RETURN: (Status.ASSIGNED, Status.CLAIMED),
    Plea.EXTENSION: (Status.CLAIMED,),
    Plea.TRANSFER: (Status.ASSIGNED, Status.CLAIMED),
}


def ask_return(desk: Desk, caller: Caller, number: int | None, rest: str) -> str:
    """退回 12 原因."""
    return _ask(desk, caller, Plea.RETURN, number, rest)


def ask_extension(desk: Desk, caller: Caller, number: int | None, rest: str) -> str:
    """延期 12 原因; only before the deadline."""
    return _ask(desk, caller, Plea.EXTENSION, number, rest)


def ask_transfer(desk: Desk, caller: Caller, number: int | None, rest: str) -> str:
    """转办 12 某单位 原因."""
    return _ask(desk, caller, Plea.TRANSFER, number, rest)


def _ask(desk: Desk, caller: Caller, plea: Plea, number: int | None, reason: str) -> str:
    name = desk.texts(f"plea.{plea}")
    chosen = choose(desk, caller, Wish(plea.value, number, reason), held(desk, caller, *_STATES[plea]))
    if chosen.case is None:
        return chosen.answer
    case = chosen.case
    refusal = _refusal(desk, case, plea)
    if refusal:
        return desk.texts(
            f"petition.cannot.{refusal}", plea=name, number=case.id, status=desk.texts(f"status.{case.status}")
        )
    if not reason:
        questions.put(desk, caller.person.id, Ask.REASON, {"verb": plea.value, "case": case.id}, REASON_OPEN_FOR)
        return desk.texts("petition.why", plea=name, number=case.id)
    return _put(desk, case, plea, caller.acting_for(case), reason)


def _put(desk: Desk, case: Case, plea: Plea, actor: Actor, reason: str) -> str:
    name = desk.texts(f"plea.{plea}")
    unit = unit_named(desk, reason) if plea is Plea.TRANSFER else None
    case.ask(plea, actor, desk.clocks, desk.now, reason, unit.code if unit else None)
    text = desk.texts(
        "dispatch.petition",
        plea=name,
        unit=desk.unit_name(case.lead.unit_code if case.lead else ""),
        reason=reason,
        number=case.id,
        summary=notices.describe(desk, case),
    )
    notices.tell_command(desk, case, text, deadline=case.live(Duty.RULING)[-1])
    return desk.texts("petition.asked", plea=name, number=case.id)


def _refusal(desk: Desk, case: Case, plea: Plea) -> str:
    """Why the petition cannot even be asked, as the key of a text; "" when it can."""
    if case.status not in _STATES[plea]:
        return "wrong_state"
    if case.pending(plea):
        return "pending"
    if plea is Plea.RETURN and case.lead and case.lead.forced:
        return "forced"
    if plea is Plea.EXTENSION and any(clock.is_late(desk.now) for clock in case.live(Duty.RECTIFY)):
        return "too_late"
    return ""
