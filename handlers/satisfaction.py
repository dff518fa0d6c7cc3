"""满意度: what the reporters say of the result, and what follows when it is no."""

import re
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from handlers import helping, notices, questions, showing
from handlers.case_pages import Side
from handlers.desk import Desk
from handlers.people.caller import Caller
from handlers.reading import numbered_list
from handlers.reading.place_words import named_place
from handlers.words import plain
from models.actor import Actor
from models.case import Case
from models.clock import Duty
from models.petition import Plea
from models.question import Ask, Question
from models.workflow import Move, Part, Status

RATING_OPEN_FOR = timedelta(days=7)
UNHAPPY = 3
SCORES = (1, 2, UNHAPPY)

RATINGS = {
    "满意": 1,
    "非常满意": 1,
    "很满意": 1,
    "解决了": 1,
    "已解决": 1,
    "基本满意": 2,
    "比较满意": 2,
    "还可以": 2,
    "不满意": UNHAPPY,
    "很不满意": UNHAPPY,
    "没解决": UNHAPPY,
    "没有解决": UNHAPPY,
    "还没解决": UNHAPPY,
    "1": 1,
    "2": 2,
    "3": UNHAPPY,
}
# "3", "不满意,垃圾还在", "满意!谢谢", but not "3号楼" and not "满意度调查".
_VERDICT = re.compile(
    rf"(?:选|选择)?(?P<word>{'|'.join(sorted(RATINGS, key=len, reverse=True))})(?:[\s,。.、:;!~]+(?P<words>.*))?",
    re.DOTALL,
)


def rating(desk: Desk, caller: Caller, text: str, is_drafting: Callable[[], bool] = lambda: False) -> str | None:
    """The answer to 1/2/3 or 满意/基本满意/不满意, when a rating was asked for; None when the text is none.

    is_drafting: a report is being written, so that "3 号楼" is part of it; only a bare verdict counts then.
    """
    said = _VERDICT.fullmatch(plain(text))
    if said is None:
        return None  # nearly everything people write: nothing is looked up for it
    asked = questions.latest(desk, caller.person.id)
    if asked is None or asked.ask is not Ask.RATING or (said["words"] and is_drafting()):
        return None
    if _is_list(text, RATINGS[said["word"]], said["words"] or ""):
        return None
    return _answered(desk, caller, asked, RATINGS[said["word"]], said["words"] or "")


def _is_list(text: str, score: int, words: str) -> bool:
    """Whether "1. 山大路…" numbers new findings: who is content names no places."""
    return len(numbered_list.split(text).entries) > 1 or (score != UNHAPPY and bool(named_place(words)))


def unhappy(desk: Desk, caller: Caller, words: str) -> str | None:
    """没解决 said in answer to the question; None when nothing was asked."""
    asked = questions.latest(desk, caller.person.id)
    if asked is None or asked.ask is not Ask.RATING:
        return None
    return _answered(desk, caller, asked, UNHAPPY, words)


def _answered(desk: Desk, caller: Caller, asked: Question, score: int, words: str) -> str:
    case = Case.locked(desk.session, asked.payload["case"])
    if case is None:
        raise LookupError(f"question {asked.id} is about a case that is not there")
    return rate(desk, caller, case, score, words)


def rate(desk: Desk, caller: Caller, case: Case, score: int, words: str) -> str:
    """评价: note it, and close the case or call for a look."""
    questions.forget(desk, caller.person.id, Ask.RATING, case.id)
    reports = notices.reporters(desk, case)
    for report in reports:
        if report.person_id == caller.person.id:
            report.rating, report.rated_at = score, desk.now
    case.rating = max(report.rating or 0 for report in reports) or None  # the worst word counts
    actor = Actor(Part.REPORTER, caller.person.id)
    verdict = "。".join(filter(None, (desk.texts(f"rating.said.{score}"), words)))
    if score == UNHAPPY:
        return _object(desk, case, actor, verdict)
    if case.status is Status.RECTIFIED and not case.needs_look and not _anybody_unhappy(desk, case):
        case.close(Move.CONFIRM, actor, desk.now, verdict, score=score)
        tell_closed(desk, case, caller.person.id)
    else:
        case.move(Move.RATE if case.status is Status.CLOSED else Move.NOTE, actor, desk.now, verdict, score=score)
    return desk.texts("rating.thanks", number=case.id)


def _object(desk: Desk, case: Case, actor: Actor, verdict: str) -> str:
    """不满意: before the 核查 it is an objection, afterwards a request to do it again."""
    if case.status is Status.CLOSED:
        case.move(Move.RATE, actor, desk.now, verdict, score=UNHAPPY)
        return ask_reopen(desk, case, actor, verdict)
    case.move(Move.OBJECT if case.status is Status.RECTIFIED else Move.NOTE, actor, desk.now, verdict, score=UNHAPPY)
    text = desk.texts("dispatch.objection", words=verdict, summary=notices.describe(desk, case), number=case.id)
    notices.tell_verifiers(desk, case, text)
    return desk.texts("rating.objected", number=case.id)


def _anybody_unhappy(desk: Desk, case: Case) -> bool:
    return any(report.rating == UNHAPPY for report in notices.reporters(desk, case))


def tell_closed(desk: Desk, case: Case, rater: int, how: str = "confirmed") -> None:
    """The unit that did it, and the others who reported it. how: confirmed by a reporter, or followed by a medium."""
    text = desk.texts(f"task.closed.{how}", summary=notices.describe(desk, case))
    for person in notices.unit_people(desk, case.assignments[-1].unit_code):
        desk.say(person, f"{case.cause}:unit", text, case=case, can_wait=True)
    helping.tell_released(desk, case)
    showing.to_unit(desk, case)
    told = desk.texts("report.confirmed", number=case.id)
    for person in sorted({*notices.subscribers(desk, notices.reporters(desk, case))} - {rater}):
        desk.say(person, f"{case.cause}:reporter", told, case=case, can_wait=True)


def ask_reopen(desk: Desk, case: Case, actor: Actor, reason: str) -> str:
    """申请重办, while the window is open; the command centre rules on it."""
    if case.closed_at is None or desk.now > case.closed_at + desk.rules.reopen_within:
        return desk.texts("reopen.too_late", number=case.id)
    if case.pending(Plea.REOPEN):
        return desk.texts("reopen.pending", number=case.id)
    case.ask(Plea.REOPEN, actor, desk.clocks, desk.now, reason)
    text = desk.texts(
        "dispatch.petition",
        plea=desk.texts("plea.reopen"),
        reason=reason,
        number=case.id,
        summary=notices.describe(desk, case),
        unit=desk.texts("role.assessor" if actor.part is Part.ASSESSOR else "role.reporter"),
    )
    notices.tell_command(desk, case, text, deadline=case.live(Duty.RULING)[-1])
    return desk.texts("reopen.asked", number=case.id)


def ask_rating(desk: Desk, case: Case) -> None:
    """Show before and after to the reporters of platforms that ask, and ask 1/2/3 of those who have not said."""
    platforms = desk.router.pack.platforms
    reports = [r for r in notices.reporters(desk, case) if platforms[r.channel].asks_satisfaction]
    rated = {report.person_id for report in reports if report.rating is not None}
    text = desk.texts("rating.ask", summary=notices.describe(desk, case))
    event = f"{case.cause}:rate"
    for person in notices.subscribers(desk, [report for report in reports if report.person_id not in rated]):
        desk.say(person, event, text, case=case, can_wait=True, side=Side.REPORTER)
        questions.put(desk, person, Ask.RATING, {"case": case.id}, RATING_OPEN_FOR)
        showing.to_reporter(desk, case, person, event)


def is_asked(desk: Desk, person_id: int, case: Case) -> bool:
    """Whether this reporter still owes the answer to 满意吗."""
    open_ones = select(Question.payload).where(
        Question.person_id == person_id,
        Question.ask == Ask.RATING,
        Question.answered_at.is_(None),
        Question.expires_at > desk.now,
    )
    return any(payload["case"] == case.id for payload in desk.session.scalars(open_ones))


def forget_ratings(desk: Desk, case: Case) -> None:
    """返工: what was said of the first attempt is kept in the events; the next one is asked about anew."""
    case.rating = None
    for report in notices.reporters(desk, case):
        report.rating = report.rated_at = None
        questions.forget(desk, report.person_id, Ask.RATING, case.id)
