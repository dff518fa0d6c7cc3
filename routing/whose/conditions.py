"""规则条件: what a rule may ask about a finding, and whether it holds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

# Every minute of a day, and every day of a year as month × 100 + day.
_MINUTES = range(24 * 60)
_DAYS = tuple(month * 100 + day for month in range(1, 13) for day in range(1, 32))


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
        times = ((self.hours, other.hours, _MINUTES), (self.dates, other.dates, _DAYS))
        return (
            all(wide is None or (narrow is not None and narrow <= wide) for wide, narrow in sets)
            and all(_includes(wide, narrow, moments) for wide, narrow, moments in times)
            and self._covers_words(other)
        )

    def excludes(self, other: "Condition") -> str:
        """Which part of the two conditions can never hold together; "" where both can."""
        # A finding may lie at several sites, and in a zone and the district around it; of the rest it has one.
        for name in ("category", "street", "platform"):
            mine, theirs = self.sets()[name], other.sets()[name]
            if mine is not None and theirs is not None and mine.isdisjoint(theirs):
                return name
        if _apart(self.hours, other.hours, _MINUTES):
            return "hours"
        return "dates" if _apart(self.dates, other.dates, _DAYS) else ""

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


def _held(windows: Windows, moments: Iterable[int]) -> set[int]:
    return {value for value in moments if any(window.holds(value) for window in windows)}


def _includes(wide: Windows | None, narrow: Windows | None, moments: Iterable[int]) -> bool:
    return wide is None or (narrow is not None and _held(narrow, moments) <= _held(wide, moments))


def _apart(one: Windows | None, other: Windows | None, moments: Iterable[int]) -> bool:
    return one is not None and other is not None and _held(one, moments).isdisjoint(_held(other, moments))
