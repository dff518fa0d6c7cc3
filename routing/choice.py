"""归谁: the rule tree asked about one category at one place, and its targets turned into units."""

from dataclasses import dataclass

from routing.pack import Pack
from routing.units import Tier
from routing.where.spot import Spot
from routing.whose.conditions import Facts
from routing.whose.rules import (
    TARGET_DEPARTMENT,
    TARGET_DISTRICT,
    TARGET_LEAD,
    TARGET_OWNER,
    TARGET_STREET,
    Rule,
)

# What is left where a street is unknown and its district answers, and where nobody is known but the command centre.
TO_DISTRICT, TO_COMMAND = 0.95, 0.6
# A department acts all over the city: of a doubtful place it need not be doubted much, unless there is none.
ANYWHERE = 0.9
_LEADS = {Tier.STREET: TARGET_STREET, Tier.DISTRICT: TARGET_DISTRICT, Tier.DEPARTMENT: TARGET_DEPARTMENT}


@dataclass(frozen=True, slots=True)
class Choice:
    """The rule tree's answer to one category at one place.

    `worth` (0..1) is what rule and place are worth together; `owner` the site by whose owner it was decided.
    """

    rule: Rule
    category: str | None
    unit: str
    co_units: tuple[str, ...]
    worth: float
    falls: int
    owner: str = ""


def choose(pack: Pack, category: str | None, spot: Spot, facts: Facts) -> Choice:
    """Whose a finding of this category at this place is; always answers."""
    rule = pack.rules.match(facts)
    steps = _ladder(pack, rule.unit, category, spot, rule)
    unit, falls = next((code, falls) for falls, code in enumerate(steps) if code)
    co_units = [_first(_ladder(pack, target, category, spot, rule)) for target in rule.co_units]
    # A co-unit that is unknown here has fallen to the command centre, which helps nobody.
    known = [code for code in co_units if code not in (unit, pack.rules.unit)]
    return Choice(
        rule=rule,
        category=category,
        unit=unit,
        co_units=tuple(dict.fromkeys(known)),
        worth=_place_worth(pack, unit, spot) * rule.sure * _fall(pack, unit, falls),
        falls=falls,
        owner=_owning(spot, rule)[0] if rule.unit == TARGET_OWNER else "",
    )


def _ladder(pack: Pack, target: str, category: str | None, spot: Spot, rule: Rule) -> tuple[str | None, ...]:
    """Who answers for a target, then who does where that is not known. The root stands at the end of every ladder."""
    known = pack.categories.get(category or "")
    root = pack.rules.unit
    if target == TARGET_OWNER:
        lead = _ladder(pack, TARGET_LEAD, category, spot, rule)
        owner = _owning(spot, rule)[1]
        return (owner, *lead) if owner else lead
    if target == TARGET_LEAD:
        target = _LEADS[known.lead] if known else root
    steps: dict[str, tuple[str | None, ...]] = {
        TARGET_STREET: (spot.street, spot.district, root),
        TARGET_DISTRICT: (spot.district, root),
        TARGET_DEPARTMENT: (known.department if known else None, root),
    }
    return steps.get(target, (target,))


def _first(steps: tuple[str | None, ...]) -> str:
    return next(code for code in steps if code)


def _owning(spot: Spot, rule: Rule) -> tuple[str, str | None]:
    """The site a rule asks for, by name, and who runs it."""
    kinds = rule.when.site if rule.when and rule.when.site else frozenset()
    owned = (site for site in spot.sites if site.owner and (not kinds or site.kind in kinds))
    site = next(owned, None)
    return (site.name, site.owner) if site else ("", None)


def _fall(pack: Pack, unit: str, falls: int) -> float:
    if not falls:
        return 1.0
    return TO_COMMAND if unit == pack.rules.unit else TO_DISTRICT


def _place_worth(pack: Pack, unit: str, spot: Spot) -> float:
    is_placed = spot.district is not None
    territorial = pack.units[unit].tier in (Tier.STREET, Tier.DISTRICT)
    return spot.sureness if territorial or not is_placed else max(spot.sureness, ANYWHERE)
