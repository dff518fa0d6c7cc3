"""地标: squares, parks, stations, schools and the like: where they are, what they are, whose they are."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from routing.scan import Scanner, normalise
from routing.strict import Entry
from routing.where.boxes import LATITUDES, LONGITUDES
from routing.where.coordinates import metres_between
from routing.where.evidence import Kind, Mention
from routing.where.spot import Site
from routing.where.territories import Territories

KNOWN = ("name", "aliases", "kind", "street", "district", "owner", "lat", "lon", "metres")
SHORTEST = 2
# How near a pin must fall to a landmark that names no distance of its own.
METRES = 200.0


@dataclass(frozen=True, slots=True)
class Landmark:
    """地标. `kind` is a site type's key, `unit` its street, or its district where that is all that is known.

    `owner` is the unit that runs it, None for the territory; `lat` and `lon` are WGS-84 degrees and
    `metres` how far around it reaches.
    """

    name: str
    aliases: tuple[str, ...]
    kind: str
    unit: str
    owner: str | None = None
    lat: float | None = None
    lon: float | None = None
    metres: float = METRES

    def metres_away(self, lat: float, lon: float) -> float | None:
        """Metres to a WGS-84 point, None where nobody has measured the landmark."""
        if self.lat is None or self.lon is None:
            return None
        return metres_between(self.lat, self.lon, lat, lon)


@dataclass(frozen=True)
class Landmarks:
    """地标表: landmarks by every way of writing them."""

    forms: Mapping[str, Landmark]
    scanner: Scanner = field(init=False, repr=False, compare=False)
    measured: tuple[Landmark, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the names once."""
        object.__setattr__(self, "scanner", Scanner(self.forms))
        measured = dict.fromkeys(one for one in self.forms.values() if one.lat is not None)
        object.__setattr__(self, "measured", tuple(sorted(measured, key=lambda one: one.name)))

    def mentions(self, text: str) -> Iterator[Mention]:
        """Where a normalised text names a landmark."""
        for hit in self.scanner.hits(text):
            landmark = self.forms[hit.word]
            yield Mention(hit.start, hit.end, Kind.LANDMARK, hit.word, landmark.name, (landmark.unit,))

    def named(self, mentions: Iterable[Mention]) -> Iterator[Site]:
        """The sites that landmarks among the mentions are."""
        for mention in mentions:
            landmark = self.forms.get(normalise(mention.name)) if mention.kind is Kind.LANDMARK else None
            if landmark:
                yield Site(landmark.kind, landmark.name, landmark.owner)

    def near(self, lat: float, lon: float) -> list[Site]:
        """The landmarks that reach to a WGS-84 point, the nearest first."""
        away = ((one.metres_away(lat, lon), one) for one in self.measured)
        near = [(metres, one) for metres, one in away if metres is not None and metres <= one.metres]
        near.sort(key=lambda pair: (pair[0], pair[1].name))
        return [Site(one.kind, one.name, one.owner, metres) for metres, one in near]


def read_landmarks(
    rows: Iterable[Entry], kinds: Collection[str], units: Collection[str], territories: Territories
) -> Landmarks:
    """The landmarks of a pack; raises PackError for an unknown kind or unit, or a name of two landmarks."""
    forms: dict[str, Landmark] = {}
    for entry in rows:
        landmark = _landmark(entry, kinds, units, territories)
        for name in (landmark.name, *landmark.aliases):
            if len(name) < SHORTEST:
                raise entry.fault(f"'{name}' is too short to be looked for in texts")
            if forms.setdefault(normalise(name), landmark) is not landmark:
                raise entry.fault(f"'{name}' stands for another landmark already")
    return Landmarks(forms)


def _landmark(entry: Entry, kinds: Collection[str], units: Collection[str], territories: Territories) -> Landmark:
    entry.only(*KNOWN)
    lat, lon = _degrees(entry, "lat", LATITUDES), _degrees(entry, "lon", LONGITUDES)
    if (lat is None) != (lon is None):
        raise entry.fault("'lat' and 'lon' belong together", "lat" if lon is None else "lon")
    return Landmark(
        name=entry.text("name"),
        aliases=entry.texts("aliases"),
        kind=entry.choice("kind", tuple(kinds)),
        unit=_unit(entry, territories),
        owner=_owner(entry, units),
        lat=lat,
        lon=lon,
        metres=entry.number("metres") or METRES,
    )


def _unit(entry: Entry, territories: Territories) -> str:
    street, district = entry.text("street", ""), entry.text("district", "")
    if bool(street) == bool(district):
        raise entry.fault("a landmark has a 'street' or a 'district'")
    if (street or district) not in territories:
        key = "street" if street else "district"
        raise entry.fault(f"'{street or district}' is not a street or district", key)
    return street or district


def _owner(entry: Entry, units: Collection[str]) -> str | None:
    owner = entry.text("owner", "")
    if owner and owner not in units:
        raise entry.fault(f"unknown unit '{owner}'", "owner")
    return owner or None


def _degrees(entry: Entry, key: str, limits: tuple[float, float]) -> float | None:
    value = entry.number(key)
    if value is not None and not limits[0] <= value <= limits[1]:
        raise entry.fault(f"'{key}' must lie between {limits[0]:g} and {limits[1]:g}", key)
    return value
