"""公开页: where a dispatcher draws the boxes, looks at the result, publishes it and takes it back.

The token in the link is the login; whoever sends it is asked for their role again at every step. No answer of
this page is kept by anybody on the way, because some of them show the picture as it is.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from sqlalchemy.exc import SQLAlchemyError

from bot import publishing
from bot.installation import ROOT, Installation, utc_now
from bot.photo_keeping import shown
from bot.publishing_links import Grant
from handlers.publishing import LINK_GOOD_FOR, NotPublishable, live, permitted
from models.wording import Texts
from photos import proposals
from photos.redact import BadBoxes, as_json, boxes_of
from photos.refusal import PhotoRefused
from photos.storage import PhotoMissing, digest

log = logging.getLogger(__name__)

publishing_page = Blueprint("publishing_page", __name__)

TEXTS = Texts(ROOT / "bot" / "texts.yaml")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    # The address holds our signature.
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_WORDS = (
    "heading", "how", "picture", "add", "accept_all", "clear_all", "nothing", "preview", "back", "confirm",
    "preview_heading", "preview_picture", "preview_hint", "public_heading", "public_words", "copy_address", "copied",
    "copy_failed", "withdraw", "withdraw_sure", "withdrawn", "again", "looking", "found", "found_none", "by_hand",
    "working", "remove", "needs_script", "lost", "title_wrong",
)  # fmt: skip
# These are filled in by the page's script.
_PATTERNS = ("boxes", "box", "suggestion")


class _Problem(Exception):
    """What is wrong with a request: the key of the words to say."""


# What can go wrong on the way, what the person reads, and what the browser is told.
_STATUS = {
    "expired": HTTPStatus.FORBIDDEN,
    "forbidden": HTTPStatus.FORBIDDEN,
    "missing": HTTPStatus.SERVICE_UNAVAILABLE,
    "boxes": HTTPStatus.BAD_REQUEST,
    "empty": HTTPStatus.BAD_REQUEST,
    "changed": HTTPStatus.CONFLICT,
    "trouble": HTTPStatus.SERVICE_UNAVAILABLE,
}
_PROBLEMS: tuple[tuple[type[Exception], str], ...] = (
    (NotPublishable, "forbidden"),
    (publishing.Changed, "changed"),
    (BadBoxes, "boxes"),
    (PhotoMissing, "missing"),
    (PhotoRefused, "missing"),
    (SQLAlchemyError, "trouble"),
    (OSError, "trouble"),
)
Step = Callable[[Installation, datetime, Grant], Response]


@publishing_page.after_request
def _guard(answer: Response) -> Response:
    """Also what goes wrong carries them."""
    for name, value in _HEADERS.items():
        answer.headers[name] = value
    return answer


@publishing_page.get("/publish/<token>")
def page(token: str) -> Response:
    """The page itself; a page that says why not where the link is not good any more."""
    return _step(token, lambda *at: Response(_drawn(token, *at)), _wrong_page)


@publishing_page.get("/publish/<token>/picture.jpg")
def picture(token: str) -> Response:
    """The picture to draw on, upright and without metadata."""
    return _step(token, lambda *at: Response(_screen(*at), content_type="image/jpeg"), _wrong_answer)


@publishing_page.get("/publish/<token>/proposals")
def proposed(token: str) -> Response:
    """Boxes a machine would draw, where there is one."""

    def told(*at: Any) -> Response:
        return jsonify({"available": proposals.AVAILABLE, **as_json(proposals.propose(_screen(*at)))})

    return _step(token, told, _wrong_answer)


@publishing_page.post("/publish/preview")
def preview() -> Response:
    """The copy that would be published; its name comes along, to be said again at publishing."""

    def made(installation: Installation, now: datetime, grant: Grant) -> Response:
        data = publishing.preview(installation, now, _wanted(grant))
        return Response(data, headers={"X-Picture": digest(data)}, content_type="image/jpeg")

    return _posted(made)


@publishing_page.post("/publish/confirm")
def confirm() -> Response:
    """Publish what was looked at, and nothing else."""

    def done(installation: Installation, now: datetime, grant: Grant) -> Response:
        sha256 = publishing.publish(installation, now, _wanted(grant), str(_body().get("seen") or "nothing"))
        return jsonify({"address": publishing.address(installation, sha256)})

    return _posted(done)


@publishing_page.post("/publish/withdraw")
def withdraw() -> Response:
    """Take it back."""

    def done(installation: Installation, now: datetime, grant: Grant) -> Response:
        with installation.database.glance() as session:
            permitted(installation.desk(session, now), grant.case_id, grant.photo_id, grant.person_id)
        why = TEXTS("publishing.word.withdraw")
        return jsonify({"withdrawn": publishing.withdraw(installation, now, grant.photo_id, grant.person_id, why)})

    return _posted(done)


def _posted(step: Step) -> Response:
    """The token comes in the body: no other site's form can send what it does not know."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin" or not request.is_json:
        return _wrong_answer("expired")
    token = _body().get("token")
    return _step(token if isinstance(token, str) else "", step, _wrong_answer)


def _step(token: str, step: Step, wrong: Callable[[str], Response]) -> Response:
    installation: Installation = current_app.extensions["installation"]
    now = utc_now()
    grant = installation.photo_pages.read(token, now)
    if grant is None:
        return wrong("expired")
    try:
        return step(installation, now, grant)
    except _Problem as problem:
        return wrong(str(problem))
    except tuple(kind for kind, _ in _PROBLEMS) as error:
        key = next(key for kind, key in _PROBLEMS if isinstance(error, kind))
        log.warning("photo %s: %s: %s", grant.photo_id, type(error).__name__, error)
        return wrong(key)


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


def _wanted(grant: Grant) -> publishing.Wanted:
    body = _body()
    boxes = boxes_of(body.get("boxes"))
    if not boxes and body.get("nothing_to_hide") is not True:
        raise _Problem("empty")
    return publishing.Wanted(grant.case_id, grant.photo_id, grant.person_id, boxes)


def _screen(installation: Installation, now: datetime, grant: Grant) -> bytes:
    with installation.database.glance() as session:
        desk = installation.desk(session, now)
        sha256 = permitted(desk, grant.case_id, grant.photo_id, grant.person_id).sha256
    return shown(installation.vault, sha256, "screen")


def _drawn(token: str, installation: Installation, now: datetime, grant: Grant) -> str:
    with installation.database.glance() as session:
        desk = installation.desk(session, now)
        photo = permitted(desk, grant.case_id, grant.photo_id, grant.person_id)
        public = live(session, [photo.id])
    minutes = int(LINK_GOOD_FOR.total_seconds() // 60)
    return render_template(
        "publishing.html",
        token=token,
        words=_words(),
        about=TEXTS("publishing.about", number=grant.case_id, photo=photo.id, minutes=minutes),
        address=publishing.address(installation, public[0].sha256) if public else "",
        boxes=public[0].boxes["boxes"] if public else [],
    )


def _words() -> dict[str, str]:
    patterns = {name: TEXTS.raw(f"publishing.script.{name}") for name in _PATTERNS}
    return {name: TEXTS(f"publishing.word.{name}") for name in _WORDS} | patterns


def _wrong_page(key: str) -> Response:
    told = TEXTS(f"publishing.problem.{key}")
    return Response(render_template("publishing_wrong.html", words=_words(), told=told), _STATUS[key])


def _wrong_answer(key: str) -> Response:
    answer = jsonify({"problem": TEXTS(f"publishing.problem.{key}")})
    answer.status_code = _STATUS[key]
    return answer
