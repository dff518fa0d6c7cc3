"""裁定与核查: ruling on 退回, 延期, 转办, 重办, and verifying what was put right."""

from collections.abc import Callable

from handlers import citizen, notices
from handlers.desk import Desk
from handlers.dispatcher import triage
from handlers.people import Caller
from models.case import Actor, Case
from models.petition import Petition, Plea, Ruling
from models.unit import Unit
from models.workflow import IllegalMove, Move, Part


def accept(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """同意 12: what was asked for happens."""
    petition = _pending(case)
    if petition is None:
        return desk.texts("dispatch.no_petition", number=case.id)
    actor = Actor(Part.DISPATCHER, caller.person.id)
    try:
        done = _GRANT[petition.plea](desk, caller, case, petition, rest)
    except IllegalMove:
        case.settle(petition, Ruling.LAPSED, actor, desk.now, rest)
        return triage.wrong_state(desk, case)
    return done


def refuse(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """驳回 12 原因."""
    petition = _pending(case)
    if petition is None:
        return desk.texts("dispatch.no_petition", number=case.id)
    if not rest:
        return desk.texts("dispatch.why_refuse", number=case.id)
    case.settle(petition, Ruling.REFUSED, Actor(Part.DISPATCHER, caller.person.id), desk.now, rest)
    plea = desk.texts(f"plea.{petition.plea}")
    _tell(desk, case, petition, desk.texts("petition.refused", plea=plea, number=case.id, reason=rest))
    return desk.texts("dispatch.refused", plea=plea, number=case.id)


def verify_pass(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """通过 12: closed; the reporters hear it and are asked how satisfied they are."""
    try:
        case.close(Move.PASS, Actor(Part.DISPATCHER, caller.person.id), desk.now, rest)
    except IllegalMove:
        return triage.wrong_state(desk, case)
    notices.tell_reporters(desk, case, desk.texts("report.closed", number=case.id))
    lead = case.assignments[-1]
    for person in notices.unit_people(desk, lead.unit_code):
        desk.say(person, f"{case.cause}:unit", desk.texts("task.passed", number=case.id), case=case, can_wait=True)
    return desk.texts("dispatch.passed", number=case.id)


def verify_fail(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """不通过 12 原因: 返工 by the same unit."""
    if not rest:
        return desk.texts("dispatch.why_fail", number=case.id)
    try:
        case.fail(Actor(Part.DISPATCHER, caller.person.id), desk.clocks, desk.now, rest)
    except IllegalMove:
        return triage.wrong_state(desk, case)
    due = case.deadlines[-1]
    text = desk.texts("task.failed", number=case.id, reason=rest, due=desk.clock_time(due.due_at))
    notices.tell_unit(desk, case, text, due)
    citizen.forget_ratings(desk, case)
    return desk.texts("dispatch.failed", number=case.id)


def _pending(case: Case) -> Petition | None:
    """The petition that has waited longest."""
    return next((p for p in case.petitions if p.state is Ruling.PENDING), None)


def _grant_return(desk: Desk, caller: Caller, case: Case, petition: Petition, rest: str) -> str:
    """同意退回: back to the queue, or straight on when a unit is named: 同意 12 历城区."""
    actor = Actor(Part.DISPATCHER, caller.person.id)
    case.settle(petition, Ruling.ACCEPTED, actor, desk.now, rest)
    case.send_back(actor, desk.clocks, desk.now, petition.reason)
    _tell(desk, case, petition, desk.texts("petition.return_accepted", number=case.id))
    if rest:
        return triage.assign(desk, caller, case, rest)
    return desk.texts("dispatch.returned", number=case.id, options=triage.options(desk, case))


def _grant_extension(desk: Desk, caller: Caller, case: Case, petition: Petition, rest: str) -> str:
    actor = Actor(Part.DISPATCHER, caller.person.id)
    clock = case.extend(actor, desk.clocks, desk.now, petition.reason)
    case.settle(petition, Ruling.ACCEPTED, actor, desk.now, rest)
    due = desk.clock_time(clock.due_at)
    _tell(desk, case, petition, desk.texts("petition.extension_accepted", number=case.id, due=due))
    return desk.texts("dispatch.extended", number=case.id, due=due)


def _grant_transfer(desk: Desk, caller: Caller, case: Case, petition: Petition, rest: str) -> str:
    """同意转办: to the unit named now, else to the one the petition suggested."""
    suggested = desk.session.get(Unit, petition.suggested_unit) if petition.suggested_unit else None
    words = rest or (suggested.code if suggested else "")
    return triage.assign(desk, caller, case, words)


def _grant_reopen(desk: Desk, caller: Caller, case: Case, petition: Petition, rest: str) -> str:
    actor = Actor(Part.DISPATCHER, caller.person.id)
    case.reopen(actor, desk.clocks, desk.now, petition.reason)
    case.settle(petition, Ruling.ACCEPTED, actor, desk.now, rest)
    _tell(desk, case, petition, desk.texts("reopen.accepted", number=case.id))
    if case.lead:
        due = case.deadlines[-1]
        text = desk.texts("task.failed", number=case.id, reason=petition.reason, due=desk.clock_time(due.due_at))
        notices.tell_unit(desk, case, text, due)
    citizen.forget_ratings(desk, case)
    return desk.texts("dispatch.reopened", number=case.id)


_GRANT: dict[Plea, Callable[[Desk, Caller, Case, Petition, str], str]] = {
    Plea.RETURN: _grant_return,
    Plea.EXTENSION: _grant_extension,
    Plea.TRANSFER: _grant_transfer,
    Plea.REOPEN: _grant_reopen,
}


def _tell(desk: Desk, case: Case, petition: Petition, text: str) -> None:
    """The ruling, to whoever asked."""
    desk.say(petition.person_id, f"petition:{petition.id}:ruled", text, case=case, can_wait=True)
