"""Roads and crossings: a crossing lies in the streets both roads pass, a road only narrows."""

import pytest

from tests.routing.where.conftest import Where

LIXIA, SHIZHONG = (36.6625, 117.0400), (36.6550, 116.9850)


@pytest.mark.parametrize(
    "text",
    [
        "经十路与历山路路口", "经十路和历山路", "历山路跟经十路交叉口", "经十路同历山路交汇处", "经十路历山路路口",
        "经十路、历山路", "经十路/历山路", "历山路-经十路", "经十历山路口", "经十路交历山路", "历山路与经十路的路口",
        "经十路（历山路口）", "经十路路口与历山路",
    ],
)  # fmt: skip
def test_it_finds_a_crossing_however_it_is_written(where: Where, text: str) -> None:
    assert where(f"{text}有人翻护栏").street == "370102002"


@pytest.mark.parametrize(
    ("text", "street", "district"),
    [
        ("经四纬二", "370103002", "370103"),
        ("经4纬2", "370103002", "370103"),
        ("经十路与纬二路路口", "370103004", "370103"),
        ("泉城路县西巷路口", "370102005", "370102"),
        ("经一路与纬四路", None, "370103"),
        ("北园大街与无影山路", None, "370105"),
    ],
    ids=["a post", "in digits", "a post's other name", "one street in common", "a district", "another"],
)
def test_it_goes_as_far_as_the_two_roads_tell(
    where: Where, text: str, street: str | None, district: str | None
) -> None:
    spot = where(text)

    assert (spot.street, spot.district) == (street, district)


def test_it_asks_which_street_of_a_crossing(where: Where) -> None:
    spot = where("经七路与纬二路路口")

    assert (spot.street, spot.district) == (None, "370103")
    assert {"370103002", "370103003"} <= set(spot.candidates)


@pytest.mark.parametrize("text", ["解放和平的气氛", "历山路", "经十路旁边有个叫历山路的地方"])
def test_it_sees_no_crossing_where_none_is_meant(where: Where, text: str) -> None:
    assert "路口" not in "".join(where(text).why)


@pytest.mark.parametrize(
    ("text", "pin", "district"),
    [
        ("历山路堵了", None, "370102"),
        ("经六路堵了", None, None),
        ("经六路堵了", SHIZHONG, "370103"),
        ("市中区经六路堵了", None, "370103"),
        ("市中区华阳路堵了", None, "370103"),
    ],
    ids=["one district", "two", "two and a pin", "two and a name", "known elsewhere only"],
)
def test_it_knows_a_road_s_district_and_not_its_street(
    where: Where, text: str, pin: tuple[float, float] | None, district: str | None
) -> None:
    spot = where(text, pin)

    assert (spot.street, spot.district) == (None, district)


def test_it_offers_the_street_that_bears_the_road_s_name(where: Where) -> None:
    spot = where("解放路一堆垃圾", LIXIA)

    assert (spot.street, spot.district) == (None, "370102")
    assert "370102001" in spot.candidates


def test_it_takes_the_full_name_for_the_street_office(where: Where) -> None:
    assert where("解放路街道的解放路一堆垃圾").street == "370102001"
