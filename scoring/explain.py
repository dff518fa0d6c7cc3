"""为什么是这个分: a row of a table in words, and the items behind each of its figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.score import ScoreItem
from models.unit import Unit
from models.wording import Texts
from scoring.items import Kind
from scoring.tallies import PENALISED, Period

# Which items an indicator is counted from; `field` comes from visits and surveys.
SOURCES: Mapping[str, tuple[Kind, ...]] = {
    "claim": (Kind.CLAIM,),
    "rectify": (Kind.RECTIFY,),
    "closing": (Kind.CLOSED, Kind.OPEN_OVERDUE),
    "check": (Kind.CHECK,),
    "satisfaction": (Kind.RATING,),
    "recurrence": (Kind.CLOSED, Kind.RECURRENCE),
    "discovery": (Kind.FOUND_BY_SELF, Kind.FOUND_BY_OTHERS),
    **{name: (kind,) for kind, name in PENALISED.items()},
}


@dataclass(frozen=True, slots=True)
class Because:
    """依据: one item behind a figure. speaks: whether it is for the unit."""

    case_id: int
    kind: str
    at: datetime
    value: float
    duty: str
    speaks: bool


def explained(row: Mapping[str, Any], rules: Mapping[str, Any], texts: Texts) -> list[str]:
    """为什么: a row of a table in words, line by line; every number of it can be drilled into with `behind`."""
    lines = [_of_part(name, part, texts) for name, part in row["parts"].items() if part["rate"] is not None]
    lines += [
        texts("score.no_figure", name=texts(f"indicator.{n}")) for n, p in row["parts"].items() if p["rate"] is None
    ]
    lines.append(texts("score.base", points=f"{row['base']:.2f}"))
    for name, points in row["deductions"].items():
        lines.append(texts("score.deducted", name=texts(f"penalty.{name}"), points=f"{points:.2f}"))
    if row["bonus"]:
        lines.append(texts("score.bonus", points=f"{row['bonus']:.2f}"))
    known = {veto["key"]: veto["name"] for veto in rules["vetoes"]}
    lines += [texts("score.veto", name=known.get(key, key)) for key in row["vetoes"]]
    lines.append(texts("score.total", points=row["score"]))
    rank = (
        texts("score.rank", rank=row["rank"])
        if row["rank"] is not None
        else texts("score.too_few", cases=_whole(row["cases"]))
    )
    return [*lines, rank]


def _of_part(name: str, part: Mapping[str, float], texts: Texts) -> str:
    return texts(
        "score.part",
        name=texts(f"indicator.{name}"),
        good=_whole(part["good"]),
        all=_whole(part["all"]),
        rate=f"{part['rate']:.1%}",
        shrunk=f"{part['shrunk']:.1%}",
        weight=f"{part['weight']:.1%}",
        points=f"{part['points']:.2f}",
    )


def _whole(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def behind(session: Session, unit: str, figure: str, period: Period, with_below: bool) -> list[Because]:
    """依据 of one figure of one unit, the oldest first. with_below: those of its streets as well (区县)."""
    units = [unit]
    if with_below:
        units += session.scalars(select(Unit.code).where(Unit.parent_code == unit, Unit.tier == "street"))
    kinds = [kind.value for kind in SOURCES.get(figure, ())]
    query = (
        select(ScoreItem)
        .where(ScoreItem.unit_code.in_(units), ScoreItem.kind.in_(kinds))
        .where(ScoreItem.at >= period.begins_at, ScoreItem.at < period.ends_at)
        .order_by(ScoreItem.at, ScoreItem.case_id)
    )
    return [because(item) for item in session.scalars(query)]


_FOR = {Kind.CLAIM, Kind.RECTIFY, Kind.CHECK}
_AGAINST = {*PENALISED, Kind.OPEN_OVERDUE, Kind.RECURRENCE, Kind.FOUND_BY_OTHERS}


def because(item: ScoreItem) -> Because:
    """What an item says, and whether for or against its unit."""
    kind = Kind(item.kind)
    good = bool(item.value) if kind in _FOR else item.value < 3 if kind is Kind.RATING else kind not in _AGAINST
    return Because(item.case_id, item.kind, item.at, item.value, item.duty, good)
