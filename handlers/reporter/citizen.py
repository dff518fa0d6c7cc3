"""市民: what somebody who reports can say besides the report itself."""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select

from handlers import adding, draft, notices, platforms, satisfaction, which_street, words
from handlers.case_pages import Side
from handlers.channels import hotline_12345
from handlers.desk import Desk
from handlers.message import Message
from handlers.people.caller import Caller
from models.actor import Actor
from models.case import Case
from models.people import Role
from models.report import Report
from models.workflow import Part, Status
from routing.platforms import Platform

SHOWN = 10


class Verb(StrEnum):
    """市民指令."""

    FINISH = "finish"
    CANCEL = "cancel"
    MINE = "mine"
    LOOK = "look"
    ADD = "add"
    REOPEN = "reopen"
    REPORT = "report"
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
    "没有解决": Verb.REOPEN,
    "还没解决": Verb.REOPEN,
    "上报": Verb.REPORT,
    "帮助": Verb.HELP,
    "?": Verb.HELP,
}

# Said out of courtesy; a report must not begin with it.
COURTESIES = {
    *("你好", "您好", "在吗", "在么", "喂", "早上好", "晚上好", "hi", "hello"),
    *("谢谢", "谢谢您", "谢谢你", "多谢", "感谢", "非常感谢", "辛苦了", "再见"),
    *("好", "好的", "好吧", "嗯", "嗯嗯", "哦", "行", "可以", "收到", "知道了", "明白", "ok"),
}


def answer(desk: Desk, caller: Caller, platform: Platform, message: Message) -> str | None:
    """The answer to a citizen's command, rating or courtesy; None when the text belongs to a report."""

    def is_drafting() -> bool:
        return draft.current(desk, caller, platform.key) is not None

    told = which_street.answered(desk, caller, message)
    if told is not None:
        return draft.told_where(desk, caller, told, platform)
    command = words.parse(message.text, VERBS)
    # "没解决 12" is about 12, whatever was asked last; without a number it answers the question.
    answered = _command(desk, caller, platform, message, command) if command and command.number else None
    answered = answered or satisfaction.rating(desk, caller, message.text, is_drafting)
    if answered is None and command is not None:
        answered = _command(desk, caller, platform, message, command)
    return answered or _loose(desk, caller, platform, message.text)


def _loose(desk: Desk, caller: Caller, platform: Platform, text: str) -> str | None:
    """A number nobody asked for, or a courtesy; None for what tells of a problem."""
    number = words.bare_number(text)
    is_courtesy = words.plain(text).rstrip("。.!?~ ").lower() in COURTESIES
    if number is None and not is_courtesy:
        return None
    pending = draft.current(desk, caller, platform.key)
    if number is not None:
        return None if pending else own_detail(desk, caller, number) or desk.texts("help.citizen_unknown")
    return draft.progress(desk, caller, pending, platform) if pending else desk.texts("help.courtesy")


def _command(
    desk: Desk, caller: Caller, platform: Platform, message: Message, command: words.Command[Verb]
) -> str | None:
    """None where the words only begin like a command: "取消了垃圾桶" is a report."""
    if command.verb is Verb.REPORT:
        return begin_report(desk, caller, platform, replace(message, text=command.tail))
    if command.verb in _ALONE:
        return None if command.tail else _ALONE[command.verb](desk, caller, platform)
    if command.number is not None:
        return _ABOUT_CASE[command.verb](desk, caller, command.number, command.rest)
    return _WITHOUT_NUMBER[command.verb](desk, caller, command.rest)


def begin_report(desk: Desk, caller: Caller, platform: Platform, message: Message) -> str:
    """上报: what follows belongs to a report; words said in the same breath are its first."""
    if platform not in platforms.allowed(desk, caller):
        return desk.texts("platform.closed")
    if message.text:
        return draft.take(desk, caller, platform, message)
    if draft.current(desk, caller, platform.key) is None:
        draft.begin(desk, caller, platform.key)
    return desk.texts("draft.begun", platform=platform.name)


def _mine(desk: Desk, caller: Caller, platform: Platform) -> str:
    return _own_list(desk, caller)


def _own_list(desk: Desk, caller: Caller) -> str:
    lines = _own_lines(desk, caller)
    return desk.texts("report.mine", lines=lines) if lines else desk.texts("report.none")


def _own_cases(desk: Desk, caller: Caller) -> list[Case]:
    """What the caller reported, the latest first."""
    query = select(Case).join(Report, Report.case_id == Case.id).where(Report.person_id == caller.person.id)
    return list(dict.fromkeys(desk.session.scalars(query.order_by(Report.id.desc()).limit(SHOWN))))


def _own_lines(desk: Desk, caller: Caller) -> str:
    return "\n".join(
        desk.texts(
            "report.line",
            number=case.id,
            category=desk.category_name(case),
            place=case.place[:20],
            status=desk.texts(f"status.{case.status}"),
        )
        for case in _own_cases(desk, caller)
    )


def _help(desk: Desk, caller: Caller, platform: Platform) -> str:
    return help_text(desk, caller)


def help_text(desk: Desk, caller: Caller) -> str:
    """帮助: what everybody may say, and what the platforms of the caller's roles want."""
    pack = desk.router.pack
    keys = {pack.roles[m.role.value].platform for m in caller.memberships}
    mine = next((platform for key, platform in pack.platforms.items() if key in keys), None)
    common = desk.texts("help.citizen")
    if mine is None:
        return common
    own = desk.texts(f"help.own.{mine.key}")
    return desk.texts("help.reporter", welcome=mine.welcome, own=own, common=common)


def _own_case(desk: Desk, caller: Caller, number: int) -> Case | None:
    """A case the caller reported; nobody learns of anybody else's. The hotline's people share their orders."""
    whose: ColumnElement[bool] = Report.person_id == caller.person.id
    if caller.holds(Role.OPERATOR):
        whose = or_(whose, Report.channel == hotline_12345.KEY)
    mine = select(Report.id).where(Report.case_id == number, whose).limit(1)
    return Case.locked(desk.session, number) if desk.session.scalars(mine).first() else None


def _look(desk: Desk, caller: Caller, number: int, rest: str) -> str:
    return own_detail(desk, caller, number) or desk.texts("report.not_yours", number=number)


def own_detail(desk: Desk, caller: Caller, number: int) -> str | None:
    """查询: how a case stands that the caller reported; None when they did not."""
    case = _own_case(desk, caller, number)
    if case is None:
        return None
    unit = case.lead or (case.assignments[-1] if case.assignments else None)
    return desk.texts(
        "report.detail",
        summary=notices.describe(desk, case),
        status=desk.texts(f"status.{case.status}"),
        unit=desk.unit_name(unit.unit_code) if unit else desk.texts("case.no_unit"),
        opened=desk.clock_time(case.opened_at),
    ) + _page(desk, caller, case)


def _page(desk: Desk, caller: Caller, case: Case) -> str:
    """The hotline's people may ask after any order; a page of its own has only who reported it."""
    mine = any(report.person_id == caller.person.id for report in notices.reporters(desk, case))
    return desk.page_link(case, caller.person.id, Side.REPORTER) if mine else ""


def add_words(desk: Desk, caller: Caller, number: int, rest: str) -> str:
    """补充 12 …."""
    case = _own_case(desk, caller, number)
    if case is None:
        return desk.texts("report.not_yours", number=number)
    if not rest:
        return desk.texts("report.add_what", number=number)
    heard = adding.add(desk, case, rest, caller.person.id)
    return desk.texts("report.added" if heard else "report.added_to_command", number=number)


def reopen(desk: Desk, caller: Caller, number: int, rest: str) -> str:
    """重办 12 …: while it waits for its 核查 the same as 不满意."""
    case = _own_case(desk, caller, number)
    if case is None:
        return desk.texts("report.not_yours", number=number)
    if case.status is Status.RECTIFIED:
        return satisfaction.rate(desk, caller, case, satisfaction.UNHAPPY, rest)
    if case.status not in (Status.CLOSED, Status.REJECTED):
        return desk.texts("reopen.still_open", number=number, status=desk.texts(f"status.{case.status}"))
    actor = Actor(Part.REPORTER, caller.person.id)
    return satisfaction.ask_reopen(desk, case, actor, rest or desk.texts("reopen.no_reason"))


def _look_unnumbered(desk: Desk, caller: Caller, rest: str) -> str | None:
    return None if rest else _own_list(desk, caller)


def _add_unnumbered(desk: Desk, caller: Caller, rest: str) -> str | None:
    """补充 without a number is usually one more sentence of the report being written."""
    return None if rest else _which(desk, caller, Verb.ADD)


def _reopen_unnumbered(desk: Desk, caller: Caller, rest: str) -> str | None:
    """没解决: the answer to 满意吗, or about the only case of theirs that is done."""
    objected = satisfaction.unhappy(desk, caller, rest)
    if objected is not None:
        return objected
    done = [case for case in _own_cases(desk, caller) if case.status in (Status.CLOSED, Status.REJECTED)]
    if len(done) == 1:
        return reopen(desk, caller, done[0].id, rest)
    return None if rest else _which(desk, caller, Verb.REOPEN)


def _which(desk: Desk, caller: Caller, verb: Verb) -> str:
    lines = _own_lines(desk, caller)
    verb_name = desk.texts(f"verb.{verb}")
    return desk.texts("report.which", verb=verb_name, lines=lines) if lines else desk.texts("report.none")


_ALONE: dict[Verb, Callable[[Desk, Caller, Platform], str]] = {
    Verb.FINISH: draft.finish,
    Verb.CANCEL: draft.cancel,
    Verb.MINE: _mine,
    Verb.HELP: _help,
}
_ABOUT_CASE: dict[Verb, Callable[[Desk, Caller, int, str], str]] = {
    Verb.LOOK: _look,
    Verb.ADD: add_words,
    Verb.REOPEN: reopen,
}
_WITHOUT_NUMBER: dict[Verb, Callable[[Desk, Caller, str], str | None]] = {
    Verb.LOOK: _look_unnumbered,
    Verb.ADD: _add_unnumbered,
    Verb.REOPEN: _reopen_unnumbered,
}
