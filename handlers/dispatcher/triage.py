"""立案与派单: what the routing was not sure of, and what must go elsewhere."""

from collections.abc import Sequence

from handlers import labelling, notices, reporting
from handlers.desk import Desk
from handlers.dispatcher.reasons import ask_why
from handlers.naming import units_named
from handlers.people.caller import Caller
from handlers.words import bare_number
from models.actor import Actor, Order
from models.assignment import Assignment
from models.case import Case
from models.learning import Said
from models.petition import Plea, Ruling
from models.unit import Unit
from models.workflow import IllegalMove, Part, Status

UNITS_SHOWN = 8


def assign(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """派单 12 历下区甸柳 · 派单 12 1 (the first suggestion)."""
    named = _chosen_units(desk, case, rest)
    if len(named) != 1:
        return which_unit(desk, case, rest, named)
    unit, before = named[0], case.lead.unit_code if case.lead else None
    if before == unit.code:
        return desk.texts("dispatch.same_unit", number=case.id, unit=unit.name)
    try:
        lead = _order(desk, case, unit, Actor(Part.DISPATCHER, caller.person.id), rest)
    except IllegalMove:
        return wrong_state(desk, case)
    labelling.keep(desk, case, caller.person.id, Said.ASSIGNED, unit.code)
    if before:
        _tell_relieved(desk, case, before)
    return desk.texts("dispatch.assigned", number=case.id, unit=unit.name, due=desk.clock_time(lead.claim_due_at))


def _order(desk: Desk, case: Case, unit: Unit, actor: Actor, why: str) -> Assignment:
    transfer = case.pending(Plea.TRANSFER)
    if transfer:  # doing what was asked is a ruling
        case.settle(transfer, Ruling.ACCEPTED, actor, desk.now, why)
    order = Order(
        unit=unit.code,
        why=why,
        forced=case.returns >= desk.rules.max_returns,
        decision=case.decision,
        policies=reporting.policies(desk, case),
    )
    return reporting.hand_over(desk, case, order, actor)


def _tell_relieved(desk: Desk, case: Case, unit: str) -> None:
    text = desk.texts("task.relieved", number=case.id)
    for person in notices.unit_people(desk, unit):
        desk.say(person, f"{case.cause}:relieved", text, case=case, can_wait=True)


def _chosen_units(desk: Desk, case: Case, words: str) -> list[Unit]:
    """A suggestion by its number, else what the words may name."""
    number = bare_number(words)
    codes = reporting.suggested_units(desk, case)
    if number is not None and 1 <= number <= len(codes):
        return [desk.session.get_one(Unit, codes[number - 1])]
    return units_named(desk, words) if words else []


def which_unit(desk: Desk, case: Case, words: str, named: Sequence[Unit] = ()) -> str:
    """What a dispatcher hears whose words name no unit, or more than one."""
    if named:
        units = "、".join(unit.name for unit in named[:UNITS_SHOWN])
        return desk.texts("dispatch.several_units", number=case.id, words=words, units=units)
    return desk.texts("dispatch.which_unit", number=case.id, words=words, options=reporting.options(desk, case))


def reject(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """不予立案 12 原因: the reason goes back to whoever reported."""
    if not rest:
        if case.status is not Status.REPORTED:
            return wrong_state(desk, case)
        ask_why(desk, caller, case, "不予立案")
        return desk.texts("dispatch.why_reject", number=case.id)
    try:
        case.reject(Actor(Part.DISPATCHER, caller.person.id), desk.now, rest)
    except IllegalMove:
        return wrong_state(desk, case)
    labelling.keep(desk, case, caller.person.id, Said.REJECTED)
    notices.tell_reporters(desk, case, desk.texts("report.rejected", number=case.id, reason=rest))
    return desk.texts("dispatch.rejected", number=case.id)


def wrong_state(desk: Desk, case: Case) -> str:
    """What a dispatcher hears when the case is not where the command needs it."""
    return desk.texts("dispatch.wrong_state", number=case.id, status=desk.texts(f"status.{case.status}"))
