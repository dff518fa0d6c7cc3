"""退回, 延期, 缓办, 转办: what a unit asks the command centre. The clock goes on until somebody rules."""

from datetime import date, datetime, time, timedelta

from handlers import notices, pleading, questions
from handlers.desk import Desk
from handlers.naming import unit_named
from handlers.officer.choice import Wish, choose, held
from handlers.people.caller import Caller
from handlers.reading import dates
from handlers.words import plain, trimmed
from models.actor import Actor
from models.case import Case
from models.clock import Duty
from models.petition import Plea
from models.question import Ask
from models.workflow import Status

REASON_OPEN_FOR = timedelta(minutes=10)

_PROLONGING = (Plea.EXTENSION, Plea.DEFERRAL)
_STATES = {
    Plea.RETURN: (Status.ASSIGNED, Status.CLAIMED),
    Plea.EXTENSION: (Status.CLAIMED,),
    Plea.DEFERRAL: (Status.CLAIMED,),
    Plea.TRANSFER: (Status.ASSIGNED, Status.CLAIMED),
}


def ask_return(desk: Desk, caller: Caller, number: int | None, rest: str) -> str:
    """退回 12 原因."""
    return _ask(desk, caller, Plea.RETURN, number, rest)


def ask_extension(desk: Desk, caller: Caller, number: int | None, rest: str) -> str:
    """延期 12 原因; only before the deadline."""
    return _ask(desk, caller, Plea.EXTENSION, number, rest)


def ask_deferral(desk: Desk, caller: Caller, number: int | None, rest: str) -> str:
    """缓办 12 12月15日前 等管线单位施工: until a day, because others must act first; only before the deadline."""
    return _ask(desk, caller, Plea.DEFERRAL, number, rest)


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
    if plea is Plea.DEFERRAL:
        return _defer(desk, caller, case, reason)
    if not reason:
        questions.put(desk, caller.person.id, Ask.REASON, {"verb": plea.value, "case": case.id}, REASON_OPEN_FOR)
        return desk.texts("petition.why", plea=name, number=case.id)
    return _put(desk, case, plea, caller.acting_for(case), reason)


def _defer(desk: Desk, caller: Caller, case: Case, words: str) -> str:
    """Day and reason may come one after the other; a day that cannot be is asked for once more."""
    today = desk.now.astimezone(desk.zone).date()
    said = words if dates.due(words, today) else dates.limited(words)
    day, reason = dates.due(said, today), trimmed(plain(dates.without(said, today))).rstrip("，、 ")
    problem = _unfit(desk, case, day) if day else desk.texts("deferral.until_when", number=case.id)
    if problem or not reason:
        kept = reason if problem else words
        payload = {"verb": Plea.DEFERRAL.value, "case": case.id, "said": kept}
        questions.put(desk, caller.person.id, Ask.REASON, payload, REASON_OPEN_FOR)
        return problem or desk.texts("petition.why", plea=desk.texts("plea.deferral"), number=case.id)
    return _put(desk, case, Plea.DEFERRAL, caller.acting_for(case), reason, _end_of(desk, day) if day else None)


def _end_of(desk: Desk, day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), desk.zone)


def _unfit(desk: Desk, case: Case, day: date) -> str:
    """Why it cannot be put off until that day; "" when it can."""
    until, due = _end_of(desk, day), case.live(Duty.RECTIFY)[0].due_at
    last = (desk.now + desk.clocks.longest_deferral).astimezone(desk.zone).date()
    if until <= desk.now:
        return desk.texts("deferral.past", number=case.id, day=_in_words(desk, day))
    if day > last:
        days = desk.clocks.longest_deferral.days
        return desk.texts("deferral.too_long", number=case.id, days=days, last=_in_words(desk, last))
    return desk.texts("deferral.no_gain", number=case.id, due=desk.clock_time(due)) if until <= due else ""


def _in_words(desk: Desk, day: date) -> str:
    return desk.texts("deferral.day", month=day.month, day=day.day)


def _put(desk: Desk, case: Case, plea: Plea, actor: Actor, reason: str, until: datetime | None = None) -> str:
    name = desk.texts(f"plea.{plea}")
    unit = unit_named(desk, reason) if plea is Plea.TRANSFER else None
    petition = case.ask(plea, actor, desk.clocks, desk.now, reason, unit.code if unit else None, until)
    text = desk.texts(
        "dispatch.petition",
        plea=name,
        unit=desk.unit_name(case.lead.unit_code if case.lead else ""),
        reason=pleading.in_words(desk, case, petition),
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
    if plea in _PROLONGING and any(clock.is_late(desk.now) for clock in case.live(Duty.RECTIFY)):
        return "too_late"
    return ""
