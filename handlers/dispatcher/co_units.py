"""主办与协办: a dispatcher says which units help the one that answers for a case."""

import re
from collections.abc import Sequence

from handlers import helping
from handlers.desk import Desk
from handlers.dispatcher import triage
from handlers.naming import units_named
from handlers.people.caller import Caller
from models.actor import Actor
from models.case import Case
from models.unit import Unit
from models.workflow import IllegalMove, Part

_BETWEEN = re.compile(r"[\s、，,;；。]+")


def enlist(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """协办 12 单位 单位；after a colon, what is asked of them."""
    if case.lead is None:
        return triage.wrong_state(desk, case)
    names, words = _parted(rest)
    units, unclear = _units(desk, names)
    if unclear or not units:
        return desk.texts("helping.which", number=case.id, words=unclear)
    have = {one.unit_code for one in (case.lead, *case.helping)}
    fresh = [unit for unit in units if unit.code not in have]
    if not fresh:
        return desk.texts("helping.already", number=case.id, units=_listed(units))
    try:
        empty = _call_in(desk, case, fresh, Actor(Part.DISPATCHER, caller.person.id), words)
    except IllegalMove:
        return triage.wrong_state(desk, case)
    nobody = desk.texts("helping.nobody", units=_listed(empty)) if empty else ""
    return desk.texts("helping.done", number=case.id, units=_listed(fresh)) + nobody


def _call_in(desk: Desk, case: Case, units: list[Unit], actor: Actor, words: str) -> list[Unit]:
    """Tell them and the unit they help. Returns those that have nobody to be told."""
    empty = [unit for unit in units if not helping.call_in(desk, case, unit.code, actor, words)]
    helping.tell_lead(desk, case, [unit.code for unit in units])
    return empty


def dismiss(desk: Desk, caller: Caller, case: Case, rest: str) -> str:
    """取消协办 12 单位; without a name where only one helps."""
    helpers = {one.unit_code: one for one in case.helping}
    if not helpers:
        return desk.texts("helping.none", number=case.id)
    named, unclear = _units(desk, rest)
    codes = [unit.code for unit in named] if rest.strip() else list(helpers)[: len(helpers) == 1]
    if unclear or not codes or not set(codes) <= set(helpers):
        units = _listed([desk.session.get_one(Unit, code) for code in helpers])
        return desk.texts("helping.which_over", number=case.id, units=units)
    for code in codes:
        helping.dismiss(desk, case, helpers[code], Actor(Part.DISPATCHER, caller.person.id))
    return desk.texts("helping.dismissed", number=case.id, units="、".join(map(desk.unit_name, codes)))


def _parted(rest: str) -> tuple[str, str]:
    """The names, and what is asked."""
    names, _, words = rest.replace(":", "：", 1).partition("：")
    return names, words.strip()


def _units(desk: Desk, names: str) -> tuple[list[Unit], str]:
    """The units named, each once, and the first name that is none, or may be several."""
    found: dict[str, Unit] = {}
    for name in filter(None, _BETWEEN.split(names)):
        units = units_named(desk, name)
        if len(units) != 1:
            return [], name
        found[units[0].code] = units[0]
    return list(found.values()), ""


def _listed(units: Sequence[Unit]) -> str:
    return "、".join(unit.name for unit in units)
