"""待办 and 认领: what a unit holds, and taking it."""

from operator import itemgetter

from handlers import evidence, notices, questions, showing
from handlers.case_pages import Side
from handlers.desk import Desk
from handlers.officer.choice import MENU_LENGTH, MENU_OPEN_FOR, Choice, Wish, choose, held, helped, more
from handlers.people.caller import Caller, Somebody
from models.actor import Actor
from models.case import Case
from models.clock import Duty
from models.people import Person
from models.question import Ask
from models.workflow import IllegalMove, Status

_OWING = (Status.ASSIGNED, Status.CLAIMED)
_HELD = (*_OWING, Status.RECTIFIED)


def list_duties(desk: Desk, caller: Caller) -> str:
    """待办: what the unit holds, and what it helps with, with a small number for each and the time that is left."""
    own, helping = held(desk, caller, *_OWING), helped(desk, caller, *_OWING)
    shown = [*own[:MENU_LENGTH], *helping[:MENU_LENGTH]]
    doubted = _doubted(desk, caller)
    if not shown:
        return doubted or desk.texts("duty.none")
    payload = {"verb": "detail", "rest": "", "cases": [case.id for case in shown]}
    questions.put(desk, caller.person.id, Ask.WHICH_CASE, payload, MENU_OPEN_FOR)
    parts = (
        _listed(desk, "duty.list", own, 1),
        _listed(desk, "duty.helping", helping, len(own[:MENU_LENGTH]) + 1),
        doubted,
    )
    return "\n".join(filter(None, parts))


def _listed(desk: Desk, kind: str, cases: list[Case], first: int) -> str:
    """One part of the list, numbered on from the one before; "" where there is nothing of the kind."""
    lines = [_line(desk, n, case) for n, case in enumerate(cases[:MENU_LENGTH], start=first)]
    if not lines:
        return ""
    return desk.texts(kind, count=len(cases), lines="\n".join(lines), more=more(desk, cases)).strip()


def _doubted(desk: Desk, caller: Caller) -> str:
    """What was sent in and waits for better photos: nothing that is owed, but nothing to forget."""
    waiting = [case for case in held(desk, caller, Status.RECTIFIED) if case.needs_look]
    return "\n".join(desk.texts("duty.doubted", number=case.id) for case in waiting[:MENU_LENGTH])


def _line(desk: Desk, n: int, case: Case) -> str:
    clock = (case.live(Duty.CLAIM) or case.live(Duty.RECTIFY))[0]
    late = desk.texts("duty.late") if clock.is_late(desk.now) else ""
    return desk.texts(
        "duty.line",
        n=n,
        number=case.id,
        category=desk.category_name(case),
        place=case.place[:20]
        or desk.unit_name(case.street)
        or desk.unit_name(case.district)
        or desk.texts("case.unknown_place"),
        status=desk.texts(f"status.{case.status}"),
        due=desk.clock_time(clock.due_at),
        late=late,
    )


def detail(desk: Desk, caller: Caller, number: int | None, rest: str) -> str:
    """详情: everything an officer may know, which never includes who reported; the photos follow."""
    candidates = [*held(desk, caller, *_HELD), *helped(desk, caller, *_HELD)]
    chosen = choose(desk, caller, Wish("detail", number, by=_looking), candidates)
    if chosen.case is None:
        return chosen.answer
    case = chosen.case
    holds = caller.acts_for(case) is not None
    clocks = [d for d in case.live() if d.duty in (Duty.CLAIM, Duty.RECTIFY)]
    dues = "\n".join(desk.texts(f"duty.due.{d.duty}", due=desk.clock_time(d.due_at)) for d in clocks)
    photos = notices.photos_before(desk, case)
    moment = f"detail:{case.id}:{desk.now:%Y%m%d%H%M%S%f}"
    notices.send_photos(desk, caller.person.id, moment, photos, case)
    return desk.texts(
        "duty.detail",
        summary=notices.describe(desk, case),
        status=desk.texts(f"status.{case.status}"),
        hands=_hands(desk, case),
        dues=dues,
        photos=len(photos),
        pin=_pin(desk, case),
    ) + (desk.page_link(case, caller.person.id, Side.OFFICER) if holds else "")


def _looking(caller: Caller, case: Case) -> Actor | None:
    return caller.acts_for(case) or caller.helps(case)


def _hands(desk: Desk, case: Case) -> str:
    """Who answers for a case that others help with."""
    units = "、".join(desk.unit_name(helper.unit_code) for helper in case.helping)
    return desk.texts("duty.hands", lead=desk.unit_name(case.unit_code), units=units) if units else ""


def compare(desk: Desk, caller: Caller, number: int | None, rest: str) -> str:
    """对比 12: before and after of a case the unit has, or has done."""
    chosen = _shown(desk, caller, Wish("compare", number))
    return showing.compare(desk, chosen.case, caller.person.id) if chosen.case else chosen.answer


def card(desk: Desk, caller: Caller, number: int | None, rest: str) -> str:
    """案件卡 12: the whole case in one picture."""
    chosen = _shown(desk, caller, Wish("card", number))
    return showing.card(desk, chosen.case, caller.person.id) if chosen.case else chosen.answer


def _shown(desk: Desk, caller: Caller, wish: Wish) -> Choice:
    """A closed case is held by nobody, but its unit may be proud of it."""
    case = desk.session.get(Case, wish.number) if wish.number else None
    if case and case.status is Status.CLOSED and case.assignments[-1].unit_code in caller.units:
        return Choice(case)
    return choose(desk, caller, wish, held(desk, caller, *_HELD))


def _pin(desk: Desk, case: Case) -> str:
    if case.lat is None or case.lon is None:
        return ""
    return desk.texts("duty.pin", lat=f"{case.lat:.5f}", lon=f"{case.lon:.5f}")


def claim(desk: Desk, caller: Caller, number: int | None, rest: str) -> str:
    """认领: the first one has it; the others hear who was first."""
    open_ones = held(desk, caller, Status.ASSIGNED)
    latest = None if number or open_ones else _latest_claimed(desk, caller)
    if latest is not None:
        return _not_claimable(desk, caller, latest)
    chosen = choose(desk, caller, Wish("claim", number), open_ones)
    return _claim(desk, caller, chosen.case) if chosen.case else chosen.answer


def _latest_claimed(desk: Desk, caller: Caller) -> Case | None:
    """Whoever says 收到 a moment after a colleague did means the case that colleague has now."""
    claimed = [(case.lead.claimed_at, case) for case in held(desk, caller, Status.CLAIMED) if case.lead]
    return max(claimed, key=itemgetter(0))[1] if claimed else None


def _claim(desk: Desk, caller: Caller, case: Case) -> str:
    try:
        lead = case.claim(caller.acting_for(case), desk.now)
    except IllegalMove:
        return _not_claimable(desk, caller, case)
    unit = desk.unit_name(lead.unit_code)
    told = desk.texts("task.claimed", number=case.id, name=_name(desk, caller.person), unit=unit)
    for person in notices.unit_people(desk, lead.unit_code):
        if person != caller.person.id:
            desk.say(person, f"{case.cause}:unit", told, case=case, can_wait=True)
    notices.tell_reporters(desk, case, desk.texts("report.claimed", number=case.id, unit=unit))
    due = desk.clock_time(case.live(Duty.RECTIFY)[0].due_at)
    done = desk.texts("claim.done", number=case.id, due=due, evidence=evidence.how(desk, case))
    return f"{done}\n{_reminder(desk, caller, case)}".strip()


def _reminder(desk: Desk, caller: Caller, case: Case) -> str:
    """A window of 48 hours may be over before the deadline: the link that buys one word after it."""
    link = desk.links.reminder(desk.session, desk.now, caller.account, caller.identity_id, case.id)
    return desk.texts("claim.remind_me", link=link) if link else ""


def _name(desk: Desk, person: Person | Somebody | None) -> str:
    return person.name if person and person.name else desk.texts("role.officer")


def _not_claimable(desk: Desk, caller: Caller, case: Case) -> str:
    """Who was first, or where the case stands now."""
    lead = case.lead
    if case.status is not Status.CLAIMED or lead is None or lead.claimed_at is None:
        return desk.texts("claim.elsewhere", number=case.id, status=desk.texts(f"status.{case.status}"))
    if lead.claimed_by == caller.person.id:
        return desk.texts("claim.yours", number=case.id)
    name = _name(desk, desk.session.get(Person, lead.claimed_by))
    return desk.texts("claim.taken", number=case.id, name=name, at=desk.clock_time(lead.claimed_at))
