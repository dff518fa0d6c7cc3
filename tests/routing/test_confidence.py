"""What a decision is worth, and how often such a decision turned out right."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.confidence import Curve, Outcome, Step, fit, lowest_for, miscalibration, steps

BENT = Curve(((0.2, 0.1), (0.6, 0.5), (0.8, 0.9)))
SHARES = st.floats(0, 1)
OUTCOMES = st.lists(st.tuples(SHARES, st.booleans()), max_size=60)
LADDER = (0.5, 0.6, 0.7, 0.8, 0.9)


def happened(raw: float, right: int, wrong: int) -> list[Outcome]:
    """Decisions of one worth, so many right and so many wrong."""
    return [(raw, True)] * right + [(raw, False)] * wrong


@pytest.mark.parametrize(
    ("raw", "right"),
    [(0.0, 0.1), (0.1, 0.1), (0.2, 0.1), (0.4, 0.3), (0.6, 0.5), (0.7, 0.7), (0.8, 0.9), (0.9, 0.9), (1.0, 0.9)],
    ids=["far left", "left", "first corner", "between", "corner", "steeper", "last corner", "right", "far right"],
)
def test_it_reads_a_curve_straight_between_corners_and_level_outside(raw: float, right: float) -> None:
    assert BENT.at(raw) == right


def test_it_takes_a_worth_for_the_confidence_while_nothing_was_measured() -> None:
    assert [Curve().at(raw) for raw in (0.0, 0.25, 0.981, 1.0)] == [0.0, 0.25, 0.981, 1.0]


@given(outcomes=OUTCOMES)
def test_it_fits_a_curve_that_never_falls_and_stays_between_0_and_1(outcomes: list[Outcome]) -> None:
    corners = fit(outcomes).corners

    assert all(left < right and low <= high for (left, low), (right, high) in pairwise(corners))
    assert all(0 <= raw <= 1 and 0 <= right <= 1 for raw, right in corners)
    assert (corners[0][0], corners[-1][0]) == (0.0, 1.0)


@given(outcomes=OUTCOMES, data=st.data())
def test_it_fits_the_same_curve_whatever_the_order(outcomes: list[Outcome], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(outcomes))

    assert fit(shuffled) == fit(outcomes)


@given(outcomes=OUTCOMES, raws=st.tuples(SHARES, SHARES))
def test_it_is_never_less_sure_of_what_is_worth_more(outcomes: list[Outcome], raws: tuple[float, float]) -> None:
    curve = fit(outcomes)

    assert curve.at(min(raws)) <= curve.at(max(raws))


def test_it_believes_what_has_always_held() -> None:
    curve = fit([*happened(0.2, 0, 100), *happened(0.9, 100, 0)])

    assert curve.at(0.2) < 0.02
    assert curve.at(0.9) > 0.98


def test_it_learns_that_a_worth_says_nothing() -> None:
    curve = fit([(n / 1000, n % 2 == 0) for n in range(300, 900)])

    assert [curve.at(raw) for raw in (0.6, 0.8, 1.0)] == pytest.approx([0.5] * 3, abs=0.01)


@pytest.mark.parametrize(("right", "wrong"), [(90, 10), (50, 50), (10, 90)])
def test_it_takes_decisions_of_one_worth_together(right: int, wrong: int) -> None:
    curve = fit(happened(0.9, right, wrong), trust=0)

    assert curve.at(0.9) == right / 100


def test_it_pools_neighbours_that_stand_the_wrong_way_round() -> None:
    curve = fit([(0.2, False), (0.4, True), (0.5, False), (0.8, True)], trust=0)

    assert [curve.at(raw) for raw in (0.2, 0.45, 0.8)] == [0.0, 0.5, 1.0]


def test_it_makes_no_certainty_of_three_lucky_decisions() -> None:
    lucky, proven = fit(happened(0.3, 3, 0)), fit(happened(0.3, 300, 0))

    assert 0.3 < lucky.at(0.3) < 0.65 < 0.95 < proven.at(0.3)


def test_it_stays_with_what_was_believed_before_where_little_happened() -> None:
    curve = fit(happened(0.5, 1, 0), prior=Curve(((0.0, 0.8), (1.0, 0.8))))

    assert curve.at(0.5) == pytest.approx(0.84)


def test_it_counts_what_each_threshold_would_have_sent() -> None:
    outcomes = [*happened(0.9, 3, 1), *happened(0.6, 2, 2), *happened(0.3, 0, 2)]

    table = steps(outcomes, (0.3, 0.6, 0.9, 0.95))

    assert table == [Step(0.3, 1.0, 0.5), Step(0.6, 0.8, 0.625), Step(0.9, 0.4, 0.75), Step(0.95, 0.0, 1.0)]


def test_it_has_a_step_for_each_threshold_without_any_outcome() -> None:
    assert steps([], (0.5, 0.9)) == [Step(0.5, 0.0, 1.0), Step(0.9, 0.0, 1.0)]


def test_it_advises_the_threshold_that_sends_most_and_still_sends_rightly() -> None:
    outcomes = [*happened(0.9, 40, 0), *happened(0.7, 37, 3), *happened(0.5, 0, 20)]

    advised = lowest_for(steps(outcomes, LADDER), 0.95)

    assert advised is not None
    assert (advised.threshold, advised.coverage) == (0.7, 0.8)


def test_it_advises_nothing_where_nothing_is_right_often_enough() -> None:
    useless = steps([*happened(0.9, 2, 2), *happened(0.6, 5, 5)], LADDER)

    assert lowest_for(useless, 0.95) is None


def test_it_advises_nothing_that_sends_nothing() -> None:
    assert lowest_for(steps(happened(0.4, 5, 0), LADDER), 0.95) is None


@given(outcomes=OUTCOMES, wanted=SHARES)
def test_it_advises_only_what_is_right_often_enough(outcomes: list[Outcome], wanted: float) -> None:
    table = steps(outcomes, LADDER)

    advised = lowest_for(table, wanted)

    assert advised is None or (advised.accuracy >= wanted and advised.coverage > 0)


@pytest.mark.parametrize(
    ("outcomes", "apart"),
    [
        ([], 0.0),
        (happened(1.0, 0, 5), 1.0),
        (happened(0.0, 5, 0), 1.0),
        (happened(0.75, 3, 1), 0.0),
        (happened(0.9, 1, 1), 0.4),
        ([*happened(0.75, 3, 1), *happened(0.25, 4, 0)], 0.375),
    ],
    ids=["nothing", "sure and wrong", "doubting and right", "as said", "too sure", "only one half off"],
)
def test_it_measures_how_far_word_and_deed_lie_apart(outcomes: list[Outcome], apart: float) -> None:
    assert miscalibration(outcomes) == pytest.approx(apart)


@given(outcomes=OUTCOMES)
def test_it_is_never_further_apart_than_all_or_nothing(outcomes: list[Outcome]) -> None:
    assert 0 <= miscalibration(outcomes) <= 1
