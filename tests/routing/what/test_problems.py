"""Several problems in one text: each is heard once, and what is only another word for the first is not a second."""

import pytest

from routing.finding import Finding
from routing.router import Router
from routing.what.confusions import Confusion
from routing.what.lexicon import Lexicon
from routing.what.problems import further, parts

RUBBISH, BINS, LIGHT, NOISE = "event:rubbish", "event:bins", "part:light", "event:noise"
LEXICON = Lexicon(
    {
        "垃圾": {RUBBISH: 3},
        "没人扫": {RUBBISH: 3},
        "桶满": {BINS: 3},
        "路灯不亮": {LIGHT: 4},
        "灯": {LIGHT: 2},
        "吵": {NOISE: 1},
    },
    denials_before=("没有",),
    denials_after=("已清理",),
    confusions=(Confusion(frozenset({RUBBISH, BINS}), {}),),
)


@pytest.mark.parametrize("between", [",", "。", ";", "\n", "、", "!", "还有", "另外", "同时", "并且", "而且", "以及"])
def test_it_hears_two_problems_however_they_are_joined(between: str) -> None:
    found = parts(LEXICON, f"门口垃圾{between}路灯不亮")

    assert [(part.guess.category, part.text) for part in found] == [(RUBBISH, "门口垃圾"), (LIGHT, "路灯不亮")]


@pytest.mark.parametrize(
    ("text", "categories"),
    [
        ("路灯不亮,垃圾没人扫", [LIGHT, RUBBISH]),
        ("垃圾,没人扫,路灯不亮,又是垃圾", [RUBBISH, LIGHT]),
        ("垃圾,灯", [RUBBISH]),
        ("垃圾,有点吵", [RUBBISH]),
        ("垃圾,没有路灯不亮", [RUBBISH]),
        ("垃圾已清理,路灯不亮", [LIGHT]),
        ("你好,谢谢", []),
        ("", []),
        (",。;", []),
    ],
    ids=[
        "in their order",
        "each once",
        "an ordinary word",
        "a hint",
        "denied",
        "done",
        "nothing",
        "empty",
        "no words",
    ],
)
def test_it_takes_only_clear_words_for_a_problem(text: str, categories: list[str]) -> None:
    assert [part.guess.category for part in parts(LEXICON, text)] == categories


@pytest.mark.parametrize(
    ("main", "others"),
    [(LIGHT, [RUBBISH, BINS]), (RUBBISH, [LIGHT]), (BINS, [LIGHT]), (NOISE, [RUBBISH, BINS, LIGHT])],
)
def test_it_takes_no_kin_for_a_second_problem(main: str, others: list[str]) -> None:
    text = "门口垃圾,桶满,路灯不亮"

    found = further(LEXICON, text, LEXICON.guesses(text), main)

    assert [part.guess.category for part in found] == others


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("甸柳新村街道路灯不亮，墙上贴满小广告", ["dept-urban"]),
        ("甸柳新村街道一堆垃圾，墙上贴满小广告", []),
        ("甸柳新村街道一堆垃圾，垃圾桶满了没人清", []),
        ("甸柳新村街道一堆垃圾，路灯修好了", []),
        ("甸柳新村街道一堆垃圾", []),
    ],
    ids=["another unit's", "the same unit's", "kin", "denied", "one thing"],
)
def test_it_offers_to_split_off_only_what_is_another_unit_s(router: Router, text: str, units: list[str]) -> None:
    decision = router.decide(Finding(text=text))

    assert decision.unit == "370102009"
    assert [other.unit for other in decision.further] == units


def test_it_looks_for_no_second_problem_where_the_category_is_given(router: Router) -> None:
    finding = Finding(text="甸柳新村街道路灯不亮，墙上贴满小广告", category="event:07001", category_word="小广告")

    assert router.decide(finding).further == ()
