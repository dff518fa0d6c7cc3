"""地点: which street and district a finding is in, by its words first and its pin second."""

from collections.abc import Iterable
from dataclasses import dataclass

from routing.finding import Finding
from routing.pack import Pack
from routing.scan import normalise
from routing.units import Tier, Unit
from routing.where.districts import District, district_at
from routing.where.gazetteer import Named
from routing.where.spot import Spot

__all__ = ["Spot", "locate"]

# How sure a place is, by what it is known from; a factor of the decision's confidence.
FULL_NAME, NAME_AND_MORE, ROAD_AND_MORE, BARE_NAME = 0.98, 0.95, 0.75, 0.7
DISTRICT_ONLY, NEAR_BORDER, NOWHERE = 0.95, 0.7, 0.5
# What each contradiction leaves of it.
DOUBT = 0.6
# The polygons are coarse: this near a border the neighbour is nearly as likely.
BORDER_METRES = 300


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What speaks for a place: names in the words, best first, and where the pin fell."""

    pack: Pack
    streets: tuple[Named, ...]
    districts: tuple[Named, ...]
    pin: District | None
    doubts: tuple[str, ...]
    near_border: bool

    def supports(self, unit: Unit) -> bool:
        """Whether the pin or another name says the same as a unit's name."""
        codes = _codes(self.pack, unit)
        pinned = self.pin is not None and self.pin.code in codes
        return pinned or any(named.unit.code in codes - {unit.code} for named in self.districts)


def locate(pack: Pack, finding: Finding) -> Spot:
    """The place of a finding; never fails, and says so when there is none."""
    evidence = _gather(pack, finding)
    # Words before the pin: who names a street has seen its sign.
    if evidence.streets:
        return _by_street(evidence)
    if evidence.districts:
        return _by_district(evidence)
    return _by_pin(evidence)


def _gather(pack: Pack, finding: Finding) -> _Evidence:
    named = pack.streets.named(normalise(f"{finding.text}\n{finding.place}"))
    pin, doubts, near = None, [], False
    if finding.lat is not None and finding.lon is not None:
        pin = district_at(pack.districts, finding.lat, finding.lon)
        near = pin is not None and pin.metres_to_border(finding.lat, finding.lon) < BORDER_METRES
        doubts = [] if pin else ["定位不在本市范围内"]
    return _Evidence(
        pack=pack,
        streets=tuple(one for one in named if one.unit.tier is Tier.STREET),
        districts=tuple(one for one in named if one.unit.tier is Tier.DISTRICT),
        pin=pin,
        doubts=tuple(doubts),
        near_border=near,
    )


def _by_street(evidence: _Evidence) -> Spot:
    # In full before bare, agreeing before lonely; what is still equal keeps the text's order.
    ranked = sorted(evidence.streets, key=lambda one: (not one.full, not evidence.supports(one.unit)))
    best = ranked[0]
    # Beside a name in full, a bare one is most likely the road the trouble is in.
    others = tuple(one for one in ranked[1:] if one.full == best.full)
    doubts = [*evidence.doubts, *_contradictions(evidence, best)]
    doubts += [f"文中还提到{one.unit.name}" for one in others]
    above = evidence.pack.units[best.unit.parent or best.unit.code]
    return Spot(
        street=best.unit.code,
        district=above.code,
        territories=_codes(evidence.pack, best.unit) - {best.unit.code},
        sureness=_name_sureness(evidence, best) * DOUBT ** len(doubts),
        why=(f"“{best.word}”即{best.unit.name}（{above.name}）", *doubts),
        others=tuple(one.unit.code for one in others),
    )


def _name_sureness(evidence: _Evidence, named: Named) -> float:
    if named.full:
        return FULL_NAME
    if not evidence.supports(named.unit):
        return BARE_NAME
    # 解放路 is a street office and a road; the road runs on through its neighbours.
    return ROAD_AND_MORE if named.word.endswith(("路", "街")) else NAME_AND_MORE


def _by_district(evidence: _Evidence) -> Spot:
    best = min(evidence.districts, key=lambda one: not evidence.supports(one.unit))
    doubts = [*evidence.doubts, *_contradictions(evidence, best)]
    return Spot(
        street=None,
        district=best.unit.code,
        territories=_codes(evidence.pack, best.unit),
        sureness=DISTRICT_ONLY * DOUBT ** len(doubts),
        why=(f"“{best.word}”即{best.unit.name}，未提到街道", *doubts),
    )


def _contradictions(evidence: _Evidence, best: Named) -> Iterable[str]:
    """What names another district than the one the place was taken from."""
    codes = _codes(evidence.pack, best.unit)
    for named in evidence.districts:
        # Both ways round: 高新区 reaches into 历城区, so naming both is no contradiction.
        if named.unit.code not in codes and best.unit.code not in _codes(evidence.pack, named.unit):
            yield f"文中又提到{named.unit.name}，与{best.unit.name}不符"
    # People report from home what they saw elsewhere: the words stand, but a person should look.
    if evidence.pin and evidence.pin.code not in codes:
        yield f"定位在{evidence.pack.units[evidence.pin.code].name}，与{best.unit.name}不符"


def _by_pin(evidence: _Evidence) -> Spot:
    if evidence.pin is None:
        return Spot(None, None, frozenset(), NOWHERE, evidence.doubts or ("没有提到街道、区县，也没有定位",))
    code = evidence.pin.code
    why = [f"定位在{evidence.pack.units[code].name}，未提到街道"]
    if evidence.near_border:
        why.append(f"定位离区界不足{BORDER_METRES}米，可能属于邻区")
    sureness = NEAR_BORDER if evidence.near_border else DISTRICT_ONLY
    return Spot(None, code, frozenset({code}), sureness, tuple(why))


def _codes(pack: Pack, unit: Unit) -> frozenset[str]:
    """The districts a unit may be said to lie in; for a zone also those its streets lie in."""
    codes = {unit.code, unit.parent, unit.district}
    if unit.tier is Tier.DISTRICT:
        codes |= {street.district for street in pack.units.values() if street.parent == unit.code}
        codes.discard(unit.parent)
    return frozenset(code for code in codes if code)
