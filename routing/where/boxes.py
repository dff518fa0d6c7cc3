"""街道外框: the boxes around streets, which give a pin a shortlist and never a decision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from routing.units import Tier, Unit
from routing.where.coordinates import metres_between
from routing.where.rows import Row, read_rows

LATITUDES, LONGITUDES = (3.0, 54.0), (73.0, 136.0)


@dataclass(frozen=True, slots=True)
class Box:
    """外框: a street's southern, western, northern and eastern bounds in WGS-84 degrees."""

    south: float
    west: float
    north: float
    east: float

    @property
    def size(self) -> float:
        """Its area in square degrees, to tell the narrow from the wide."""
        return (self.north - self.south) * (self.east - self.west)

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a point lies inside."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east

    def metres_away(self, lat: float, lon: float) -> float:
        """Metres from a point to the box, 0 inside it."""
        nearest = (min(max(lat, self.south), self.north), min(max(lon, self.west), self.east))
        return metres_between(lat, lon, *nearest)


def read_boxes(file: str, text: str, units: Mapping[str, Unit]) -> dict[str, Box]:
    """The boxes by street; raises PackError for an unknown street, a doubled one or a box inside out."""
    boxes: dict[str, Box] = {}
    for row in read_rows(file, text, 5):
        code = row.fields[0]
        if code not in units or units[code].tier is not Tier.STREET:
            raise row.fault(f"'{code}' is not a street")
        if code in boxes:
            raise row.fault(f"the box of '{code}' stands here twice")
        boxes[code] = _box(row)
    return boxes


def streets_at(boxes: Mapping[str, Box], lat: float, lon: float) -> Iterable[str]:
    """The streets whose boxes hold a point, in the order of the file."""
    return (code for code, box in boxes.items() if box.holds(lat, lon))


def _box(row: Row) -> Box:
    try:
        south, west, north, east = (float(field) for field in row.fields[1:])
    except ValueError:
        raise row.fault("the bounds must be numbers") from None
    # One chain of comparisons, which also keeps out what is no number at all.
    if not (LATITUDES[0] <= south < north <= LATITUDES[1] and LONGITUDES[0] <= west < east <= LONGITUDES[1]):
        raise row.fault("the bounds must be south, west, north, east, in degrees")
    return Box(south, west, north, east)
