"""主张: what each name in a text claims about the place, once the other evidence has narrowed it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from routing.where.evidence import (
    BARE_ROAD_AND_MORE,
    BY_BOXES,
    BY_PIN,
    BY_WORDS,
    DOUBT,
    SHADE,
    SURENESS,
    Kind,
    Mention,
)
from routing.where.scene import Scene

Step = tuple[float, Callable[[str], bool]]


@dataclass(frozen=True, slots=True)
class Claim:
    """主张: a name, the units that are left for it, and what the narrowing leaves of its sureness."""

    mention: Mention
    units: tuple[str, ...]
    narrowed: float = 1.0

    def street(self, scene: Scene) -> str | None:
        """The one street it claims; None while there are several, or only a district."""
        # Where a road runs is general knowledge with gaps: it never decides between its streets.
        guessed = self.mention.kind is Kind.ROAD and self.narrowed < 1
        alone = len(self.units) == 1 and self.units[0] not in scene.territories.districts
        return self.units[0] if alone and not guessed else None


def claims(scene: Scene) -> list[Claim]:
    """What each name claims, in the text's order."""
    return [_narrow(scene, one) for one in scene.names]


def fits(scene: Scene, claim: Claim) -> bool:
    """Whether a claim can be true beside the districts named and the pin; a firm one always counts."""
    if claim.mention.kind not in (Kind.BARE_COMMUNITY, Kind.ROAD) and _is_firm(scene, claim):
        return True
    # Names of villages and roads repeat: one that is known elsewhere only is most likely another.
    named = not scene.districts or any(map(scene.agrees_with_districts, claim.units))
    return named and (scene.pin is None or any(map(scene.agrees_with_pin, claim.units)))


def _is_firm(scene: Scene, claim: Claim) -> bool:
    return len(claim.mention.units) == 1 and claim.units[0] not in scene.territories.districts


def agreed(scene: Scene, claim: Claim) -> bool:
    """Whether the pin or another name says the same as a claim's street."""
    unit, mention = claim.units[0], claim.mention
    others = (one for one in scene.names if _is_elsewhere(one, mention))
    same = any(one.units == claim.units for one in others)
    return same or scene.agrees_with_pin(unit) or scene.agrees_with_districts(unit)


def sureness(scene: Scene, claim: Claim) -> float:
    """How sure a claim's street is before any contradiction, 0..1."""
    # What chose the street from several must not count for it a second time.
    mention, more = claim.mention, claim.narrowed == 1 and agreed(scene, claim)
    value = SURENESS[mention.kind][more]
    if mention.kind is Kind.BARE_STREET and more and mention.word.endswith(("路", "街")):
        value = BARE_ROAD_AND_MORE
    return value * claim.narrowed * mention.fit


def clash(scene: Scene, best: Claim, other: Claim) -> float:
    """What another claim leaves of the best one's sureness: 1 where the two get on."""
    one, two = best.street(scene), other.street(scene)
    if two is None or one == two or not _is_elsewhere(best.mention, other.mention):
        return 1.0
    # Beside a name in full, a bare one is most likely the road or the hill the trouble is at.
    kinds = best.mention.kind, other.mention.kind
    if kinds[1] in (Kind.STREET, Kind.COMMUNITY) or kinds[0] is kinds[1]:
        return DOUBT
    if kinds[1] in (Kind.ROAD, Kind.BARE_COMMUNITY, Kind.BARE_STREET):
        return 1.0
    # People name landmarks for direction's sake, and borders run through crossings.
    return SHADE if kinds[0] is not Kind.STREET or _are_apart(scene, one, two) else 1.0


def _narrow(scene: Scene, mention: Mention) -> Claim:
    left, narrowed = mention.units, 1.0
    for factor, keeps in _steps(scene, mention):
        kept = tuple(filter(keeps, left)) if len(left) > 1 else left
        if kept and kept != left:
            left, narrowed = kept, min(narrowed, factor)
    return Claim(mention, left, narrowed)


def _steps(scene: Scene, mention: Mention) -> Iterator[Step]:
    """What tells several streets of one name apart, words before the pin."""
    yield BY_WORDS, scene.agrees_with_districts
    for other in scene.names:
        if _is_elsewhere(other, mention):
            yield BY_WORDS, partial(_agrees, scene, other)
    yield BY_PIN, scene.agrees_with_pin
    if scene.pin:
        yield BY_BOXES, scene.may_hold_pin


def _agrees(scene: Scene, other: Mention, unit: str) -> bool:
    return any(scene.territories.agree(unit, one) for one in other.units)


def _is_elsewhere(one: Mention, other: Mention) -> bool:
    """Whether two names stand at different places of the text, so that each is evidence of its own."""
    return one.end <= other.start or other.end <= one.start


def _are_apart(scene: Scene, one: str | None, other: str) -> bool:
    return one is None or scene.territories.districts_of(one).isdisjoint(scene.territories.districts_of(other))
