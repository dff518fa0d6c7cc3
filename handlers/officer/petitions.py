"""退回, 延期, 转办: what a unit asks the command centre. The clock goes on until somebody rules."""

from sqlalchemy import select

from handlers import notices
from handlers.desk import Desk
from handlers.officer.choice import choose
from handlers.people import Caller
from models.case import Actor, Case
from models.clock import Duty
from models.petition import Plea
from models.unit import Unit
from models.workflow import IllegalMove, Status

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
    chosen = choose(desk, caller, number, plea.value, reason, *_STATES[plea])
    if chosen.case is None:
        return chosen.answer
    case = chosen.case
    if not reason:
        return desk.texts("petition.why", plea=name, number=case.id)
    refusal = _refusal(desk, case, plea)
    if refusal:
        return desk.texts(f"petition.{refusal}", plea=name, number=case.id)
    actor = caller.acts_for(case)
    unit = named_unit(desk, reason) if plea is Plea.TRANSFER else None
    try:
        case.ask(plea, actor or _nobody(), desk.clocks, desk.now, reason, unit.code if unit else None)
    except IllegalMove:
        return desk.texts("petition.wrong_state", plea=name, status=desk.texts(f"status.{case.status}"))
    text = desk.texts(
        "dispatch.petition",
        plea=name,
        unit=desk.unit_name(case.lead.unit_code if case.lead else ""),
        reason=reason,
        number=case.id,
        summary=notices.describe(desk, case),
    )
    notices.tell_command(desk, case, text)
    return desk.texts("petition.asked", plea=name, number=case.id)


def _nobody() -> Actor:
    raise LookupError("a chosen case belongs to the caller's unit")


def _refusal(desk: Desk, case: Case, plea: Plea) -> str:
    """Why the petition cannot even be asked, as the key of a text; "" when it can."""
    if case.pending(plea):
        return "pending"
    if plea is Plea.RETURN and case.lead and case.lead.forced:
        return "forced"
    running = case.live(Duty.RECTIFY)
    if plea is Plea.EXTENSION and running and desk.now >= running[0].due_at:
        return "too_late"
    return ""


def named_unit(desk: Desk, words: str) -> Unit | None:
    """The unit a text names, by its full or short name, the longest first."""
    units = desk.session.scalars(select(Unit).where(Unit.retired.is_(False)))
    named = [unit for unit in units if unit.name in words or unit.short in words]
    return max(named, key=lambda unit: (len(unit.short), unit.code), default=None)
