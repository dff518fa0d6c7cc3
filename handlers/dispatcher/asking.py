"""追问与并案: asking the reporter for what is missing, and joining two cases that are one problem."""

from sqlalchemy import update

from handlers import exposing, notices
from handlers.desk import Desk
from handlers.dispatcher import triage
from handlers.people.caller import Caller
from handlers.words import bare_number
from models.actor import Actor
from models.case import Case
from models.exposure import Exposure
from models.report import Report
from models.workflow import OPEN_STATUSES, Move, Part, Status


def ask(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """追问 12 具体在哪个门: to whoever reported it; their 补充 comes back as a note."""
    if not rest:
        return desk.texts("ask.what", number=case.id)
    people = notices.subscribers(desk, notices.reporters(desk, case))
    if not people:
        return desk.texts("ask.nobody", number=case.id)
    case.move(Move.NOTE, Actor(Part.DISPATCHER, caller.person.id), desk.now, rest, asked=len(people))
    notices.tell_reporters(desk, case, desk.texts("ask.reporter", number=case.id, words=rest), can_wait=False)
    return desk.texts("ask.done", number=case.id, count=len(people))


def join(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """并案 12 8: case 12, which no unit has yet, is the same problem as case 8, and its reporters go on there."""
    number = bare_number(rest)
    other = Case.locked(desk.session, number) if number and number != case.id else None
    if other is None:
        return desk.texts("join.which", number=case.id)
    if case.status is not Status.REPORTED:
        return triage.wrong_state(desk, case)
    if other.status not in OPEN_STATUSES:
        return triage.wrong_state(desk, other)
    _merge(desk, case, other, Actor(Part.DISPATCHER, caller.person.id))
    return desk.texts("join.done", number=case.id, other=other.id)


def _merge(desk: Desk, case: Case, other: Case, actor: Actor) -> None:
    text = desk.texts("join.reporter", number=case.id, other=other.id)
    case.reject(actor, desk.now, desk.texts("join.why", other=other.id), into=other.id)
    notices.tell_reporters(desk, case, text)
    for table in (Report, Exposure):
        desk.session.execute(update(table).where(table.case_id == case.id).values(case_id=other.id))
    desk.session.expire_all()
    other.move(Move.JOIN, actor, desk.now, case.text, joined=case.id)
    if case.exposed and not other.exposed:
        other.exposed = True
        exposing.owe_pledge(desk, other)
    if other.status is Status.RECTIFIED:  # whoever verifies must know that somebody still sees it
        notices.tell_verifiers(
            desk, other, desk.texts("dispatch.again", number=other.id, summary=notices.describe(desk, other))
        )
