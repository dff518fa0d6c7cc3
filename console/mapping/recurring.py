"""反弹: places where a problem came back, and how often."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from console.listing.conditions import Conditions, Looking, scope
from console.mapping.grid import Bounds
from models.case import Case
from models.workflow import Status

# As many as can be told apart; the newest come first.
_AT_MOST = 300
# What comes back more often than this is one story anyway.
_GENERATIONS = 12


@dataclass(frozen=True, slots=True)
class Recurrence:
    """反弹处: where it was first, its number, and the cases that came back, newest first, with their places."""

    lat: float
    lon: float
    first: int
    again: list[tuple[int, float, float]]

    @property
    def times(self) -> int:
        return len(self.again)


def recurring(looking: Looking, wanted: Conditions, bounds: Bounds) -> list[Recurrence]:
    """反弹处 within the bounds, most often first; what the visitor may not see counts nowhere."""
    query = select(Case).where(
        Case.recurrence_of.is_not(None), *wanted, *bounds.conditions(), Case.status != Status.REJECTED
    )
    shown = list(looking.session.scalars(query.order_by(Case.id.desc()).limit(_AT_MOST)))
    known = {case.id: case for case in [*shown, *_before(looking, shown)] if case.lat is not None}
    families: dict[int, list[Case]] = defaultdict(list)
    for case in known.values():
        first = _first(case, known)
        if first is not case:
            families[first.id].append(case)
    told = [_told(known[first], again) for first, again in families.items()]
    return sorted(told, key=lambda one: (-one.times, -one.again[0][0]))


def _before(looking: Looking, shown: Iterable[Case]) -> list[Case]:
    """What the shown cases came back from, and what that came back from."""
    found: dict[int, Case] = {}
    ids = {case.recurrence_of for case in shown if case.recurrence_of}
    for _ in range(_GENERATIONS):
        query = select(Case).where(Case.id.in_(sorted(ids - found.keys())), *scope(looking))
        older = list(looking.session.scalars(query))
        if not older:
            break
        found |= {case.id: case for case in older}
        ids = {case.recurrence_of for case in older if case.recurrence_of}
    return list(found.values())


def _first(case: Case, known: Mapping[int, Case]) -> Case:
    """Where it began, as far as that is known."""
    while case.recurrence_of and (earlier := known.get(case.recurrence_of)):
        case = earlier
    return case


def _told(first: Case, again: list[Case]) -> Recurrence:
    places = [(case.id, *_at(case)) for case in sorted(again, key=lambda case: -case.id)]
    return Recurrence(*_at(first), first.id, places)


def _at(case: Case) -> tuple[float, float]:
    if case.lat is None or case.lon is None:
        raise ValueError(f"case {case.id} has no place")
    return case.lat, case.lon
