"""协办反馈: what a unit that helps has done, told to the unit that answers for the case."""

from datetime import timedelta

from handlers import notices, questions
from handlers.desk import Desk
from handlers.officer.choice import Wish, choose, helped
from handlers.people.caller import Caller
from models.actor import Actor
from models.case import Case
from models.question import Ask
from models.workflow import Move, Status

VERB = "feedback"
_WORDS_OPEN_FOR = timedelta(minutes=10)


def feed_back(desk: Desk, caller: Caller, number: int | None, rest: str) -> str:
    """反馈 12 已配合清运."""
    wish = Wish(VERB, number, rest, by=Caller.helps)
    chosen = choose(desk, caller, wish, helped(desk, caller))
    case = chosen.case
    if case is None:
        return chosen.answer
    if not rest:
        questions.put(desk, caller.person.id, Ask.REASON, {"verb": VERB, "case": case.id}, _WORDS_OPEN_FOR)
        return desk.texts("helping.what", number=case.id)
    return _note(desk, caller, case, rest)


def _note(desk: Desk, caller: Caller, case: Case, words: str) -> str:
    """The event; the unit that answers for the case hears it, and whoever verifies while they do."""
    actor, unit = _helper(caller, case)
    case.move(Move.FEED_BACK, actor, desk.now, words, unit=unit)
    told_by = desk.unit_name(unit)
    text = desk.texts("helping.told", unit=told_by, words=words, summary=notices.describe(desk, case))
    notices.tell_unit(desk, case, text)
    if case.status is Status.RECTIFIED:
        notices.tell_verifiers(desk, case, text)
    return desk.texts("helping.noted", number=case.id)


def _helper(caller: Caller, case: Case) -> tuple[Actor, str]:
    actor = caller.helps(case)
    unit = next((one.unit_code for one in case.helping if one.unit_code in caller.units), "")
    if actor is None:
        raise LookupError(f"case {case.id} is not helped with by the caller's unit")
    return actor, unit
