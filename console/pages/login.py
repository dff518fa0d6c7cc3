"""登录页: in, out, and a password of one's own."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from console import accounts
from console.accounts import Entry, Refused
from console.gate import COOKIE
from console.noting import note
from console.premises import premises
from console.visitor import visit, visitor
from console.wording import HOME
from models.login import ConsoleSession, Login

login = Blueprint("login", __name__)


@login.get("/login")
def enter() -> Any:
    """登录."""
    return render_template("login/enter.html", next=_inside(request.args.get("next", "")))


@login.post("/login")
def check() -> Any:
    """The name and the password; every try at a name that somebody has is noted."""
    entry = _try(request.form.get("username", ""), request.form.get("password", ""), "wall" in request.form)
    there = _inside(request.form.get("next", ""))
    if entry.refused:
        told = premises().texts(f"login.{entry.refused}")
        return render_template("login/enter.html", next=there, told=told, username=request.form.get("username")), 403
    return let_in(redirect(there or HOME), entry.cookie)  # type: ignore[arg-type]


@login.post("/leave")
def leave() -> Any:
    """退出."""
    here, who = premises(), visitor()
    now = here.now()
    with here.story() as session:
        accounts.end(session, now, ConsoleSession.id == who.session_id)
        note(session, now, "login.leave", f"person:{who.person_id}")
    answer = redirect(url_for("console.login.enter"))
    answer.delete_cookie(COOKIE, path="/console")
    return answer


@login.get("/password")
def password() -> Any:
    """改密码."""
    return render_template("login/password.html")


@login.post("/password", endpoint="password_set")
def password_set() -> Any:
    """A new password; the person's other browsers are out from then on."""
    told = _change(request.form.get("old", ""), request.form.get("new", ""), request.form.get("again", ""))
    if told:
        return render_template("login/password.html", told=told), 400
    return redirect(HOME)


def let_in(answer: Response, cookie: str) -> Response:
    """Give the browser its cookie. Lax, because a scanned login comes back from WeChat's page."""
    secure = premises().public_url.startswith("https://")
    answer.set_cookie(COOKIE, cookie, path="/console", httponly=True, secure=secure, samesite="Lax")
    return answer


def start(session: Session, person_id: int, by: str) -> Entry:
    """进入 as a person who has proved who they are; only whoever has a role for the console gets in."""
    here = premises()
    now = here.now()
    if not visit(here.desk(session, now), person_id).rights:
        return Entry(refused=Refused.NO_ROLE)
    lasts = accounts.WALL_LASTS if by == accounts.BY_WALL else here.session
    cookie = accounts.begin(session, now, person_id, by, lasts, request.headers.get("User-Agent", ""))
    note(session, now, "login.enter", f"person:{person_id}", by=by)
    return Entry(cookie)


def _try(username: str, secret: str, wall: bool) -> Entry:
    here = premises()
    now = here.now()
    with here.story() as session:
        found, refused = accounts.check(session, now, username, secret)
        if refused and found:
            note(session, now, f"login.{refused}", f"person:{found.person_id}")
        if refused or found is None:
            return Entry(refused=refused or Refused.WRONG)
        # A wall stays for a month and asks nobody for a new password, so that one is not begun with what must change.
        is_wall = wall and not accounts.must_change(found, here.is_demo)
        return start(session, found.person_id, accounts.BY_WALL if is_wall else accounts.BY_PASSWORD)


def _change(old: str, new: str, again: str) -> str:
    """Change the visitor's password. What is wrong, in words; "" when it was changed."""
    here, who = premises(), visitor()
    now = here.now()
    with here.story() as session:
        found = session.query(Login).filter_by(person_id=who.person_id).one_or_none()
        if found is None:
            return here.texts("password.none")
        checked, refused = accounts.check(session, now, found.username, old)
        if refused or checked is None:
            return here.texts(f"password.{refused}")
        weak = "again" if new != again else "same" if new == old else accounts.weakness(new, found.username)
        if weak:
            return here.texts(f"password.{weak}")
        accounts.set_password(found, new, now)
        others = (ConsoleSession.person_id == who.person_id, ConsoleSession.id != who.session_id)
        accounts.end(session, now, *others)
        note(session, now, "login.password", f"person:{who.person_id}")
    return ""


def _inside(address: str) -> str:
    """Where to go after the login, if it is a page of ours; "" for anything that might lead elsewhere."""
    parts = urlsplit(address)
    is_ours = not parts.scheme and not parts.netloc and address.startswith("/console/") and "\\" not in address
    return address if is_ours else ""
