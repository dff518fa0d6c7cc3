"""底图: the districts' shapes and the names people find their way by, from the city's own data."""

import json
from typing import Any

from routing.pack import Pack
from routing.units import Tier
from routing.where.districts import District

# A metre; the borders themselves are known to tens of metres.
_DIGITS = 5


def ground(pack: Pack) -> str:
    """底图 as JSON: shapes by district, boxes by street, and names with the zoom from which there is room."""
    shapes = [_shape(pack, district) for district in pack.districts]
    boxes = {code: (box.south, box.west, box.north, box.east) for code, box in pack.atlas.boxes.items()}
    told = {"districts": shapes, "names": _names(pack), "streets": boxes}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def middle(pack: Pack) -> float:
    """The city's latitude in the middle, by which squares are measured."""
    box = extent(pack)
    return (box[0] + box[2]) / 2


def extent(pack: Pack) -> tuple[float, float, float, float]:
    """South, west, north, east of all districts."""
    return (
        min(district.south for district in pack.districts),
        min(district.west for district in pack.districts),
        max(district.north for district in pack.districts),
        max(district.east for district in pack.districts),
    )


def _shape(pack: Pack, district: District) -> dict[str, Any]:
    """Rings of latitude and longitude, the way round that maps draw them."""
    rings = [[(round(lat, _DIGITS), round(lon, _DIGITS)) for lon, lat in ring] for ring in district.rings]
    return {"code": district.code, "name": pack.units[district.code].short, "rings": rings}


def _names(pack: Pack) -> list[tuple[str, float, float, int]]:
    """Of streets, in the middle of their boxes, and of landmarks; (name, latitude, longitude, zoom)."""
    found = [
        (
            pack.units[code].short,
            (box.south + box.north) / 2,
            (box.west + box.east) / 2,
            12 if box.size < 0.01 else 11,
        )
        for code, box in pack.atlas.boxes.items()
        if pack.units[code].tier is Tier.STREET
    ]
    found += [(mark.name, mark.lat, mark.lon, 14) for mark in pack.atlas.landmarks.measured if mark.lat and mark.lon]
    return [(name, round(lat, _DIGITS), round(lon, _DIGITS), zoom) for name, lat, lon, zoom in found]
