"""通报: what stands in it, in plain values, read out of published tables and of nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from scoring.rules import INDICATORS, PENALTIES


@dataclass(frozen=True, slots=True)
class Line:
    """一行. rank: None for 样本不足.  rates: in the order of the table's indicators, None where there is no figure.

    score: as published.  deductions: points by kind.  vetoes: what they are called.
    """

    unit: str
    name: str
    rank: int | None
    score: str
    rates: tuple[float | None, ...]
    deductions: tuple[tuple[str, float], ...]
    bonus: float
    vetoes: tuple[str, ...]
    cases: float

    @property
    def deducted(self) -> float:
        return sum(points for _, points in self.deductions)


class Change(NamedTuple):
    """改动: one figure before and after."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Amendment:
    """更正. name: of the unit, "" for the table as a whole."""

    name: str
    words: str
    changes: tuple[Change, ...]
    on: date


@dataclass(frozen=True, slots=True)
class Table:
    """一张公布的表. ends_on: the day after the last one.  lines: best first, 样本不足 at the end."""

    number: int
    title: str
    tier: str
    begins_on: date
    ends_on: date
    published_on: date | None
    indicators: tuple[str, ...]
    weights: tuple[float, ...]
    means: tuple[float | None, ...]
    lines: tuple[Line, ...]
    method: str
    least: float
    rules_version: str
    digest: str
    amendments: tuple[Amendment, ...]

    @property
    def ranked(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.rank is not None)

    @property
    def apart(self) -> tuple[Line, ...]:
        """样本不足."""
        return tuple(line for line in self.lines if line.rank is None)

    def top(self, many: int) -> tuple[Line, ...]:
        """The best so many places, with all who share the last of them."""
        return tuple(line for line in self.ranked if line.rank is not None and line.rank <= many)

    def bottom(self, many: int) -> tuple[Line, ...]:
        """The last so many, with all who share the first of their ranks; none who is among the best."""
        ranked = self.ranked
        edge = ranked[-many].rank if len(ranked) > many else None
        return tuple(line for line in ranked if edge is not None and (line.rank or 0) >= max(edge, many + 1))


@dataclass(frozen=True, slots=True)
class Suggested:
    """奖惩建议, for people to decide on. places: the first so many, negative for the last; times: in succession."""

    name: str
    words: str
    places: int
    times: int


@dataclass(frozen=True, slots=True)
class Notice:
    """一份通报 of one period. red_head, number: 红头 and 文号, "" for none.

    suggestions: only in the paper for those who decide.
    """

    tables: tuple[Table, ...]
    issuer: str
    on: date
    red_head: str = ""
    number: str = ""
    suggestions: tuple[Suggested, ...] = field(default=())

    @property
    def amendments(self) -> list[tuple[Table, Amendment]]:
        return [(table, one) for table in self.tables for one in table.amendments]


def table_of(kept: Mapping[str, Any]) -> Table:
    """A table as scoring/published.py tells it."""
    rows, rules, tier = kept["rows"], kept["rules"], str(kept["tier"])
    present = {name for row in rows["rows"] for name in row["parts"]}
    indicators = tuple(name for name in INDICATORS if name in present)
    vetoes = {veto["key"]: veto["name"] for veto in rules["vetoes"]}
    return Table(
        number=int(kept["id"]),
        title=str(kept["title"]),
        tier=tier,
        begins_on=date.fromisoformat(kept["begins_on"]),
        ends_on=date.fromisoformat(kept["ends_on"]),
        published_on=date.fromisoformat(kept["published_on"]) if kept["published_on"] else None,
        indicators=indicators,
        weights=tuple(_weight(rules, tier, name) for name in indicators),
        means=tuple(rows["mean"].get(name) for name in indicators),
        lines=tuple(_line(row, indicators, vetoes) for row in rows["rows"]),
        method=str(rules["name"]),
        least=float(rules["least"]),
        rules_version=str(kept["rules_version"]),
        digest=str(kept["digest"]),
        amendments=tuple(_amendment(one) for one in kept["corrections"]),
    )


def _weight(rules: Mapping[str, Any], tier: str, name: str) -> float:
    """As a share of the whole; by 目标分 the full points are."""
    targets = rules["targets"].get(tier)
    return float(targets[name]["full"]) / 100 if targets else float(rules["weights"][tier].get(name, 0))


def _line(row: Mapping[str, Any], indicators: Sequence[str], vetoes: Mapping[str, str]) -> Line:
    return Line(
        unit=str(row["unit"]),
        name=str(row["name"]),
        rank=row["rank"],
        score=str(row["score"]),
        rates=tuple(row["parts"].get(name, {}).get("rate") for name in indicators),
        deductions=tuple((n, float(row["deductions"][n])) for n in PENALTIES if row["deductions"].get(n)),
        bonus=float(row["bonus"]),
        vetoes=tuple(vetoes.get(key, key) for key in row["vetoes"]),
        cases=float(row["cases"]),
    )


def _amendment(kept: Mapping[str, Any]) -> Amendment:
    """Only what is one figure or word is told as a change; the words say the rest."""
    before, after = kept["before"], kept["after"]
    changes = tuple(
        Change(what, _said(before.get(what)), _said(after.get(what)))
        for what in sorted({*before, *after})
        if not isinstance(before.get(what, after.get(what)), dict | list)
    )
    return Amendment(str(kept["name"]), str(kept["words"]), changes, date.fromisoformat(kept["made_on"]))


def _said(value: Any) -> str:
    return "" if value is None else str(value)


def suggested_of(rows: Mapping[str, Any]) -> tuple[Suggested, ...]:
    """奖惩建议 as a frozen table keeps them."""
    return tuple(
        Suggested(str(one["name"]), str(one["words"]), int(one["top"] or -one["bottom"]), int(one["times"]))
        for one in rows.get("suggestions", ())
    )
