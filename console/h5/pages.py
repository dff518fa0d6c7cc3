"""案件页的地址: one page for both sides, what can be done there, and its photos."""

from http import HTTPStatus
from types import ModuleType
from typing import Any

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for

from console.acting import Outcome
from console.h5 import confirming, door, officer, reporter, uploading
from console.h5.door import Closed, Guest
from console.premises import premises
from handlers.case_pages import Side
from handlers.uploads import Spot
from models.photo import Fetch
from photos.intake import COPIES
from photos.refusal import PhotoRefused
from photos.storage import PhotoMissing

h5 = Blueprint("h5", __name__)
h5.after_request(door.told)
h5.register_error_handler(Closed, door.wrong)

SIDES: dict[Side, ModuleType] = {Side.OFFICER: officer, Side.REPORTER: reporter}
_MOST_WORDS = 500


@h5.get("/<token>")
def page(token: str) -> Any:
    """案件页."""
    who = door.guest(token)
    return confirming.detour(who) or _drawn(who)


@h5.get("/<token>/<deed>")
def again(token: str, deed: str) -> Any:
    """Whoever reloads the answer to a form looks at the page."""
    return redirect(url_for("h5.page", token=token))


@h5.post("/<token>/<deed>")
def act(token: str, deed: str) -> Any:
    """办理, and the page as it is then."""
    who = _writer(token)
    words = request.form.get("words", "").strip()[:_MOST_WORDS]
    return _drawn(who, _done(who, deed, words))


def _done(who: Guest, deed: str, words: str) -> Outcome:
    here = premises()
    if who.grant.side is Side.REPORTER:
        with here.story() as session:
            return reporter.act(here.desk(session, who.now), who, deed, words)
    if deed == "rectify":
        return officer.rectify(who, words, _spot())
    if deed in ("take-over", "drop"):
        return officer.drop_other(who, take_over=deed == "take-over")
    with here.glance() as session:
        _, caller = officer.seen(here.desk(session, who.now), who)
    # What the console notes, it notes in the visitor's name.
    g.visitor = officer.visitor(caller)
    return officer.act(who, caller, deed, words, request.form.get("version", type=int))


def _spot() -> Spot | None:
    """Where the phone says it is, when its owner let it."""
    found = [request.form.get(name, type=float) for name in ("lat", "lon", "accuracy")]
    lat, lon, accuracy = (value if value is not None and value == value else None for value in found)
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    return Spot(lat, lon, min(max(accuracy or 0.0, 0.0), 1e6))


@h5.post("/<token>/photos")
def upload(token: str) -> Any:
    """上传原图: one file as the body, as it is on the phone."""
    try:
        who = _writer(token)
        return uploading.receive(who, SIDES[who.grant.side])
    except Closed as closed:
        return door.wrong_answer(str(closed))


@h5.post("/<token>/photos/<int:photo_id>/remove")
def remove(token: str, photo_id: int) -> Any:
    """不要这张."""
    here = premises()
    try:
        who = _writer(token)
        with here.story() as session:
            removed = SIDES[who.grant.side].remove(here.desk(session, who.now), who, photo_id)
    except Closed as closed:
        return door.wrong_answer(str(closed))
    return {"removed": bool(removed)}


@h5.get("/<token>/photo/<int:photo_id>/<name>.jpg")
def photo(token: str, photo_id: int, name: str) -> Any:
    """A copy without metadata of a picture that stands on this page."""
    who, here = door.guest(token), premises()
    confirming.check_known(who)
    with here.glance() as session:
        shown = SIDES[who.grant.side].photos(here.desk(session, who.now), who)
        found = next((one for one in shown if one.id == photo_id and one.state is Fetch.KEPT), None)
    if found is None or name not in COPIES:
        abort(HTTPStatus.NOT_FOUND)
    try:
        return Response(here.shown(found.sha256, name), content_type="image/jpeg")
    except (PhotoMissing, PhotoRefused):
        abort(HTTPStatus.NOT_FOUND)


def _writer(token: str) -> Guest:
    who = door.guest(token)
    confirming.check_known(who)
    door.check_ours(who)
    return who


def _drawn(who: Guest, outcome: Outcome | None = None) -> Any:
    here = premises()
    with here.glance() as session:
        drawn = SIDES[who.grant.side].page(here.desk(session, who.now), who)
        return render_template(
            f"h5/{who.grant.side}.html",
            it=drawn,
            who=who,
            outcome=outcome,
            now=who.now,
            limits=uploading.LIMITS,
            address=url_for("h5.page", token=who.token),
        )
