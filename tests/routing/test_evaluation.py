"""How often routing is right, and from which confidence on it may be trusted alone."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from routing.decision import Decision
from routing.evaluation import Evaluation, Judged, evaluate
from routing.finding import Finding
from routing.router import Router
from routing.table import ASK, Example

RUBBISH, BINS, LIGHT = "event:06010", "event:06042", "part:01037"
LIXIA, DIANLIU, YAOJIA = "370102", "370102009", "370102011"
MADE = Decision(
    unit=DIANLIU, co_units=(), department=None, category=RUBBISH, district=LIXIA, street=DIANLIU, confidence=0.9,
    raw=0.8, rule="routes.yaml:1", why=(), alternatives=(), further=(), candidates=(), pack_version="", model="",
)  # fmt: skip
RIGHT = Example(Finding(), RUBBISH, LIXIA, DIANLIU, DIANLIU)


def judged(*pairs: tuple[Example, Decision]) -> Evaluation:
    return Evaluation(tuple(Judged(example, decision) for example, decision in pairs))


def decided(right: Sequence[float], wrong: Sequence[float]) -> Evaluation:
    """Decisions of these confidences, of which the ones were right and the others wrong."""
    good = [(RIGHT, replace(MADE, confidence=confidence)) for confidence in right]
    bad = [(RIGHT, replace(MADE, confidence=confidence, unit=YAOJIA)) for confidence in wrong]
    return judged(*good, *bad)


def test_it_decides_every_example_and_keeps_both_sides(router: Router) -> None:
    examples = [
        Example(Finding(text="甸柳新村街道一堆垃圾"), RUBBISH, LIXIA, DIANLIU, DIANLIU),
        Example(Finding(text="甸柳新村街道路灯不亮"), LIGHT, LIXIA, DIANLIU, "dept-urban"),
        Example(Finding(text="甸柳新村街道今天天气不错"), "", LIXIA, DIANLIU, ASK),
    ]

    result = evaluate(router, examples)

    assert [one.example for one in result.judged] == examples
    assert (result.category_accuracy, result.street_accuracy, result.unit_accuracy) == (1.0, 1.0, 1.0)


def test_it_counts_what_was_right_of_what_could_be_known() -> None:
    result = judged(
        (RIGHT, MADE),
        (replace(RIGHT, category=BINS), MADE),
        (replace(RIGHT, street="", district=""), replace(MADE, street=None, district=None)),
        (replace(RIGHT, street=YAOJIA), replace(MADE, street=None)),
        (replace(RIGHT, unit=ASK, category=""), replace(MADE, category=None, unit="cmd")),
        (RIGHT, replace(MADE, unit=YAOJIA, district=None)),
    )

    assert result.category_accuracy == pytest.approx(5 / 6)
    assert result.street_accuracy == pytest.approx(4 / 5)
    assert result.district_accuracy == pytest.approx(4 / 5)
    assert result.unit_accuracy == pytest.approx(4 / 5)


def test_it_takes_a_category_for_wrong_where_there_is_no_problem() -> None:
    thanks = replace(RIGHT, category="", unit=ASK)

    result = judged((thanks, MADE), (thanks, replace(MADE, category=None)))

    assert result.category_accuracy == 0.5


def test_it_finds_nothing_wrong_with_nothing() -> None:
    empty = judged()

    assert (empty.unit_accuracy, empty.category_accuracy, empty.miscalibration) == (1.0, 1.0, 0.0)
    assert (empty.confusions(5), empty.doubtful_rules(5)) == ([], [])


def test_it_sends_nothing_without_a_category_however_sure_the_place() -> None:
    result = judged((RIGHT, replace(MADE, category=None)), (RIGHT, MADE))

    assert result.outcomes == [(0.0, True), (0.9, True)]
    assert result.raw_outcomes == [(0.8, True)]
    assert result.steps[0].coverage == 0.5


def test_it_advises_the_threshold_that_sends_most_and_still_sends_rightly() -> None:
    result = decided(right=[0.96] * 20 + [0.81] * 18 + [0.62] * 5, wrong=[0.81, 0.62, 0.62])

    advised = result.advised

    assert advised is not None
    assert advised.threshold == 0.8
    assert [advised.accuracy, advised.coverage] == pytest.approx([38 / 39, 39 / 46])


def test_it_advises_nothing_where_nothing_can_be_sent_rightly() -> None:
    assert decided(right=[], wrong=[0.6] * 20).advised is None


def test_it_measures_how_far_confidence_and_success_lie_apart() -> None:
    assert decided(right=[0.75] * 3, wrong=[0.75]).miscalibration == pytest.approx(0.0)
    assert decided(right=[], wrong=[0.75] * 4).miscalibration == pytest.approx(0.75)


def test_it_names_the_categories_most_often_taken_for_others() -> None:
    bins, thanks = replace(RIGHT, category=BINS), replace(RIGHT, category="", unit=ASK)
    silent = replace(MADE, category=None)

    result = judged((bins, MADE), (bins, MADE), (thanks, MADE), (RIGHT, silent), (RIGHT, MADE), (thanks, silent))

    assert result.confusions(1) == [((BINS, RUBBISH), 2)]
    assert dict(result.confusions(9)) == {(BINS, RUBBISH): 2, ("", RUBBISH): 1, (RUBBISH, ""): 1}


def test_it_names_the_rules_that_err_although_the_category_was_right() -> None:
    elsewhere = replace(RIGHT, unit=YAOJIA)
    other = replace(MADE, rule="routes.yaml:2")

    result = judged(
        (elsewhere, MADE),
        (elsewhere, other),
        (elsewhere, other),
        (replace(elsewhere, category=BINS), MADE),
        (RIGHT, MADE),
    )

    assert result.doubtful_rules(5) == [("routes.yaml:2", 2), ("routes.yaml:1", 1)]
