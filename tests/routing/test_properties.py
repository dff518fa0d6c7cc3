"""What must hold for any text and any pin."""

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.finding import Finding
from routing.pack import Pack
from routing.router import Router
from routing.what.learned import Learned
from routing.what.lexicon import Lexicon
from routing.whose.conditions import Condition
from routing.whose.rules import Rule
from tests.learnt import ODD_WORDS, small_version

T = TypeVar("T")
PIECES = [
    ODD_WORDS,
    "垃圾",
    "没有",
    "垃圾桶",
    "满",
    "历下区",
    "解放路街道",
    "天桥",
    "高新区",
    "违停",
    "，",
    "。",
    "护栏",
    "倒",
]
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))
DEGREES = st.none() | st.floats(allow_nan=True, allow_infinity=True)
NEAR_LAT, NEAR_LON = st.floats(35.9, 37.6), st.floats(116.1, 118.1)
FINDINGS = st.builds(
    Finding, text=TEXTS, place=TEXTS, lat=DEGREES | NEAR_LAT, lon=DEGREES | NEAR_LON, platform=st.text(max_size=8)
)
# The empty word stands in every text: this rule matches whatever comes to it.
CATCH_ALL = Rule(Condition(None, None, None, ("",), None), "dept-fire", (), 1.0, "last", ())

# With it only what was learnt can lead to a category.
NO_WORDS = Lexicon({}, ("没有",), ("已清理",))


@given(finding=FINDINGS)
def test_it_always_answers_with_a_known_unit(router: Router, jinan: Pack, finding: Finding) -> None:
    decision = router.decide(finding)

    assert {decision.unit, *decision.co_units, *(option.unit for option in decision.alternatives)} <= set(jinan.units)
    assert 0 <= decision.confidence <= 1
    assert len(decision.alternatives) <= 3


@given(finding=FINDINGS)
def test_it_decides_the_same_again(jinan: Pack, finding: Finding) -> None:
    first, second = Router(jinan).decide(finding), Router(jinan).decide(finding)

    assert first == second


@given(finding=FINDINGS)
def test_it_is_not_changed_by_a_rule_below_the_one_that_matched(jinan: Pack, finding: Finding) -> None:
    longer = replace(jinan, rules=replace(jinan.rules, children=(*jinan.rules.children, CATCH_ALL)))

    before, after = Router(jinan).decide(finding), Router(longer).decide(finding)

    if before.rule == jinan.rules.place:
        assert (after.rule, after.unit) == ("last", "dept-fire")
    else:
        assert (after.rule, after.unit, after.confidence) == (before.rule, before.unit, before.confidence)


@given(finding=FINDINGS)
def test_it_finds_the_same_category_whatever_the_place(router: Router, finding: Finding) -> None:
    nowhere = replace(finding, place="", lat=None, lon=None)

    assert router.decide(finding).category == router.decide(nowhere).category


@pytest.fixture(scope="module")
def learned() -> Learned:
    return small_version()


@pytest.fixture(scope="module", params=range(3))
def shuffled(request: pytest.FixtureRequest, jinan: Pack) -> Pack:
    """The same pack with the lines of its lexicon and categories in another order."""
    dice = random.Random(request.param)
    words = {word: _shuffled(dice, weights) for word, weights in _shuffled(dice, jinan.lexicon.words).items()}
    return replace(jinan, categories=_shuffled(dice, jinan.categories), lexicon=replace(jinan.lexicon, words=words))


def _shuffled(dice: random.Random, entries: Mapping[str, T]) -> dict[str, T]:
    return dict(dice.sample(list(entries.items()), len(entries)))


@given(data=st.data())
def test_it_guesses_the_same_whatever_the_order_of_the_words(
    jinan: Pack, shuffled: Pack, data: st.DataObject
) -> None:
    words = data.draw(st.lists(st.sampled_from(sorted(jinan.lexicon.words)), max_size=5))
    text = "，".join(words).replace("…", "")

    assert shuffled.lexicon.guesses(text) == jinan.lexicon.guesses(text)


def test_it_puts_equally_likely_categories_in_the_order_of_their_codes() -> None:
    words = {"坏": {"part:2": 3, "part:1": 3}, "破": {"event:9": 3}}

    guesses = Lexicon(words, NO_WORDS.denials_before, NO_WORDS.denials_after).guesses("破了坏了")

    assert [guess.category for guess in guesses] == ["event:9", "part:1", "part:2"]


@given(finding=FINDINGS)
def test_it_decides_the_same_whatever_the_order_of_words_and_categories(
    jinan: Pack, shuffled: Pack, learned: Learned, finding: Finding
) -> None:
    assert Router(shuffled).decide(finding) == Router(jinan).decide(finding)
    assert Router(shuffled, learned).decide(finding) == Router(jinan, learned).decide(finding)


@given(finding=FINDINGS)
def test_it_always_answers_with_a_learned_version_too(jinan: Pack, learned: Learned, finding: Finding) -> None:
    decision = Router(jinan, learned).decide(finding)

    worths = [decision.confidence, decision.raw, *(option.confidence for option in decision.alternatives)]
    assert all(0 <= worth <= 1 for worth in worths)
    assert {decision.unit, *(option.unit for option in decision.alternatives)} <= set(jinan.units)
    assert decision.model == learned.version


@given(finding=FINDINGS)
def test_it_decides_the_same_with_a_version_that_was_kept(jinan: Pack, learned: Learned, finding: Finding) -> None:
    kept = Learned.from_bytes(learned.to_bytes())

    first, second = Router(jinan, learned).decide(finding), Router(jinan, kept).decide(finding)

    assert first == second


@given(finding=FINDINGS)
def test_it_is_never_led_to_a_category_the_pack_has_no_more(jinan: Pack, learned: Learned, finding: Finding) -> None:
    gone = {key: category for key, category in jinan.categories.items() if key not in learned.model.labels}

    decision = Router(replace(jinan, categories=gone, lexicon=NO_WORDS), learned).decide(finding)

    assert decision.category is None
