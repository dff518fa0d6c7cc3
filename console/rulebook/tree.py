"""规则树: the routing rules with names instead of codes, each with its file and line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from routing.pack import Pack
from routing.units import Tier
from routing.whose.conditions import Condition
from routing.whose.rules import TARGETS, Rule, rules_of

_DAYS = 100  # days of the year are month × 100 + day


@dataclass(frozen=True, slots=True)
class Target:
    """派给谁: a unit's name, or one of the words that stand for the category's or the place's own ("@street")."""

    code: str
    name: str

    @property
    def word(self) -> str:
        """The key of the words for a target that is no unit, "" for a unit."""
        return self.code.removeprefix("@") if self.code in TARGETS else ""


@dataclass(frozen=True, slots=True)
class Node:
    """一条规则, as it is shown. asks: what it asks for, by kind, in names; all_categories: it asks for every one.

    says_unit, says_co: whether it differs from the rule above in them.
    """

    depth: int
    place: str
    file: str
    line: int
    asks: dict[str, tuple[str, ...]]
    all_categories: bool
    unit: Target
    co_units: tuple[Target, ...]
    sure: float
    says_unit: bool
    says_co: bool

    @property
    def plain(self) -> str:
        """Everything it says, to search in."""
        names = (name for values in self.asks.values() for name in values)
        return " ".join([self.place, self.unit.name, *(unit.name for unit in self.co_units), *names]).lower()


def nodes(pack: Pack, words: str = "") -> list[Node]:
    """The tree from the top, line by line; with words only the rules that have them, and the ones above those."""
    everything = list(_walk(pack, pack.rules, None, 0))
    if not words:
        return everything
    wanted = [words.lower() in node.plain for node in everything]
    return [node for at, node in enumerate(everything) if wanted[at] or _leads_to(everything, wanted, at)]


def count(pack: Pack) -> int:
    """How many rules there are."""
    return sum(1 for _ in rules_of(pack.rules))


def _leads_to(everything: list[Node], wanted: list[bool], at: int) -> bool:
    """Whether a rule below this one is wanted."""
    for below in range(at + 1, len(everything)):
        if everything[below].depth <= everything[at].depth:
            return False
        if wanted[below]:
            return True
    return False


def _walk(pack: Pack, rule: Rule, above: Rule | None, depth: int) -> Iterator[Node]:
    file, _, line = rule.place.rpartition(":")
    yield Node(
        depth=depth,
        place=rule.place,
        file=file.rpartition("/")[2],
        line=int(line),
        asks=asks(pack, rule.when) if rule.when else {},
        all_categories=bool(rule.when and rule.when.category == frozenset(pack.categories)),
        unit=_target(pack, rule.unit),
        co_units=tuple(_target(pack, code) for code in rule.co_units),
        sure=rule.sure,
        says_unit=above is None or above.unit != rule.unit,
        says_co=above is None or above.co_units != rule.co_units,
    )
    for child in rule.children:
        yield from _walk(pack, child, rule, depth + 1)


def asks(pack: Pack, when: Condition) -> dict[str, tuple[str, ...]]:
    """What a rule asks for, kind by kind, in the words of the pack."""
    categories = {key: one.name for key, one in pack.categories.items()}
    units = {code: unit.name for code, unit in pack.units.items()}
    platforms = {key: one.name for key, one in pack.platforms.items()}
    found = {
        "category": _named(categories, when.category),
        "district": _named(units, when.district),
        "street": _named(units, when.street),
        "words": when.words,
        "platform": _named(platforms, when.platform),
        "site": _named({key: one.name for key, one in pack.points.site_types.items()}, when.site),
        "hours": tuple(f"{_hour(one.begin)}–{_hour(one.end)}" for one in when.hours or ()),
        # Kept with an end that is not included; people write the last day.
        "dates": tuple(f"{_date(one.begin)}–{_date(one.end - 1)}" for one in when.dates or ()),
    }
    return {kind: values for kind, values in found.items() if values}


def _named(names: dict[str, str], keys: Iterable[str] | None) -> tuple[str, ...]:
    """Names in the order of their file."""
    wanted = set(keys or ())
    return tuple(name for key, name in names.items() if key in wanted)


def _hour(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _date(day: int) -> str:
    return f"{day // _DAYS}-{day % _DAYS:02}"


def _target(pack: Pack, code: str) -> Target:
    unit = pack.units.get(code)
    return Target(code, unit.name if unit else code)


@dataclass(frozen=True, slots=True)
class Acting:
    """谁办: for a category, which unit of each tier has a say, and which of them acts first."""

    department: str
    lead: Tier


def acting(pack: Pack, key: str) -> Acting:
    """By categories.yaml alone; the rules may say otherwise for some words and places."""
    category = pack.categories[key]
    return Acting(pack.units[category.department].name, category.lead)
