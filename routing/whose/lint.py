"""规则检查: rules that can never be reached, or that contradict what is said elsewhere, are refused at load."""

from collections.abc import Sequence
from dataclasses import dataclass

from routing.strict import Entry
from routing.whose.conditions import Condition

Placed = tuple[Condition, str]  # an earlier rule's condition, and its file and line


@dataclass(frozen=True, slots=True)
class Path:
    """The conditions from the root down to a rule: all of them hold where it is asked."""

    categories: frozenset[str]
    above: tuple[Condition, ...] = ()

    @property
    def asks_only_category(self) -> bool:
        """Whether the category alone decides who comes here."""
        return all(condition.asks_only_category() for condition in self.above)

    def then(self, when: Condition) -> "Path":
        """The path one rule further down."""
        return Path(self.categories & (when.category or self.categories), (*self.above, when))


def check(entry: Entry, when: Condition, path: Path, earlier: Sequence[Placed]) -> None:
    """Refuse a rule no finding can ever come to; it would look as if it had an effect."""
    if when.category is not None and not when.category & path.categories:
        raise entry.fault("this rule is never reached: the rule above it lets none of its categories in", "when")
    for above in path.above:
        part = above.excludes(when)
        if part:
            raise entry.fault(f"this rule is never reached: its {part} contradicts the rule above it", "when")
    # Several narrow rules together may leave nothing for a wide one below them.
    taken: set[str] = set()
    for condition, place in earlier:
        if condition.covers(when):
            raise entry.fault(f"this rule is never reached: {place} comes first", "when")
        taken |= (condition.category or frozenset()) if condition.asks_only_category() else frozenset()
    if when.category is not None and when.category & path.categories <= taken:
        raise entry.fault("this rule is never reached: earlier rules take all its categories", "when")


def check_units(entry: Entry, path: Path) -> None:
    """Refuse a rule that says who leads where categories.yaml says it, and one that assists itself."""
    unit = entry.text("unit", "")
    # Of two books that say the same, one would soon be wrong.
    if unit not in ("", "@lead") and path.asks_only_category:
        raise entry.fault("who leads for a category is said in categories.yaml (department, lead)", "unit")
    co_units = entry.texts("co")
    if unit in co_units:
        raise entry.fault(f"'{unit}' cannot lead and assist at once", "co")
    for code in co_units:
        if co_units.count(code) > 1:
            raise entry.fault(f"'{code}' stands in 'co' twice", "co")
