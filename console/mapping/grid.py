"""网格: squares of the screen laid over the ground, so that what lies together is counted together."""

from dataclasses import dataclass
from math import ceil, cos, isfinite, radians
from typing import Any, Self

from sqlalchemy import ColumnElement, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement

from console.mapping.wanted import BadAsk
from models.case import Case

# A square of a cluster and one of the heat, in pixels of the screen.
CLUSTER, HEAT = 72, 18
# The most squares an answer may have: screens of every size get an answer that is read at once.
CLUSTERS_AT_MOST, HEATS_AT_MOST = 500, 6000
DEEPEST = 19
_TILE = 256
_NORTH, _EAST = 85.0, 180.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """范围: south, west, north, east in WGS-84 degrees; its edges belong to it."""

    south: float
    west: float
    north: float
    east: float

    @classmethod
    def read(cls, said: str) -> Self:
        """From "south,west,north,east"; raises BadAsk."""
        try:
            south, west, north, east = (float(part) for part in said.split(","))
        except ValueError as error:
            raise BadAsk("bbox") from error
        if not all(isfinite(value) for value in (south, west, north, east)) or south > north or west > east:
            raise BadAsk("bbox")
        # Who zooms far out sees more than the world; nothing is lost there.
        return cls(max(south, -_NORTH), max(west, -_EAST), min(north, _NORTH), min(east, _EAST))

    def with_(self, other: "Bounds") -> "Bounds":
        """The smallest bounds around both."""
        return Bounds(
            min(self.south, other.south),
            min(self.west, other.west),
            max(self.north, other.north),
            max(self.east, other.east),
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        """Of cases inside; those without a place are never."""
        return [Case.lat.between(self.south, self.north), Case.lon.between(self.west, self.east)]


@dataclass(frozen=True, slots=True)
class Grid:
    """网格: how many squares a degree has, northwards and eastwards."""

    per_lat: float
    per_lon: float

    @classmethod
    def at(cls, zoom: int, latitude: float, pixels: int) -> Self:
        """Squares of that many pixels at a zoom. latitude: of the city, so that panning moves no square."""
        per_lon = _TILE * 2**zoom / 360 / pixels
        return cls(per_lon / cos(radians(latitude)), per_lon)

    def within(self, bounds: Bounds, most: int) -> "Grid":
        """This grid, or the finest coarser one that has no more than so many squares in the bounds."""
        grid = self
        while grid._squares(bounds) > most:
            grid = Grid(grid.per_lat / 2, grid.per_lon / 2)
        return grid

    def _squares(self, bounds: Bounds) -> int:
        # One more each way: the bounds begin in the middle of a square.
        high = ceil((bounds.north - bounds.south) * self.per_lat) + 1
        return high * (ceil((bounds.east - bounds.west) * self.per_lon) + 1)

    def square(self, lat: float, lon: float) -> tuple[int, int]:
        """In which row and column a place lies."""
        return int((lat + _NORTH) * self.per_lat), int((lon + _EAST) * self.per_lon)

    def row(self) -> ColumnElement[int]:
        return _Whole((Case.lat + _NORTH) * self.per_lat)

    def column(self) -> ColumnElement[int]:
        return _Whole((Case.lon + _EAST) * self.per_lon)


def read_zoom(said: str) -> int:
    """From the address; raises BadAsk."""
    if not said.isascii() or not said.isdigit() or len(said) > 2 or int(said) > DEEPEST:
        raise BadAsk("zoom")
    return int(said)


class _Whole(FunctionElement[int]):
    """取整 of what is not negative: a cast rounds on one database and cuts on the other, and not all know floor."""

    type = Integer()
    inherit_cache = True
    name = "whole"


@compiles(_Whole, "postgresql")
def _on_postgresql(element: _Whole, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(floor({compiler.process(element.clauses, **options)}) AS INTEGER)"


@compiles(_Whole, "sqlite")
def _on_sqlite(element: _Whole, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS INTEGER)"
