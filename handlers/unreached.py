"""未送达: a word nobody could be given is an event, and somebody else hears it at once."""

from sqlalchemy import or_, select

from handlers.desk import Desk
from handlers.people.caller import Caller
from models.actor import SYSTEM
from models.case import Case
from models.outbound import OutboundMessage
from models.people import Membership, Person, Role, serving
from models.workflow import Move

# Who must be reachable; a reporter may come and go.
_STAFF = (Role.OFFICER, Role.LEADER, Role.DISPATCHER, Role.VERIFIER)
# The parts of keys that tell in which part somebody is spoken to; ":reporter:", ":rate:", "draft:" are not here.
_DUTY_PARTS = (":unit:", ":command:", ":above:", ":relieved:")


def tell_others(desk: Desk, message: OutboundMessage) -> None:
    """Note it on the case; for an officer's word, tell the unit's other people, else the command centre.

    A citizen who cannot be reached any more is only noted: the case goes on without the answer.
    """
    case = Case.locked(desk.session, message.case_id) if message.case_id else None
    units = _units(desk, message.person_id)
    if case is not None:
        # Events are read by units as well; a reporter has no name there.
        name = desk.texts("role.reporter") if units is None else _name(desk, message.person_id)
        case.move(Move.UNREACHED, SYSTEM, desk.now, desk.texts("unreached.event", name=name), outbound=message.id)
    if units is None or not _is_duty(message.key):
        return
    text = desk.texts("unreached.words", name=_name(desk, message.person_id), text=message.text)
    for person in _others(desk, units, message.person_id):
        desk.say(person, f"unreached:{message.id}", text, case=case, can_wait=True)


def _is_duty(key: str) -> bool:
    """Whether it was said to somebody as one who must act.

    An officer's own report is nobody's business, and the word about an undelivered word is not chased any further.
    """
    return key.startswith("deadline:") or any(part in key for part in _DUTY_PARTS)


def _name(desk: Desk, person_id: int) -> str:
    person = desk.session.get(Person, person_id)
    return person.name if person and person.name else desk.texts("unreached.somebody")


def _units(desk: Desk, person_id: int) -> list[str] | None:
    """The units the person acts for, [] for the command centre; None for somebody without any role."""
    query = select(Membership.unit_code).where(
        Membership.person_id == person_id,
        Membership.role.in_(_STAFF),
        Membership.since <= desk.now,
        or_(Membership.until.is_(None), Membership.until > desk.now),
    )
    found = list(desk.session.scalars(query))
    return [code for code in found if code] if found else None


def _others(desk: Desk, units: list[str], person_id: int) -> list[int]:
    """负责人 of the same unit, and the command centre."""
    leaders = serving(desk.session, desk.now, Role.LEADER, units) if units else []
    command = serving(desk.session, desk.now, Role.DISPATCHER)
    return [person for person in sorted({*leaders, *command}) if person != person_id]


def tell_left(desk: Desk, caller: Caller) -> None:
    """取消关注: an officer who leaves cannot be reached; their unit's leader and the command centre hear it."""
    if not caller.holds(*_STAFF):
        return
    name = caller.person.name or desk.texts("unreached.somebody")
    text = desk.texts("unreached.left", name=name, units="、".join(map(desk.unit_name, caller.units)))
    for person in _others(desk, caller.units, caller.person.id):
        desk.say(person, f"left:{caller.identity_id}:{desk.now:%Y%m%d%H%M%S}", text, can_wait=True)
