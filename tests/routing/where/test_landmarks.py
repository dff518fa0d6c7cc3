"""Landmarks and sites: where they are, what kind they are, whose they are."""

import pytest

from routing.where.spot import Site
from tests.routing.where.conftest import Where

SQUARE, LAKE, CHURCH = (36.6618, 117.0172), (36.6755, 117.0185), (36.6861, 117.0630)


@pytest.mark.parametrize(
    ("text", "street", "district"),
    [
        ("泉城广场广场舞太吵", "370102003", "370102"),
        ("大明湖南门摆摊的", "370102005", "370102"),
        ("千佛山山脚下", "370102002", "370102"),
        ("齐鲁医院门口黑车", "370102003", "370102"),
        ("遥墙机场出发层", "370176004", "370176"),
        ("高新万达停车乱", None, "370176"),
        ("章丘四中门口", None, "370114"),
        ("红叶谷停车场", None, "zone-nanshan"),
    ],
)
def test_it_knows_where_landmarks_are(where: Where, text: str, street: str | None, district: str) -> None:
    spot = where(text)

    assert (spot.street, spot.district) == (street, district)


@pytest.mark.parametrize(
    ("text", "street"),
    [("大明湖街道", "370102005"), ("千佛山街道办事处", "370102002"), ("青年公园街道", "370104007")],
)
def test_it_hears_the_street_office_in_the_full_name(where: Where, text: str, street: str) -> None:
    spot = where(text)

    assert (spot.street, spot.sites) == (street, ())


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("趵突泉公园里垃圾桶满了", Site("scenic-spot", "趵突泉公园", "dept-garden")),
        ("龙奥大厦地铁口共享单车", Site("metro", "龙奥大厦地铁站", "firm-metro")),
        ("济南市中心医院门口", Site("hospital", "济南市中心医院")),
        ("地铁口共享单车倒了", Site("metro", "")),
        ("小学门口卖炸串的", Site("school", "")),
    ],
)
def test_it_says_what_kind_of_place_it_is(where: Where, text: str, site: Site) -> None:
    assert where(text).sites == (site,)


def test_it_measures_how_far_the_pin_is_from_a_landmark(where: Where) -> None:
    (church,) = where("一堆垃圾", CHURCH).sites

    assert (church.kind, church.name) == ("scenic-spot", "洪家楼教堂")
    assert church.metres == pytest.approx(18, abs=5)


def test_it_lists_the_nearest_first_and_a_named_one_once(where: Where) -> None:
    sites = where("泉城广场一堆垃圾", SQUARE).sites

    assert [(site.name, site.metres) for site in sites if site.name == "泉城广场"] == [("泉城广场", None)]


def test_it_names_no_site_too_far_from_the_pin(where: Where) -> None:
    assert "泉城广场" not in [site.name for site in where("一堆垃圾", LAKE).sites]
