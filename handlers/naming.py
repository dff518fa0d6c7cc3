"""Which unit is meant (单位名称): people write half a name, a name of their own, or a code."""

import re

from sqlalchemy import select

from handlers.desk import Desk
from handlers.words import plain
from models.unit import Unit

# "甸柳街道办" names 甸柳新村街道: what stays when the kind of unit is taken off is looked for in the names.
_KIND = re.compile(r"(?:街道办事处|街道办|办事处|街道|街办|镇政府|镇|区政府|区|县|局|支队)$")
_SHORTEST = 2


def units_named(desk: Desk, words: str) -> list[Unit]:
    """The units that words may mean: one when it is clear, several to choose from, none when nothing fits."""
    said = plain(words)
    known = list(desk.session.scalars(select(Unit).where(Unit.retired.is_(False)).order_by(Unit.code)))
    coded = [unit for unit in known if unit.code == said.lower()]
    if coded:
        return coded
    named = {unit.code: length for unit in known if (length := _longest_name_in(desk, unit, said))}
    if named:
        return _lowest(known, named)
    return _by_part(desk, known, said)


def _longest_name_in(desk: Desk, unit: Unit, said: str) -> int:
    return max((len(name) for name in names(desk, unit) if name in said), default=0)


def _lowest(known: list[Unit], named: dict[str, int]) -> list[Unit]:
    """Of 历下区 and 东关街道 the street is meant: the other says where it lies. Then the longest name wins."""
    above = {unit.parent_code for unit in known if unit.code in named}
    lowest = {code: length for code, length in named.items() if code not in above}
    longest = max(lowest.values())
    return [unit for unit in known if lowest.get(unit.code) == longest]


def _by_part(desk: Desk, known: list[Unit], said: str) -> list[Unit]:
    """By a part of a name, in the first word that is part of any."""
    for token in re.split(r"[\s,。.、:;]+", said):
        stem = _KIND.sub("", token)
        if len(stem) < _SHORTEST:
            continue
        found = [unit for unit in known if any(stem in name for name in names(desk, unit))]
        if found:
            return found
    return []


def unit_named(desk: Desk, words: str) -> Unit | None:
    """The one unit that words name; None when there is none or more than one."""
    found = units_named(desk, words)
    return found[0] if len(found) == 1 else None


def names(desk: Desk, unit: Unit) -> tuple[str, ...]:
    """Every name a unit goes by."""
    known = desk.router.pack.units.get(unit.code)
    return (unit.name, unit.short, *(known.aliases if known else ()))
