"""经办人会话: from an officer's words to the right handler."""

from collections.abc import Callable

from handlers import questions, words
from handlers.channels import CHANNELS
from handlers.channels.piece import Channel
from handlers.desk import Desk
from handlers.draft import begin, current
from handlers.message import Kind, Message
from handlers.officer import duties, petitions, rectification
from handlers.officer.verbs import VERBS, Verb
from handlers.people import Caller
from models.question import Ask

Handler = Callable[[Desk, Caller, "int | None", str], str]

_ABOUT_CASE: dict[Verb, Handler] = {
    Verb.DETAIL: duties.detail,
    Verb.CLAIM: duties.claim,
    Verb.RECTIFY: rectification.rectify,
    Verb.RETURN: petitions.ask_return,
    Verb.EXTEND: petitions.ask_extension,
    Verb.TRANSFER: petitions.ask_transfer,
}
# What a menu remembers is a verb's value, or a plea's, which is the same word for 退回 and 转办.
_FROM_MENU = {**{verb.value: handler for verb, handler in _ABOUT_CASE.items()}, "extension": petitions.ask_extension}


def answer(desk: Desk, caller: Caller, channel: Channel, message: Message) -> str | None:
    """The answer to an officer; None when the message is a report like anybody's."""
    if current(desk, caller.person.id, channel.KEY) is not None:
        return None  # 上报 was said before: photos and words go to that report until it is finished
    if message.kind is Kind.PHOTO:
        return rectification.take(desk, caller, message, channel.read(message))
    if message.kind is not Kind.TEXT:
        return None
    return _picked(desk, caller, message.text) or _commanded(desk, caller, channel, message)


def _picked(desk: Desk, caller: Caller, text: str) -> str | None:
    """A bare number picks from the menu shown last; without a menu it is a case number."""
    number = words.bare_number(text)
    if number is None:
        return None
    asked = questions.latest(desk, caller.person.id)
    if asked is None or asked.ask is not Ask.WHICH_CASE:
        return None if asked else duties.detail(desk, caller, number, "")
    cases = asked.payload["cases"]
    chosen = cases[number - 1] if 1 <= number <= len(cases) else number
    return _FROM_MENU[asked.payload["verb"]](desk, caller, chosen, asked.payload["rest"])


def _commanded(desk: Desk, caller: Caller, channel: Channel, message: Message) -> str | None:
    command = words.parse(message.text, VERBS)
    if command is None:
        return _loose_words(desk, caller, channel, message)
    if command.verb in _ABOUT_CASE:
        return _ABOUT_CASE[command.verb](desk, caller, command.number, command.rest)
    if command.verb is Verb.REPORT:
        begin(desk, caller, channel.KEY)
        return desk.texts("draft.begun", platform=CHANNELS[channel.KEY].NAME)
    return _SIMPLE[command.verb](desk, caller)


def _loose_words(desk: Desk, caller: Caller, channel: Channel, message: Message) -> str | None:
    """Words without a verb belong to the rectification in work; else they get a useful answer."""
    if current(desk, caller.person.id, rectification.KEY) is not None:
        return rectification.take(desk, caller, message, channel.read(message))
    return None if _rating_open(desk, caller) else desk.texts("help.officer_unknown")


def _rating_open(desk: Desk, caller: Caller) -> bool:
    return questions.latest(desk, caller.person.id, Ask.RATING) is not None


def _help(desk: Desk, caller: Caller) -> str:
    return desk.texts("help.officer", name=caller.person.name or desk.texts("role.officer"))


_SIMPLE: dict[Verb, Callable[[Desk, Caller], str]] = {
    Verb.LIST: duties.list_duties,
    Verb.FINISH: rectification.finish,
    Verb.CANCEL: rectification.cancel,
    Verb.HELP: _help,
}
