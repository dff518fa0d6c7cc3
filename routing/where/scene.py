"""现场: everything a finding says about its place, gathered before anything is concluded from it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from routing.finding import Finding
from routing.pack import Pack
from routing.scan import normalise
from routing.where.boxes import streets_at
from routing.where.districts import district_at
from routing.where.evidence import Kind, Mention, uncovered
from routing.where.territories import Territories

DISTRICTS = (Kind.DISTRICT, Kind.BARE_DISTRICT)
# The polygons are coarse: this near a border the neighbour is nearly as likely.
BORDER_METRES = 300
# The boxes too: this far outside, the pin is elsewhere for certain.
FAR_METRES = 3000


@dataclass(frozen=True, slots=True)
class Pin:
    """定位: where the pin fell: its WGS-84 degrees, its district, and the streets whose boxes hold it."""

    lat: float
    lon: float
    district: str
    near_border: bool
    shortlist: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """现场: the names in the words, streets and the like apart from districts, and the pin.

    `label` is where the place's label begins in the text. `districts` hold those named in full first;
    `pin` is None where there is none in the city, which `doubts` then tells.
    """

    pack: Pack
    text: str
    label: int
    names: tuple[Mention, ...]
    districts: tuple[Mention, ...]
    pin: Pin | None
    doubts: tuple[str, ...]

    @property
    def territories(self) -> Territories:
        """Which units agree with which."""
        return self.pack.atlas.territories

    def agrees_with_districts(self, unit: str) -> bool:
        """Whether one of the districts named says the same as a unit."""
        return any(self.territories.agree(unit, one.units[0]) for one in self.districts)

    def agrees_with_pin(self, unit: str) -> bool:
        """Whether the pin lies where a unit does."""
        return self.pin is not None and self.territories.agree(unit, self.pin.district)

    def may_hold_pin(self, street: str) -> bool:
        """Whether a street's box holds the pin; a street without a box may always."""
        return self.pin is None or street in self.pin.shortlist or street not in self.pack.atlas.boxes

    def is_far(self, street: str) -> bool:
        """Whether the pin lies well outside a street's box."""
        box = self.pack.atlas.boxes.get(street)
        return box is not None and self.pin is not None and box.metres_away(self.pin.lat, self.pin.lon) > FAR_METRES

    def name(self, code: str) -> str:
        """A unit's name."""
        return self.pack.units[code].name

    def reread(self) -> "Scene":
        """The scene with its misspelt names put right."""
        found = self.pack.atlas.misspelt(self.text)
        return _with_names(self, uncovered([*self.names, *self.districts, *found])) if found else self


def look(pack: Pack, finding: Finding) -> Scene:
    """The scene of a finding."""
    text = normalise(f"{finding.text}\n{finding.place}")
    label = len(normalise(finding.text))
    pin = _pin(pack, finding)
    # A pin may be missing; one that lies in another city is told.
    outside = finding.lat is not None and finding.lon is not None and pin is None
    bare = Scene(pack, text, label, (), (), pin, ("定位不在本市范围内",) if outside else ())
    return _with_names(bare, pack.atlas.mentions(text))


def _with_names(scene: Scene, mentions: list[Mention]) -> Scene:
    names = _once(one for one in mentions if one.kind not in DISTRICTS)
    districts = _once(sorted((one for one in mentions if one.kind in DISTRICTS), key=lambda one: one.kind))
    return replace(scene, names=names, districts=districts)


def _once(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """The mentions without repetitions; of a unit's names the weightiest kind."""
    best: dict[tuple[str, tuple[str, ...], bool], Mention] = {}
    for one in mentions:
        # A square that is a post too says different things as each.
        key = (one.name, one.units, one.kind is Kind.LANDMARK)
        if key not in best or one.kind < best[key].kind:
            best[key] = one
    return tuple(best.values())


def _pin(pack: Pack, finding: Finding) -> Pin | None:
    if finding.lat is None or finding.lon is None:
        return None
    lat, lon = finding.lat, finding.lon
    district = district_at(pack.districts, lat, lon)
    if district is None:
        return None
    near = district.metres_to_border(lat, lon) < BORDER_METRES
    return Pin(lat, lon, district.code, near, _shortlist(pack, lat, lon, None if near else district.code))


def _shortlist(pack: Pack, lat: float, lon: float, district: str | None) -> tuple[str, ...]:
    """The streets whose boxes hold a point, of one district unless it is None; the smallest box first."""
    boxes = pack.atlas.boxes
    found = (code for code in streets_at(boxes, lat, lon) if district in (None, pack.units[code].district))
    return tuple(sorted(found, key=lambda code: (boxes[code].size, code)))
