"""述说: what is on the map, in the words and plain values a page shows."""

from typing import Any

from console.mapping.clusters import Cluster, Gathered, Point
from console.mapping.recurring import Recurrence
from console.wording import lamp, left
from handlers.desk import Desk
from models.case import Case

# Half a metre; nobody's pin is as good as that.
_DIGITS = 6


def gathered(desk: Desk, found: Gathered) -> dict[str, Any]:
    """聚合结果."""
    return {
        "total": found.total,
        "lamps": found.lamps,
        "clusters": [_cluster(one) for one in found.clusters],
        "points": [_point(desk, one) for one in found.points],
    }


def recurrences(found: list[Recurrence]) -> list[dict[str, Any]]:
    """反弹处."""
    return [{"at": [one.lat, one.lon], "first": one.first, "times": one.times, "again": one.again} for one in found]


def neighbour(desk: Desk, case: Case, metres: float) -> dict[str, Any]:
    """附近的案件."""
    return {
        "id": case.id,
        "at": [case.lat, case.lon],
        "metres": round(metres),
        "lamp": lamp(case.due_at, desk.now),
        "category": category(desk, case.category),
        "status": desk.texts(f"status.{case.status}"),
    }


def line(desk: Desk, case: Case) -> dict[str, Any]:
    """One case in one line."""
    return {
        "id": case.id,
        "at": f"{case.lat},{case.lon}" if case.lat is not None else "",
        "lamp": lamp(case.due_at, desk.now),
        "due_at": case.due_at,
        "opened_at": case.opened_at,
        "status": case.status,
        "status_name": desk.texts(f"status.{case.status}"),
        "category": category(desk, case.category),
        "place": case.place or desk.texts("case.unknown_place"),
        "unit": unit(desk, case.unit_code),
        "recurrence_of": case.recurrence_of,
    }


def category(desk: Desk, key: str) -> str:
    """A category's name as the standard has it."""
    known = desk.router.pack.categories.get(key)
    return known.name if known else desk.texts("case.unknown_category")


def unit(desk: Desk, code: str) -> str:
    """A unit's short name."""
    known = desk.router.pack.units.get(code)
    return known.short if known else desk.texts("case.no_unit")


def _cluster(one: Cluster) -> dict[str, Any]:
    return {
        "at": [round(one.lat, _DIGITS), round(one.lon, _DIGITS)],
        "n": one.count,
        "lamp": one.worst,
        "of_worst": one.lamps[one.worst],
        "box": [one.box.south, one.box.west, one.box.north, one.box.east],
    }


def _point(desk: Desk, one: Point) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": [one.lat, one.lon],
        "lamp": one.lamp,
        "status": desk.texts(f"status.{one.status}"),
        "category": category(desk, one.category),
        "place": one.place,
        "left": left(one.due_at, desk.now),
    }
