"""整改承诺: who answers for an exposed case, and by when."""

from handlers import notices
from handlers.desk import Desk
from handlers.exposing import OWING
from handlers.officer.choice import Wish, choose, held
from handlers.people.caller import Caller
from handlers.reading import article
from models.assignment import Assignment
from models.case import Case
from models.exposure import Pledge


def pledge(desk: Desk, caller: Caller, number: int | None, rest: str) -> str:
    """承诺 12 李主任 11月30日前整改完."""
    candidates = [case for case in held(desk, caller, *OWING) if case.exposed]
    chosen = choose(desk, caller, Wish("pledge", number, rest), candidates)
    case = chosen.case
    if case is None:
        return chosen.answer
    lead = case.lead
    if lead is None or not case.exposed:
        return desk.texts("pledge.not_exposed", number=case.id)
    if case.status not in OWING:
        return desk.texts("pledge.over", number=case.id, status=desk.texts(f"status.{case.status}"))
    told = article.pledge(rest, desk.now.astimezone(desk.zone).date())
    if not told.who or told.by is None:
        return desk.texts("pledge.who_when", number=case.id)
    return _note(desk, caller, case, lead, told)


def _note(desk: Desk, caller: Caller, case: Case, lead: Assignment, told: article.Pledge) -> str:
    """Keep the promise; the command centre and whoever exposed the case hear it."""
    desk.session.add(
        Pledge(
            case_id=case.id,
            assignment_id=lead.id,
            person_id=caller.person.id,
            who=told.who,
            by=told.by,
            words=told.words,
            made_at=desk.now,
        )
    )
    case.pledge(caller.acting_for(case), desk.now, told.words)
    text = desk.texts("pledge.told", number=case.id, words=told.words, unit=desk.unit_name(lead.unit_code))
    notices.tell_command(desk, case, text)
    notices.tell_reporters(desk, case, text)
    return desk.texts("pledge.done", number=case.id)
