"""派单规则: an ordered tree; the first child that matches wins, and a node without one is the answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from routing.categories import Category
from routing.strict import Entry
from routing.units import Tier, Unit

CONDITIONS = ("category", "district", "street", "words", "platform")
TARGET_STREET, TARGET_DISTRICT = "@street", "@district"
TARGETS = (TARGET_STREET, TARGET_DISTRICT)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules may ask about a finding; `districts` holds territory and zone both."""

    category: str | None
    districts: frozenset[str]
    street: str | None
    text: str
    platform: str


@dataclass(frozen=True, slots=True)
class Condition:
    """条件: every part that is given must hold, and a part holds when any of its values does."""

    category: frozenset[str] | None
    district: frozenset[str] | None
    street: frozenset[str] | None
    words: tuple[str, ...] | None
    platform: frozenset[str] | None

    def holds(self, facts: Facts) -> bool:
        """Whether a finding meets the condition."""
        return (
            (self.category is None or facts.category in self.category)
            and (self.district is None or not self.district.isdisjoint(facts.districts))
            and (self.street is None or facts.street in self.street)
            and (self.platform is None or facts.platform in self.platform)
            and (self.words is None or any(word in facts.text for word in self.words))
        )

    def covers(self, other: "Condition") -> bool:
        """Whether whatever meets the other condition certainly meets this one."""
        mine = (self.category, self.district, self.street, self.platform)
        others = (other.category, other.district, other.street, other.platform)
        sets = zip(mine, others, strict=True)
        return all(_includes(wide, narrow) for wide, narrow in sets) and self._covers_words(other)

    def _covers_words(self, other: "Condition") -> bool:
        if self.words is None:
            return True
        # A text with 小区门口 in it has 小区 in it too.
        return other.words is not None and all(any(mine in word for mine in self.words) for word in other.words)


def _includes(wide: frozenset[str] | None, narrow: frozenset[str] | None) -> bool:
    return wide is None or (narrow is not None and narrow <= wide)


@dataclass(frozen=True, slots=True)
class Rule:
    """规则: a condition and who answers for it: a unit's code, or "@street" / "@district".

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

    def read(self, root: Entry) -> Rule:
        """The whole tree; its root must be the command centre, which answers for everything left."""
        root.only("unit", "co", "sure", "routes")
        unit = self.units.get(root.text("unit"))
        if unit is None or unit.tier is not Tier.COMMAND:
            raise root.fault("the root's 'unit' must be the command centre", "unit")
        nobody = Rule(None, unit.code, (), 1.0, "", ())
        return self._rule(root, nobody, None, frozenset(self.categories))

    def _rule(self, entry: Entry, above: Rule, when: Condition | None, possible: frozenset[str]) -> Rule:
        here = Rule(
            when=when,
            unit=self._target(entry, "unit", entry.text("unit", "") or above.unit),
            co_units=self._co_units(entry, above),
            sure=_sure(entry, above),
            place=f"{entry.file}:{entry.line}",
            children=(),
        )
        return replace(here, children=self._children(entry, here, possible))

    def _children(self, entry: Entry, above: Rule, possible: frozenset[str]) -> tuple[Rule, ...]:
        # The root answers for what nobody claimed; how little that is trusted says nothing about its routes.
        heir = above if above.when else replace(above, sure=1.0)
        children: list[Rule] = []
        for child in entry.entries("routes"):
            child.only("when", "unit", "co", "sure", "routes")
            when = self._condition(child.entry("when"))
            _check_reachable(child, when, possible, children)
            children.append(self._rule(child, heir, when, possible & (when.category or possible)))
        return tuple(children)

    def _co_units(self, entry: Entry, above: Rule) -> tuple[str, ...]:
        # An empty list is said, not left out: it stops the inheritance.
        if "co" not in entry.values:
            return above.co_units
        return tuple(self._target(entry, "co", code) for code in entry.texts("co"))

    def _target(self, entry: Entry, key: str, code: str) -> str:
        if code in TARGETS or code in self.units:
            return code
        raise entry.fault(f"unknown unit '{code}'", key)

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


def _check_reachable(entry: Entry, when: Condition, possible: frozenset[str], earlier: Iterable[Rule]) -> None:
    """Refuse a rule no finding can ever come to; it would look as if it had an effect."""
    if when.category is not None and not when.category & possible:
        raise entry.fault("this rule is never reached: the rule above it lets none of its categories in", "when")
    # Several narrow rules together may leave nothing for a wide one below them.
    taken: set[str] = set()
    for rule in earlier:
        if rule.when is not None and rule.when.covers(when):
            raise entry.fault(f"this rule is never reached: {rule.place} comes first", "when")
        taken |= _taken_whole(rule)
    if when.category is not None and when.category & possible <= taken:
        raise entry.fault("this rule is never reached: earlier rules take all its categories", "when")


def _taken_whole(rule: Rule) -> frozenset[str]:
    """The categories a rule lets nothing past of, because it asks for nothing else."""
    when = rule.when
    if when is None or when.category is None:
        return frozenset()
    alone = Condition(when.category, None, None, None, None)
    return when.category if when == alone else frozenset()
