"""社区与村: their names, as people write them, and the streets they belong to."""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field

from routing.scan import Hit, Scanner, normalise
from routing.units import Tier, Unit
from routing.where.evidence import Kind, Mention, stands_free
from routing.where.gazetteer import is_road
from routing.where.rows import read_rows

# What may stand behind a name, the longest first, and the kind it has in the list.
KINDS = {"社区": "社区", "居委会": "社区", "居委": "社区", "村委会": "村", "村": "村"}
# Houses that share a community's name mostly lie in it, but not always.
ESTATES = ("小区", "家园", "花园", "新区")
# A name that brings its own kind along.
OWN_KINDS = ("新村", "小区", "村")
SHORTEST, SHORTEST_ALONE = 2, 3
# What tells the parts of one estate apart.
PART = re.compile("(第[一二三四五六七八九十]|[东西南北中]区?)$")


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

    def mentions(self, text: str, ends: Container[int] = ()) -> Iterator[Mention]:
        """Where a normalised text names a community, with its kind or unmistakable without.

        `ends` are where names of other things end, right behind which a community's may begin.
        """
        hits = list(self.scanner.all_hits(text))
        longest = {start: max(hit.end for hit in hits if hit.start == start) for start in {hit.start for hit in hits}}
        for hit in hits:
            found = self._mention(text, hit, hit.end == longest[hit.start])
            if found and (_is_long(hit.word, found) or stands_free(text, hit.start, ends)):
                yield found

    def _mention(self, text: str, hit: Hit, longest: bool) -> Mention | None:
        behind = next((kind for kind in KINDS if text.startswith(kind, hit.end)), "")
        if behind:
            return self._of_kind(text, hit, behind)
        estate = next((estate for estate in ESTATES if text.startswith(estate, hit.end)), "")
        estate = "" if hit.word in self.not_alone else estate
        if not estate and not (longest and self._counts_alone(text, hit)):
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
        # A road runs on through its neighbours; an alley has room in one community.
        road = hit.word.endswith("路") or is_road(text, hit.end)
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
    for family, found in _families(homes).items():
        homes.setdefault(family, found)
    # Sorted, so that moving a line changes nothing.
    return Communities({stem: tuple(sorted(each, key=_order)) for stem, each in homes.items()}, not_alone)


def _families(homes: Mapping[str, list[Home]]) -> dict[str, list[Home]]:
    """What several communities are called together: 阳光新城 for 阳光新城第一 to 阳光新城第四."""
    families: dict[str, list[str]] = {}
    for stem in homes:
        family = PART.sub("", stem)
        if family != stem and len(family) >= SHORTEST:
            families.setdefault(family, []).append(stem)
    return {family: _together(homes, stems) for family, stems in families.items() if len(stems) > 1}


def _together(homes: Mapping[str, list[Home]], stems: list[str]) -> list[Home]:
    return [Home("社区", street) for street in {home.street for stem in stems for home in homes[stem]}]


def split_name(name: str) -> tuple[str, str]:
    """A community's name without its kind, and the kind; a 新村 or a short name keeps it."""
    if name.endswith("社区") and len(name) > len("社区") + 1:
        return name.removesuffix("社区"), "社区"
    if name.endswith("村") and not name.endswith("新村") and len(name) > SHORTEST:
        return name.removesuffix("村"), "村"
    return name, ""


def _order(home: Home) -> tuple[str, str]:
    return home.street, home.kind


def _is_long(stem: str, mention: Mention) -> bool:
    """Whether a name is too long to be the tail of another by chance; villages' names are much alike."""
    alike = mention.kind is Kind.BARE_COMMUNITY or mention.word.endswith(("村", "村委会"))
    return len(stem) > (SHORTEST_ALONE if alike else SHORTEST)
