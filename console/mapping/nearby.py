"""附近: other open cases around a case."""

from math import cos, radians

from sqlalchemy import select

from console.listing.conditions import Looking, has_status, scope
from console.listing.filter import OPEN
from console.mapping.grid import Bounds
from models.case import Case
from routing.where.coordinates import metres_between
from routing.where.districts import METRES_PER_DEGREE

METRES = 200.0
_AT_MOST = 100


def nearby(looking: Looking, case: Case, metres: float = METRES) -> list[tuple[Case, float]]:
    """附近的未结案件 the visitor may see, with their metres, nearest first."""
    if case.lat is None or case.lon is None:
        return []
    at = (case.lat, case.lon)
    high, wide = metres / METRES_PER_DEGREE, metres / METRES_PER_DEGREE / cos(radians(at[0]))
    box = Bounds(at[0] - high, at[1] - wide, at[0] + high, at[1] + wide)
    query = select(Case).where(Case.id != case.id, *has_status(OPEN), *box.conditions(), *scope(looking))
    found = [(one, metres_between(*at, one.lat or 0.0, one.lon or 0.0)) for one in looking.session.scalars(query)]
    return sorted((pair for pair in found if pair[1] <= metres), key=lambda pair: (pair[1], pair[0].id))[:_AT_MOST]
