"""规则条件: what a rule may ask about a finding, and whether it holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

# Every minute of a day and every day of a year (as month × 100 + day) lie below this.
_MOMENTS = range(2401)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules may ask about a finding.

    `districts` holds territory and zone both, `sites` the kinds of place (公园, 学校 …) with the unit code
    of whoever owns the one found, None where that is not known. `at` is the city's local time.
    """

    category: str | None = None
    districts: frozenset[str] = frozenset()
    street: str | None = None
    text: str = ""
    platform: str = ""
    sites: Mapping[str, str | None] = field(default_factory=dict)
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """时段: from `begin` up to, not including, `end`; around midnight or New Year where the end comes first."""

    begin: int
    end: int

    def holds(self, value: int) -> bool:
        """Whether a minute of the day, or a day of the year, lies inside."""
        if self.begin <= self.end:
            return self.begin <= value < self.end
        return value >= self.begin or value < self.end


Windows = tuple[Window, ...]


def minute_of_day(at: datetime) -> int:
    """The value `hours` are compared with."""
    return at.hour * 60 + at.minute


def day_of_year(at: datetime) -> int:
    """The value `dates` are compared with: 11月15日 is 1115."""
    return at.month * 100 + at.day


@dataclass(frozen=True, slots=True)
class Condition:
    """条件: every part that is given must hold, and a part holds when any of its values does."""

    category: frozenset[str] | None = None
    district: frozenset[str] | None = None
    street: frozenset[str] | None = None
    words: tuple[str, ...] | None = None
    platform: frozenset[str] | None = None
    site: frozenset[str] | None = None
    hours: Windows | None = None
    dates: Windows | None = None

    def holds(self, facts: Facts) -> bool:
        """Whether a finding meets the condition."""
        return (
            (self.category is None or facts.category in self.category)
            and (self.district is None or not self.district.isdisjoint(facts.districts))
            and (self.street is None or facts.street in self.street)
            and (self.platform is None or facts.platform in self.platform)
            and (self.site is None or not self.site.isdisjoint(facts.sites))
            and (self.words is None or any(word in facts.text for word in self.words))
            and _is_time(self.hours, facts.at, minute_of_day)
            and _is_time(self.dates, facts.at, day_of_year)
        )

    def covers(self, other: "Condition") -> bool:
        """Whether whatever meets the other condition certainly meets this one."""
        sets = zip(self.sets().values(), other.sets().values(), strict=True)
        times = ((self.hours, other.hours), (self.dates, other.dates))
        return (
            all(wide is None or (narrow is not None and narrow <= wide) for wide, narrow in sets)
            and all(_includes(wide, narrow) for wide, narrow in times)
            and self._covers_words(other)
        )

    def excludes(self, other: "Condition") -> str:
        """Which part of the two conditions can never hold together; "" where both can."""
        for name, mine in self.sets().items():
            theirs = other.sets()[name]
            # A finding may lie at several sites at once; of everything else it has one.
            if name != "site" and mine is not None and theirs is not None and mine.isdisjoint(theirs):
                return name
        times = {"hours": (self.hours, other.hours), "dates": (self.dates, other.dates)}
        return next((name for name, (mine, theirs) in times.items() if _apart(mine, theirs)), "")

    def sets(self) -> dict[str, frozenset[str] | None]:
        """The parts that are a choice among known values."""
        names = ("category", "district", "street", "platform", "site")
        return {name: getattr(self, name) for name in names}

    def asks_only_category(self) -> bool:
        """Whether nothing but the category matters."""
        return self == Condition(category=self.category)

    def _covers_words(self, other: "Condition") -> bool:
        if self.words is None:
            return True
        # A text with 小区门口 in it has 小区 in it too.
        return other.words is not None and all(any(mine in word for mine in self.words) for word in other.words)


def _is_time(windows: Windows | None, at: datetime | None, value: Callable[[datetime], int]) -> bool:
    return windows is None or (at is not None and any(window.holds(value(at)) for window in windows))


def _moments(windows: Windows) -> set[int]:
    return {value for value in _MOMENTS if any(window.holds(value) for window in windows)}


def _includes(wide: Windows | None, narrow: Windows | None) -> bool:
    return wide is None or (narrow is not None and _moments(narrow) <= _moments(wide))


def _apart(one: Windows | None, other: Windows | None) -> bool:
    return one is not None and other is not None and _moments(one).isdisjoint(_moments(other))
