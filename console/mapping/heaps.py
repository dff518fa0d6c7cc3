"""并团: squares cut through what lies together; what would be drawn over each other becomes one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from console.mapping.grid import Bounds, Grid
from console.wording import Lamp

# Nearer than this part of a square, two pins would touch.
_TOUCHING = 0.66
_AROUND = tuple(product((-1, 0, 1), repeat=2))


@dataclass(frozen=True, slots=True)
class Heap:
    """一格: the cases of one square, or of several: how many, the smallest number, and what is due first."""

    lat: float
    lon: float
    count: int
    first: int
    due_at: datetime | None
    lamps: dict[Lamp, int]
    box: Bounds

    def with_(self, other: "Heap") -> "Heap":
        """Both as one, in the middle of all their cases."""
        count = self.count + other.count
        due = [at for at in (self.due_at, other.due_at) if at is not None]
        return Heap(
            (self.lat * self.count + other.lat * other.count) / count,
            (self.lon * self.count + other.lon * other.count) / count,
            count,
            min(self.first, other.first),
            min(due, default=None),
            {one: self.lamps[one] + other.lamps[one] for one in Lamp},
            self.box.with_(other.box),
        )


def merged(heaps: Iterable[Heap], grid: Grid) -> list[Heap]:
    """并团: the small ones join the large ones they touch; every case stays counted once."""
    kept: dict[tuple[int, int], list[Heap]] = {}
    for heap in sorted(heaps, key=lambda one: (-one.count, one.first)):
        square = grid.square(heap.lat, heap.lon)
        near = [(key, n) for key in _beside(square) for n in range(len(kept.get(key, ())))]
        touched = next((at for at in near if _touch(kept[at[0]][at[1]], heap, grid)), None)
        if touched is None:
            kept.setdefault(square, []).append(heap)
        else:
            key, n = touched
            # It stays where it was looked for: the larger one hardly moves.
            kept[key][n] = kept[key][n].with_(heap)
    return [heap for heaps in kept.values() for heap in heaps]


def _beside(square: tuple[int, int]) -> list[tuple[int, int]]:
    return [(square[0] + north, square[1] + east) for north, east in _AROUND]


def _touch(one: Heap, other: Heap, grid: Grid) -> bool:
    north, east = (one.lat - other.lat) * grid.per_lat, (one.lon - other.lon) * grid.per_lon
    return north * north + east * east < _TOUCHING * _TOUCHING
