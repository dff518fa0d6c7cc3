"""责任单位: who can be made responsible, as a tree with the command centre at its top."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from routing.strict import Entry

KNOWN = ("code", "name", "short", "tier", "parent", "district", "aliases")


class Tier(StrEnum):
    """层级: the group a unit is ranked in."""

    DEPARTMENT = "department"  # 市直部门
    DISTRICT = "district"  # 区县 and functional zones
    STREET = "street"  # 街道、镇
    COMMAND = "command"  # 市创城指挥部


@dataclass(frozen=True, slots=True)
class Unit:
    """责任单位. `parent` leads up the chain of command; `district` is the territory it lies in.

    The two differ for a street that a functional zone runs: its parent is the zone, its district the
    one whose polygon holds it. `aliases` are other names people use for it.
    """

    code: str
    name: str
    short: str
    tier: Tier
    parent: str | None
    district: str | None
    aliases: tuple[str, ...]


def read_units(root: Entry) -> dict[str, Unit]:
    """All units by code, in the order of the file; raises PackError for a broken tree."""
    entries: dict[str, Entry] = {}
    for entry in root.entries("units"):
        code = entry.text("code")
        if code in entries:
            raise entry.fault(f"the unit '{code}' stands here twice", "code")
        entries[code] = entry
    # A parent may stand further down in the file, so the tree is checked once all are known.
    units = {code: _unit(entry) for code, entry in entries.items()}
    _check_root(root, units)
    for code, entry in entries.items():
        _check_parent(entry, units[code], units)
        _check_district(entry, units[code], units)
    return units


def _unit(entry: Entry) -> Unit:
    entry.only(*KNOWN)
    code, parent = entry.text("code"), entry.text("parent", "") or None
    tier = _tier(entry)
    # Only what departs from the usual is written in the file.
    own = {Tier.STREET: parent, Tier.DISTRICT: code}.get(tier)
    return Unit(
        code=code,
        name=entry.text("name"),
        short=entry.text("short", "") or entry.text("name"),
        tier=tier,
        parent=parent,
        district=entry.text("district", "") or own,
        aliases=entry.texts("aliases"),
    )


def _tier(entry: Entry) -> Tier:
    try:
        return Tier(entry.text("tier"))
    except ValueError:
        raise entry.fault(f"unknown tier '{entry.text('tier')}' (known: {', '.join(Tier)})", "tier") from None


def _check_root(root: Entry, units: Mapping[str, Unit]) -> None:
    tops = [unit for unit in units.values() if unit.tier is Tier.COMMAND]
    if len(tops) != 1:
        raise root.fault(f"there must be one unit of the tier 'command', not {len(tops)}", "units")


def _check_parent(entry: Entry, unit: Unit, units: Mapping[str, Unit]) -> None:
    if unit.tier is Tier.COMMAND and unit.parent:
        raise entry.fault("the command centre has no parent", "parent")
    # All the way up, not one step: a circle may close three levels above.
    seen = {unit.code}
    while unit.parent:
        if unit.parent not in units:
            raise entry.fault(f"unknown parent '{unit.parent}'", "parent")
        if unit.parent in seen:
            raise entry.fault(f"'{entry.text('code')}' is among its own parents", "parent")
        seen.add(unit.parent)
        unit = units[unit.parent]
    if unit.tier is not Tier.COMMAND:
        raise entry.fault("a parent is missing: only the command centre has none")


def _check_district(entry: Entry, unit: Unit, units: Mapping[str, Unit]) -> None:
    named = units.get(unit.district) if unit.district else None
    if unit.district and (named is None or named.tier is not Tier.DISTRICT):
        raise entry.fault(f"'{unit.district}' is not a district", "district")
