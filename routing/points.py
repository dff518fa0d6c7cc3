"""点位: site types, traffic posts, media outlets and assessment indicators, and finding them in texts."""

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import TypeVar

from routing.names import Names, read_names
from routing.scan import normalise
from routing.strict import Entry
from routing.units import Tier, Unit

T = TypeVar("T")
KEY = re.compile(r"[a-z][a-z0-9-]*")
CODE = re.compile(r"[A-Z][0-9]{2}")
# A code in a text: not the middle of a longer word or number, as in a plate or an order number.
CODE_SAID = re.compile(r"(?<![a-z0-9])[a-z][0-9]{2}(?![a-z0-9])")
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
# How people join the two roads of a crossing; the texts they stand in have been normalised.
JOINTS = ("", " ", "与", "和", "跟", "同", "交", "、", "/", "-", "—", "路口与", "路口和")
ROAD_ENDINGS = ("大街", "路", "街")
# Anything outside is latitude and longitude the wrong way round.
LATITUDES, LONGITUDES = (3.0, 54.0), (73.0, 136.0)


@dataclass(frozen=True, slots=True)
class SiteType:
    """点位类型: one of the kinds of place the national assessment visits."""

    key: str
    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """岗位/路口: where a traffic volunteer stands.

    `roads` are the two of a crossing, else empty; `unit` is the code of the street or district that
    answers for the place; `lat` and `lon` are WGS-84 degrees, None where nobody has measured them.
    """

    key: str
    name: str
    aliases: tuple[str, ...]
    roads: tuple[str, ...]
    unit: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class Outlet:
    """媒体: who publishes. `domains` are the hosts of its articles, their subdomains included."""

    key: str
    name: str
    aliases: tuple[str, ...]
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """测评指标: what an assessor deducts points for; `category` is the category's key."""

    code: str
    name: str
    words: tuple[str, ...]
    category: str


@dataclass(frozen=True)
class Points:
    """点位数据: all four tables by key, in the order of the file, and what a text names of each."""

    site_types: Mapping[str, SiteType] = field(default_factory=dict)
    posts: Mapping[str, Post] = field(default_factory=dict)
    outlets: Mapping[str, Outlet] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    site_type_names: Names[SiteType] = field(default_factory=lambda: Names({}))
    post_names: Names[Post] = field(default_factory=lambda: Names({}))
    outlet_names: Names[Outlet] = field(default_factory=lambda: Names({}))
    indicator_names: Names[Indicator] = field(default_factory=lambda: Names({}))

    @property
    def domains(self) -> dict[str, str]:
        """The outlets' names by their domains."""
        return {domain: outlet.name for outlet in self.outlets.values() for domain in outlet.domains}

    def site_type(self, text: str) -> str | None:
        """The name of the site type a text speaks of."""
        found = self.site_type_names.find(text)
        return found.name if found else None

    def post(self, text: str) -> Post | None:
        """The post a text names, by its key or by the longest of its names."""
        return self.posts.get(text) or self.post_names.find(text)

    def outlet(self, text: str) -> str | None:
        """The name of the outlet a text names, else of the one whose domain stands in it."""
        # Names first: a portal's domain also carries what others wrote.
        found = self.outlet_names.find(text)
        return found.name if found else self._by_domain(text)

    def indicator(self, text: str) -> Indicator | None:
        """The indicator whose code stands in a text, else the one whose words do."""
        codes = (code.upper() for code in CODE_SAID.findall(normalise(text)))
        said = next((self.indicators[code] for code in codes if code in self.indicators), None)
        return said or self.indicator_names.find(text)

    def _by_domain(self, text: str) -> str | None:
        hosts = [match[0] for match in DOMAIN.finditer(normalise(text))]
        # The longest first: a paper's own subdomain before the portal's.
        for domain in sorted(self.domains, key=len, reverse=True):
            if any(host == domain or host.endswith(f".{domain}") for host in hosts):
                return self.domains[domain]
        return None


def read_points(root: Entry, units: Mapping[str, Unit], categories: Container[str]) -> Points:
    """All four tables; raises PackError for a broken row, an unknown unit or category, or a doubled name."""
    root.only("site_types", "posts", "outlets", "indicators")
    # Kept with their lines until the names are indexed: a doubled one shows only there.
    site_types = _table(root, "site_types", "key", _site_type)
    posts = _table(root, "posts", "key", lambda entry: _post(entry, units))
    outlets = _table(root, "outlets", "key", _outlet)
    indicators = _table(root, "indicators", "code", lambda entry: _indicator(entry, categories))
    _check_domains(outlets)
    return Points(
        site_types={entry.text("key"): one for entry, one in site_types},
        posts={entry.text("key"): one for entry, one in posts},
        outlets={entry.text("key"): one for entry, one in outlets},
        indicators={entry.text("code"): one for entry, one in indicators},
        site_type_names=read_names((entry, one, (one.name, *one.aliases)) for entry, one in site_types),
        post_names=read_names((entry, one, _post_forms(one)) for entry, one in posts),
        outlet_names=read_names((entry, one, (one.name, *one.aliases)) for entry, one in outlets),
        indicator_names=read_names((entry, one, (one.name, *one.words)) for entry, one in indicators),
    )


def _table(root: Entry, section: str, key: str, reader: Callable[[Entry], T]) -> list[tuple[Entry, T]]:
    """A section's rows with what they say, each key once."""
    rows: dict[str, tuple[Entry, T]] = {}
    for entry in root.entries(section):
        name = entry.text(key)
        if name in rows:
            raise entry.fault(f"'{name}' stands in '{section}' twice", key)
        rows[name] = entry, reader(entry)
    return list(rows.values())


def _key(entry: Entry) -> str:
    # Rosters and reports keep keys, so they are written once and in one way.
    key = entry.text("key")
    if not KEY.fullmatch(key):
        raise entry.fault(f"'{key}' is not a key of small letters, digits and hyphens", "key")
    return key


def _site_type(entry: Entry) -> SiteType:
    entry.only("key", "name", "aliases")
    return SiteType(_key(entry), entry.text("name"), entry.texts("aliases"))


def _post(entry: Entry, units: Mapping[str, Unit]) -> Post:
    entry.only("key", "name", "aliases", "roads", "unit", "lat", "lon")
    roads = entry.texts("roads")
    if roads and len(set(roads)) != 2:
        raise entry.fault("'roads' are the two roads of a crossing", "roads")
    lat, lon = _degrees(entry, "lat", LATITUDES), _degrees(entry, "lon", LONGITUDES)
    if (lat is None) != (lon is None):
        raise entry.fault("'lat' and 'lon' belong together", "lat" if lon is None else "lon")
    return Post(
        key=_key(entry),
        # Most crossings have no name but their roads'.
        name=entry.text("name", f"{roads[0]}与{roads[1]}路口" if roads else None),
        aliases=entry.texts("aliases"),
        roads=roads,
        unit=_place_unit(entry, units),
        lat=lat,
        lon=lon,
    )


def _degrees(entry: Entry, key: str, limits: tuple[float, float]) -> float | None:
    value = entry.number(key)
    if value is not None and not limits[0] <= value <= limits[1]:
        raise entry.fault(f"'{key}' must lie between {limits[0]:g} and {limits[1]:g}", key)
    return value


def _place_unit(entry: Entry, units: Mapping[str, Unit]) -> str:
    code = entry.text("unit")
    if code not in units or units[code].tier not in (Tier.STREET, Tier.DISTRICT):
        raise entry.fault(f"'{code}' is not a street or district", "unit")
    return code


def _post_forms(post: Post) -> Iterable[str]:
    """Every way of writing a post: its names, and its roads joined either way round (经四纬二, 纬二路与经四路)."""
    yield from (post.name, *post.aliases)
    for first, second in (post.roads, post.roads[::-1]) if post.roads else ():
        pairs = product({first, _stem(first)}, JOINTS, {second, _stem(second)})
        yield from ("".join(pair) for pair in pairs)


def _stem(road: str) -> str:
    return road.removesuffix(next((end for end in ROAD_ENDINGS if road.endswith(end)), ""))


def _outlet(entry: Entry) -> Outlet:
    entry.only("key", "name", "aliases", "domains")
    domains = entry.texts("domains")
    for domain in domains:
        if not DOMAIN.fullmatch(domain):
            raise entry.fault(f"'{domain}' is not a domain like 'e23.cn'", "domains")
    return Outlet(_key(entry), entry.text("name"), entry.texts("aliases"), domains)


def _check_domains(outlets: Iterable[tuple[Entry, Outlet]]) -> None:
    owners: dict[str, str] = {}
    for entry, outlet in outlets:
        for domain in outlet.domains:
            owner = owners.setdefault(domain, outlet.key)
            if owner != outlet.key:
                raise entry.fault(f"the domain '{domain}' belongs to '{owner}' and '{outlet.key}'", "domains")


def _indicator(entry: Entry, categories: Container[str]) -> Indicator:
    entry.only("code", "name", "words", "category")
    code, category = entry.text("code"), entry.text("category")
    if not CODE.fullmatch(code):
        raise entry.fault(f"'{code}' is not a code of one capital letter and two digits", "code")
    if category not in categories:
        raise entry.fault(f"unknown category '{category}'", "category")
    return Indicator(code, entry.text("name"), entry.texts("words"), category)
