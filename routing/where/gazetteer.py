"""地名: the names of streets and districts, as people write them."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from routing.scan import Hit, Scanner
from routing.strict import Entry
from routing.units import Tier, Unit
from routing.where.evidence import Kind, Mention

DISTRICT_ENDINGS, STREET_ENDINGS = ("区", "县", "市"), ("街道", "镇", "乡")
OFFICES = ("街道", "办事处", "街办", "镇")
# A bare name with one of these behind it is a road or a crossing that only shares the name.
SIDES, ROADS = ("", "东", "西", "南", "北", "中", "大"), ("路", "街", "道", "桥", "巷")
ROAD_ENDINGS = (*(side + road for side in SIDES for road in ROADS), "立交", "高架")
IN_TOWN = ("街上", "街里", "街头", "街边", "街面")
KINDS = {
    (Tier.STREET, True): Kind.STREET,
    (Tier.STREET, False): Kind.BARE_STREET,
    (Tier.DISTRICT, True): Kind.DISTRICT,
    (Tier.DISTRICT, False): Kind.BARE_DISTRICT,
}


@dataclass(frozen=True, slots=True)
class Named:
    """A unit named in a text: whether in full ("解放路街道") or by a bare name that may be a road's."""

    unit: Unit
    full: bool
    word: str


@dataclass(frozen=True)
class Gazetteer:
    """地名表: every way of writing a unit's name, and whether that way is unmistakable.

    `common` are the streets' names that are common words too, by the districts they lie in.
    """

    forms: Mapping[str, tuple[Unit, bool]]
    common: Mapping[str, tuple[tuple[str, Unit], ...]] = field(default_factory=dict)
    scanner: Scanner = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the names once."""
        object.__setattr__(self, "scanner", Scanner(self.forms))

    def named(self, text: str) -> list[Named]:
        """The units a normalised text names, each once, those named in full first."""
        found: dict[str, Named] = {}
        for hit in self._hits(text):
            unit, full = self.forms[hit.word]
            # The full name outlives a bare one, however often that is repeated.
            if full or unit.code not in found:
                found[unit.code] = Named(unit, full, hit.word)
        return sorted(found.values(), key=lambda named: not named.full)

    def mentions(self, text: str) -> Iterator[Mention]:
        """Where a normalised text names a street or a district."""
        for hit in self._hits(text):
            unit, full = self.forms[hit.word]
            yield Mention(hit.start, hit.end, KINDS[unit.tier, full], hit.word, unit.name, (unit.code,))
            yield from self._behind(text, unit, hit.end)

    def _behind(self, text: str, district: Unit, start: int) -> Iterator[Mention]:
        """A street named right behind its district (章丘普集), where even a common word is meant as a name."""
        for name, street in self.common.get(district.code, ()):
            end = start + len(name)
            if text.startswith(name, start) and not is_road(text, end):
                yield Mention(start, end, Kind.BARE_STREET, name, street.name, (street.code,))

    def _hits(self, text: str) -> Iterator[Hit]:
        for hit in self.scanner.hits(text):
            if self.forms[hit.word][1] or not is_road(text, hit.end):
                yield hit


def read_gazetteer(root: Entry, units: Mapping[str, Unit]) -> Gazetteer:
    """The names of all streets and districts; raises PackError when one name has two owners."""
    root.only("units", "not_alone")
    # Named anew for each city: what is a common word depends on the local names.
    words = root.texts("not_alone")
    forms: dict[str, tuple[Unit, bool]] = {}
    for unit in sorted(units.values(), key=lambda unit: unit.tier is Tier.STREET):
        for form, full in _forms(unit, words):
            owner, was_full = forms.get(form, (unit, False))
            if owner == unit:
                forms[form] = (unit, full or was_full)
            # A town may bear its county's name (济阳): alone, the name means the county.
            elif full or owner.tier is unit.tier:
                raise root.fault(f"the name '{form}' belongs to '{owner.code}' and '{unit.code}'", "units")
    return Gazetteer(forms, _common(units, words))


def is_road(text: str, end: int) -> bool:
    """Whether what follows makes a road of a name ending at `end`; 回河街上 is only the town's street."""
    return text.startswith(ROAD_ENDINGS, end) and not text.startswith(IN_TOWN, end)


def _common(units: Mapping[str, Unit], words: Container[str]) -> dict[str, tuple[tuple[str, Unit], ...]]:
    found: dict[str, list[tuple[str, Unit]]] = {}
    for unit in units.values():
        stems = {_stem(name) for name in (unit.name, unit.short, *unit.aliases)} if unit.tier is Tier.STREET else ()
        for stem in sorted(stem for stem in stems if stem in words):
            for district in {unit.parent, unit.district} - {None}:
                found.setdefault(str(district), []).append((stem, unit))
    return {district: tuple(names) for district, names in found.items()}


def _forms(unit: Unit, not_alone: Container[str]) -> Iterable[tuple[str, bool]]:
    """Every way of writing a unit's name, with whether it is unmistakable."""
    names = (unit.name, unit.short, *unit.aliases)
    if unit.tier is Tier.DISTRICT:
        yield from ((name, name.endswith(DISTRICT_ENDINGS)) for name in names if name not in not_alone)
    if unit.tier is Tier.STREET:
        stems = [_stem(name) for name in names]
        yield from ((stem + office, True) for stem in stems for office in OFFICES)
        yield from ((stem, False) for stem in stems if stem not in not_alone)


def _stem(name: str) -> str:
    """A street's name without its kind, unless hardly anything would be left (刁镇)."""
    endings = (end for end in STREET_ENDINGS if name.endswith(end) and len(name) > len(end) + 1)
    return name.removesuffix(next(endings, ""))
