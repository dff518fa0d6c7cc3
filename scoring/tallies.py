"""账目: the items of a period, added up for every unit of a tier."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from models.case import Case
from models.score import Bonus, FieldVisit, ScoreItem, Survey, VetoRuling
from models.unit import Unit
from scoring.composite import Count, Tally, field_index
from scoring.items import Kind
from scoring.rules import TIERS, ScoreRules, Veto

# What is counted one by one, because each costs points of its own.
PENALISED = {
    Kind.OVERTIME: "overtime",
    Kind.FAILED_CHECK: "failed_check",
    Kind.FAKE: "fake",
    Kind.SHIRKED: "shirked",
    Kind.EXPOSURE: "exposure",
    Kind.WRONG_DISPATCH: "wrong_dispatch",
}
_SUMMED = (
    *(Kind.CLAIM, Kind.RECTIFY, Kind.CHECK, Kind.RATING, Kind.CLOSED, Kind.OPEN_OVERDUE, Kind.RECURRENCE),
    *(Kind.FOUND_BY_SELF, Kind.FOUND_BY_OTHERS),
)
_DUTIES = (Kind.CLAIM.value, Kind.RECTIFY.value)


class Period(NamedTuple):
    """考核期: whole days of the city, the last one not included."""

    begins_on: date
    ends_on: date
    zone: ZoneInfo

    @property
    def begins_at(self) -> datetime:
        return datetime.combine(self.begins_on, time(), self.zone)

    @property
    def ends_at(self) -> datetime:
        return datetime.combine(self.ends_on, time(), self.zone)


@dataclass
class _Sums:
    """One unit's sums: by kind, how many, and of what value."""

    counts: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    penalties: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    cases: float = 0.0
    bonus: float = 0.0
    vetoes: list[Veto] = field(default_factory=list)
    site: list[float] = field(default_factory=list)
    survey: list[float] = field(default_factory=list)


Sums = dict[str, _Sums]


def tallies(session: Session, tier: str, period: Period, rules: ScoreRules) -> dict[str, Tally]:
    """每个单位的账 on a tier, its roll-up included; units without anything as well."""
    return all_tallies(session, period, rules)[tier]


def all_tallies(session: Session, period: Period, rules: ScoreRules) -> dict[str, dict[str, Tally]]:
    """The same for every tier, added up once."""
    units = session.execute(select(Unit.code, Unit.tier, Unit.parent_code).where(Unit.retired.is_(False))).all()
    sums: Sums = defaultdict(_Sums)
    _add_counts(session, period, rules, sums)
    _add_cases(session, period, sums)
    _add_penalties(session, period, rules, sums)
    _add_given(session, period, rules, sums)
    _add_field(session, period, sums)
    streets = _below(units)
    below = {tier: streets if tier == "district" else {} for tier in TIERS}
    return {
        tier: {code: _tally(sums, code, below[tier].get(code, []), rules) for code, own, _ in units if own == tier}
        for tier in TIERS
    }


def _below(units: Any) -> dict[str, list[str]]:
    """区县 → its 街道 and 镇."""
    found: dict[str, list[str]] = defaultdict(list)
    for code, tier, parent in units:
        if tier == "street" and parent:
            found[parent].append(code)
    return found


def _within(period: Period) -> Any:
    return and_(ScoreItem.at >= period.begins_at, ScoreItem.at < period.ends_at)


def _add_counts(session: Session, period: Period, rules: ScoreRules, sums: Sums) -> None:
    """Counted in whole numbers by the database and multiplied here in one order: so the last digit is the same."""
    value = case((ScoreItem.kind == Kind.RECURRENCE.value, 1.0), else_=ScoreItem.value)
    groups = (ScoreItem.unit_code, ScoreItem.kind, ScoreItem.weight, value)
    summed = ScoreItem.kind.in_([kind.value for kind in _SUMMED])
    rows = session.execute(select(*groups, func.count()).where(_within(period), summed).group_by(*groups)).all()
    for unit, kind, weight, value_, count in sorted(tuple(row) for row in rows):
        times = count * weight if kind in _DUTIES else float(count)
        good = rules.satisfaction[int(value_)] if kind == Kind.RATING else value_
        sums[unit].counts[kind] += Count(times * good, times)


def _add_cases(session: Session, period: Period, sums: Sums) -> None:
    """How many cases a unit had a duty for, whatever came of it."""
    query = (
        select(ScoreItem.unit_code, func.count(ScoreItem.case_id.distinct()))
        .where(_within(period), ScoreItem.kind.in_(_DUTIES))
        .group_by(ScoreItem.unit_code)
    )
    for unit, count in session.execute(query):
        sums[unit].cases = float(count)


def _add_penalties(session: Session, period: Period, rules: ScoreRules, sums: Sums) -> None:
    times = case((Case.channel.in_(rules.doubled or [""]), 2.0), else_=1.0)
    kinds = ScoreItem.kind.in_([kind.value for kind in PENALISED])
    query = (
        select(ScoreItem.unit_code, ScoreItem.kind, ScoreItem.value, times)
        .join(Case, Case.id == ScoreItem.case_id)
        .where(_within(period), kinds)
        .order_by(ScoreItem.case_id, ScoreItem.event_id, ScoreItem.id)
    )
    for unit, kind, value, count in session.execute(query):
        sums[unit].penalties[PENALISED[Kind(kind)]].append((float(value), float(count)))


def _add_given(session: Session, period: Period, rules: ScoreRules, sums: Sums) -> None:
    """加分 and 一票否决: what people decided."""
    on = and_(Bonus.on >= period.begins_on, Bonus.on < period.ends_on, Bonus.withdrawn_at.is_(None))
    for unit, points in session.execute(select(Bonus.unit_code, Bonus.points).where(on).order_by(Bonus.id)):
        sums[unit].bonus += points
    known = {veto.key: veto for veto in rules.vetoes}
    on = and_(VetoRuling.on >= period.begins_on, VetoRuling.on < period.ends_on, VetoRuling.lifted_at.is_(None))
    for unit, key in session.execute(select(VetoRuling.unit_code, VetoRuling.veto).where(on).order_by(VetoRuling.id)):
        if key in known:
            sums[unit].vetoes.append(known[key])


def _add_field(session: Session, period: Period, sums: Sums) -> None:
    """实地测评 and 问卷 of the period."""
    at = and_(FieldVisit.assessed_at >= period.begins_at, FieldVisit.assessed_at < period.ends_at)
    query = select(FieldVisit.unit_code, FieldVisit.result).where(at, FieldVisit.result.is_not(None))
    for unit, result in session.execute(query.order_by(FieldVisit.id)):
        sums[unit].site.append(float(result or 0))
    on = and_(Survey.on >= period.begins_on, Survey.on < period.ends_on)
    for unit, value in session.execute(select(Survey.unit_code, Survey.value).where(on).order_by(Survey.id)):
        sums[unit].survey.append(value)


def _tally(sums: Sums, code: str, below: list[str], rules: ScoreRules) -> Tally:
    """One unit's own sums, and those of the units below it as far as they count for it."""
    own = sums.get(code, _Sums())
    parts = [(own, 1.0), *((sums[one], rules.rollup) for one in below if one in sums)]
    return Tally(
        counts=_counts(parts, rules),
        penalties=_penalties(parts),
        cases=sum(part.cases * share for part, share in parts),
        bonus=own.bonus,
        vetoes=tuple(own.vetoes),
    )


def _counts(parts: list[tuple[_Sums, float]], rules: ScoreRules) -> Mapping[str, Count]:
    def of(kind: Kind) -> Count:
        found = [(part.counts.get(kind.value, Count()), share) for part, share in parts]
        return Count(sum(one.good * share for one, share in found), sum(one.all * share for one, share in found))

    closed, back = of(Kind.CLOSED).all, of(Kind.RECURRENCE).all
    self_found, others = of(Kind.FOUND_BY_SELF).all, of(Kind.FOUND_BY_OTHERS).all
    counts = {
        "claim": of(Kind.CLAIM),
        "rectify": of(Kind.RECTIFY),
        "closing": Count(closed, closed + of(Kind.OPEN_OVERDUE).all),
        "check": of(Kind.CHECK),
        "satisfaction": of(Kind.RATING),
        "recurrence": Count(max(closed - back, 0.0), max(closed, back)),
        "discovery": Count(self_found, self_found + others),
        "field": _field(parts, rules),
    }
    return {name: count for name, count in counts.items() if count.all}


def _field(parts: list[tuple[_Sums, float]], rules: ScoreRules) -> Count:
    """实地测评指数 as a rate; each visit is one of the many it is drawn from."""
    site = [value for part, _ in parts for value in part.site]
    survey = [value for part, _ in parts for value in part.survey]
    index = field_index(_mean(site), _mean(survey), rules)
    many = float(len(site) or len(survey))
    return Count(index / 100 * many, many) if index is not None else Count()


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _penalties(parts: list[tuple[_Sums, float]]) -> Mapping[str, tuple[tuple[float, float], ...]]:
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for part, share in parts:
        for name, values in part.penalties.items():
            found[name] += [(value, times * share) for value, times in values]
    return {name: tuple(values) for name, values in found.items()}
