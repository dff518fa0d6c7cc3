"""说法: how the papers say periods, days, figures and names."""

from datetime import date, timedelta
from pathlib import Path

from models.wording import Texts
from scoring.notice import Amendment, Change, Line, Table

TEXTS = Texts(Path(__file__).with_name("texts.yaml"))
# Of tiers, indicators and penalties.
NAMES = Texts(Path(__file__).parents[1] / "texts.yaml")


def day(on: date) -> str:
    """成文日期: without zeros before single figures, as GB/T 9704 wants it."""
    return TEXTS("date", year=on.year, month=on.month, day=on.day)


def period(begins_on: date, ends_on: date) -> str:
    """考核期: a whole month by its name, anything else by its first and last day."""
    last = ends_on - timedelta(days=1)
    if begins_on.day == 1 and ends_on.day == 1 and (begins_on.year, begins_on.month) == (last.year, last.month):
        return TEXTS("period.month", year=begins_on.year, month=begins_on.month)
    return TEXTS("period.days", first=day(begins_on), last=day(last))


def tier(key: str) -> str:
    return NAMES(f"tier.{key}")


def indicator(key: str) -> str:
    return NAMES(f"indicator.{key}")


def numeral(n: int) -> str:
    """一, 二, 三: of the n-th, from 0."""
    return TEXTS.raw("numerals")[n]


def percent(rate: float | None) -> str:
    """A rate to one place, without the sign: it stands in the note below."""
    return TEXTS("table.no_figure") if rate is None else f"{100 * rate:.1f}"


def points(value: float) -> str:
    return f"{value:.2f}" if value else TEXTS("table.no_figure")


def count(value: float) -> str:
    """How many cases; a share of a street's may be counted for its district."""
    return f"{value:.1f}".removesuffix(".0")


def unit(line: Line) -> str:
    """The unit's name, marked where it was vetoed."""
    return TEXTS("table.vetoed", name=line.name, mark=TEXTS("table.mark")) if line.vetoes else line.name


def vetoes(table: Table) -> str:
    """One line that says what the marks mean, "" where there is none."""
    join = TEXTS.raw("vetoes.between")
    named = [
        TEXTS("table.one_veto", name=line.name, vetoes=join.join(line.vetoes)) for line in table.lines if line.vetoes
    ]
    return TEXTS("table.veto", mark=TEXTS("table.mark"), names=join.join(named)) if named else ""


def amended(one: Amendment) -> str:
    """更正内容 with its figures before and after."""
    if not one.changes:
        return one.words
    changes = TEXTS.raw("seals.between").join(changed(change) for change in one.changes)
    return TEXTS("seals.changed", words=one.words, changes=changes)


def changed(change: Change) -> str:
    """名次：3 → 4; what has no name of its own goes by its key."""
    key = f"seals.what.{change.what}"
    name = TEXTS(key) if key in TEXTS.names else change.what
    nothing = TEXTS("table.no_figure")
    return TEXTS("seals.change", what=name, before=change.before or nothing, after=change.after or nothing)
