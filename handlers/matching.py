"""同一问题 (并案与反弹): is this problem known, or has it come back?"""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select

from handlers.desk import Desk
from models.case import Case
from models.workflow import OPEN_STATUSES, Status
from routing.where.coordinates import metres_between

_METRES_A_DEGREE = 111_000
_CITY, _OFFICE = ("山东省", "济南市"), ("办事处",)
# What people put around the name of a place without meaning another one.
_AROUND = re.compile(r"[\s,，。.、:：;；·()（）-]+|(?:附近|旁边|门口|门前|一带|周边|处|的)+$")


class Spot(NamedTuple):
    """问题所在: what makes two findings the same problem. street: a unit code; lat, lon: WGS-84."""

    category: str | None
    street: str | None
    place: str
    lat: float | None
    lon: float | None


def spot_of(case: Case) -> Spot:
    """Where and what a case is."""
    return Spot(case.category or None, case.street or None, case.place, case.lat, case.lon)


def open_case(desk: Desk, spot: Spot, besides: Iterable[int] = ()) -> Case | None:
    """并案: an open case of the same kind at the same place, the nearest first, whichever platform it came by."""
    conditions = (
        Case.status.in_(OPEN_STATUSES),
        Case.opened_at >= desk.now - desk.rules.near_within,
        Case.id.not_in(list(besides)),
    )
    found = _nearest(desk, spot, *conditions)
    return Case.locked(desk.session, found) if found is not None else None


def recurrence_of(desk: Desk, spot: Spot) -> int | None:
    """反弹: the closed case this problem has come back from; linked to it, never joined."""
    return _nearest(desk, spot, Case.status == Status.CLOSED, Case.closed_at >= desk.now - desk.rules.recurs_within)


def is_same_place(desk: Desk, one: Spot, other: Spot) -> bool:
    """Whether two spots are one place: near by their pins, else by the words for it in the same street."""
    return _metres(desk, one, other) is not None


def _nearest(desk: Desk, spot: Spot, *conditions: ColumnElement[bool]) -> int | None:
    if spot.category is None:
        return None
    query = select(Case).where(Case.category == spot.category, *conditions, _around(desk, spot))
    measured = [(_metres(desk, spot, spot_of(case)), -case.id) for case in desk.session.scalars(query)]
    near = sorted((metres, case_id) for metres, case_id in measured if metres is not None)
    return -near[0][1] if near else None


def _around(desk: Desk, spot: Spot) -> ColumnElement[bool]:
    """A box around the pin, or the same street; which of them are the same place is measured afterwards."""
    same_street = (Case.street == (spot.street or "?")) & (Case.place != "")
    if spot.lat is None or spot.lon is None:
        return same_street
    # A degree of longitude is shorter than one of latitude, so twice as many.
    degrees = desk.rules.near_metres / _METRES_A_DEGREE
    box = Case.lat.between(spot.lat - degrees, spot.lat + degrees) & Case.lon.between(
        spot.lon - 2 * degrees, spot.lon + 2 * degrees
    )
    return or_(box, same_street & Case.lat.is_(None))


def _metres(desk: Desk, one: Spot, other: Spot) -> float | None:
    """How far apart two spots are, 0 for the same words; None for different places."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        street = one.street
        same = street is not None and street == other.street and _same_words(desk, street, one.place, other.place)
        return 0.0 if same else None
    metres = metres_between(one.lat, one.lon, other.lat, other.lon)
    return metres if metres <= desk.rules.near_metres else None


def _same_words(desk: Desk, street: str, one: str, other: str) -> bool:
    """Whether two ways of writing name one place: the same post or crossing, else the same words."""
    points = desk.router.pack.points
    posts = points.post(one), points.post(other)
    if posts[0] is not None and posts[1] is not None:
        return posts[0] is posts[1]
    above = _above(desk, street)
    return bool(_bare(one, above)) and _bare(one, above) == _bare(other, above)


def _above(desk: Desk, street: str) -> tuple[str, ...]:
    """What an address may begin with besides the place: 济南市, 历下区, 甸柳新村街道, 办事处."""
    units = desk.router.pack.units
    unit = units.get(street)
    district = units.get(unit.parent or "") if unit else None
    return (*_CITY, *(one.name for one in (district, unit) if one), *_OFFICE)


def _bare(place: str, above: tuple[str, ...]) -> str:
    bare = _AROUND.sub("", unicodedata.normalize("NFKC", place))
    for name in above:
        bare = bare.removeprefix(name)
    return bare
