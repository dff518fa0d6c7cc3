"""地图页: where the cases are, how densely, and where they come back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple

from flask import Blueprint, Response, jsonify, render_template, request
from werkzeug.exceptions import BadRequest, NotFound

from console.gate import needs
from console.listing.conditions import Conditions, Looking, has_status, scope
from console.listing.filter import OPEN, Filter
from console.looking import Look, look
from console.mapping import clusters, ground, telling, wanted
from console.mapping.choices import choices
from console.mapping.grid import Bounds, read_zoom
from console.mapping.nearby import nearby
from console.mapping.recurring import recurring
from console.mapping.wanted import BadAsk
from console.premises import premises
from console.visitor import Right, seen_case, visitor
from handlers import notices
from models.case import Case
from models.photo import Fetch

map_page = Blueprint("map", __name__)

LAYERS = ("points", "heat", "recurrence")
_LIST, _MONTH = 60, timedelta(days=29)


class Asked(NamedTuple):
    """屏上所问: which cases, where, and how far away one stands."""

    wanted: Conditions
    bounds: Bounds
    zoom: int


@contextmanager
def _look() -> Iterator[Look]:
    with premises().glance() as session:
        yield look(session)


@map_page.get("/map")
@needs(Right.LOOK)
def page() -> Any:
    """The map, with what its address asks for; everything on it is fetched by the page itself."""
    layer = request.args.get("layer", LAYERS[0])
    if layer not in LAYERS:
        raise BadRequest
    with _look() as (desk, looking):
        today = looking.now.astimezone(looking.zone).date()
        own = [*scope(looking), *has_status(OPEN)]
        return render_template(
            "map/page.html",
            wanted=_wanted(looking),
            layer=layer,
            choices=choices(desk, visitor()),
            version=looking.pack.version,
            extent=clusters.extent(looking.session, own) if looking.units is not None else None,
            city=ground.extent(looking.pack),
            month_ago=today - _MONTH,
        )


@map_page.get("/map/ground.json")
@needs(Right.LOOK)
def ground_json() -> Any:
    """底图: shapes and names; its address carries the pack's version, so browsers may keep it."""
    with _look() as (_, looking):
        answer = Response(ground.ground(looking.pack), content_type="application/json")
    answer.headers["Cache-Control"] = "private, max-age=604800"
    return answer


@map_page.get("/map/points.json")
@needs(Right.LOOK)
def points_json() -> Any:
    """Clusters and single cases within the bounds."""
    with _look() as (desk, looking):
        asked = _asked(looking)
        found = clusters.gather(looking, asked.wanted, asked.bounds, asked.zoom)
        return jsonify(telling.gathered(desk, found))


@map_page.get("/map/heat.json")
@needs(Right.LOOK)
def heat_json() -> Any:
    """How many there are in each small square."""
    with _look() as (_, looking):
        asked = _asked(looking)
        return jsonify(spots=clusters.heat(looking, asked.wanted, asked.bounds, asked.zoom))


@map_page.get("/map/recurrences.json")
@needs(Right.LOOK)
def recurrences_json() -> Any:
    """Places where problems came back."""
    with _look() as (_, looking):
        asked = _asked(looking)
        return jsonify(places=telling.recurrences(recurring(looking, asked.wanted, asked.bounds)))


@map_page.get("/map/list")
@needs(Right.LOOK)
def listing() -> Any:
    """The most pressing cases within the bounds, for the keyboard and for who cannot see the map."""
    with _look() as (desk, looking):
        asked = _asked(looking)
        only = [Case.recurrence_of.is_not(None)] if request.args.get("layer") == "recurrence" else []
        cases = clusters.listed(looking, [*asked.wanted, *only], asked.bounds, _LIST + 1)
        lines = [telling.line(desk, case) for case in cases[:_LIST]]
        hidden = clusters.unplaced(looking, [*asked.wanted, *only])
        return render_template("map/list.html", lines=lines, more=len(cases) > _LIST, unplaced=hidden)


@map_page.get("/map/card/<int:case_id>")
@needs(Right.LOOK)
def card(case_id: int) -> Any:
    """One case in short."""
    with _look() as (desk, looking):
        case = _case(looking, case_id)
        photos = [one.id for one in notices.photos_before(desk, case) if one.state is Fetch.KEPT]
        return render_template("map/card.html", line=telling.line(desk, case), photo=photos[0] if photos else None)


@map_page.get("/map/near.json")
@needs(Right.LOOK)
def near_json() -> Any:
    """Other open cases around one case."""
    with _look() as (desk, looking):
        case = _case(looking, request.args.get("case", type=int) or 0)
        return jsonify(cases=[telling.neighbour(desk, one, away) for one, away in nearby(looking, case)])


def _case(looking: Looking, case_id: int) -> Case:
    case = seen_case(looking.session, case_id)
    if case is None:
        raise NotFound
    return case


def _wanted(looking: Looking) -> Filter:
    try:
        return wanted.read(request.args, looking)
    except BadAsk as error:
        raise BadRequest from error


def _asked(looking: Looking) -> Asked:
    asked = _wanted(looking)
    try:
        bounds, zoom = Bounds.read(request.args.get("bbox", "")), read_zoom(request.args.get("zoom", ""))
    except BadAsk as error:
        raise BadRequest from error
    return Asked(wanted.conditions_of(asked, looking), bounds, zoom)
