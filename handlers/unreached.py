"""未送达: a word nobody could be given is an event, and the next in line hears it at once."""

from typing import NamedTuple

from handlers import reachability
from handlers.chain import Chain
from handlers.desk import Desk
from handlers.next_in_line import Level, addressed_at, colleagues, next_level
from handlers.people.caller import Caller
from models.actor import SYSTEM
from models.case import Case
from models.deadline import Deadline
from models.event import CaseEvent
from models.outbound import OutboundMessage
from models.people import Person, Role, serving
from models.workflow import Move

# Who must be reachable; a reporter may come and go.
_STAFF = (Role.OFFICER, Role.LEADER, Role.DISPATCHER, Role.VERIFIER)
# The parts of keys that tell in which part somebody is spoken to; ":reporter:", ":rate:", "draft:" are not here.
_DUTY_PARTS = (":unit:", ":command:", ":above:", ":relieved:", ":co:")
_NAMES_SHOWN = 4


class _Step(NamedTuple):
    """下一步. how: the text of the event.  level: who hears now, None for nobody."""

    how: str
    level: Level | None = None


def tell_others(desk: Desk, message: OutboundMessage) -> None:
    """Note on the case that a word is dead; one about a duty is passed on, one level at a time.

    1. 代理人 (AB 岗)  2. the leaders of the unit  3. the units above, the nearest first  4. the command centre.
    Nothing is passed on when a colleague has the same word, or nobody owes anything any more. What was passed on and
    dies as well comes here again. Who only reported may come and go: the case goes on without their answer.
    """
    case = Case.locked(desk.session, message.case_id) if message.case_id else None
    if not _is_duty(message):
        _note(desk, case, message, "noted", _reporter_or_name(desk, message))
        return
    chain = Chain.read(desk.session, message)
    unit = addressed_at(desk, case, _origin(desk, chain))
    step = _next(desk, case, chain, unit)
    _note(desk, case, message, step.how, _name(desk, message.person_id), step.level)
    if step.level is not None:
        _pass_on(desk, case, chain, step.level, unit)


def _is_duty(message: OutboundMessage) -> bool:
    """Whether it was said to somebody as one who must act. An officer's own report is nobody's business."""
    key = message.key
    return message.instead_of is not None or key.startswith("deadline:") or any(part in key for part in _DUTY_PARTS)


def _origin(desk: Desk, chain: Chain) -> OutboundMessage:
    return desk.session.get_one(OutboundMessage, chain.first)


def _next(desk: Desk, case: Case | None, chain: Chain, unit: str | None) -> _Step:
    origin = _origin(desk, chain)
    if _is_over(desk, case, origin):
        return _Step("over")
    if chain.is_heard(colleagues(desk, unit)):
        return _Step("heard")
    if chain.is_going_on:
        return _Step("going_on")
    level = next_level(desk, chain.addressee, unit, chain.spent)
    return _Step("passed", level) if level else _Step("nobody")


def _is_over(desk: Desk, case: Case | None, origin: OutboundMessage) -> bool:
    """Whether nobody need act on it any more: the duty has ended, the case is over, or a colleague has claimed it."""
    if origin.deadline_id is not None:
        return desk.session.get_one(Deadline, origin.deadline_id).ended_at is not None
    if case is None:
        return False
    kind, _, rest = origin.key.partition(":")
    cause = desk.session.get(CaseEvent, int(rest.partition(":")[0])) if kind == "event" else None
    return not case.live() or (cause is not None and (cause.move is Move.CLAIM or _helps_no_more(case, cause)))


def _helps_no_more(case: Case, cause: CaseEvent) -> bool:
    helping = {helper.unit_code for helper in case.helping}
    return cause.move is Move.ENLIST and cause.data["unit"] not in helping


def _note(
    desk: Desk, case: Case | None, message: OutboundMessage, how: str, name: str, level: Level | None = None
) -> None:
    """The event. nobody: the chain ends here, and the auditor asks for it."""
    if case is None:
        return
    others = "、".join(_name(desk, person) for person in (level.people if level else [])[:_NAMES_SHOWN])
    why = desk.texts("unreached.event", name=name) + (desk.texts(f"unreached.how.{how}", others=others))
    case.move(Move.UNREACHED, SYSTEM, desk.now, why, outbound=message.id, nobody=how == "nobody")


def _pass_on(desk: Desk, case: Case | None, chain: Chain, level: Level, unit: str | None) -> None:
    origin = _origin(desk, chain)
    deadline = desk.session.get(Deadline, origin.deadline_id) if origin.deadline_id else None
    names = "、".join(_name(desk, person) for person in chain.unreached[:_NAMES_SHOWN])
    at = desk.texts("unreached.at", unit=desk.unit_name(unit)) if unit else ""
    text = desk.texts("unreached.words", names=names, at=at, text=origin.text)
    chain.overtake(desk.session, level.people)
    for person in level.people:
        key = f"unreached:{chain.first}:{level.name}"
        desk.say(person, key, text, case=case, deadline=deadline, can_wait=True, instead_of=chain.first)


def _reporter_or_name(desk: Desk, message: OutboundMessage) -> str:
    """Events are read by units as well; a reporter has no name there, not even one who holds a role."""
    as_reporter = ":reporter:" in message.key or ":rate:" in message.key
    person = desk.session.get(Person, message.person_id)
    staff = person is not None and any(held.role in _STAFF for held in person.roles(desk.now))
    return _name(desk, message.person_id) if staff and not as_reporter else desk.texts("role.reporter")


def _name(desk: Desk, person_id: int) -> str:
    person = desk.session.get(Person, person_id)
    return person.name if person and person.name else desk.texts("unreached.somebody")


def tell_left(desk: Desk, caller: Caller) -> None:
    """取消关注: where no other account reaches the officer, their unit's leader and the command centre hear it."""
    if not caller.holds(*_STAFF) or reachability.has_address(desk.session, caller.person.id):
        return
    name = caller.person.name or desk.texts("unreached.somebody")
    text = desk.texts("unreached.left", name=name, units="、".join(map(desk.unit_name, caller.units)))
    for person in _superiors(desk, caller):
        desk.say(person, f"left:{caller.identity_id}:{desk.now:%Y%m%d%H%M%S}", text, can_wait=True)


def _superiors(desk: Desk, caller: Caller) -> list[int]:
    """负责人 of the same units, and the command centre."""
    leaders = serving(desk.session, desk.now, Role.LEADER, caller.units) if caller.units else []
    command = serving(desk.session, desk.now, Role.DISPATCHER)
    return [person for person in sorted({*leaders, *command}) if person != caller.person.id]
