"""聚合: cases counted by squares in the database, so that a million of them cost as much as a screen can hold."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, select
from sqlalchemy.orm import Session

from console.listing.conditions import Conditions, Looking, has_lamp
from console.mapping.grid import CLUSTER, CLUSTERS_AT_MOST, HEAT, HEATS_AT_MOST, Bounds, Grid
from console.mapping.ground import middle
from console.mapping.heaps import Heap, merged
from console.wording import Lamp, lamp
from models.case import Case
from models.workflow import Status

# Worst first; what has no deadline is the rest.
_CLOCKED = (Lamp.OVERDUE, Lamp.SOON, Lamp.TODAY, Lamp.LATER)
_METRES = 5


@dataclass(frozen=True, slots=True)
class Cluster:
    """一团: the cases of one square: how many by lamp, where in the middle, and the box they fill."""

    lat: float
    lon: float
    count: int
    worst: Lamp
    lamps: dict[Lamp, int]
    box: Bounds


@dataclass(frozen=True, slots=True)
class Point:
    """一点: the only case of its square."""

    id: int
    lat: float
    lon: float
    lamp: Lamp
    status: Status
    category: str
    place: str
    unit_code: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Gathered:
    """聚合结果: everything within the bounds, once."""

    clusters: list[Cluster]
    points: list[Point]
    lamps: dict[Lamp, int]

    @property
    def total(self) -> int:
        return sum(self.lamps.values())


def gather(looking: Looking, wanted: Conditions, bounds: Bounds, zoom: int) -> Gathered:
    """聚合 what is wanted within the bounds."""
    now = looking.now
    grid = Grid.at(zoom, middle(looking.pack), CLUSTER).within(bounds, CLUSTERS_AT_MOST)
    row, column = grid.row(), grid.column()
    query: Select[Any] = select(
        *_measures(now), func.min(Case.id).label("first"), func.min(Case.due_at).label("due_at"), *_extent()
    ).where(*wanted, *bounds.conditions())
    rows = looking.session.execute(query.group_by(row, column)).all()
    heaps = merged([_heap(found) for found in rows], grid)
    clusters = [_cluster(heap, now) for heap in heaps if heap.count > 1]
    lamps = {one: sum(heap.lamps[one] for heap in heaps) for one in Lamp}
    return Gathered(clusters, _points(looking.session, [heap.first for heap in heaps if heap.count == 1], now), lamps)


def heat(looking: Looking, wanted: Conditions, bounds: Bounds, zoom: int) -> list[tuple[float, float, int]]:
    """热力: latitude, longitude and count of every small square in which there is something."""
    grid = Grid.at(zoom, middle(looking.pack), HEAT).within(bounds, HEATS_AT_MOST)
    query = select(func.avg(Case.lat), func.avg(Case.lon), func.count()).where(*wanted, *bounds.conditions())
    found = looking.session.execute(query.group_by(grid.row(), grid.column())).all()
    return [(round(lat, _METRES), round(lon, _METRES), count) for lat, lon, count in found]


def unplaced(looking: Looking, wanted: Conditions) -> int:
    """无坐标: how many of what is wanted no map can show."""
    query = select(func.count()).select_from(Case).where(*wanted, Case.lat.is_(None))
    return looking.session.scalars(query).one()


def listed(looking: Looking, wanted: Conditions, bounds: Bounds, length: int) -> list[Case]:
    """清单: the most pressing cases within the bounds: by their deadlines, then the newest of those without."""
    query = select(Case).where(*wanted, *bounds.conditions())
    # One after the other, so that either is a walk along an index and not the sorting of a hundred thousand.
    due = query.where(Case.due_at.is_not(None)).order_by(Case.due_at, Case.id.desc()).limit(length)
    found = list(looking.session.scalars(due))
    rest = query.where(Case.due_at.is_(None)).order_by(Case.opened_at.desc(), Case.id.desc())
    return found + list(looking.session.scalars(rest.limit(length - len(found))))


def _measures(now: datetime) -> list[ColumnElement[Any]]:
    counts = [func.sum(case((has_lamp(one, now), 1), else_=0)).label(one.name) for one in _CLOCKED]
    return [func.count().label("n"), *counts]


def _extent() -> list[ColumnElement[Any]]:
    return [
        *(func.avg(column).label(name) for column, name in ((Case.lat, "lat"), (Case.lon, "lon"))),
        func.min(Case.lat).label("south"),
        func.min(Case.lon).label("west"),
        func.max(Case.lat).label("north"),
        func.max(Case.lon).label("east"),
    ]


def _heap(found: Row[Any]) -> Heap:
    clocked = {one: int(getattr(found, one.name)) for one in _CLOCKED}
    lamps = {**clocked, Lamp.NONE: found.n - sum(clocked.values())}
    box = Bounds(found.south, found.west, found.north, found.east)
    return Heap(found.lat, found.lon, found.n, found.first, found.due_at, lamps, box)


def _cluster(heap: Heap, now: datetime) -> Cluster:
    # A mean of equal numbers may miss them by its rounding.
    lat = min(max(heap.lat, heap.box.south), heap.box.north)
    lon = min(max(heap.lon, heap.box.west), heap.box.east)
    return Cluster(lat, lon, heap.count, lamp(heap.due_at, now), heap.lamps, heap.box)


def _points(session: Session, ids: list[int], now: datetime) -> list[Point]:
    query = select(
        Case.id, Case.lat, Case.lon, Case.due_at, Case.status, Case.category, Case.place, Case.unit_code
    ).where(Case.id.in_(ids))
    rows = session.execute(query.order_by(Case.id)).all() if ids else []
    return [
        Point(r.id, r.lat, r.lon, lamp(r.due_at, now), r.status, r.category, r.place, r.unit_code, r.due_at)
        for r in rows
    ]


def extent(session: Session, wanted: Conditions) -> Bounds | None:
    """外框 of everything that is wanted; None where nothing has a place."""
    south, west, north, east = session.execute(select(*_extent()).where(*wanted)).one()[2:]
    return None if south is None else Bounds(south, west, north, east)
