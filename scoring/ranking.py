"""排名: one tier's scores in order. Ties share a rank and the next is skipped; who has too few cases stands apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.composite import Score, Tally, means, score
from scoring.rules import ScoreRules


@dataclass(frozen=True, slots=True)
class Row:
    """一行: rank is None for 样本不足."""

    unit: str
    rank: int | None
    score: Score
    tally: Tally


def ranked(tier: str, tallies: Mapping[str, Tally], rules: ScoreRules) -> list[Row]:
    """排名表 of a tier, best first; who was vetoed to the end stands there, 样本不足 after everybody."""
    mean = means(tallies)
    scores = {unit: score(tally, tier, mean, rules) for unit, tally in tallies.items()}
    enough = [unit for unit, tally in tallies.items() if tally.cases >= rules.least]
    few = [unit for unit, tally in tallies.items() if tally.cases < rules.least]
    apart = sorted(few, key=lambda unit: (-tallies[unit].cases, unit))
    order = sorted(enough, key=lambda unit: (scores[unit].is_last, -scores[unit].rounded, unit))
    ranks = _ranks([(scores[unit].is_last, scores[unit].rounded) for unit in order])
    placed = [Row(unit, rank, scores[unit], tallies[unit]) for unit, rank in zip(order, ranks, strict=True)]
    return placed + [Row(unit, None, scores[unit], tallies[unit]) for unit in apart]


def _ranks(values: list[tuple[bool, Decimal]]) -> list[int]:
    """1, 2, 2, 4: equal published scores share a rank."""
    return [values.index(value) + 1 for value in values]
