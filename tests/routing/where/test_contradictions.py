"""What contradicts a place is told and makes it less sure; what only looks so is not."""

import pytest

from tests.routing.where.conftest import Where

SHIZHONG, LIXIA, ZONE_IN_LICHENG = (36.635, 117.000), (36.661, 117.020), (36.70, 117.25)


@pytest.mark.parametrize(
    ("text", "pin", "street", "said"),
    [
        ("解放路街道一堆垃圾", SHIZHONG, "370102001", "定位在市中区，与解放路街道不符"),
        ("槐荫区解放桥社区", None, "370102001", "文中又提到槐荫区，与解放路街道不符"),
        ("解放路街道甸柳新村第一社区", None, "370102001", "“甸柳新村第一社区”属甸柳新村街道，与解放路街道不符"),
        ("解放路街道和千佛山街道", None, "370102001", "文中还提到千佛山街道"),
        ("泉城广场到洪家楼广场", None, "370102003", "“洪家楼广场”在洪家楼街道，与趵突泉街道不符"),
    ],
    ids=["pin", "district", "community", "second street", "second landmark"],
)
def test_it_tells_what_contradicts_the_place(
    where: Where, text: str, pin: tuple[float, float] | None, street: str, said: str
) -> None:
    spot = where(text, pin)

    assert spot.street == street
    assert said in spot.why
    assert spot.sureness < 0.6


@pytest.mark.parametrize(
    ("text", "pin"),
    [
        ("高新区一堆垃圾", ZONE_IN_LICHENG),
        ("孙村街道一堆垃圾", ZONE_IN_LICHENG),
        ("历城区、高新区交界的孙村街道", None),
        ("解放路街道解放路，离大明湖不远", None),
        ("解放路街道解放桥社区", LIXIA),
        ("泉城广场，趵突泉街道", None),
    ],
    ids=["a zone and its land", "a zone's street", "both named", "a sight nearby", "all agree", "square and street"],
)
def test_it_sees_none_where_all_can_be_true(where: Where, text: str, pin: tuple[float, float] | None) -> None:
    assert "不符" not in "".join(where(text, pin).why)


def test_it_offers_the_streets_it_did_not_choose(where: Where) -> None:
    assert where("解放桥社区和洪家楼街道").others == ("370102001",)


@pytest.mark.parametrize("texts", [("历下区解放桥社区", "解放桥社区", "槐荫区解放桥社区")])
def test_it_is_the_surer_the_more_agrees(where: Where, texts: tuple[str, ...]) -> None:
    values = [where(text).sureness for text in texts]

    assert values == sorted(values, reverse=True)
