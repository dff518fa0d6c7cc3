"""期间: whole days of the city, from a first to a last one."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

LONGEST = timedelta(days=3 * 366)
# More points than this make a line nobody can read; longer periods are told by months.
DAYS_SHOWN_AT_MOST = 92
_DAY = timedelta(days=1)


class BadPeriod(ValueError):
    """期间有误: the last day is before the first, or they are years apart."""


class Span(StrEnum):
    """常用期间. The running week and month end today: the days to come have no figures."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    LAST_WEEK = "last_week"
    MONTH = "month"
    LAST_MONTH = "last_month"


@dataclass(frozen=True, slots=True)
class Bucket:
    """时段: one point of a line: a day, or a month of a long period."""

    key: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """期间: `first` and `last` belong to it, as the city's clocks count days."""

    first: date
    last: date
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if not timedelta(0) <= self.last - self.first <= LONGEST:
            raise BadPeriod(f"{self.first} to {self.last}")

    @property
    def since(self) -> datetime:
        return _midnight(self.first, self.zone)

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return _midnight(self.last + _DAY, self.zone)

    @property
    def before(self) -> "Period":
        """环比期: the same number of days right before it."""
        return Period(self.first - (self.last - self.first) - _DAY, self.first - _DAY, self.zone)

    @property
    def by_month(self) -> bool:
        return (self.last - self.first).days >= DAYS_SHOWN_AT_MOST

    def buckets(self) -> list[Bucket]:
        """Its days, or its months where they are too many; together they are the period."""
        starts = [day for day in self.days() if not self.by_month or day.day == 1 or day == self.first]
        ends = [*starts[1:], self.last + _DAY]
        return [
            Bucket(
                f"{start:%Y-%m}" if self.by_month else start.isoformat(),
                _midnight(start, self.zone),
                _midnight(end, self.zone),
            )
            for start, end in zip(starts, ends, strict=True)
        ]

    def days(self) -> list[date]:
        return [self.first + n * _DAY for n in range((self.last - self.first).days + 1)]

    def span(self, now: datetime) -> Span | None:
        """Which usual period it is, if it is one."""
        return next((span for span in Span if named(span, now, self.zone) == self), None)


def named(span: Span, now: datetime, zone: ZoneInfo) -> Period:
    """今日、昨日、本周、上周、本月、上月."""
    today = now.astimezone(zone).date()
    monday, first = today - today.weekday() * _DAY, today.replace(day=1)
    last_of_month = first - _DAY
    first_and_last = {
        Span.TODAY: (today, today),
        Span.YESTERDAY: (today - _DAY, today - _DAY),
        Span.WEEK: (monday, today),
        Span.LAST_WEEK: (monday - 7 * _DAY, monday - _DAY),
        Span.MONTH: (first, today),
        Span.LAST_MONTH: (last_of_month.replace(day=1), last_of_month),
    }
    return Period(*first_and_last[span], zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
