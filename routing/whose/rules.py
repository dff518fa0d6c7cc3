"""派单规则: an ordered tree; the first child that matches wins, and a node without one is the answer."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace

from routing.categories import Category
from routing.strict import Entry
from routing.units import Tier, Unit
from routing.whose import lint
from routing.whose.conditions import Condition, Facts
from routing.whose.times import read_dates, read_hours

CONDITIONS = ("category", "district", "street", "words", "platform", "site", "hours", "dates")
KNOWN = ("when", "unit", "co", "sure", "routes")
TARGET_STREET, TARGET_DISTRICT = "@street", "@district"
# The category's own: the tier that acts first, and the 行业主管部门. The site's own: whoever runs it.
TARGET_LEAD, TARGET_DEPARTMENT, TARGET_OWNER = "@lead", "@department", "@owner"
TARGETS = (TARGET_STREET, TARGET_DISTRICT, TARGET_LEAD, TARGET_DEPARTMENT, TARGET_OWNER)


@dataclass(frozen=True, slots=True)
class Rule:
    """规则: a condition and who answers for it: a unit's code or one of the targets, as "@street".

    `sure` (0..1) says how far the author trusts the rule; `place` is its file and line.
    """

    when: Condition | None
    unit: str
    co_units: tuple[str, ...]
    sure: float
    place: str
    children: tuple["Rule", ...]

    def match(self, facts: Facts) -> "Rule":
        """The deepest first rule that matches, this one when no child does."""
        for child in self.children:
            if child.when is None or child.when.holds(facts):
                return child.match(facts)
        return self


@dataclass(frozen=True)
class RuleReader:
    """Reads the tree, knowing what its words may refer to; raises PackError for what could not work."""

    units: Mapping[str, Unit]
    categories: Mapping[str, Category]
    sites: Container[str]

    def read(self, root: Entry) -> Rule:
        """The whole tree; its root must be the command centre, which answers for everything left."""
        root.only("unit", "co", "sure", "routes")
        unit = self.units.get(root.text("unit"))
        if unit is None or unit.tier is not Tier.COMMAND:
            raise root.fault("the root's 'unit' must be the command centre", "unit")
        nobody = Rule(None, unit.code, (), 1.0, "", ())
        tree = self._rule(root, nobody, None, lint.Path(frozenset(self.categories)))
        for key in self.categories:
            if tree.match(Facts(category=key)) is tree:
                raise root.fault(f"no rule answers for the category '{key}'", "routes")
        return tree

    def _rule(self, entry: Entry, above: Rule, when: Condition | None, path: lint.Path) -> Rule:
        here = Rule(
            when=when,
            unit=self._target(entry, "unit", entry.text("unit", "") or above.unit),
            co_units=self._co_units(entry, above),
            sure=_sure(entry, above),
            place=f"{entry.file}:{entry.line}",
            children=(),
        )
        return replace(here, children=self._children(entry, here, path))

    def _children(self, entry: Entry, above: Rule, path: lint.Path) -> tuple[Rule, ...]:
        # The root answers for what nobody claimed; how little that is trusted says nothing about its routes.
        heir = above if above.when else replace(above, sure=1.0)
        children: list[Rule] = []
        for child in entry.entries("routes"):
            child.only(*KNOWN)
            when = self._condition(child.entry("when"))
            below = path.then(when)
            lint.check(child, when, path, [(rule.when, rule.place) for rule in children if rule.when])
            children.append(self._rule(child, heir, when, below))
            lint.check_units(child, below)
        return tuple(children)

    def _co_units(self, entry: Entry, above: Rule) -> tuple[str, ...]:
        # An empty list is said, not left out: it stops the inheritance.
        if "co" not in entry.values:
            return above.co_units
        return tuple(self._target(entry, "co", code) for code in entry.texts("co"))

    def _target(self, entry: Entry, key: str, code: str) -> str:
        if code in TARGETS or code in self.units:
            return code
        raise entry.fault(f"unknown unit '{code}' (or one of {', '.join(TARGETS)})", key)

    def _condition(self, entry: Entry) -> Condition:
        entry.only(*CONDITIONS)
        if not entry.values:
            raise entry.fault("a rule needs a condition; only the root has none")
        return Condition(
            category=self._categories(entry),
            district=self._units_of(entry, "district", Tier.DISTRICT),
            street=self._units_of(entry, "street", Tier.STREET),
            words=entry.texts("words") if "words" in entry.values else None,
            platform=frozenset(entry.texts("platform")) if "platform" in entry.values else None,
            site=self._sites(entry),
            hours=read_hours(entry),
            dates=read_dates(entry),
        )

    def _categories(self, entry: Entry) -> frozenset[str] | None:
        if "category" not in entry.values:
            return None
        return frozenset(key for name in entry.texts("category") for key in self._keys(entry, name))

    def _keys(self, entry: Entry, name: str) -> list[str]:
        """The categories a rule means by a key, a beginning ("event:06*") or a plain name (卫生脏乱)."""
        start, star, _ = name.partition("*")
        keys = [key for key, category in self.categories.items() if name in (key, category.plain)]
        keys += [key for key in self.categories if star and key.startswith(start)]
        if not keys:
            raise entry.fault(f"unknown category '{name}'", "category")
        return keys

    def _sites(self, entry: Entry) -> frozenset[str] | None:
        if "site" not in entry.values:
            return None
        for kind in entry.texts("site"):
            if kind not in self.sites:
                raise entry.fault(f"unknown site '{kind}'", "site")
        return frozenset(entry.texts("site"))

    def _units_of(self, entry: Entry, key: str, tier: Tier) -> frozenset[str] | None:
        if key not in entry.values:
            return None
        return frozenset(self._unit(entry, key, name, tier) for name in entry.texts(key))

    def _unit(self, entry: Entry, key: str, name: str, tier: Tier) -> str:
        for unit in self.units.values():
            if unit.tier is tier and name in (unit.code, unit.name):
                return unit.code
        raise entry.fault(f"unknown {key} '{name}'", key)


def _sure(entry: Entry, above: Rule) -> float:
    sure = entry.number("sure")
    if sure is None:
        return above.sure
    if sure > 1:
        raise entry.fault("'sure' must lie between 0 and 1", "sure")
    return sure


def rules_of(tree: Rule) -> Iterable[Rule]:
    """Every rule of a tree, from the top."""
    yield tree
    for child in tree.children:
        yield from rules_of(child)
