"""市民: what somebody who reports can say besides the report itself."""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select

from handlers import draft, notices, questions, words
from handlers.channels.piece import Channel
from handlers.desk import Desk
from handlers.people import Caller
from models.case import Actor, Case
from models.petition import Plea
from models.question import Ask, Question
from models.report import Report
from models.workflow import Move, Part, Status

RATING_OPEN_FOR = timedelta(days=7)
UNHAPPY = 3


class Verb(StrEnum):
    """市民指令."""

    FINISH = "finish"
    CANCEL = "cancel"
    MINE = "mine"
    LOOK = "look"
    ADD = "add"
    REOPEN = "reopen"
    HELP = "help"


VERBS = {
    "完成": Verb.FINISH,
    "提交": Verb.FINISH,
    "发完了": Verb.FINISH,
    "取消": Verb.CANCEL,
    "我的上报": Verb.MINE,
    "我的": Verb.MINE,
    "查询": Verb.LOOK,
    "进度": Verb.LOOK,
    "补充": Verb.ADD,
    "重办": Verb.REOPEN,
    "没解决": Verb.REOPEN,
    "帮助": Verb.HELP,
    "?": Verb.HELP,
}

RATINGS = {"满意": 1, "基本满意": 2, "不满意": UNHAPPY, "非常满意": 1}

# These take a case number and perhaps more words. The others must stand alone: "取消了垃圾桶" is a report.
_WITH_NUMBER = {Verb.LOOK, Verb.ADD, Verb.REOPEN}


def answer(desk: Desk, caller: Caller, channel: Channel, text: str) -> str | None:
    """The answer to a citizen's command or rating; None when the text is neither."""
    rated = rating(desk, caller, text)
    if rated is not None:
        return rated
    command = words.parse(text, VERBS)
    if command is None:
        return None
    if command.verb in _WITH_NUMBER:
        return (
            None if command.number is None else _ABOUT_CASE[command.verb](desk, caller, command.number, command.rest)
        )
    if command.rest or command.number:
        return None
    return _ALONE[command.verb](desk, caller, channel)


def rating(desk: Desk, caller: Caller, text: str) -> str | None:
    """1/2/3 or 满意/基本满意/不满意, when a rating was asked for."""
    score = RATINGS.get(words.plain(text).rstrip("。.!~")) or words.bare_number(text)
    asked = questions.latest(desk, caller.person.id)
    if asked is None or asked.ask is not Ask.RATING or score not in (1, 2, 3):
        return None
    asked.answered_at = desk.now
    return _rate(desk, caller, asked, score)


def _rate(desk: Desk, caller: Caller, asked: Question, score: int) -> str:
    case = Case.locked(desk.session, asked.payload["case"])
    report = desk.session.get(Report, asked.payload["report"])
    if case is None or report is None:
        return desk.texts("case.not_found", number=asked.payload["case"])
    report.rating, report.rated_at = score, desk.now
    actor = Actor(Part.REPORTER, caller.person.id)
    verdict = desk.texts(f"rating.{score}")
    if score == UNHAPPY:
        return _object(desk, case, actor, verdict)
    if case.status is Status.RECTIFIED and not _anybody_unhappy(desk, case):
        case.close(Move.CONFIRM, actor, desk.now, verdict)
        _tell_closed(desk, case)
    else:
        case.move(Move.RATE if case.status is Status.CLOSED else Move.NOTE, actor, desk.now, verdict, score=score)
    return desk.texts("rating.thanks")


def _object(desk: Desk, case: Case, actor: Actor, verdict: str) -> str:
    """不满意: before the 核查 it is an objection, afterwards a request to do it again."""
    if case.status is Status.CLOSED:
        case.move(Move.RATE, actor, desk.now, verdict, score=UNHAPPY)
        return _ask_reopen(desk, case, actor, verdict)
    case.move(Move.OBJECT if case.status is Status.RECTIFIED else Move.NOTE, actor, desk.now, verdict, score=UNHAPPY)
    text = desk.texts("dispatch.objection", summary=notices.describe(desk, case), number=case.id)
    notices.tell_command(desk, case, text)
    return desk.texts("rating.objected")


def _anybody_unhappy(desk: Desk, case: Case) -> bool:
    return any(report.rating == UNHAPPY for report in notices.reporters(desk, case))


def _tell_closed(desk: Desk, case: Case) -> None:
    text = desk.texts("task.confirmed", summary=notices.describe(desk, case))
    unit = case.assignments[-1].unit_code
    for person in notices.unit_people(desk, unit):
        desk.say(person, f"{case.cause}:unit", text, case=case, can_wait=True)


def _ask_reopen(desk: Desk, case: Case, actor: Actor, reason: str) -> str:
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
        unit=desk.texts("role.reporter"),
    )
    notices.tell_command(desk, case, text)
    return desk.texts("reopen.asked", number=case.id)


def ask_rating(desk: Desk, case: Case) -> None:
    """Show before and after to everybody who reported, and ask 1/2/3 of those who have not said."""
    for report in notices.reporters(desk, case):
        if report.rating is not None:
            continue
        event = f"{case.cause}:rate"
        text = desk.texts("rating.ask", summary=notices.describe(desk, case))
        desk.say(report.person_id, event, text, case=case, can_wait=True)
        questions.put(desk, report.person_id, Ask.RATING, {"case": case.id, "report": report.id}, RATING_OPEN_FOR)
        _show_both(desk, case, report.person_id, event)


def forget_ratings(desk: Desk, case: Case) -> None:
    """返工: what was said of the first attempt is kept in the events; the next one is asked about anew."""
    for report in notices.reporters(desk, case):
        report.rating = report.rated_at = None


def _show_both(desk: Desk, case: Case, person_id: int, event: str) -> None:
    notices.send_photos(desk, person_id, event, notices.photos_before(desk, case), case, most=1)
    notices.send_photos(desk, person_id, event, notices.photos_after(desk, case), case, most=1)


def _mine(desk: Desk, caller: Caller, channel: Channel) -> str:
    query = (
        select(Case)
        .join(Report, Report.case_id == Case.id)
        .where(Report.person_id == caller.person.id)
        .order_by(Report.id.desc())
        .limit(10)
    )
    cases = list(dict.fromkeys(desk.session.scalars(query)))
    if not cases:
        return desk.texts("report.none")
    lines = [
        desk.texts(
            "report.line", number=c.id, category=desk.category_name(c), status=desk.texts(f"status.{c.status}")
        )
        for c in cases
    ]
    return desk.texts("report.mine", lines="\n".join(lines))


def _help(desk: Desk, caller: Caller, channel: Channel) -> str:
    return desk.texts("help.citizen")


def _own_case(desk: Desk, caller: Caller, number: int) -> Case | None:
    """A case the caller reported; nobody learns of anybody else's."""
    mine = select(Report.id).where(Report.case_id == number, Report.person_id == caller.person.id).limit(1)
    return Case.locked(desk.session, number) if desk.session.scalars(mine).first() else None


def _look(desk: Desk, caller: Caller, number: int, rest: str) -> str:
    case = _own_case(desk, caller, number)
    if case is None:
        return desk.texts("report.not_yours", number=number)
    lead = case.lead
    return desk.texts(
        "report.detail",
        summary=notices.describe(desk, case),
        status=desk.texts(f"status.{case.status}"),
        unit=desk.unit_name(lead.unit_code) if lead else desk.texts("case.no_unit"),
        opened=desk.clock_time(case.opened_at),
    )


def _add(desk: Desk, caller: Caller, number: int, rest: str) -> str:
    case = _own_case(desk, caller, number)
    if case is None:
        return desk.texts("report.not_yours", number=number)
    if not rest:
        return desk.texts("report.add_what", number=number)
    case.move(Move.NOTE, Actor(Part.REPORTER, caller.person.id), desk.now, rest)
    text = desk.texts("task.note", number=number, text=rest, summary=notices.describe(desk, case))
    if not notices.tell_unit(desk, case, text):
        notices.tell_command(desk, case, text)
    return desk.texts("report.added", number=number)


def _reopen(desk: Desk, caller: Caller, number: int, rest: str) -> str:
    case = _own_case(desk, caller, number)
    if case is None:
        return desk.texts("report.not_yours", number=number)
    if case.status not in (Status.CLOSED, Status.REJECTED):
        return desk.texts("reopen.still_open", number=number, status=desk.texts(f"status.{case.status}"))
    return _ask_reopen(desk, case, Actor(Part.REPORTER, caller.person.id), rest or desk.texts("reopen.no_reason"))


def _finish(desk: Desk, caller: Caller, channel: Channel) -> str:
    return draft.finish(desk, caller, channel)


def _cancel(desk: Desk, caller: Caller, channel: Channel) -> str:
    return draft.cancel(desk, caller, channel)


_ALONE: dict[Verb, Callable[[Desk, Caller, Channel], str]] = {
    Verb.FINISH: _finish,
    Verb.CANCEL: _cancel,
    Verb.MINE: _mine,
    Verb.HELP: _help,
}
_ABOUT_CASE: dict[Verb, Callable[[Desk, Caller, int, str], str]] = {
    Verb.LOOK: _look,
    Verb.ADD: _add,
    Verb.REOPEN: _reopen,
}
