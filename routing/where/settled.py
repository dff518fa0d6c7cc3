"""确认的地点: where a dispatcher has settled on, which no word or pin overrules."""

from routing.finding import Finding
from routing.pack import Pack
from routing.units import Tier
from routing.where.spot import Spot


def settled(pack: Pack, finding: Finding) -> Spot | None:
    """The street or district that was settled on; None where nobody has, or the unit is gone."""
    unit = pack.units.get(finding.settled)
    if unit is None or unit.tier not in (Tier.STREET, Tier.DISTRICT):
        return None
    is_street = unit.tier is Tier.STREET
    codes = frozenset(code for code in (unit.parent if is_street else unit.code, unit.district) if code)
    return Spot(
        street=unit.code if is_street else None,
        district=unit.parent if is_street else unit.code,
        territories=codes,
        sureness=1.0,
        why=(f"调度员确认在{unit.name}",),
    )
