"""What must hold for any text and any pin."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from routing.finding import Finding
from routing.pack import Pack
from routing.router import Router
from routing.whose.rules import Condition, Rule

PIECES = ["垃圾", "没有", "垃圾桶", "满", "历下区", "解放路街道", "天桥", "高新区", "违停", "，", "。", "护栏", "倒"]
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))
DEGREES = st.none() | st.floats(allow_nan=True, allow_infinity=True)
NEAR_LAT, NEAR_LON = st.floats(35.9, 37.6), st.floats(116.1, 118.1)
FINDINGS = st.builds(
    Finding, text=TEXTS, place=TEXTS, lat=DEGREES | NEAR_LAT, lon=DEGREES | NEAR_LON, platform=st.text(max_size=8)
)
# The empty word stands in every text: this rule matches whatever comes to it.
CATCH_ALL = Rule(Condition(None, None, None, ("",), None), "dept-fire", (), 1.0, "last", ())


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
