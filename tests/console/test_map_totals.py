"""地图 and list count the same cases, whatever is asked for and however the screen is cut into squares."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from console.listing.conditions import Looking
from console.listing.filter import Filter
from console.mapping.clusters import gather, heat, listed
from console.mapping.grid import Bounds
from console.mapping.wanted import conditions_of
from console.wording import Lamp
from models.case import Case
from models.workflow import OPEN_STATUSES, Status
from tests.console.pinned import HOME, pinned
from tests.stage import DIANLIU, MORNING, YAOJIA, Stage

_NEAR = st.floats(-0.3, 0.3).map(lambda off: round(off, 6))
_CASES = st.lists(
    st.tuples(
        _NEAR, _NEAR, st.sampled_from([-5.0, 1.0, 5.0, 30.0, None]), st.sampled_from(list(Status)), st.booleans()
    ),
    max_size=25,
)
_BOXES = st.tuples(_NEAR, _NEAR, _NEAR, _NEAR)
_WANTED = st.builds(
    Filter,
    lamp=st.sampled_from(["", *map(str, Lamp)]),
    status=st.sampled_from(["", *map(str, OPEN_STATUSES)]),
    unit=st.sampled_from(["", DIANLIU, "370102"]),
)


@pytest.mark.parametrize("units", [None, frozenset({DIANLIU}), frozenset[str]()])
@given(cases=_CASES, edges=_BOXES, zoom=st.integers(0, 19), wanted=_WANTED)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_case_is_counted_once(
    stage: Stage,
    units: frozenset[str] | None,
    cases: list[tuple[float, float, float | None, Status, bool]],
    edges: tuple[float, float, float, float],
    zoom: int,
    wanted: Filter,
) -> None:
    south, north = sorted((HOME[0] + edges[0], HOME[0] + edges[1]))
    west, east = sorted((HOME[1] + edges[2], HOME[1] + edges[3]))
    bounds = Bounds(south, west, north, east)

    with stage.installation.database.glance() as session:
        session.add_all(
            pinned(HOME[0] + lat, HOME[1] + lon, due, status=status, unit_code=DIANLIU if is_mine else YAOJIA)
            for lat, lon, due, status, is_mine in cases
        )
        session.flush()
        looking = Looking(session, stage.installation.router.pack, _zone(stage), MORNING, units)
        asked = conditions_of(wanted, looking)
        found = gather(looking, asked, bounds, zoom)
        spots = heat(looking, asked, bounds, zoom)
        lines = [case.id for case in listed(looking, asked, bounds, 1000)]
        expected = session.scalars(select(func.count()).select_from(Case).where(*asked, *bounds.conditions())).one()
        session.rollback()

    assert sum(one.count for one in found.clusters) + len(found.points) == expected
    assert (found.total, sum(count for *_, count in spots), len(lines)) == (expected,) * 3
    assert {one.id for one in found.points} <= set(lines)
    assert all(bounds.south <= one.box.south <= one.lat <= one.box.north <= bounds.north for one in found.clusters)


def _zone(stage: Stage) -> ZoneInfo:
    return stage.installation.settings.timezone
