"""区县边界: which district a WGS-84 point lies in, and how near its border."""

import json
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians
from typing import Any

from routing.strict import PackError
from routing.where.coordinates import EARTH_METRES

Ring = tuple[tuple[float, float], ...]  # longitude, latitude, as GeoJSON has them
METRES_PER_DEGREE = radians(1) * EARTH_METRES


@dataclass(frozen=True, slots=True)
class District:
    """区县: a unit's code and its territory; rings inside others are holes."""

    code: str
    rings: tuple[Ring, ...]
    west: float
    south: float
    east: float
    north: float

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a point lies inside; never true for a point that is not a number."""
        # The box spares most polygons; its comparisons are also what keeps NaN out.
        if not (self.south <= lat <= self.north and self.west <= lon <= self.east):
            return False
        return sum(_crossings(ring, lat, lon) for ring in self.rings) % 2 == 1

    def metres_to_border(self, lat: float, lon: float) -> float:
        """Metres from a point inside to the nearest border."""
        # Flat is exact enough for a few hundred metres, which is all anybody asks about.
        narrow = cos(radians(lat))
        flat = [[((x - lon) * narrow, y - lat) for x, y in ring] for ring in self.rings]
        return METRES_PER_DEGREE * min(_distance(a, b) for ring in flat for a, b in _sides(ring))


def district_at(districts: Iterable[District], lat: float, lon: float) -> District | None:
    """The district that holds a point, None outside all of them."""
    return next((district for district in districts if district.holds(lat, lon)), None)


def read_districts(file: str, text: str, known: Container[str]) -> tuple[District, ...]:
    """The districts of a GeoJSON text; raises PackError for a broken shape or an unknown code."""
    try:
        features = json.loads(text)["features"]
        districts = tuple(_district(feature) for feature in features)
    # Before ValueError, whose child it is: only this one knows its line.
    except json.JSONDecodeError as error:
        raise PackError(file, error.lineno, f"not JSON: {error.msg}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise PackError(file, 0, f"not a district's Polygon or MultiPolygon: {error!r}") from error
    for district in districts:
        if district.code not in known:
            raise PackError(file, 0, f"unknown unit '{district.code}'")
    return districts


def _district(feature: Any) -> District:
    shape = feature["geometry"]
    polygons = {"Polygon": [shape["coordinates"]], "MultiPolygon": shape["coordinates"]}[shape["type"]]
    rings = tuple(_ring(ring) for polygon in polygons for ring in polygon)
    longitudes = [lon for ring in rings for lon, _ in ring]
    latitudes = [lat for ring in rings for _, lat in ring]
    box = (min(longitudes), min(latitudes), max(longitudes), max(latitudes))
    return District(str(feature["properties"]["code"]), rings, *box)


def _ring(points: Any) -> Ring:
    return tuple((float(point[0]), float(point[1])) for point in points)


def _sides(ring: Sequence[tuple[float, float]]) -> Iterable[tuple[tuple[float, float], tuple[float, float]]]:
    return pairwise(ring)


def _crossings(ring: Ring, lat: float, lon: float) -> int:
    """How often a ray from the point to the east crosses the ring."""
    count = 0
    for (x1, y1), (x2, y2) in _sides(ring):
        # Half-open in latitude: a ray through a corner must count it once, not twice.
        if (y1 > lat) != (y2 > lat) and lon < x1 + (lat - y1) * (x2 - x1) / (y2 - y1):
            count += 1
    return count


def _distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance from the origin to the line between two points."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    along = -(a[0] * dx + a[1] * dy) / length if length else 0.0
    # Beyond either end the nearest point is that end itself.
    along = min(1.0, max(0.0, along))
    return hypot(a[0] + along * dx, a[1] + along * dy)
