"""统计表: the figures of a choice, by group and in all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import add

from sqlalchemy.orm import Session

from console.figures import facts
from console.figures.choice import NOWHERE, Atlas, Choice, Grouping
from console.figures.definitions import Figures, Share
from console.figures.durations import Times, times
from console.figures.gathering import Sums, gather

TOTAL = "*"
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
    """一行: key is the group's own, such as a unit's code; "" for what belongs to none, TOTAL for all of them."""

    key: str
    figures: Figures
    times: Times = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """统计表: `total` is the sum of the rows but for the medians, which do not add up."""

    by: Grouping
    rows: tuple[Row, ...]
    total: Row


def rate_of(row: Row, name: str, by: Grouping) -> Share:
    """A row's rate. What was rejected or is undecided has no unit, so that a unit's 立案率 would always be 100 %."""
    is_of_a_unit = by in (Grouping.UNIT, Grouping.TIER) and row.key != TOTAL
    return Share(0, 0) if is_of_a_unit and name == "accepting" else getattr(row.figures, name)


def table(session: Session, choice: Choice, by: Grouping, atlas: Atlas, now: datetime) -> Table:
    """The figures of a period by group, busiest first; days in their order."""
    return report(session, choice, by, atlas, now)[0]


def report(
    session: Session, choice: Choice, by: Grouping, atlas: Atlas, now: datetime
) -> tuple[Table, tuple[Row, ...]]:
    """统计表与走势: the table, and each day (month, in a long period), also those on which nothing happened.

    Both come of one reading of the database: finding the rows of a month takes longer than adding them up twice.

    Measured on PostgreSQL with 1,000,000 cases of two years, a month of 41,000 cases by unit, on two cores that other
    work kept busy: 0.9 s with six processes waiting for them, 2.3 s with ten. Read twice, with medians by windows and
    without the planner's hints (gathering.plan), it was 7.8 s with ten. 视而不见 comes on top with 0.2 s.
    """
    counted = figures(session, choice, (by, Grouping.DAY), atlas, now)
    taken = times(session, choice, (by, Grouping.ALL), atlas, now)
    rows = [Row(key, one, taken[by].get(key, {})) for key, one in counted[by].items()]
    total = reduce(add, counted[by].values(), Figures())
    made = Table(by, tuple(_sorted(rows, by)), Row(TOTAL, total, taken[Grouping.ALL].get("", {})))
    days = counted[Grouping.DAY]
    return made, tuple(Row(bucket.key, days.get(bucket.key, Figures())) for bucket in choice.period.buckets())


def figures(
    session: Session, choice: Choice, groupings: Sequence[Grouping], atlas: Atlas, now: datetime
) -> dict[Grouping, dict[str, Figures]]:
    """数字 by group, for each way of grouping; one statement a fact."""
    found: dict[Grouping, Sums] = {by: {} for by in groupings}
    for fact in COUNTED:
        for by, groups in gather(session, fact, choice, groupings, atlas, now).items():
            for key, sums in groups.items():
                found[by].setdefault(key, {}).update(sums)
    return {by: {key: Figures(**sums) for key, sums in groups.items()} for by, groups in found.items()}


def in_all(session: Session, choice: Choice, now: datetime) -> Figures:
    """数字 of everything chosen."""
    return figures(session, choice, (Grouping.ALL,), NOWHERE, now)[Grouping.ALL].get("", Figures())


def _sorted(rows: list[Row], by: Grouping) -> list[Row]:
    if by is Grouping.DAY:
        return sorted(rows, key=lambda row: row.key)
    # What belongs to no group stands last, however much it is.
    return sorted(rows, key=lambda row: (not row.key, -row.figures.opened, -row.figures.closed, row.key))
