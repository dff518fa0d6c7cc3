"""道路与路口: roads with the streets they pass, and crossings of two of them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from routing.points import Post
from routing.scan import Hit, Scanner, normalise
from routing.strict import Entry
from routing.where.evidence import Kind, Mention
from routing.where.territories import Territories

ENDINGS = ("大街", "路", "街")
# What may stand between the names of two crossing roads; texts have been normalised.
JOINT = re.compile(r"(路口)?[ ]*[与和跟同及交、/\-—·x×(]?[ ]*")
# What may stand behind the second of them.
CROSSING = re.compile(r"\)?的?(十字路口|丁字路口|交叉路口|交叉口|交汇处|交汇口|交会处|交界处|路口|交口|口)?\)?")
# Roads numbered like a grid, of which two are always a crossing: 经四纬二.
GRID = re.compile(r"[经纬]([一二三四五六七八九十]+|[0-9]{1,2})")
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Road:
    """道路: its names and the streets it passes; a district's code where not all of its streets are known."""

    name: str
    aliases: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Roads:
    """道路表: roads by every way of writing them, `short` those that count in a crossing only."""

    forms: Mapping[str, Road]
    short: Mapping[str, Road]
    posts: Mapping[frozenset[str], Post]
    territories: Territories
    scanner: Scanner = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the names once."""
        object.__setattr__(self, "scanner", Scanner([*self.forms, *self.short]))

    def mentions(self, text: str) -> Iterator[Mention]:
        """Where a normalised text names a road or a crossing."""
        # 旅游路线 is no road.
        hits = [hit for hit in self.scanner.hits(text) if not text.startswith("线", hit.end)]
        for hit in hits:
            road = self.forms.get(hit.word)
            if road and road.units:
                yield Mention(hit.start, hit.end, Kind.ROAD, hit.word, road.name, road.units)
        for first, second in pairwise(hits):
            crossing = self._crossing(text, first, second)
            if crossing:
                yield crossing

    def pair(self, text: str) -> frozenset[str]:
        """The two roads a normalised name of a crossing consists of; none for any other name."""
        hits = self.scanner.hits(text)
        joined = len(hits) == 2 and JOINT.fullmatch(text, hits[0].end, hits[1].start) and hits[0].start == 0
        whole = joined and CROSSING.fullmatch(text, hits[1].end)
        return frozenset(self._road(hit).name for hit in hits) if whole else frozenset()

    def _crossing(self, text: str, first: Hit, second: Hit) -> Mention | None:
        behind = CROSSING.match(text, second.end)
        one, other = self._road(first), self._road(second)
        joined = first.end <= second.start and JOINT.fullmatch(text, first.end, second.start)
        if not joined or not behind or one == other or not self._is_complete(first, second, behind[1]):
            return None
        post = self.posts.get(frozenset((one.name, other.name)))
        # Who stands at a crossing knows whose it is; where roads run is general knowledge.
        kind, units = (Kind.POST, (post.unit,)) if post else (Kind.CROSSING, self._common(one, other))
        word, name = text[first.start : behind.end()], f"{one.name}与{other.name}路口"
        return Mention(first.start, behind.end(), kind, word, name, units) if units else None

    def _road(self, hit: Hit) -> Road:
        return self.forms.get(hit.word) or self.short[hit.word]

    def _is_complete(self, first: Hit, second: Hit, behind: str | None) -> bool:
        """Whether two names make a crossing: 解放 and 和平 alone are only two words."""
        if first.word in self.forms or second.word in self.forms:
            return True
        return bool(behind or (GRID.fullmatch(first.word) and GRID.fullmatch(second.word)))

    def _common(self, one: Road, other: Road) -> tuple[str, ...]:
        """The streets both roads pass, so far as each is known; else the districts both do."""
        whole = self.territories.districts
        near = [
            *(unit for unit in one.units if self._passes(other, unit)),
            *(unit for unit in other.units if self._passes(one, unit)),
        ]
        streets = tuple(dict.fromkeys(unit for unit in near if unit not in whole))
        return streets or tuple(sorted(self._districts(one) & self._districts(other)))

    def _passes(self, road: Road, unit: str) -> bool:
        return any(self.territories.agree(unit, one) for one in road.units)

    def _districts(self, road: Road) -> frozenset[str]:
        return frozenset(code for unit in road.units for code in self.territories.districts_of(unit))


def read_roads(rows: Iterable[Entry], posts: Iterable[Post], territories: Territories) -> Roads:
    """The roads of a pack; raises PackError for a name of two roads or an unknown street."""
    posts = list(posts)
    forms: dict[str, Road] = {}
    for entry in rows:
        road = _road(entry, territories)
        for name in (road.name, *road.aliases):
            if forms.setdefault(normalise(name), road) is not road:
                raise entry.fault(f"'{name}' stands for another road already")
    crossings = {frozenset(_names(forms, post)): post for post in posts if post.roads}
    # A post's road counts in its crossing even where nobody has listed it.
    for name in (name for post in posts for name in post.roads):
        forms.setdefault(normalise(name), Road(name))
    roads = Roads(forms, _short(forms), crossings, territories)
    # 八一立交桥 is also called 经十路纬二路, and 经十路与纬二路路口 by the same right.
    others = {roads.pair(normalise(alias)): post for post in posts for alias in post.aliases}
    return replace(roads, posts={**{pair: post for pair, post in others.items() if len(pair) == 2}, **crossings})


def _names(forms: Mapping[str, Road], post: Post) -> Iterator[str]:
    for name in post.roads:
        road = forms.get(normalise(name))
        yield road.name if road else name


def _road(entry: Entry, territories: Territories) -> Road:
    entry.only("name", "aliases", "streets")
    units = entry.texts("streets")
    if not units:
        raise entry.fault("'streets' must name a street or district", "streets")
    for code in units:
        if code not in territories:
            raise entry.fault(f"'{code}' is not a street or district", "streets")
    return Road(entry.text("name"), entry.texts("aliases"), units)


def _short(forms: Mapping[str, Road]) -> dict[str, Road]:
    """The names without their 路, where that leaves something and only one road is meant."""
    stems: dict[str, set[str]] = {}
    for form in forms:
        stem = form.removesuffix(next((end for end in ENDINGS if form.endswith(end)), ""))
        stems.setdefault(stem, set()).add(form)
    clear = {stem: min(found) for stem, found in stems.items() if len({forms[one].name for one in found}) == 1}
    return {stem: forms[form] for stem, form in clear.items() if len(stem) >= SHORTEST and stem not in forms}
