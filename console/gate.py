"""门禁: who may come in, what a form must carry, and what every answer tells the browser."""

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Response, abort, current_app, g, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from console import accounts
from console.premises import premises
from console.visitor import Right, Visitor, visit, visitor
from console.wording import HOME
from models.login import ConsoleSession, Login

log = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., Any])

COOKIE = "console"
# Without a login one sees the door, and what the door is painted with.
_OPEN = ("login.", "scan.")
_OWN_PASSWORD = ("login.password", "login.password_set", "login.leave")
# A page that asks by itself now and then says so; it does not count as somebody being there.
LIVE_HEADER = "X-Live"


def needs(*rights: Right) -> Callable[[View], View]:
    """权限要求: the view is for whoever has one of these; 403 for everybody else. Every view says so."""

    def guarded(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **values: Any) -> Any:
            if not any(visitor().may(right) for right in rights):
                abort(HTTPStatus.FORBIDDEN)
            return view(*args, **values)

        # A test looks whether every view says whom it is for.
        vars(checked)["needs"] = rights
        return cast(View, checked)

    return guarded


def takes(most: int) -> Callable[[View], View]:
    """接收上限: how many bytes a form of this view may have; of every other view it is little."""

    def marked(view: View) -> View:
        vars(view)["takes"] = most
        return view

    return marked


def _make_room() -> None:
    """Before anything of the body is read, as the token is read out of it."""
    most = getattr(current_app.view_functions.get(request.endpoint or ""), "takes", None)
    if most:
        request.max_content_length = request.max_form_memory_size = most


def guard() -> Any:
    """Before every page: a login, and for whoever writes a form of ours."""
    endpoint = (request.endpoint or "").removeprefix("console.")
    if endpoint == "static":
        return None
    _make_room()
    g.visitor = _visitor()
    if request.method not in ("GET", "HEAD") and not _is_ours(g.visitor):
        abort(HTTPStatus.BAD_REQUEST)
    if endpoint.startswith(_OPEN) and endpoint not in _OWN_PASSWORD:
        return None
    if g.visitor is None:
        return _to_login()
    return _detour(g.visitor, endpoint)


def _detour(who: Visitor, endpoint: str) -> Any:
    """Where somebody must go first, or may not leave."""
    if who.by == accounts.BY_WALL and not endpoint.startswith("wall.") and endpoint != "login.leave":
        return redirect(url_for("console.wall.page"))
    if who.must_change and endpoint not in _OWN_PASSWORD:
        return redirect(url_for("console.login.password"))
    return None


def _visitor() -> Visitor | None:
    """Whose browser this is, from its cookie."""
    here, cookie = premises(), request.cookies.get(COOKIE, "")
    if not cookie:
        return None
    now = here.now()
    with here.glance() as session:
        found = accounts.current(session, now, cookie, here.idle)
        if found is None:
            return None
        who = visit(
            here.desk(session, now),
            found.person_id,
            session_id=found.id,
            csrf=found.csrf,
            by=found.by,
            must_change=_must_change(session, found),
        )
    if not who.rights:
        return None
    if accounts.is_stale(found, now) and LIVE_HEADER not in request.headers:
        with here.story() as session:
            accounts.touch(session, found.id, now)
    return who


def _must_change(session: Session, found: ConsoleSession) -> bool:
    """Whether a password let them in that is to be changed before anything else."""
    if found.by != accounts.BY_PASSWORD:
        return False
    login = session.scalars(select(Login).where(Login.person_id == found.person_id)).one_or_none()
    return login is not None and accounts.must_change(login, premises().is_demo)


def _is_ours(who: Visitor | None) -> bool:
    """Whether a write comes from a page of ours: the same site, and with its token once somebody is in."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        return False
    if who is None:
        return True
    said = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
    return accounts.digest(said) == accounts.digest(who.csrf)


def _to_login() -> Response:
    """To the door, and back to where one wanted to go; what a script asked for goes there as a whole page."""
    there = request.full_path.rstrip("?") if request.method == "GET" else HOME
    if "HX-Request" in request.headers:
        return Response(status=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": url_for("console.login.enter")})
    return redirect(url_for("console.login.enter", next=there))  # type: ignore[return-value]


def guarded(answer: Response) -> Response:
    """What every answer tells the browser; also what goes wrong carries it."""
    tiles = urlsplit(premises().tiles)
    images = f" {tiles.scheme}://{tiles.netloc.replace('{s}', '*')}" if tiles.netloc else ""
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{images}; "
        "connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if (request.endpoint or "").endswith("static"):
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def unusable(error: Exception) -> tuple[str, int]:
    """A number or a character that no column holds: nobody's page asks for it, but anybody's address may."""
    log.warning("%s was asked for what no column holds: %s", request.endpoint, type(error).__name__)
    return refused(BadRequest())


def refused(error: Any) -> tuple[str, int]:
    """A page that says in words what is wrong."""
    code = int(getattr(error, "code", None) or HTTPStatus.INTERNAL_SERVER_ERROR)
    texts = current_app.extensions["premises"].texts
    key = f"error.{code}" if f"error.{code}" in texts.names else "error.other"
    return render_template("console_error.html", told=texts(key), code=code), code
