"""调度员会话: from a dispatcher's words to the right handler."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import select

from handlers import draft, questions, satisfaction, words
from handlers.desk import Desk
from handlers.dispatcher import asking, co_units, corrections, overview, publicity, rulings, triage, urging
from handlers.dispatcher.verbs import PLEAS, VERBS, Verb
from handlers.message import Kind, Message
from handlers.people.caller import Caller
from models.case import Case
from models.clock import Duty
from models.deadline import Deadline
from models.question import Ask, Question
from routing.platforms import Platform

Command = words.Command[Verb]
Handler = Callable[[Desk, Caller, Case, str], str]

_ALONE: dict[Verb, Callable[[Desk, Caller], str]] = {Verb.QUEUE: overview.queue, Verb.HELP: overview.help_text}
_ABOUT_CASE: dict[Verb, Handler] = {
    Verb.DETAIL: overview.detail,
    Verb.ASSIGN: triage.assign,
    Verb.REJECT: triage.reject,
    Verb.ENLIST: co_units.enlist,
    Verb.DISMISS: co_units.dismiss,
    Verb.ACCEPT: rulings.accept,
    Verb.REFUSE: rulings.refuse,
    Verb.PASS: rulings.verify_pass,
    Verb.FAIL: rulings.verify_fail,
    Verb.WHY: overview.why,
    Verb.COMPARE: overview.compare,
    Verb.CARD: overview.card,
    Verb.CATEGORY: corrections.category,
    Verb.PLACE: corrections.place,
    Verb.SPLIT: corrections.split,
    Verb.ASK: asking.ask,
    Verb.JOIN: asking.join,
    Verb.URGE: urging.urge,
    Verb.PUBLISH: publicity.links,
    Verb.WITHDRAW: publicity.withdraw,
}
# What a case must be waiting for, so that a command without a number can only mean it.
_WAITS_FOR = {
    Verb.ASSIGN: Duty.TRIAGE,
    Verb.REJECT: Duty.TRIAGE,
    Verb.CATEGORY: Duty.TRIAGE,
    Verb.PLACE: Duty.TRIAGE,
    Verb.SPLIT: Duty.TRIAGE,
    Verb.ACCEPT: Duty.RULING,
    Verb.REFUSE: Duty.RULING,
    Verb.PASS: Duty.VERIFY,
    Verb.FAIL: Duty.VERIFY,
}
# 核查员: they look and verify; who must act is the dispatchers' to say.
_VERIFIERS = {Verb.QUEUE, Verb.DETAIL, Verb.WHY, Verb.COMPARE, Verb.CARD, Verb.PASS, Verb.FAIL, Verb.HELP}
# "对比昨天，又多了两袋" asks for no picture.
_PICTURES = {Verb.COMPARE, Verb.CARD}
# "通过这条路的人都…" closes nothing.
_ALONE_OR_NUMBERED = {Verb.ACCEPT, Verb.PASS}


def answer(desk: Desk, caller: Caller, message: Message) -> str | None:
    """The answer to a dispatcher's command; None when it is none."""
    if message.kind is not Kind.TEXT:
        return None
    command = words.parse(message.text, VERBS)
    if command is not None:
        may = caller.is_dispatcher or command.verb in _VERIFIERS
        return _do(desk, caller, command) if may else None
    number = words.bare_number(message.text)
    asked = questions.latest(desk, caller.person.id)
    if number is not None and not _has_a_meaning(number, asked):
        return _on_case(desk, caller, number, overview.detail)
    if number is None and asked is not None and asked.ask is Ask.REASON:
        asked.answered_at = desk.now
        return _on_case(desk, caller, asked.payload["case"], _handler(asked.payload["verb"]), message.text)
    return None


def _has_a_meaning(number: int, asked: Question | None) -> bool:
    """Whether a bare number answers what was asked last; otherwise it is a case's."""
    if asked is None or asked.ask is Ask.REASON:
        return False
    return asked.ask in (Ask.WHICH_CASE, Ask.WHICH_CHARGE) or number in satisfaction.SCORES


def unknown(desk: Desk, caller: Caller, platform: Platform) -> str | None:
    """What a dispatcher hears whose words nobody understood; None while they are writing a report."""
    writing = draft.current(desk, caller, platform.key)
    return None if writing is not None else desk.texts("help.dispatcher_unknown")


def _do(desk: Desk, caller: Caller, command: Command) -> str | None:
    if command.verb in _PICTURES and command.rest:
        return None
    if command.verb is Verb.TRY:
        return overview.trial(desk, command.tail)
    if command.verb in _ALONE:
        return None if command.rest else _ALONE[command.verb](desk, caller)
    number = command.number if command.number is not None else _only_one(desk, command)
    if number is None:
        return desk.texts("dispatch.which_case", verb=desk.texts(f"verb.{command.verb}"))
    return _on_case(desk, caller, number, _handler(command.word), command.rest)


def _handler(word: str) -> Handler:
    """What a word does; 同意延期 rules on the 延期 and on nothing else."""
    verb = VERBS[word]
    if word in PLEAS:
        return partial(rulings.accept if verb is Verb.ACCEPT else rulings.refuse, plea=PLEAS[word])
    return _ABOUT_CASE[verb]


def _on_case(desk: Desk, caller: Caller, number: int, handler: Handler, rest: str = "") -> str:
    case = Case.locked(desk.session, number)
    return handler(desk, caller, case, rest) if case else desk.texts("case.not_found", number=number)


def _only_one(desk: Desk, command: Command) -> int | None:
    """The case a command means that names none: the only one that waits for it."""
    if command.verb in _ALONE_OR_NUMBERED and command.rest:
        return None
    duty = _WAITS_FOR.get(command.verb)
    waiting = select(Deadline.case_id).where(Deadline.duty == duty, Deadline.ended_at.is_(None))
    cases = list(desk.session.scalars(waiting.distinct().limit(2)))
    return cases[0] if len(cases) == 1 else None
