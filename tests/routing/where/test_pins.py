"""The pin: it gives a district and a shortlist of streets, never a street."""

import pytest

from tests.routing.where.conftest import Where

OLYMPIC, HONGJIALOU, BEIJING = (36.655, 117.12), (36.6861, 117.0630), (39.9, 116.4)


def test_it_offers_the_streets_around_the_pin(where: Where) -> None:
    spot = where("一堆垃圾", OLYMPIC)

    assert (spot.street, spot.district) == (None, "370102")
    assert spot.candidates == ("370176001", "370102012")
    assert "定位可能在：舜华路街道、龙洞街道" in spot.why


def test_it_offers_a_zone_s_own_streets_where_the_zone_is_named(where: Where) -> None:
    spot = where("高新区一堆垃圾", OLYMPIC)

    assert (spot.district, spot.candidates) == ("370176", ("370176001",))


@pytest.mark.parametrize("pin", [None, BEIJING, (float("nan"), 117.0)])
def test_it_offers_nothing_without_a_pin_in_the_city(where: Where, pin: tuple[float, float] | None) -> None:
    spot = where("一堆垃圾", pin)

    assert (spot.district, spot.candidates) == (None, ())


def test_it_reads_the_pin_s_label_like_words(where: Where) -> None:
    spot = where("一堆垃圾", HONGJIALOU, "山东省济南市历城区洪家楼街道花园路")

    assert (spot.street, spot.sureness) == ("370112002", 0.98)


def test_it_believes_the_words_of_who_reports_from_home(where: Where) -> None:
    spot = where("她住甸柳新村，楼后头有人倒泔水", (36.66684, 116.94745), "济南市槐荫区匡山街道")

    assert (spot.street, spot.others) == ("370102009", ("370104011",))
    assert spot.sureness < 0.5


def test_it_tells_of_a_pin_far_from_the_street_in_the_same_district(where: Where) -> None:
    near, far = where("港沟街道一堆垃圾", (36.62, 117.18)), where("港沟街道一堆垃圾", HONGJIALOU)

    assert "定位离港沟街道很远" in far.why
    assert far.street == near.street
    assert far.sureness < near.sureness
