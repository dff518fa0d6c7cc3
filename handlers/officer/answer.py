"""经办人会话: from an officer's words to the right handler."""

import re
from collections.abc import Callable

from handlers import questions, satisfaction, words
from handlers.channels import plain
from handlers.desk import Desk
from handlers.draft import current
from handlers.message import Kind, Message
from handlers.officer import appeals, duties, feedback, petitions, pledges, rectification
from handlers.officer.choice import helped
from handlers.officer.verbs import REASONS, VERBS, Verb
from handlers.people.caller import Caller
from handlers.reporter import citizen
from models.case import Case
from models.question import Ask
from routing.platforms import Platform

# "承诺 11月30日前整改完" and "缓办 12月15日前 …" name no case.
_DAY = re.compile(r"\d{1,3}\s*(?:月|日|号?(?:之?以?前|底)|天|个?工作日|小时|[./-]\d)")
Command = words.Command[Verb]
Handler = Callable[[Desk, Caller, "int | None", str], str]


def _detail(desk: Desk, caller: Caller, number: int | None, rest: str) -> str:
    """An officer may look at the unit's cases, and at what they reported themselves like anybody."""
    case = desk.session.get(Case, number) if number else None
    is_theirs = case is not None and (caller.acts_for(case) or caller.helps(case)) is not None
    own = citizen.own_detail(desk, caller, case.id) if case and not is_theirs else None
    return own or duties.detail(desk, caller, number, rest)


_ABOUT_CASE: dict[Verb, Handler] = {
    Verb.DETAIL: _detail,
    Verb.CLAIM: duties.claim,
    Verb.RECTIFY: rectification.rectify,
    Verb.RETURN: petitions.ask_return,
    Verb.EXTEND: petitions.ask_extension,
    Verb.DEFER: petitions.ask_deferral,
    Verb.TRANSFER: petitions.ask_transfer,
    Verb.APPEAL: appeals.appeal,
    Verb.FEEDBACK: feedback.feed_back,
    Verb.PLEDGE: pledges.pledge,
    Verb.COMPARE: duties.compare,
    Verb.CARD: duties.card,
}
# "对比昨天，又多了两袋" asks for no picture.
_PICTURES = {Verb.COMPARE, Verb.CARD}
_DATED = {Verb.PLEDGE, Verb.DEFER}
# What a menu remembers is a verb's value, or a plea's, which is mostly the same word.
_FROM_MENU = {
    **{verb.value: handler for verb, handler in _ABOUT_CASE.items()},
    "extension": petitions.ask_extension,
    rectification.PHOTOS: rectification.belongs,
}


def answer(desk: Desk, caller: Caller, platform: Platform, message: Message) -> str | None:
    """The answer to an officer; None when the message is part of a report like anybody's."""
    reporting = _reporting(desk, caller, platform)
    if message.kind is Kind.TEXT:
        understood = _aside if reporting else _understood
        return understood(desk, caller, platform, message)
    if reporting or message.kind not in (Kind.PHOTO, Kind.PLACE):
        return None
    return rectification.take(desk, caller, message, plain.read(message))


def _reporting(desk: Desk, caller: Caller, platform: Platform) -> bool:
    """上报 was said: photos and words go to that report, unless a 整改 was spoken of since."""
    report = current(desk, caller, platform.key)
    pending = current(desk, caller, rectification.KEY)
    return report is not None and (pending is None or pending.touched_at <= report.touched_at)


def _aside(desk: Desk, caller: Caller, platform: Platform, message: Message) -> str | None:
    """In the middle of a report only what names a case, or 待办, is meant for the officer."""
    command = words.parse(message.text, VERBS)
    if command is None or not (command.number or (command.verb is Verb.LIST and not command.tail)):
        return None
    return _do(desk, caller, command)


def _understood(desk: Desk, caller: Caller, platform: Platform, message: Message) -> str:
    """A pick from a menu, an answer to 满意吗, a reason asked for, a command, or loose words, in this order."""
    command = words.parse(message.text, VERBS)
    spoken = (
        _picked(desk, caller, message.text)
        or satisfaction.rating(desk, caller, message.text)
        or _reason(desk, caller, message.text, command)
    )
    if spoken:
        return spoken
    if command is not None and command.verb is Verb.REPORT:
        rectification.hand_over(desk, caller, platform.key)
        command = None  # and goes on as a citizen's word
    done = _do(desk, caller, command) if command else None
    return done if done is not None else _loose_words(desk, caller, platform, message)


def _picked(desk: Desk, caller: Caller, text: str) -> str | None:
    """A bare number picks from the menu shown last; without a menu it is a case number."""
    number = words.bare_number(text)
    if number is None:
        return None
    asked = questions.latest(desk, caller.person.id)
    if asked is not None and asked.ask is Ask.RATING and number in satisfaction.SCORES:
        return None
    if asked is not None and asked.ask is Ask.WHICH_CHARGE:
        return appeals.picked(desk, caller, asked, number) or _detail(desk, caller, number, "")
    if asked is None or asked.ask is not Ask.WHICH_CASE:
        return _detail(desk, caller, number, "")
    cases = asked.payload["cases"]
    chosen = cases[number - 1] if 1 <= number <= len(cases) else number
    return _FROM_MENU[asked.payload["verb"]](desk, caller, chosen, asked.payload["rest"])


def _reason(desk: Desk, caller: Caller, text: str, command: Command | None) -> str | None:
    """The words that were asked for: 请写明退回原因."""
    asked = questions.latest(desk, caller.person.id, Ask.REASON)
    if asked is None or (command is not None and command.word not in REASONS):
        return None
    asked.answered_at = desk.now
    if "thing" in asked.payload:
        return appeals.explained(desk, caller, asked.payload, text)
    words = f"{asked.payload.get('said', '')} {text}".strip()
    return _FROM_MENU[asked.payload["verb"]](desk, caller, asked.payload["case"], words)


def _do(desk: Desk, caller: Caller, command: Command) -> str | None:
    """None where the words only begin like a command: "取消了垃圾桶" is none."""
    if command.verb in _PICTURES and command.rest:
        return None
    if command.verb in _ABOUT_CASE:
        # "不是我们的地盘" is command and reason in one.
        reason = f"{command.word}{command.rest}" if command.word in REASONS else command.rest
        if command.verb in _DATED and _DAY.match(command.tail):
            return _ABOUT_CASE[command.verb](desk, caller, None, command.tail)
        if command.verb is Verb.FEEDBACK and command.number is None and not helped(desk, caller):
            return None  # "反馈一个问题" is no answer of a unit that helps with nothing
        return _ABOUT_CASE[command.verb](desk, caller, command.number, reason)
    if command.verb is Verb.FINISH:
        if command.number is not None:
            return rectification.rectify(desk, caller, command.number, command.rest)
        return rectification.finish(desk, caller, command.rest)
    return None if command.rest else _ALONE[command.verb](desk, caller)


def _loose_words(desk: Desk, caller: Caller, platform: Platform, message: Message) -> str:
    """What a citizen may say as well, else words for the rectification in work, else a useful answer."""
    spoken = citizen.answer(desk, caller, platform, message)
    if spoken is not None:
        return spoken
    if current(desk, caller, rectification.KEY) is not None:
        return rectification.take(desk, caller, message, plain.read(message))
    return desk.texts("help.officer_unknown")


def help_text(desk: Desk, caller: Caller) -> str:
    """帮助: everything an officer may say."""
    return desk.texts("help.officer", name=caller.person.name or desk.texts("role.officer"))


_ALONE: dict[Verb, Callable[[Desk, Caller], str]] = {
    Verb.LIST: duties.list_duties,
    Verb.CANCEL: rectification.cancel,
    Verb.HELP: help_text,
}
