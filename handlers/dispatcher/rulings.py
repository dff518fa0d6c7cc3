"""裁定与核查: ruling on 退回, 延期, 缓办, 转办, 重办, 申诉, and verifying what was put right."""

import re
from collections.abc import Callable

from handlers import discretion, exposing, helping, notices, pleading, reporting, satisfaction, showing
from handlers.desk import Desk
from handlers.dispatcher import triage
from handlers.dispatcher.reasons import ask_why
from handlers.doubts import settling
from handlers.people.caller import Caller
from models.actor import Actor
from models.case import Case
from models.deadline import Deadline
from models.petition import Petition, Plea, Ruling
from models.workflow import IllegalMove, Move, OutOfTime, Part, Status

# What makes a failed 核查 more than bad work. The verifier's word decides, never a check.
_FAKE = re.compile("弄虚作假|虚假整改|造假|假照片|假整改")

# What somebody saw on site takes at least two words' characters: 已看, not the 件 of "通过 12 件".
_TELLS = re.compile(r"[\u4e00-\u9fff].*[\u4e00-\u9fff]", re.DOTALL)


def accept(desk: Desk, caller: Caller, case: Case, rest: str, plea: Plea | None = None) -> str:
    """同意 12: what was asked for happens. plea: which of several petitions is meant."""
    petition = _meant(case, plea)
    if petition is None:
        return _which(desk, case)
    try:
        return _GRANT[petition.plea](desk, caller, case, petition, rest)
    except OutOfTime:
        return _lapse(desk, caller, case, petition)


def refuse(desk: Desk, caller: Caller, case: Case, rest: str, plea: Plea | None = None) -> str:
    """驳回 12 原因."""
    petition = _meant(case, plea)
    if petition is None:
        return _which(desk, case)
    name = desk.texts(f"plea.{petition.plea}")
    if not rest:
        ask_why(desk, caller, case, f"驳回{name}")
        return desk.texts("dispatch.why_refuse", number=case.id)
    case.settle(petition, Ruling.REFUSED, Actor(Part.DISPATCHER, caller.person.id), desk.now, rest)
    key = _REFUSED.get(petition.plea, "petition.refused")
    _tell(desk, case, petition, desk.texts(key, plea=name, number=case.id, reason=rest))
    return desk.texts("dispatch.refused", plea=name, number=case.id)


def _meant(case: Case, plea: Plea | None) -> Petition | None:
    """The petition that waits: the one of that kind, or the only one."""
    if plea is not None:
        return case.pending(plea)
    waiting = _waiting(case)
    return waiting[0] if len(waiting) == 1 else None


def _waiting(case: Case) -> list[Petition]:
    return [petition for petition in case.petitions if petition.state is Ruling.PENDING]


def _which(desk: Desk, case: Case) -> str:
    """Nothing waits, or more than one thing: agreeing to the wrong one cannot be taken back."""
    names = [desk.texts(f"plea.{petition.plea}") for petition in _waiting(case)]
    if not names:
        return desk.texts("dispatch.no_petition", number=case.id)
    return desk.texts("dispatch.which_petition", number=case.id, pleas="、".join(names), first=names[0])


def _lapse(desk: Desk, caller: Caller, case: Case, petition: Petition) -> str:
    """An extension is granted before the deadline or not at all, and whoever asked for it must know."""
    name = desk.texts(f"plea.{petition.plea}")
    case.settle(petition, Ruling.LAPSED, Actor(Part.DISPATCHER, caller.person.id), desk.now)
    _tell(desk, case, petition, desk.texts("petition.lapsed", number=case.id, plea=name))
    return desk.texts("dispatch.too_late", number=case.id, plea=name)


def verify_pass(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """通过 12: closed; the reporters hear it and are asked how satisfied they are."""
    afterwards = settling.closed_unseen(desk, case)
    if (case.needs_look or afterwards) and not _TELLS.search(rest):
        reasons = "；".join(settling.of_case(desk, case))
        return desk.texts("doubt.look_first", number=case.id, reasons=reasons)
    if afterwards:
        return _leave_closed(desk, caller, case, rest)
    try:
        case.close(Move.PASS, _verifier(caller), desk.now, rest)
    except IllegalMove:
        return triage.wrong_state(desk, case)
    notices.tell_reporters(desk, case, desk.texts("report.closed", number=case.id))
    lead = case.assignments[-1]
    for person in notices.unit_people(desk, lead.unit_code):
        desk.say(person, f"{case.cause}:unit", desk.texts("task.passed", number=case.id), case=case, can_wait=True)
    helping.tell_released(desk, case)
    showing.to_unit(desk, case)
    return desk.texts("dispatch.passed", number=case.id)


def verify_fail(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """不通过 12 原因: 返工 by the same unit."""
    if not rest:
        if case.status is Status.RECTIFIED or settling.closed_unseen(desk, case):
            ask_why(desk, caller, case, "不通过")
            return desk.texts("dispatch.why_fail", number=case.id)
        return triage.wrong_state(desk, case)
    if caller.is_dispatcher and settling.closed_unseen(desk, case):
        return _undo(desk, caller, case, rest)
    try:
        case.fail(_verifier(caller), desk.clocks, desk.now, rest, fake=bool(_FAKE.search(rest)))
    except IllegalMove:
        return triage.wrong_state(desk, case)
    due = case.deadlines[-1]
    text = desk.texts("task.failed", number=case.id, reason=rest, due=desk.clock_time(due.due_at))
    notices.tell_unit(desk, case, text, due)
    exposing.owe_again(desk, case)
    satisfaction.forget_ratings(desk, case)
    return desk.texts("dispatch.failed", number=case.id)


def _leave_closed(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """抽查: it was closed before its photos came into doubt, and somebody has been there since."""
    case.move(Move.NOTE, _verifier(caller), desk.now, rest)
    case.assignments[-1].on_site = False
    return desk.texts("doubt.seen_afterwards", number=case.id)


def _undo(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """It was closed before its photos came into doubt: nobody has to ask for 重办 first."""
    asked, actor = case.pending(Plea.REOPEN), _verifier(caller)
    case.reopen(actor, desk.clocks, desk.now, rest, fake=bool(_FAKE.search(rest)))
    if asked:
        case.settle(asked, Ruling.ACCEPTED, actor, desk.now, rest)
    notices.tell_reporters(desk, case, desk.texts("reopen.accepted", number=case.id))
    _tell_redo(desk, case, rest)
    return desk.texts("dispatch.failed", number=case.id)


def _tell_redo(desk: Desk, case: Case, why: str) -> None:
    """重办, to the unit; the reporters will be asked anew what they think of the result."""
    due = case.deadlines[-1]
    text = desk.texts("task.failed", number=case.id, reason=why, due=desk.clock_time(due.due_at))
    notices.tell_unit(desk, case, text, due)
    exposing.owe_again(desk, case)
    satisfaction.forget_ratings(desk, case)


def _verifier(caller: Caller) -> Actor:
    return Actor(Part.DISPATCHER if caller.is_dispatcher else Part.VERIFIER, caller.person.id)


def _grant_return(desk: Desk, caller: Caller, case: Case, petition: Petition, rest: str) -> str:
    """同意退回: back to the queue, or straight on when a unit is named: 同意 12 历城区."""
    actor = Actor(Part.DISPATCHER, caller.person.id)
    case.settle(petition, Ruling.ACCEPTED, actor, desk.now, rest)
    case.send_back(actor, desk.clocks, desk.now, petition.reason)
    _tell(desk, case, petition, desk.texts("petition.return_accepted", number=case.id))
    helping.tell_released(desk, case)
    if rest:
        return triage.assign(desk, caller, case, rest)
    return desk.texts("dispatch.returned", number=case.id, options=reporting.options(desk, case))


def _grant_extension(desk: Desk, caller: Caller, case: Case, petition: Petition, rest: str) -> str:
    actor = Actor(Part.DISPATCHER, caller.person.id)
    clock = case.extend(actor, desk.clocks, desk.now, petition.reason)
    case.settle(petition, Ruling.ACCEPTED, actor, desk.now, rest)
    return _prolonged(desk, case, petition, clock)


def _grant_deferral(desk: Desk, caller: Caller, case: Case, petition: Petition, rest: str) -> str:
    actor = Actor(Part.DISPATCHER, caller.person.id)
    if petition.until is None:
        raise LookupError(f"petition {petition.id} does not say until when")
    clock = case.defer(petition, petition.until, actor, desk.now)
    case.settle(petition, Ruling.ACCEPTED, actor, desk.now, rest)
    return _prolonged(desk, case, petition, clock)


def _prolonged(desk: Desk, case: Case, petition: Petition, clock: Deadline) -> str:
    name, due = desk.texts(f"plea.{petition.plea}"), desk.clock_time(clock.due_at)
    _tell(desk, case, petition, desk.texts("petition.prolonged", number=case.id, plea=name, due=due))
    return desk.texts("dispatch.prolonged", number=case.id, plea=name, due=due)


def _grant_appeal(desk: Desk, caller: Caller, case: Case, petition: Petition, rest: str) -> str:
    """申诉成立: what it is about stays where it is, and an event says that it no longer counts."""
    thing = pleading.appealed(desk, case)
    if thing is None:
        raise LookupError(f"petition {petition.id} is about nothing that is known")
    case.uphold(petition, Actor(Part.DISPATCHER, caller.person.id), desk.now, rest, **thing.about)
    about = pleading.charge_in_words(desk, thing)
    _tell(desk, case, petition, desk.texts("appeal.upheld", number=case.id, about=about))
    return desk.texts("appeal.granted", number=case.id, about=about)


def _grant_transfer(desk: Desk, caller: Caller, case: Case, petition: Petition, rest: str) -> str:
    """同意转办: to the unit named now, else to the one the petition suggested."""
    words = rest or petition.suggested_unit or ""
    return triage.assign(desk, caller, case, words) if words else triage.which_unit(desk, case, petition.reason)


def _grant_reopen(desk: Desk, caller: Caller, case: Case, petition: Petition, rest: str) -> str:
    actor = Actor(Part.DISPATCHER, caller.person.id)
    case.reopen(actor, desk.clocks, desk.now, petition.reason)
    case.settle(petition, Ruling.ACCEPTED, actor, desk.now, rest)
    _tell(desk, case, petition, desk.texts("reopen.accepted", number=case.id))
    if case.lead:
        _tell_redo(desk, case, discretion.about(desk, case, petition.reason, petition.person_id))
    else:
        satisfaction.forget_ratings(desk, case)
    return desk.texts("dispatch.reopened", number=case.id)


_GRANT: dict[Plea, Callable[[Desk, Caller, Case, Petition, str], str]] = {
    Plea.RETURN: _grant_return,
    Plea.EXTENSION: _grant_extension,
    Plea.DEFERRAL: _grant_deferral,
    Plea.TRANSFER: _grant_transfer,
    Plea.REOPEN: _grant_reopen,
    Plea.APPEAL: _grant_appeal,
}
_REFUSED = {Plea.REOPEN: "reopen.refused", Plea.APPEAL: "appeal.refused"}


def _tell(desk: Desk, case: Case, petition: Petition, text: str) -> None:
    """The ruling, to whoever asked; on a 申诉, to everybody at the unit it was about."""
    # The key says in which part they hear it: what is a reporter's must not reach their unit when it cannot be said.
    part = "reporter" if petition.plea is Plea.REOPEN else "unit"
    for person in sorted({petition.person_id, *_concerned(desk, case, petition)}):
        desk.say(person, f"petition:{petition.id}:{part}", text, case=case, can_wait=True)


def _concerned(desk: Desk, case: Case, petition: Petition) -> list[int]:
    thing = pleading.appealed(desk, case) if petition.plea is Plea.APPEAL else None
    return notices.unit_people(desk, thing.unit_code) if thing else []
