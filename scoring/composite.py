"""综合得分: counted figures of a unit → indicators → score. Pure, rounded once, half up.

Sources of the shape: civic facts 4.1 and 4.2 (三率, eGova 综合指数, 金华 deductions, 济宁 0.85/0.15).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from scoring.rules import INDICATORS, PENALTIES, Penalty, ScoreRules, Target, Veto


@dataclass(frozen=True, slots=True)
class Count:
    """分子与分母: good of all, weighted. Of nothing there is no rate."""

    good: float = 0.0
    all: float = 0.0

    @property
    def rate(self) -> float | None:
        return self.good / self.all if self.all else None

    def __add__(self, other: "Count") -> "Count":
        return Count(self.good + other.good, self.all + other.all)


@dataclass(frozen=True, slots=True)
class Tally:
    """一个单位一期的账: counts by indicator, and each penalty's single values with how often they count (1 or 2).

    cases: how many it had a duty for, which decides whether it is ranked.  bonus: points somebody gave, with reasons.
    """

    counts: Mapping[str, Count] = field(default_factory=dict)
    penalties: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    cases: float = 0.0
    bonus: float = 0.0
    vetoes: tuple[Veto, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """指标得分: rate as counted, as drawn to the tier's mean, its weight after redistribution, and its points."""

    rate: float | None
    shrunk: float | None
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class Score:
    """得分 of one unit. base − deducted + bonus, between 0 and 100, then what a veto says. rounded: as published."""

    parts: Mapping[str, Part]
    deductions: Mapping[str, float]
    base: float
    bonus: float
    value: float
    is_last: bool

    @property
    def rounded(self) -> Decimal:
        return rounded(self.value)


def rounded(value: float) -> Decimal:
    """Two places, half up, once and at the end."""
    return Decimal(repr(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def field_index(site: float | None, survey: float | None, rules: ScoreRules) -> float | None:
    """实地测评指数 out of 100: 0.85·实地 + 0.15·问卷; where one of them is missing, the other alone."""
    known = [(value, weight) for value, weight in ((site, rules.site), (survey, rules.survey)) if value is not None]
    total = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / total if total else None


def means(tallies: Mapping[str, Tally]) -> dict[str, float | None]:
    """各指标平均: of a tier, over all its units' counts together."""
    found = {}
    for name in INDICATORS:
        counted = [tally.counts[name] for tally in tallies.values() if name in tally.counts]
        found[name] = sum(counted, Count()).rate
    return found


def score(tally: Tally, tier: str, mean: Mapping[str, float | None], rules: ScoreRules) -> Score:
    """得分 of one unit on its tier, drawn to the tier's means."""
    targets = rules.targets.get(tier, {})
    parts = _on_target(tally, targets) if targets else _parts(tally, rules.weights[tier], mean, rules.pull)
    base = sum(part.points for part in parts.values())
    deductions = {name: deducted(tally, name, rules.penalties[name]) for name in PENALTIES}
    bonus = min(tally.bonus, rules.bonus_most)
    value = min(max(base - sum(deductions.values()) + bonus, 0.0), 100.0)
    for veto in tally.vetoes:
        value = _vetoed(value, veto)
    return Score(parts, deductions, base, bonus, value, any(veto.effect == "last" for veto in tally.vetoes))


def _on_target(tally: Tally, targets: Mapping[str, Target]) -> dict[str, Part]:
    """目标分. What a unit has no figure for costs it nothing."""
    parts = {}
    for name, one in targets.items():
        rate = tally.counts.get(name, Count()).rate
        short = max(0.0, one.target - rate) * 100 if rate is not None else 0.0
        parts[name] = Part(rate, rate, one.full / 100, max(0.0, one.full - one.per_point * short))
    return parts


def _parts(
    tally: Tally, weights: Mapping[str, float], mean: Mapping[str, float | None], pull: float
) -> dict[str, Part]:
    """What a unit has no figure for goes to its other weights, in their proportion."""
    drawn = {name: _shrunk(tally.counts.get(name, Count()), mean.get(name), pull) for name in weights}
    present = sum(weight for name, weight in weights.items() if drawn[name] is not None)
    parts = {}
    for name, weight in weights.items():
        shrunk = drawn[name]
        share = weight / present if shrunk is not None and present else 0.0
        rate = tally.counts.get(name, Count()).rate
        parts[name] = Part(rate, shrunk, share, 100 * share * (shrunk or 0.0))
    return parts


def _shrunk(count: Count, mean: float | None, pull: float) -> float | None:
    """x̂ = (n·x + k·x̄) ÷ (n + k): few cases are drawn to the tier's mean; none at all are no figure."""
    if not count.all or mean is None:
        return None
    return (count.good + pull * mean) / (count.all + pull)


def deducted(tally: Tally, name: str, rule: Penalty) -> float:
    """扣分 of one kind. Each value is a multiple of the limit, a how-manieth, or 1."""
    total = sum(times * _each(value, rule, name) for value, times in tally.penalties.get(name, ()))
    if rule.spread_over:
        total /= max(1.0, tally.cases / rule.spread_over)
    return min(total, rule.most) if rule.most else total


def _each(value: float, rule: Penalty, name: str) -> float:
    if name == "overtime":
        cost = rule.per * value
    elif name == "exposure":
        cost = rule.per * rule.factor ** (max(value, 1.0) - 1)
    else:
        cost = rule.later if rule.later_from and value >= rule.later_from else rule.per
    return min(cost, rule.each_most) if rule.each_most else cost


def _vetoed(value: float, veto: Veto) -> float:
    if veto.effect == "cap":
        return min(value, veto.value)
    return max(value - veto.value, 0.0) if veto.effect == "deduct" else value
