"""坐标: from the map grid WeChat uses (GCJ-02) to the one polygons are drawn in (WGS-84), and back."""

from math import cos, hypot, pi, radians, sin, sqrt

# The Krasovsky 1940 ellipsoid, on which GCJ-02 is defined.
AXIS_METRES = 6378245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
EARTH_METRES = 6371008.8
# Each step shrinks the error about a thousandfold; four leave less than a micrometre.
STEPS = 4


def wgs84_to_gcj02(lat: float, lon: float) -> tuple[float, float]:
    """A WGS-84 point on the GCJ-02 grid, in degrees; outside China the two grids are one."""
    if not _is_shifted(lat, lon):
        return lat, lon
    north, east = _shift(lat, lon)
    return lat + north, lon + east


def gcj02_to_wgs84(lat: float, lon: float) -> tuple[float, float]:
    """A GCJ-02 point on the WGS-84 grid, in degrees, right to well under a centimetre."""
    if not _is_shifted(lat, lon):
        return lat, lon
    true_lat, true_lon = lat, lon
    # There is no closed inverse: guess, see where the guess would land, correct by the difference.
    for _ in range(STEPS):
        north, east = _shift(true_lat, true_lon)
        true_lat, true_lon = lat - north, lon - east
    return true_lat, true_lon


def metres_between(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Metres between two points of one grid, as on a flat map: good within a city, not across a country."""
    north = radians(lat2 - lat1)
    east = radians(lon2 - lon1) * cos(radians((lat1 + lat2) / 2))
    return EARTH_METRES * hypot(north, east)


def _is_shifted(lat: float, lon: float) -> bool:
    # False for NaN and infinities too, which no formula below could bear.
    return 0.8293 <= lat <= 55.8271 and 72.004 <= lon <= 137.8347


def _shift(lat: float, lon: float) -> tuple[float, float]:
    x, y = lon - 105.0, lat - 35.0
    sine = sin(radians(lat))
    flattening = 1 - ECCENTRICITY_SQUARED * sine * sine
    meridian = AXIS_METRES * (1 - ECCENTRICITY_SQUARED) / (flattening * sqrt(flattening))
    parallel = AXIS_METRES / sqrt(flattening) * cos(radians(lat))
    return (_metres_north(x, y) * 180 / (pi * meridian), _metres_east(x, y) * 180 / (pi * parallel))


def _metres_north(x: float, y: float) -> float:
    smooth = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    waves = _short_waves(x) + 20 * sin(pi * y) + 40 * sin(pi * y / 3)
    return smooth + (waves + 160 * sin(pi * y / 12) + 320 * sin(pi * y / 30)) * 2 / 3


def _metres_east(x: float, y: float) -> float:
    smooth = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    waves = _short_waves(x) + 20 * sin(pi * x) + 40 * sin(pi * x / 3)
    return smooth + (waves + 150 * sin(pi * x / 12) + 300 * sin(pi * x / 30)) * 2 / 3


def _short_waves(x: float) -> float:
    return 20 * sin(6 * pi * x) + 20 * sin(2 * pi * x)
