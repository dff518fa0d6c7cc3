"""社区与村: their names, as people write them, and the streets they belong to."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field

from routing.scan import Hit, Scanner, normalise
from routing.units import Tier, Unit
from routing.where.evidence import Kind, Mention
from routing.where.gazetteer import ROAD_ENDINGS
from routing.where.rows import read_rows

# What may stand behind a name, the longest first, and the kind it has in the list.
KINDS = {"社区": "社区", "居委会": "社区", "居委": "社区", "村委会": "村", "村": "村"}
# Houses that share a community's name mostly lie in it, but not always.
ESTATES = ("小区", "家园", "花园", "新区")
# A name that brings its own kind along.
OWN_KINDS = ("新村", "小区", "村")
# Many villages are told apart by one of these alone: 东王家庄 is not 王家庄 ...
SIDES = frozenset("东西南北前后上下中大小新老")
# ... but behind one of these it is a direction: 路东王家庄.
PIVOTS = frozenset("路街以往向朝城楼河站院门")
SHORTEST, SHORTEST_ALONE = 2, 3


@dataclass(frozen=True, slots=True)
class Home:
    """所属街道: one street that has a community of a name, and the community's kind there."""

    kind: str
    street: str


@dataclass(frozen=True)
class Communities:
    """社区表: the streets of each name, without its kind; `not_alone` are names that need theirs."""

    homes: Mapping[str, tuple[Home, ...]]
    not_alone: Container[str] = frozenset()
    scanner: Scanner = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the names once."""
        object.__setattr__(self, "scanner", Scanner(self.homes))

    def mentions(self, text: str) -> Iterator[Mention]:
        """Where a normalised text names a community, with its kind or unmistakable without."""
        for hit in self.scanner.all_hits(text):
            found = None if _is_another(text, hit) else self._mention(text, hit)
            if found:
                yield found

    def _mention(self, text: str, hit: Hit) -> Mention | None:
        behind = next((kind for kind in KINDS if text.startswith(kind, hit.end)), "")
        if behind:
            return self._of_kind(text, hit, behind)
        estate = next((estate for estate in ESTATES if text.startswith(estate, hit.end)), "")
        if not estate and not self._counts_alone(text, hit):
            return None
        kind = Kind.COMMUNITY if hit.word.endswith(OWN_KINDS) and not estate else Kind.BARE_COMMUNITY
        word = hit.word + estate
        return Mention(hit.start, hit.end + len(estate), kind, word, word, self._streets(hit.word))

    def _of_kind(self, text: str, hit: Hit, behind: str) -> Mention:
        word = hit.word + behind
        return Mention(hit.start, hit.end + len(behind), Kind.COMMUNITY, word, word, self._streets(hit.word, behind))

    def _streets(self, stem: str, behind: str = "") -> tuple[str, ...]:
        homes = self.homes[stem]
        # 和平社区 and 和平村 are two places; but a village may have become a community unlisted.
        alike = [home for home in homes if home.kind == KINDS.get(behind)] or homes
        return tuple(dict.fromkeys(home.street for home in alike))

    def _counts_alone(self, text: str, hit: Hit) -> bool:
        short = len(hit.word) < SHORTEST_ALONE
        # Of three characters 小李家 is a village and a family.
        family = len(hit.word) == SHORTEST_ALONE and hit.word.endswith("家")
        road = hit.word.endswith(ROAD_ENDINGS) or text.startswith(ROAD_ENDINGS, hit.end)
        return not (short or family or road or hit.word in self.not_alone)


def read_communities(file: str, text: str, units: Mapping[str, Unit], not_alone: Container[str]) -> Communities:
    """The communities of a table; raises PackError for an unknown street or a doubled line."""
    homes: dict[str, list[Home]] = {}
    for row in read_rows(file, text, 2):
        code, name = row.fields
        if code not in units or units[code].tier is not Tier.STREET:
            raise row.fault(f"'{code}' is not a street")
        stem, kind = split_name(normalise(name))
        if len(stem) < SHORTEST:
            raise row.fault(f"'{name}' is too short to be looked for in texts")
        home = Home(kind, code)
        if home in homes.setdefault(stem, []):
            raise row.fault(f"'{name}' stands under '{code}' twice")
        homes[stem].append(home)
    # Sorted, so that moving a line changes nothing.
    return Communities({stem: tuple(sorted(each, key=_order)) for stem, each in homes.items()}, not_alone)


def split_name(name: str) -> tuple[str, str]:
    """A community's name without its kind, and the kind; a 新村 or a short name keeps it."""
    if name.endswith("社区") and len(name) > len("社区") + 1:
        return name.removesuffix("社区"), "社区"
    if name.endswith("村") and not name.endswith("新村") and len(name) > SHORTEST:
        return name.removesuffix("村"), "村"
    return name, ""


def _order(home: Home) -> tuple[str, str]:
    return home.street, home.kind


def _is_another(text: str, hit: Hit) -> bool:
    """Whether the character before makes a short name another one's."""
    before, pivot = text[hit.start - 1 : hit.start], text[hit.start - 2 : hit.start - 1]
    return len(hit.word) <= SHORTEST_ALONE and before in SIDES and pivot not in PIVOTS
