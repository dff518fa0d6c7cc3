"""补充情况: more words about a case that is known, from whoever reported it."""

from sqlalchemy import select

from handlers import discretion, notices
from handlers.desk import Desk
from models.actor import Actor
from models.case import Case
from models.event import CaseEvent
from models.report import Report
from models.workflow import Move, Part


def add(desk: Desk, case: Case, words: str, person_id: int) -> bool:
    """Note the words and tell the unit, else the command centre. Returns whether a unit heard them."""
    case.move(Move.NOTE, Actor(Part.REPORTER, person_id), desk.now, words)
    told = discretion.about(desk, case, words, person_id)
    text = desk.texts("task.note", text=told, summary=notices.describe(desk, case))
    if notices.tell_unit(desk, case, text):
        return True
    notices.tell_command(desk, case, text)
    return False


def add_new(desk: Desk, case: Case, words: str, person_id: int) -> None:
    """The same, of words that may have come before: an order sent twice is one, 再次来电催办 is news."""
    reported = select(Report.id).where(Report.case_id == case.id, Report.text == words)
    noted = select(CaseEvent.id).where(CaseEvent.case_id == case.id, CaseEvent.why == words)
    known = any(desk.session.scalars(query.limit(1)).first() for query in (reported, noted))
    held = None if known or not words else Case.locked(desk.session, case.id)
    if held is not None:
        add(desk, held, words, person_id)
