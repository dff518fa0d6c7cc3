"""What must hold of a place, whatever the words and the pin."""

from hypothesis import given
from hypothesis import strategies as st

from routing.finding import Finding
from routing.pack import Pack, Tier
from routing.where.place import locate

UNITS = ["历下区", "高新区", "解放路", "解放路街道", "口镇", "章丘", "普集"]
PLACES = ["经十路", "历山路", "经四", "纬二", "王家庄", "大明湖"]
MISSPELT = ["店柳新村", "豹突泉", "甸新村街道"]
PIECES = [*UNITS, *PLACES, *MISSPELT, "与", "路口", "村", "社区", "居委会", "公园", "，", "\n"]
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))
DEGREES = st.none() | st.floats(allow_nan=True, allow_infinity=True)
FINDINGS = st.builds(
    Finding, text=TEXTS, place=TEXTS, lat=DEGREES | st.floats(35.9, 37.6), lon=DEGREES | st.floats(116.1, 118.1)
)


@given(finding=FINDINGS)
def test_it_always_answers_with_known_units_and_a_reason(jinan: Pack, finding: Finding) -> None:
    spot = locate(jinan, finding)

    streets = {*spot.candidates, *spot.others, *([spot.street] if spot.street else [])}
    assert {jinan.units[code].tier for code in streets} <= {Tier.STREET}
    assert 0 <= spot.sureness <= 1
    assert spot.why


@given(finding=FINDINGS)
def test_it_asks_only_where_it_does_not_know(jinan: Pack, finding: Finding) -> None:
    spot = locate(jinan, finding)

    assert not (spot.street and spot.candidates)
    assert len(spot.candidates) == len(set(spot.candidates)) <= 6


@given(finding=FINDINGS)
def test_it_names_the_district_that_acts_in_the_street(jinan: Pack, finding: Finding) -> None:
    spot = locate(jinan, finding)

    if spot.street:
        assert spot.district == jinan.units[spot.street].parent
    if spot.district:
        assert spot.district in spot.territories


@given(finding=FINDINGS)
def test_it_locates_the_same_again(jinan: Pack, finding: Finding) -> None:
    assert locate(jinan, finding) == locate(jinan, finding)
