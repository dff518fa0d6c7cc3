"""复查与跟踪: an assessor looks again at a case in secret, a journalist reports what became of it."""

from sqlalchemy import select

from handlers import notices, satisfaction
from handlers.desk import Desk
from handlers.people.caller import Caller
from handlers.reading import sheet
from handlers.words import plain
from models.actor import Actor
from models.case import Case
from models.people import Role
from models.report import Report
from models.workflow import Move, Part, Status

_LOOK, _FOLLOW = ("复查", "复核", "回头看"), ("跟踪", "跟踪报道")


def answer(desk: Desk, caller: Caller, text: str) -> str | None:
    """The answer to 复查 or 跟踪 from whoever may say it; None for everything else."""
    words = plain(text)
    if caller.holds(Role.ASSESSOR):
        if words in _LOOK:
            return desk.texts("recheck.which")
        checked = sheet.recheck(words)
        if checked is not None:
            return _looked(desk, caller, checked, Part.ASSESSOR)
    if caller.holds(Role.JOURNALIST) and words.startswith(_FOLLOW):
        followed = sheet.recheck("复查" + words.removeprefix("跟踪报道").removeprefix("跟踪"))
        return _followed(desk, caller, followed) if followed else desk.texts("media.follow_how")
    return None


def _followed(desk: Desk, caller: Caller, told: sheet.Recheck) -> str:
    """Only the exposure's own journalist follows it up."""
    own = select(Report.id).where(Report.case_id == told.case_number, Report.person_id == caller.person.id)
    if desk.session.scalars(own.limit(1)).first() is None:
        return desk.texts("report.not_yours", number=told.case_number)
    return _looked(desk, caller, told, Part.REPORTER)


def _looked(desk: Desk, caller: Caller, told: sheet.Recheck, part: Part) -> str:
    case = Case.locked(desk.session, told.case_number)
    if case is None:
        return desk.texts("case.not_found", number=told.case_number)
    if told.solved is None:
        return desk.texts("recheck.how", number=case.id)
    actor = Actor(part, caller.person.id)
    words = told.words or desk.texts(f"recheck.verdict.{'solved' if told.solved else 'unsolved'}")
    if told.solved:
        return _solved(desk, case, actor, words)
    return unsolved(desk, case, actor, words)


def _solved(desk: Desk, case: Case, actor: Actor, words: str) -> str:
    """已整改: a follow-up by the exposure's own journalist closes the case; a re-check is noted for the 核查."""
    if case.status is Status.RECTIFIED and actor.part is Part.REPORTER and not case.needs_look:
        case.close(Move.CONFIRM, actor, desk.now, words)
        satisfaction.tell_closed(desk, case, actor.person_id or 0, "followed")
        return desk.texts("recheck.closed", number=case.id)
    case.move(Move.NOTE, actor, desk.now, words, solved=True)
    notices.tell_verifiers(desk, case, desk.texts("recheck.told", number=case.id, words=words))
    return desk.texts("recheck.noted", number=case.id)


def unsolved(desk: Desk, case: Case, actor: Actor, words: str) -> str:
    """未整改: an objection before the 核查, a request to do it again after it."""
    if case.status is Status.CLOSED:
        return satisfaction.ask_reopen(desk, case, actor, words)
    move = Move.OBJECT if case.status is Status.RECTIFIED else Move.NOTE
    case.move(move, actor, desk.now, words, solved=False)
    notices.tell_verifiers(desk, case, desk.texts("recheck.told", number=case.id, words=words))
    return desk.texts("recheck.noted", number=case.id)
