"""指挥部: the console's blueprint, put together once per app."""

from functools import lru_cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import NoReturn

from flask import Blueprint, Flask, abort, url_for
from sqlalchemy.exc import DataError

from console import gate, scan_login, wording
from console.h5 import confirming
from console.h5 import pages as h5_pages
from console.pages import (
    brief,
    bulk,
    case,
    cases,
    editions,
    field,
    given,
    invitations,
    journal,
    login,
    media,
    people,
    public_ranking,
    ranking_papers,
    rankings,
    rules,
    statistics,
    today,
    triage,
    units,
    views,
    wall,
)
from console.pages import map as maps
from console.premises import EXTENSION, Premises

FOLDER = Path(__file__).resolve().parent
PREFIX = "/console"
H5_PREFIX = "/h5"

# In the order of the bar at the top.
PAGES = (
    today.today,
    wall.wall,
    case.case,
    cases.cases,
    views.views,
    bulk.bulk,
    triage.triage,
    maps.map_page,
    statistics.statistics,
    brief.brief,
    rankings.rankings,
    given.given,
    ranking_papers.ranking_papers,
    field.field,
    media.media,
    units.units,
    people.people,
    invitations.invitations,
    rules.rules,
    editions.editions,
    journal.journal,
    login.login,
    scan_login.scan,
)


def register(app: Flask, premises: Premises) -> None:
    """Serve the console with this app, under /console/."""
    app.extensions[EXTENSION] = premises
    app.register_blueprint(_console(), url_prefix=PREFIX)
    app.register_blueprint(h5_pages.h5, url_prefix=H5_PREFIX)
    app.register_blueprint(confirming.confirming, url_prefix=H5_PREFIX)
    app.register_blueprint(public_ranking.public_ranking)


def _console() -> Blueprint:
    console = Blueprint("console", __name__, template_folder="templates", static_folder="static")
    console.before_request(gate.guard)
    console.after_request(gate.guarded)
    for code in (400, 401, 403, 404, 405, 413, 500, 503):
        console.register_error_handler(code, gate.refused)
    for error in (OverflowError, DataError):
        console.register_error_handler(error, gate.unusable)
    console.context_processor(wording.context)
    for name, fill in wording.FILTERS.items():
        console.add_app_template_filter(fill, name)
    console.add_app_template_global(asset, "asset")
    for page in PAGES:
        console.register_blueprint(page)
    console.add_url_rule("/<path:missing>", "missing", _missing)
    return console


def _missing(missing: str) -> NoReturn:
    """An address nobody has: a page of ours says so, behind the same door as the others."""
    abort(HTTPStatus.NOT_FOUND)


def asset(name: str) -> str:
    """The address of a file in static/; it changes with its content, so that browsers may keep it for ever."""
    return url_for("console.static", filename=name, v=_version(name))


@lru_cache
def _version(name: str) -> str:
    return sha256((FOLDER / "static" / name).read_bytes()).hexdigest()[:10]
