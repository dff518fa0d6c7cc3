"""联络: who can be reached and who cannot, for the command centre and for the leaders of units."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select

from handlers import reachability
from handlers.desk import Desk
from handlers.naming import units_named
from handlers.people.caller import Caller
from handlers.reachability import Contact, Reach
from handlers.words import trimmed
from models.people import Membership, Person, Role

_WORD = "联络"
_STAFF = (Role.OFFICER, Role.LEADER, Role.DISPATCHER, Role.VERIFIER)
OUT_OF_REACH = (Reach.UNREACHABLE, Reach.SILENT)
_UNITS_SHOWN, _PEOPLE_SHOWN = 15, 8


class _Member(NamedTuple):
    """在岗: one role of one person, and how they can be reached."""

    person_id: int
    name: str
    role: Role
    unit_code: str | None
    contact: Contact


def answer(desk: Desk, caller: Caller, text: str) -> str | None:
    """The answer to 联络, 联络 甸柳新村街道 or 联络 张三; None for everything else, and for everybody else."""
    led = _led(caller)
    if not text.startswith(_WORD) or not (caller.is_dispatcher or led):
        return None
    rest = text.removeprefix(_WORD)
    words = trimmed(rest)
    if not words:
        return _out_of_reach(desk) if caller.is_dispatcher else _listed(desk, _members(desk, _at(led)))
    found = _named(desk, words)
    if found is None:
        # "联络道上有积水" is a report; "联络 张山" is a name that nobody has.
        return desk.texts("contact.unknown", words=words) if rest != words else None
    own = [member for member in found if caller.is_dispatcher or member.unit_code in led]
    return _listed(desk, own) if own or not found else desk.texts("contact.not_yours")


def _led(caller: Caller) -> set[str]:
    """The units the caller is 负责人 of."""
    return {held.unit_code for held in caller.memberships if held.role is Role.LEADER and held.unit_code}


def _at(units: set[str]) -> ColumnElement[bool]:
    return Membership.unit_code.in_(units)


def _named(desk: Desk, words: str) -> list[_Member] | None:
    """Who has that name, else the people of the unit that is named; None when words name neither."""
    called = _members(desk, Person.name == words)
    units = set() if called else {unit.code for unit in units_named(desk, words)}
    return called or (_members(desk, _at(units)) if units else None)


def _members(desk: Desk, *which: ColumnElement[bool]) -> list[_Member]:
    """Those in office who must be reachable, by unit, role and name."""
    in_force = (Membership.since <= desk.now) & or_(Membership.until.is_(None), Membership.until > desk.now)
    query = (
        select(Person.id, Person.name, Membership.role, Membership.unit_code)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.role.in_(_STAFF), in_force, *which)
        .distinct()
        .order_by(Membership.unit_code, Membership.role, Person.name, Person.id)
    )
    rows = desk.session.execute(query).all()
    found = reachability.contacts(desk.session, desk.now, {row.id for row in rows}, desk.families)
    return [_Member(*row, found[row.id]) for row in rows]


def _out_of_reach(desk: Desk) -> str:
    """Who cannot be reached now, by unit: somebody has to call them."""
    away = [member for member in _members(desk) if member.contact.reach(desk.now) in OUT_OF_REACH]
    if not away:
        return desk.texts("contact.none")
    lines = [
        desk.texts("contact.unit", unit=_unit(desk, code), people="、".join(dict.fromkeys(_brief(desk, group))))
        for code, group in groupby(away, lambda member: member.unit_code)
    ]
    count = len({member.person_id for member in away})
    shown, more = "\n".join(lines[:_UNITS_SHOWN]), _more(desk, len(lines) - _UNITS_SHOWN)
    return desk.texts("contact.away", count=count, lines=shown, more=more)


def _brief(desk: Desk, members: Iterator[_Member]) -> Iterator[str]:
    for member in members:
        yield desk.texts("contact.brief", name=member.name, reach=reach_in_words(desk, member.contact))


def _listed(desk: Desk, members: list[_Member]) -> str:
    if not members:
        return desk.texts("contact.nobody")
    lines = "\n".join(_line(desk, member) for member in members[:_PEOPLE_SHOWN])
    return desk.texts(
        "contact.people", count=len(members), lines=lines, more=_more(desk, len(members) - _PEOPLE_SHOWN)
    )


def _line(desk: Desk, member: _Member) -> str:
    contact = member.contact
    return desk.texts(
        "contact.line",
        unit=_unit(desk, member.unit_code),
        name=member.name or desk.texts("unreached.somebody"),
        role=desk.router.pack.roles[member.role.value].name,
        reach=reach_in_words(desk, contact),
        accounts=_accounts(desk, contact),
        past="；".join(_past(desk, contact)),
    )


def _accounts(desk: Desk, contact: Contact) -> str:
    """公众号、企业微信（已失效）."""
    names = [
        desk.texts("contact.bound" if account.bound else "contact.lost", name=_family(desk, account.family))
        for account in contact.accounts
    ]
    return "、".join(dict.fromkeys(names)) or desk.texts("contact.no_account")


def _family(desk: Desk, family: reachability.Family) -> str:
    return desk.texts(f"contact.family.{family}")


def _past(desk: Desk, contact: Contact) -> Iterator[str]:
    """When they were last told and by which way, when they last spoke, what last died."""
    if contact.reached_at:
        at = desk.clock_time(contact.reached_at)
        yield desk.texts("contact.reached", at=at, way=way_in_words(desk, contact.way))
    if contact.heard_at:
        yield desk.texts("contact.heard", at=desk.clock_time(contact.heard_at))
    if contact.failed_at:
        yield desk.texts("contact.failed", at=desk.clock_time(contact.failed_at))


def way_in_words(desk: Desk, way: str) -> str:
    """发送方式 as people call it, 微信 where the row does not say."""
    return desk.texts(f"contact.way.{way or 'unknown'}")


def reach_in_words(desk: Desk, contact: Contact) -> str:
    """联络状态 now, as people call it."""
    return desk.texts(f"contact.reach.{contact.reach(desk.now)}")


def _unit(desk: Desk, code: str | None) -> str:
    return desk.unit_name(code) if code else desk.texts("contact.command")


def _more(desk: Desk, count: int) -> str:
    return desk.texts("contact.more", count=count) if count > 0 else ""
