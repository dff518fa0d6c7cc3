"""辖区: which districts and zones a unit may be said to lie in."""

from collections.abc import Mapping
from dataclasses import dataclass

from routing.units import Tier, Unit


@dataclass(frozen=True)
class Territories:
    """辖区表: for each street and district its own code and the districts it may be said to lie in.

    For a zone also those its streets' land lies in: 高新区 reaches into 历下区 and 历城区.
    """

    within: Mapping[str, frozenset[str]]
    districts: frozenset[str]

    def __contains__(self, code: object) -> bool:
        """Whether a code is a street's or a district's."""
        return code in self.within

    def agree(self, one: str, other: str) -> bool:
        """Whether two units can both be right: the same, or one in the other's territory.

        Both ways round, because a zone's land lies in districts and its streets in the zone.
        """
        return other in self.within[one] or one in self.within[other]

    def districts_of(self, code: str) -> frozenset[str]:
        """The districts and zones a unit may be said to lie in."""
        return self.within[code] & self.districts


def read_territories(units: Mapping[str, Unit]) -> Territories:
    """The territories of all streets and districts."""
    within = {code: _own(unit) for code, unit in units.items() if unit.tier in (Tier.STREET, Tier.DISTRICT)}
    for street in units.values():
        if street.tier is Tier.STREET and street.parent in within and street.district:
            within[street.parent] |= {street.district}
    return Territories(within, frozenset(code for code in within if units[code].tier is Tier.DISTRICT))


def _own(unit: Unit) -> frozenset[str]:
    above = unit.parent if unit.tier is Tier.STREET else None
    return frozenset(code for code in (unit.code, above, unit.district) if code)
