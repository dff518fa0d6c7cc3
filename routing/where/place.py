"""地点: which street and district a finding is in, by its words first and its pin second."""

from collections.abc import Iterable, Iterator, Sequence
from math import prod

from routing.finding import Finding
from routing.pack import Pack
from routing.where import wording
from routing.where.claims import Claim, agreed, claims, clash, fits, sureness
from routing.where.evidence import (
    DISTRICT_BY_NAMES,
    DISTRICT_ONLY,
    DOUBT,
    NEAR_BORDER,
    NOWHERE,
    SHADE,
    Kind,
    Mention,
)
from routing.where.scene import BORDER_METRES, Scene, look
from routing.where.sites import sites
from routing.where.spot import Site, Spot

__all__ = ["Site", "Spot", "locate"]

# More than these nobody would choose from.
CANDIDATES_AT_MOST = 6


def locate(pack: Pack, finding: Finding) -> Spot:
    """The place of a finding; never fails, and says so when there is none."""
    scene = look(pack, finding)
    found = claims(scene)
    # Only then: a name that is written right needs no guessing at.
    if not _deciding(scene, found):
        scene = scene.reread()
        found = claims(scene)
    return _conclude(scene, found)


def _conclude(scene: Scene, found: Sequence[Claim]) -> Spot:
    deciding = _deciding(scene, found)
    # Words before the pin: who names a street has seen its sign.
    if deciding:
        return _by_street(scene, deciding)
    told = [claim for claim in found if fits(scene, claim)]
    shades = tuple(wording.elsewhere(scene, claim) for claim in found if claim not in told)
    if told:
        return _by_names(scene, min(told, key=lambda one: (one.mention.kind, len(one.units))), shades)
    return _by_district(scene, shades) if scene.districts else _by_pin(scene, shades)


def _deciding(scene: Scene, found: Iterable[Claim]) -> list[Claim]:
    """The claims of one street each, the best first; what is equal keeps the text's order."""
    single = [claim for claim in found if claim.street(scene) and fits(scene, claim)]
    return sorted(single, key=lambda one: (_rank(scene, single, one), not agreed(scene, one)))


def _rank(scene: Scene, single: Sequence[Claim], claim: Claim) -> tuple[bool, Kind, bool]:
    # A post that bears its street's bare name is trusted like the name, not like a post.
    kinds = [one.mention.kind for one in single if _same_words(one.mention, claim.mention)]
    kind = Kind.BARE_STREET if Kind.BARE_STREET in kinds else claim.mention.kind
    return _is_belied(scene, single, claim), kind, claim.mention.kind is not kind


def _is_belied(scene: Scene, single: Iterable[Claim], claim: Claim) -> bool:
    """Whether a name in the pin's label has one in the text against it: people report from home."""
    said = (one.units[0] for one in single if one.mention.start < scene.label and one.mention.kind is not Kind.ROAD)
    districts = scene.territories.districts_of(claim.units[0])
    in_label = claim.mention.start >= scene.label
    return in_label and any(districts.isdisjoint(scene.territories.districts_of(one)) for one in said)


def _same_words(one: Mention, other: Mention) -> bool:
    return (one.start, one.end) == (other.start, other.end)


def _by_street(scene: Scene, deciding: Sequence[Claim]) -> Spot:
    best = deciding[0]
    code = best.units[0]
    clashes = [(one, clash(scene, best, one)) for one in deciding[1:]]
    clashes = [(one, factor) for one, factor in clashes if factor < 1]
    doubts = [*scene.doubts, *_contradictions(scene, code)]
    return Spot(
        street=code,
        district=scene.pack.units[code].parent or code,
        territories=scene.territories.districts_of(code),
        sureness=sureness(scene, best) * DOUBT ** len(doubts) * prod(factor for _, factor in clashes),
        why=(
            *wording.street(scene, best),
            *doubts,
            *(wording.other_street(scene, best, one) for one, _ in clashes),
        ),
        others=tuple(dict.fromkeys(one.units[0] for one, _ in clashes)),
        sites=sites(scene),
    )


def _by_names(scene: Scene, best: Claim, shades: tuple[str, ...]) -> Spot:
    """The place by a name of several streets, or of a district: asked, not guessed."""
    district = _common_district(scene, best.units)
    doubts = [*scene.doubts, *(_contradictions(scene, district) if district else ())]
    streets = [unit for unit in best.units if unit not in scene.territories.districts]
    near = wording.shortlist(scene, district) if not streets and district else ()
    known = bool(district) and (scene.districts or scene.pin)
    value = DISTRICT_ONLY if known else DISTRICT_BY_NAMES if district else NOWHERE
    return Spot(
        street=None,
        district=district,
        territories=scene.territories.within[district] if district else frozenset(),
        sureness=value * best.mention.fit * DOUBT ** len(doubts) * SHADE ** len(shades),
        why=(wording.several(scene, best), *near, *doubts, *shades),
        candidates=tuple(streets or _shortlist(scene, district))[:CANDIDATES_AT_MOST],
        sites=sites(scene),
    )


def _common_district(scene: Scene, units: Sequence[str]) -> str | None:
    """The district that acts in all of the units, else the one named or pinned that all may lie in."""
    above = {scene.pack.units[unit].parent if unit not in scene.territories.districts else unit for unit in units}
    if len(above) == 1:
        return above.pop()
    named = [one.units[0] for one in scene.districts] or ([scene.pin.district] if scene.pin else [])
    agree = scene.territories.agree
    return next((one for one in named if all(agree(unit, one) for unit in units)), None)


def _by_district(scene: Scene, shades: tuple[str, ...]) -> Spot:
    best = min(scene.districts, key=lambda one: not _is_supported(scene, one))
    code = best.units[0]
    doubts = [*scene.doubts, *_contradictions(scene, code)]
    return Spot(
        street=None,
        district=code,
        territories=scene.territories.within[code],
        sureness=DISTRICT_ONLY * best.fit * DOUBT ** len(doubts) * SHADE ** len(shades),
        why=(wording.district(scene, best), *wording.shortlist(scene, code), *doubts, *shades),
        candidates=_shortlist(scene, code),
        sites=sites(scene),
    )


def _is_supported(scene: Scene, district: Mention) -> bool:
    code = district.units[0]
    others = (one.units[0] for one in scene.districts if one.units[0] != code)
    return scene.agrees_with_pin(code) or any(scene.territories.agree(code, one) for one in others)


def _by_pin(scene: Scene, shades: tuple[str, ...]) -> Spot:
    if scene.pin is None:
        told = (*scene.doubts, *shades) or ("没有提到街道、区县，也没有定位",)
        return Spot(None, None, frozenset(), NOWHERE, told, sites=sites(scene))
    code = scene.pin.district
    why = [f"定位在{scene.name(code)}，未提到街道", *wording.shortlist(scene, code)]
    if scene.pin.near_border:
        why.append(f"定位离区界不足{BORDER_METRES}米，可能属于邻区")
    return Spot(
        street=None,
        district=code,
        territories=frozenset({code}),
        sureness=(NEAR_BORDER if scene.pin.near_border else DISTRICT_ONLY) * SHADE ** len(shades),
        why=(*why, *shades),
        candidates=_shortlist(scene, code),
        sites=sites(scene),
    )


def _shortlist(scene: Scene, district: str | None) -> tuple[str, ...]:
    return wording.nearby(scene, district)[:CANDIDATES_AT_MOST]


def _contradictions(scene: Scene, code: str) -> Iterator[str]:
    """What names another place than the unit the place was taken from."""
    for other in scene.districts:
        if not scene.territories.agree(code, other.units[0]):
            yield f"文中又提到{scene.name(other.units[0])}，与{scene.name(code)}不符"
    # People report from home what they saw elsewhere: the words stand, but a person should look.
    if scene.pin and not scene.agrees_with_pin(code):
        yield f"定位在{scene.name(scene.pin.district)}，与{scene.name(code)}不符"
    elif scene.is_far(code):
        yield f"定位离{scene.name(code)}很远"
