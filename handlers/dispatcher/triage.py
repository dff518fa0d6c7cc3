"""立案与派单: what the routing was not sure of, and what must go elsewhere."""

from handlers import notices, reporting
from handlers.desk import Desk
from handlers.officer.petitions import named_unit
from handlers.people import Caller
from handlers.words import bare_number, plain
from models.case import Actor, Case, Order
from models.petition import Plea, Ruling
from models.unit import Unit
from models.workflow import IllegalMove, Part


def assign(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """派单 12 历下区甸柳 · 派单 12 1 (the first suggestion)."""
    unit = _chosen_unit(desk, case, rest)
    if unit is None:
        return desk.texts("dispatch.which_unit", number=case.id, words=rest, options=options(desk, case))
    actor = Actor(Part.DISPATCHER, caller.person.id)
    transfer = case.pending(Plea.TRANSFER)
    if transfer:  # doing what was asked is a ruling
        case.settle(transfer, Ruling.ACCEPTED, actor, desk.now, rest)
    order = Order(
        unit=unit.code,
        why=rest,
        forced=case.returns >= desk.rules.max_returns,
        decision=case.decision,
        policies=reporting.policies(desk, case),
    )
    before = case.lead.unit_code if case.lead else None
    try:
        lead = case.assign(order, actor, desk.now)
    except IllegalMove:
        return wrong_state(desk, case)
    notices.tell_assigned(desk, case, lead)
    if before and before != unit.code:
        _tell_relieved(desk, case, before)
    return desk.texts("dispatch.assigned", number=case.id, unit=unit.name, due=desk.clock_time(lead.claim_due_at))


def _tell_relieved(desk: Desk, case: Case, unit: str) -> None:
    text = desk.texts("task.relieved", number=case.id)
    for person in notices.unit_people(desk, unit):
        desk.say(person, f"{case.cause}:relieved", text, case=case, can_wait=True)


def _chosen_unit(desk: Desk, case: Case, words: str) -> Unit | None:
    """A suggestion by its number, else a unit by its name or code."""
    number = bare_number(words)
    codes = _suggested(case)
    if number is not None and 1 <= number <= len(codes):
        return desk.session.get(Unit, codes[number - 1])
    return desk.session.get(Unit, plain(words)) or named_unit(desk, words)


def _suggested(case: Case) -> list[str]:
    """The same order as in the message that asked."""
    others = [option["unit"] for option in case.decision.get("alternatives", [])]
    return list(dict.fromkeys([case.decision["unit"], *others]))[:3] if case.decision else []


def options(desk: Desk, case: Case) -> str:
    """1. 甸柳新村街道 2. …"""
    return "\n".join(f"{n}. {desk.unit_name(code)}" for n, code in enumerate(_suggested(case), start=1))


def reject(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """不予立案 12 原因: the reason goes back to whoever reported."""
    if not rest:
        return desk.texts("dispatch.why_reject", number=case.id)
    try:
        case.reject(Actor(Part.DISPATCHER, caller.person.id), desk.now, rest)
    except IllegalMove:
        return wrong_state(desk, case)
    notices.tell_reporters(desk, case, desk.texts("report.rejected", number=case.id, reason=rest))
    return desk.texts("dispatch.rejected", number=case.id)


def wrong_state(desk: Desk, case: Case) -> str:
    """What a dispatcher hears when the case is not where the command needs it."""
    return desk.texts("dispatch.wrong_state", number=case.id, status=desk.texts(f"status.{case.status}"))
