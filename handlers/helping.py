"""协办: units that help the one that answers for a case. They hear what is asked, and when it is over."""

from handlers import notices
from handlers.desk import Desk
from models.actor import SYSTEM, Actor
from models.assignment import Assignment
from models.case import Case
from models.clock import Duty
from models.unit import Unit
from models.workflow import Part


def as_decided(desk: Desk, case: Case, lead: Assignment) -> None:
    """Where a case goes to whom routing meant, those that routing meant to help stand by, and find it in their 待办.

    They hear nothing: every full dustbin would be a word to the whole city's 城管. Who wants them calls them in.
    """
    decision = lead.decision
    if decision.get("unit") != lead.unit_code:
        return
    for code in decision.get("co_units", []):
        unit = desk.session.get(Unit, code)  # a case may be older than the units are
        if unit is not None and not unit.retired and code != lead.unit_code:
            case.enlist(code, SYSTEM, desk.now)


def call_in(desk: Desk, case: Case, code: str, actor: Actor, words: str = "") -> int:
    """指定协办, and tell its people what is asked. Returns how many people that is; nobody's clock hangs on it."""
    case.enlist(code, actor, desk.now, words)
    return _tell(desk, case, code, f"co:{code}", _asked(desk, case, words))


def _asked(desk: Desk, case: Case, words: str) -> str:
    lead = case.lead
    running = case.live(Duty.CLAIM, Duty.RECTIFY)
    return desk.texts(
        "helping.asked",
        lead=desk.unit_name(lead.unit_code if lead else ""),
        words=desk.texts("helping.words", words=words) if words else "",
        summary=notices.describe(desk, case),
        photos=len(notices.photos_before(desk, case)),
        due=desk.clock_time(min(clock.due_at for clock in running)) if running else "",
        number=case.id,
    )


def tell_lead(desk: Desk, case: Case, codes: list[str]) -> None:
    """The unit that answers for the case knows who helps it."""
    units = "、".join(desk.unit_name(code) for code in codes)
    notices.tell_unit(desk, case, desk.texts("helping.told_lead", units=units, number=case.id))


def dismiss(desk: Desk, case: Case, helper: Assignment, actor: Actor) -> None:
    """取消协办."""
    case.dismiss(helper, actor, desk.now)
    if _was_called(helper):
        _tell_over(desk, case, helper.unit_code)


def _was_called(helper: Assignment) -> bool:
    """Whether a person asked for their help; what routing meant was never told them."""
    return helper.decision.get("by") != Part.SYSTEM


def tell_released(desk: Desk, case: Case) -> None:
    """After the case was closed or has changed hands: whoever helped until this moment hears that it is over."""
    still = {one.unit_code for one in (*case.helping, case.lead) if one is not None}
    for helper in case.helpers:
        if helper.ended_at == desk.now and helper.unit_code not in still and _was_called(helper):
            _tell_over(desk, case, helper.unit_code)


def _tell_over(desk: Desk, case: Case, code: str) -> None:
    status = desk.texts(f"status.{case.status}")
    _tell(desk, case, code, f"co_over:{code}", desk.texts("helping.over", number=case.id, status=status))


def _tell(desk: Desk, case: Case, code: str, part: str, text: str) -> int:
    """A word to everybody who acts for a unit that helps. Returns how many people that is."""
    people = notices.unit_people(desk, code)
    for person in people:
        desk.say(person, f"{case.cause}:{part}", text, case=case, can_wait=True)
    return len(people)
