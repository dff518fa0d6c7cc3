"""Communities and villages: found by name, and asked about where a name means several."""

import pytest

from routing.pack import Pack
from tests.routing.where.conftest import Where

CAISHI, PINGYIN = (36.53, 117.30), (36.28, 116.44)


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("解放桥社区一堆垃圾", "解放路街道"),
        ("解放桥居委会门口", "解放路街道"),
        ("甸柳新村第一社区", "甸柳新村街道"),
        ("菜市新村12号楼", "东关街道"),
        ("十亩园楼下", "解放路街道"),
        ("阳光新城三区3号楼道", "振兴街街道"),
        ("十六里河的分水岭村", "十六里河街道"),
        ("历下后坡街平房院子", "解放路街道"),
    ],
    ids=["its kind", "its committee", "a numbered one", "a new village", "without its kind", "several of one name",
         "a village behind another name", "an alley"],
)  # fmt: skip
def test_it_finds_the_street_of_a_community(where: Where, jinan: Pack, text: str, street: str) -> None:
    spot = where(text)

    assert spot.street
    assert jinan.units[spot.street].name == street


@pytest.mark.parametrize(
    "text",
    [
        "胜利就在眼前",
        "向阳的坡上",
        "老李家门口",
        "花园小区门口",
        "大观沙岭村的路",
        "黄金时代",
        "旅游路线太挤",
        "小李家里漏水",
    ],
    ids=["a common word", "another", "a family", "any estate", "the tail of a longer name", "a phrase", "no road",
         "a family's home"],
)  # fmt: skip
def test_it_does_not_take_ordinary_words_for_a_community(where: Where, text: str) -> None:
    spot = where(text)

    assert (spot.street, spot.district) == (None, None)


def test_it_asks_which_of_several_is_meant(where: Where, jinan: Pack) -> None:
    spot = where("王家庄村的路灯不亮")

    assert (spot.street, spot.district) == (None, None)
    assert 2 <= len(spot.candidates) <= 6
    assert spot.why[0].startswith("“王家庄村”有6个：彩石街道（历城区）、")


@pytest.mark.parametrize(
    ("text", "pin", "place"),
    [
        ("历城区王家庄村的路灯不亮", None, ""),
        ("王家庄村的路灯不亮", None, "山东省济南市历城区"),
        ("王家庄村的路灯不亮", CAISHI, ""),
    ],
    ids=["the district named", "the pin's label", "the pin"],
)
def test_it_tells_them_apart_by_what_else_is_known(
    where: Where, text: str, pin: tuple[float, float] | None, place: str
) -> None:
    spot = where(text, pin, place)

    assert spot.street == "370112017"
    assert "取彩石街道" in spot.why[1]


def test_it_keeps_the_district_when_all_candidates_share_it(where: Where) -> None:
    spot = where("莱芜区王家庄村的路灯不亮")

    assert (spot.street, spot.district) == (None, "370116")
    assert len(spot.candidates) == 3


def test_it_leaves_a_name_known_elsewhere_only_aside(where: Where) -> None:
    spot = where("十亩园楼下一堆垃圾", PINGYIN)

    assert (spot.street, spot.district) == (None, "370124")
    assert any("未采用" in why for why in spot.why)


def test_it_trusts_a_community_less_than_a_street_and_more_beside_its_district(where: Where) -> None:
    street, alone = where("解放路街道"), where("解放桥社区")
    with_district = where("历下区解放桥社区")

    assert alone.sureness < with_district.sureness < street.sureness
