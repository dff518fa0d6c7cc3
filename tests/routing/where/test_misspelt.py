"""Old names, and names with a wrong character: found, shown, and trusted less."""

import pytest

from routing.pack import Pack
from routing.where.sounds import fold
from tests.routing.where.conftest import Where


@pytest.mark.parametrize(
    ("text", "street", "said"),
    [
        ("店柳新村垃圾成堆", "甸柳新村街道", "“店柳新村”应为甸柳新村街道（历下区）"),
        ("豹突泉街道有人占道", "趵突泉街道", "“豹突泉街道”应为趵突泉街道（历下区）"),
        ("爆突泉门口有人占道", "趵突泉街道", "“爆突泉”应为“趵突泉”，在趵突泉街道（历下区）"),
        ("历城红家楼一堆垃圾", "洪家楼街道", "“红家楼”应为洪家楼街道（历城区）"),
        ("甸新村街道垃圾成堆", "甸柳新村街道", "“甸新村街道”应为甸柳新村街道（历下区）"),
        ("旬柳新村街道垃圾成堆", "甸柳新村街道", "“旬柳新村街道”应为甸柳新村街道（历下区）"),
        ("杆石乔街道路灯不亮", "杆石桥街道", "“杆石乔街道”应为杆石桥街道（市中区）"),
        ("按查司街社区", "大明湖街道", "“按查司街社区”应为“按察司街社区”，属大明湖街道（历下区）"),
    ],
    ids=["same sound", "in full", "a landmark", "bare", "one missing", "one that only looks alike", "the last one",
         "a community"],
)  # fmt: skip
def test_it_finds_a_misspelt_name_and_says_so(where: Where, jinan: Pack, text: str, street: str, said: str) -> None:
    spot = where(text)

    assert spot.street
    assert jinan.units[spot.street].name == street
    assert said in spot.why
    assert spot.sureness < 0.9


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("豹突泉街道", "趵突泉街道"), ("红家楼街道", "洪家楼街道"), ("甸新村街道", "甸柳新村街道")],
)
def test_it_is_less_sure_of_a_misspelt_name(where: Where, wrong: str, right: str) -> None:
    assert where(wrong).street == where(right).street
    assert where(wrong).sureness < where(right).sureness


def test_it_guesses_at_nothing_once_a_street_is_named(where: Where) -> None:
    spot = where("解放路街道，离店柳新村不远")

    assert (spot.street, spot.others) == ("370102001", ())


@pytest.mark.parametrize(
    "text",
    ["市医院门口", "远离城区的地方", "海棠院社区", "体制津市教育", "丁家坊社区", "谁家楼道", "八竿子打不着"],
    ids=["a hospital", "the town", "another community", "across words", "a village not listed", "stairs", "a saying"],
)
def test_it_leaves_ordinary_words_as_they_are(where: Where, text: str) -> None:
    assert where(text).street is None


@pytest.mark.parametrize(
    ("text", "district", "street"),
    [
        ("章丘市刁镇", "370114", "370114016"),
        ("章丘县绣惠镇", "370114", "370114008"),
        ("济阳县曲堤镇", "370115", "370115008"),
        ("莱城区口镇", "370116", "370116005"),
        ("长清县平安店镇", "370113", "370113003"),
        ("历城县", "370112", None),
    ],
)
def test_it_knows_what_places_were_called_before(where: Where, text: str, district: str, street: str | None) -> None:
    spot = where(f"{text}垃圾成堆")

    assert (spot.district, spot.street) == (district, street)


@pytest.mark.parametrize(("text", "street"), [("章丘普集高速口", "370114007"), ("长清平安", "370113003")])
def test_it_takes_a_common_word_right_behind_its_district_for_the_town(where: Where, text: str, street: str) -> None:
    assert where(text).street == street


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("甸", "店", True),
        ("洪", "红", True),
        ("师", "四", True),
        ("宁", "零", False),
        ("经", "金", True),
        ("路", "楼", False),
    ],
)
def test_it_hears_what_people_confuse_and_nothing_more(one: str, other: str, same: bool) -> None:
    assert (fold(one) == fold(other)) is same
