"""扫码登录: into the command centre by 企业微信's QR code, or by a code that is said or scanned in WeChat."""

import secrets
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.accounts import Entry, Refused
from console.authorizing import WechatTrouble
from console.pages.login import let_in, start
from console.premises import premises
from console.sealing import opened, seal
from console.staff.codes import svg
from console.wording import HOME
from handlers.console_logins import Attempt
from handlers.people.logging_in import SCENE
from models.login import Login
from models.people import Identity

scan = Blueprint("scan", __name__)

BY_WECOM, BY_WECHAT = "wecom", "wechat"
_COOKIE, _PATH = "console_scan", "/console/scan"
_PATIENCE = timedelta(minutes=10)  # at WeCom's page
_CODE_GOOD_FOR = timedelta(minutes=3)


@scan.get("/scan")
def page() -> Any:
    """Which ways there are."""
    return render_template("login/scan.html", apps=_apps())


@scan.get("/scan/<app>")
def leave_for(app: str) -> Any:
    """企业微信扫码: to WeCom's page. Only the browser that was sent there can come back from it."""
    if app not in _apps():
        return _wrong("scan.over")
    here, state = premises(), secrets.token_hex(16)
    there = here.authorizations[app].scan_page(_back(app), state)
    return _remember(redirect(there), seal("scan", here.now(), _PATIENCE, app, state), _PATIENCE)


@scan.get("/scan/<app>/back")
def come_back(app: str) -> Any:
    """Back from WeCom with a code, good for one question, and the state this browser was sent with."""
    here = premises()
    asked = opened("scan", request.cookies.get(_COOKIE, ""), here.now())
    if asked is None or app not in _apps() or asked != [app, request.args.get("state", "")]:
        return _wrong("scan.over")
    try:
        userid = here.authorizations[app].whose(request.args.get("code", ""))
    except WechatTrouble:
        return _wrong("scan.trouble", HTTPStatus.SERVICE_UNAVAILABLE)
    with here.story() as session:
        query = select(Identity.person_id).where(Identity.account == app, Identity.openid == userid)
        person_id = session.scalars(query).one_or_none() if userid else None
        entry = _enter(session, person_id, BY_WECOM)
    return _entered(entry)


@scan.post("/scan/code")
def ask() -> Any:
    """微信登录: a code to say or to scan, for three minutes."""
    here = premises()
    attempt = Attempt(request.headers.get("User-Agent", "")[:200], request.remote_addr or "")
    code, secret = here.logins.ask(attempt)
    if not code:
        return _wrong("scan.trouble", HTTPStatus.SERVICE_UNAVAILABLE)
    address = here.qr_address(f"{SCENE}{code}")
    drawn = svg(address, here.texts("scan.qr")) if address else ""
    answer = Response(render_template("login/code.html", code=code, qr=drawn))
    return _remember(answer, f"{code}.{secret}", _CODE_GOOD_FOR)


@scan.post("/scan/wait")
def wait() -> Any:
    """Whether somebody has confirmed this browser; asked by the page every two seconds, or by a press."""
    here = premises()
    code, _, secret = request.cookies.get(_COOKIE, "").partition(".")
    person_id = here.logins.confirmed(code, secret)
    if person_id == 0:
        return _not_yet()
    if person_id is None:
        return _over()
    with here.story() as session:
        entry = _enter(session, person_id, BY_WECHAT)
    return _entered(entry)


def _enter(session: Session, person_id: int | None, by: str) -> Entry:
    """Only whoever may come in by a password as well, as far as they have one."""
    if person_id is None:
        return Entry(refused=Refused.NO_ROLE)
    login = session.scalars(select(Login).where(Login.person_id == person_id)).one_or_none()
    if login is not None and login.disabled_at is not None:
        return Entry(refused=Refused.NO_ROLE)
    return start(session, person_id, by)


def _entered(entry: Entry) -> Any:
    """In, or told why not."""
    if entry.refused:
        return _wrong(f"login.{entry.refused}")
    answer: Any = Response(headers={"HX-Redirect": HOME}) if _by_script() else redirect(HOME)
    answer.delete_cookie(_COOKIE, path=_PATH)
    return let_in(answer, entry.cookie)


def _not_yet() -> Any:
    return Response(status=HTTPStatus.NO_CONTENT) if _by_script() else _wrong("scan.not_yet", HTTPStatus.CONFLICT)


def _over() -> Any:
    """286 tells htmx to ask no more."""
    return (premises().texts("scan.over"), 286) if _by_script() else _wrong("scan.over")


def _by_script() -> bool:
    return "HX-Request" in request.headers


def _wrong(key: str, status: HTTPStatus = HTTPStatus.FORBIDDEN) -> Any:
    told = premises().texts(key)
    if _by_script():
        return told, 286
    answer = Response(render_template("login/scan.html", apps=_apps(), told=told), status)
    answer.delete_cookie(_COOKIE, path=_PATH)
    return answer


def _apps() -> list[str]:
    """企业微信 where it can say who scans."""
    return [key for key, own in premises().authorizations.items() if own.scan_page("", "")]


def _back(app: str) -> str:
    return premises().public_url.rstrip("/") + url_for("console.scan.come_back", app=app)


def _remember(answer: Any, value: str, good_for: timedelta) -> Any:
    """Lax, because the browser comes back from WeCom's page."""
    secure = premises().public_url.startswith("https://")
    answer.set_cookie(_COOKIE, value, max_age=good_for, path=_PATH, httponly=True, secure=secure, samesite="Lax")
    return answer
