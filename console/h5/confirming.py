"""微信确认: where the account can do it, WeChat tells who opens a link; somebody else's link stays shut."""

import secrets
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlalchemy import select

from console.authorizing import WechatTrouble
from console.h5 import door
from console.h5.door import Closed, Guest
from console.premises import premises
from console.sealing import opened, seal
from handlers.case_pages import Side
from models.people import Identity

confirming = Blueprint("h5_confirming", __name__)
confirming.after_request(door.told)
confirming.register_error_handler(Closed, door.wrong)

_WHO, _ASKED = "h5_who", "h5_asked"
_KNOWN_FOR, _PATIENCE = timedelta(hours=12), timedelta(minutes=10)
_WECHAT, _WECOM = "MicroMessenger", "wxwork"


def detour(who: Guest) -> Any:
    """Where the browser must go before it sees the page; None when it is known whose it is, or cannot be.

    Raises Closed where it is somebody else's.
    """
    account = _account_of(who.grant.person_id)
    if account is None:
        return None
    known = _known(who)
    if known is None:
        return _ask(account, who.token)
    if known != who.grant.person_id:
        raise Closed("somebody_else")
    return None


def check_known(who: Guest) -> None:
    """The same for what no browser can be sent away from. Raises Closed."""
    if _account_of(who.grant.person_id) is not None and _known(who) != who.grant.person_id:
        raise Closed("stale")


@confirming.get("/open/<account>/<int:case_id>")
def open_case(account: str, case_id: int) -> Any:
    """任务卡片的入口: the same address for all who got the card; WeChat tells which of them taps it."""
    if account not in premises().authorizations:
        raise Closed("expired")
    return _ask(account, f"case-{case_id}")


@confirming.get("/back/<account>")
def back(account: str) -> Any:
    """Back from WeChat, with a code that is good for one question."""
    here = premises()
    now = here.now()
    asked = opened("h5 asked", request.cookies.get(_ASKED, ""), now)
    given = request.args.get("state", "")
    if asked is None or account not in here.authorizations or asked[:2] != [account, given]:
        raise Closed("expired")
    person_id = _person(account, request.args.get("code", ""))
    if person_id is None:
        raise Closed("somebody_else")
    answer: Any = redirect(_there(asked[2], person_id))
    answer.delete_cookie(_ASKED, path="/h5/")
    return _remember(answer, _WHO, seal("h5 who", now, _KNOWN_FOR, str(person_id)), _KNOWN_FOR)


def _ask(account: str, target: str) -> Any:
    """To WeChat's page. The browser keeps what it was sent for: nobody else's answer fits it."""
    here, state = premises(), secrets.token_hex(16)
    agent = request.headers.get("User-Agent", "")
    if _WECHAT not in agent and _WECOM not in agent:
        raise Closed("in_wechat")
    there = here.authorizations[account].page(_address("h5_confirming.back", account=account), state)
    asked = seal("h5 asked", here.now(), _PATIENCE, account, state, target)
    return _remember(redirect(there), _ASKED, asked, _PATIENCE)


def _there(target: str, person_id: int) -> str:
    """The page that was asked for: a link, or the asker's own one of a case."""
    if not target.startswith("case-"):
        return url_for("h5.page", token=target)
    here = premises()
    now, number = here.now(), int(target.removeprefix("case-"))
    with here.glance() as session:
        address = here.desk(session, now).case_pages.address(now, number, person_id, Side.OFFICER)
    if not address:
        raise Closed("expired")
    return address


def _account_of(person_id: int) -> str | None:
    """The account at which WeChat can say whether it is this person: where they are now, if there are several."""
    known = premises().authorizations
    if not known:
        return None
    with premises().glance() as session:
        query = select(Identity.account).where(Identity.person_id == person_id, Identity.account.in_(known))
        own = list(session.scalars(query.order_by(Identity.last_heard_at.desc())))
    in_wecom = _WECOM in request.headers.get("User-Agent", "")
    fits = (account for account in own if bool(known[account].scan_page("", "")) == in_wecom)
    return next(fits, own[0] if own else None)


def _known(who: Guest) -> int | None:
    found = opened("h5 who", request.cookies.get(_WHO, ""), who.now)
    return int(found[0]) if found else None


def _person(account: str, code: str) -> int | None:
    try:
        openid = premises().authorizations[account].whose(code) if code else ""
    except WechatTrouble as trouble:
        raise Closed("trouble") from trouble
    with premises().glance() as session:
        query = select(Identity.person_id).where(Identity.account == account, Identity.openid == openid)
        return session.scalars(query).one_or_none() if openid else None


def _address(endpoint: str, **values: Any) -> str:
    """An address of ours as WeChat knows us."""
    return premises().public_url.rstrip("/") + url_for(endpoint, **values)


def _remember(answer: Any, name: str, value: str, good_for: timedelta) -> Any:
    secure = premises().public_url.startswith("https://")
    answer.set_cookie(name, value, max_age=good_for, path="/h5/", httponly=True, secure=secure, samesite="Lax")
    return answer
