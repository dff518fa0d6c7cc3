"""管理员: binding codes and the list of people, in chat."""

from datetime import timedelta

from handlers.desk import Desk
from handlers.membership.invitations import UnknownUnit, invite
from handlers.membership.register import Listed, listed
from handlers.naming import unit_named
from handlers.people.caller import Caller
from handlers.words import trimmed
from models.people import Role
from routing.scan import normalise

_LIST, _CODE = "在册", "发码"
_CODE_VALID = timedelta(days=7)
_SHOWN = 30


def answer(desk: Desk, caller: Caller, text: str) -> str | None:
    """The answer to 在册 甸柳新村街道 or 发码 经办人 甸柳新村街道 张三; None for everything else."""
    if not caller.holds(Role.ADMIN):
        return None
    if text.startswith(_LIST):
        return _people(desk, trimmed(text.removeprefix(_LIST)))
    return _code(desk, trimmed(text.removeprefix(_CODE))) if text.startswith(_CODE) else None


def _people(desk: Desk, words: str) -> str:
    unit = unit_named(desk, words) if words else None
    if words and unit is None:
        return desk.texts("admin.which_unit", words=words)
    found = listed(desk.session, desk.now, unit.code if unit else None)
    lines = "\n".join(_line(desk, held) for held in found[:_SHOWN])
    more = desk.texts("admin.more", count=len(found) - _SHOWN) if len(found) > _SHOWN else ""
    return desk.texts("admin.people", count=len(found), lines=lines, more=more)


def _line(desk: Desk, held: Listed) -> str:
    return desk.texts(
        "admin.line",
        name=held.person.name,
        role=desk.router.pack.roles[held.membership.role.value].name,
        unit=desk.unit_name(held.membership.unit_code or ""),
        lamp="" if held.reachable else desk.texts("admin.unreachable"),
    )


def _code(desk: Desk, words: str) -> str:
    """发码: the role first, the name last, and between them the unit where the role needs one."""
    said = words.split()
    role = _role(desk, said[0]) if said else None
    if role is None or len(said) < 2:
        return desk.texts("admin.how")
    unit = unit_named(desk, " ".join(said[1:-1])) if len(said) > 2 else None
    if len(said) > 2 and unit is None:
        return desk.texts("admin.which_unit", words=" ".join(said[1:-1]))
    try:
        made = invite(desk.session, role, unit.code if unit else None, said[-1], desk.now, _CODE_VALID)
    except UnknownUnit:
        return desk.texts("admin.how")
    return desk.texts("admin.code", name=said[-1], code=made.code, days=_CODE_VALID.days)


def _role(desk: Desk, word: str) -> Role | None:
    named = desk.router.pack.roles.values()
    found = next((r for r in named if normalise(word) in map(normalise, (r.name, *r.aliases))), None)
    return Role(found.key) if found else None
