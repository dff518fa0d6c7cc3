"""统计表: the figures of a choice, by group and in all."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import add

from sqlalchemy.orm import Session

from console.figures import facts
from console.figures.choice import Atlas, Choice, Grouping
from console.figures.definitions import Figures
from console.figures.durations import Times, times, times_in_all
from console.figures.gathering import Sums, gather

# Which statement counts a figure: each name belongs to one fact only.
COUNTED: tuple[facts.Fact, ...] = (
    facts.reports,
    facts.openings,
    facts.duties,
    facts.verdicts,
    facts.ratings,
    facts.closings,
    facts.grants,
)


@dataclass(frozen=True, slots=True)
class Row:
    """一行: key is the group's own, such as a unit's code; "" for what belongs to none."""

    key: str
    figures: Figures
    times: Times = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """统计表: `total` is the sum of the rows but for the medians, which do not add up."""

    by: Grouping
    rows: tuple[Row, ...]
    total: Row


def table(session: Session, choice: Choice, by: Grouping, atlas: Atlas, now: datetime) -> Table:
    """The figures of a period by group, busiest first; days in their order and without gaps."""
    counted = figures(session, choice, by, atlas, now)
    taken = times(session, choice, by, atlas, now)
    rows = [Row(key, one, taken.get(key, {})) for key, one in counted.items()]
    total = reduce(add, counted.values(), Figures())
    return Table(by, tuple(_sorted(rows, by)), Row("", total, times_in_all(session, choice, now)))


def by_day(session: Session, choice: Choice, now: datetime) -> tuple[Row, ...]:
    """走势: the figures of each day (month, in a long period), also of those on which nothing happened."""
    counted = figures(session, choice, Grouping.DAY, Atlas({}, {}, {}), now)
    return tuple(Row(bucket.key, counted.get(bucket.key, Figures())) for bucket in choice.period.buckets())


def figures(session: Session, choice: Choice, by: Grouping, atlas: Atlas, now: datetime) -> dict[str, Figures]:
    """数字 by group, one statement a fact."""
    found: Sums = {}
    for fact in COUNTED:
        for key, sums in gather(session, fact, choice, by, atlas, now).items():
            found.setdefault(key, {}).update(sums)
    return {key: Figures(**{name: int(value) for name, value in sums.items()}) for key, sums in found.items()}


def in_all(session: Session, choice: Choice, now: datetime) -> Figures:
    """数字 of everything chosen."""
    # By platform, because every row has one and there are six.
    counted = figures(session, choice, Grouping.PLATFORM, Atlas({}, {}, {}), now)
    return reduce(add, counted.values(), Figures())


def _sorted(rows: list[Row], by: Grouping) -> list[Row]:
    if by is Grouping.DAY:
        return sorted(rows, key=lambda row: row.key)
    # What belongs to no group stands last, however much it is.
    return sorted(rows, key=lambda row: (not row.key, -row.figures.opened, -row.figures.closed, row.key))
