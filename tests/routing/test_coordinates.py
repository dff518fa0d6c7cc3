"""From WeChat's map grid to the polygons' and back."""

import pytest

from routing.where.coordinates import gcj02_to_wgs84, metres_between, wgs84_to_gcj02

JINAN = [(36.651, 117.120), (36.675, 116.990), (36.287, 116.455), (36.060, 117.810), (37.310, 117.155)]


@pytest.mark.parametrize("point", JINAN)
def test_it_comes_back_to_within_a_centimetre(point: tuple[float, float]) -> None:
    there_and_back = gcj02_to_wgs84(*wgs84_to_gcj02(*point))

    assert metres_between(*point, *there_and_back) < 0.01


@pytest.mark.parametrize("point", JINAN)
def test_it_moves_jinan_by_half_a_kilometre(point: tuple[float, float]) -> None:
    moved = wgs84_to_gcj02(*point)

    assert 500 < metres_between(*point, *moved) < 600


def test_it_moves_the_city_centre_by_the_known_offset() -> None:
    lat, lon = wgs84_to_gcj02(36.65, 117.12)

    assert metres_between(36.65, 117.12, 36.65, lon) == pytest.approx(547, abs=2)
    assert metres_between(36.65, 117.12, lat, 117.12) == pytest.approx(48, abs=2)


@pytest.mark.parametrize("point", [(48.85, 2.35), (-33.9, 151.2), (float("inf"), 117.0)])
def test_it_leaves_points_outside_china_alone(point: tuple[float, float]) -> None:
    assert (wgs84_to_gcj02(*point), gcj02_to_wgs84(*point)) == (point, point)


def test_it_measures_a_degree_of_latitude() -> None:
    assert metres_between(36.0, 117.0, 37.0, 117.0) == pytest.approx(111_195, rel=0.001)
