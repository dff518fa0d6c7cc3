"""综合得分: published tables come out of their inputs, and nobody gains by what should not help."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.composite import Count, Tally, deducted, field_index, means, rounded, score
from scoring.ranking import ranked
from scoring.rules import Penalty, ScoreRules, Target, Veto, load_rules

RULES = load_rules(Path(__file__).resolve().parents[2] / "data" / "jinan")

# 济宁 2017-08, 文明程度指数: 实地 | 问卷 | total, as printed (civic facts 6.3).
JINING = """
济阳 97.96 96.65 97.76 | 洸河 96.76 96.72 96.75 | 仙营 97.60 91.26 96.65 | 酒仙桥 95.94 96.41 96.01
南苑 96.15 95.15 96.00 | 阜桥 96.02 87.54 94.75 | 观音阁 92.03 98.31 92.97 | 鼓楼 93.76 85.34 92.49
越河 92.56 88.25 91.91 | 龙桥 91.24 94.41 91.72 | 古槐 92.50 86.55 91.61 | 许庄 91.13 90.23 91.00
金城 90.80 91.47 90.90 | 接庄 96.34 98.53 96.67 | 南张 95.78 87.17 94.48 | 柳行 94.08 95.63 94.31
大安 92.09 81.04 90.43 | 新兖 88.77 82.95 87.89 | 李营 87.94 85.98 87.65
"""
ROWS = [row.split() for line in JINING.strip().splitlines() for row in line.split("|")]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_it_computes_what_jining_published(row: list[str]) -> None:
    site, survey, total = (float(value) for value in row[1:])

    index = field_index(site, survey, RULES)

    assert index is not None
    assert abs(rounded(index) - Decimal(str(total))) <= Decimal("0.01")


def only(**weights: float) -> ScoreRules:
    """Rules of nothing but these weights: no shrinkage, no deductions."""
    free = dict.fromkeys(RULES.penalties, Penalty(0))
    return replace(RULES, weights=dict.fromkeys(RULES.weights, weights), pull=0, penalties=free)


def test_it_computes_the_60_30_10_index() -> None:
    """按期处置率×60 + 结案率×30 + (1 − 返工率)×10."""
    rules = only(rectify=0.6, closing=0.3, check=0.1)
    tally = Tally({"rectify": Count(180, 200), "closing": Count(190, 200), "check": Count(152, 160)}, cases=200)

    made = score(tally, "street", means({"": tally}), rules)

    assert made.rounded == rounded(0.9 * 60 + 0.95 * 30 + 0.95 * 10)


# 金华: 按期结案率 ≥ 70 % → 50 points, −1 per point below; 结案率 ≥ 90 % → 20, −1 per point.
TARGETS = {"rectify": Target(50, 0.70, 1), "closing": Target(20, 0.90, 1)}
JINHUA = [
    (0.70, 0.90, "70.00"),
    (0.95, 0.99, "70.00"),
    (0.65, 0.90, "65.00"),
    (0.70, 0.875, "67.50"),
    (0.10, 0.95, "20.00"),  # never less than nothing
    (0.60, 0.60, "40.00"),
]


@pytest.mark.parametrize(("in_time", "closed", "points"), JINHUA)
def test_it_scores_by_targets_as_jinhua_does(in_time: float, closed: float, points: str) -> None:
    rules = replace(only(), targets={"street": TARGETS})
    tally = Tally({"rectify": Count(in_time * 1000, 1000), "closing": Count(closed * 1000, 1000)})

    assert score(tally, "street", {}, rules).rounded == Decimal(points)


# rule | values of one case after another | what they cost
DEDUCTIONS = [
    ("failed_check", Penalty(0.2, later=0.5, later_from=3), [1, 2, 3], 0.9),
    ("exposure", Penalty(0.5, each_most=5, factor=2), [1, 2, 3, 9], 0.5 + 1 + 2 + 5),
    ("exposure", Penalty(0.5, most=3, factor=2), [3, 3], 3),
    ("overtime", Penalty(0.5, each_most=2), [1, 2, 10], 0.5 + 1 + 2),
    ("fake", Penalty(1), [1, 1], 2),
]


@pytest.mark.parametrize(("name", "rule", "values", "cost"), DEDUCTIONS)
def test_it_deducts_as_the_rules_say(name: str, rule: Penalty, values: list[float], cost: float) -> None:
    tally = Tally(penalties={name: tuple((value, 1.0) for value in values)})

    assert deducted(tally, name, rule) == pytest.approx(cost)


def test_it_deducts_double_where_a_medium_found_it() -> None:
    once, twice = (Tally(penalties={"fake": ((1.0, times),)}) for times in (1.0, 2.0))

    assert deducted(twice, "fake", Penalty(1)) == 2 * deducted(once, "fake", Penalty(1))


counts = st.tuples(st.integers(0, 200), st.integers(0, 200)).map(lambda two: Count(min(two), max(two)))
tallies = st.builds(
    Tally,
    counts=st.fixed_dictionaries(dict.fromkeys(("claim", "rectify", "check", "satisfaction"), counts)),
    penalties=st.fixed_dictionaries({"overtime": st.just(((1.5, 1.0), (0.2, 1.0)))}),
    cases=st.floats(10, 400),
)


@given(tally=tallies, others=st.lists(tallies, max_size=4), name=st.sampled_from(["claim", "rectify", "check"]))
def test_it_never_costs_anything_to_do_one_more_case_in_time(tally: Tally, others: list[Tally], name: str) -> None:
    more = replace(tally, counts={**tally.counts, name: tally.counts[name] + Count(1, 1)}, cases=tally.cases + 1)
    field = {str(n): other for n, other in enumerate(others)}

    before = score(tally, "street", means({**field, "us": tally}), RULES)
    after = score(more, "street", means({**field, "us": more}), RULES)

    if tally.counts[name].all:  # a first figure moves weight to it from what may have been better
        assert after.value >= before.value - 1e-9


@given(table=st.lists(tallies, min_size=1, max_size=8))
def test_it_ranks_the_same_whatever_the_order(table: list[Tally]) -> None:
    named = {f"u{n}": tally for n, tally in enumerate(table)}
    turned = dict(reversed(named.items()))

    def shown(of: dict[str, Tally]) -> list[tuple[str, int | None, Decimal]]:
        return [(row.unit, row.rank, row.score.rounded) for row in ranked("street", of, RULES)]

    assert shown(named) == shown(turned)


def test_it_shares_a_rank_and_skips_the_next() -> None:
    good, same, bad = (Tally({"claim": Count(n, 20)}, cases=20) for n in (18, 18, 2))

    rows = ranked("street", {"a": bad, "b": good, "c": same}, RULES)

    assert [(row.unit, row.rank) for row in rows] == [("b", 1), ("c", 1), ("a", 3)]


def test_it_lists_apart_who_has_too_few_cases() -> None:
    many, few = Tally({"claim": Count(1, 20)}, cases=20), Tally({"claim": Count(2, 2)}, cases=2)

    rows = ranked("street", {"many": many, "few": few}, RULES)

    assert [(row.unit, row.rank) for row in rows] == [("many", 1), ("few", None)]


def test_it_draws_few_cases_to_the_mean() -> None:
    few, many = Tally({"claim": Count(7, 7)}, cases=7), Tally({"claim": Count(24_000, 25_000)}, cases=25_000)
    mean = means({"few": few, "many": many})

    lucky, busy = (score(tally, "street", mean, RULES).value for tally in (few, many))

    assert lucky - busy < 2  # seven of seven is not four points better than 24,000 of 25,000


@pytest.mark.parametrize(
    ("veto", "value", "is_last"),
    [
        (Veto("a", "", "last"), 80, True),
        (Veto("b", "", "cap", 60), 60, False),
        (Veto("c", "", "deduct", 5), 75, False),
    ],
)
def test_it_vetoes_as_decided(veto: Veto, value: float, is_last: bool) -> None:
    tally = Tally({"claim": Count(80, 100)}, cases=100, vetoes=(veto,))

    made = score(tally, "street", means({"": tally}), only(claim=1))

    assert (made.value, made.is_last) == (pytest.approx(value), is_last)


def test_it_keeps_the_rules_a_table_was_made_by() -> None:
    assert ScoreRules.from_json(RULES.as_json()) == RULES
    assert replace(RULES, pull=21).version != RULES.version
