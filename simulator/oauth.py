"""Web authorisation (网页授权, 扫码登录): what the pages may ask, and what the codes they give tell."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from simulator.api.call import Answer, Call
from simulator.errors import Refused
from simulator.settings import Account
from simulator.wecom.settings import Corp
from simulator.world import World

_STATE = re.compile(r"[a-zA-Z0-9]{0,128}")
_SCOPES = ("snsapi_base", "snsapi_userinfo", "snsapi_privateinfo")


class BadLink(Exception):
    """链接有误: WeChat shows a page with these words instead of asking the person."""


@dataclass(frozen=True, slots=True)
class Question:
    """授权请求: which account or corp asks who opens its page, and where the answer goes."""

    owner: Account | Corp
    back: str
    state: str


def read_question(world: World, query: Mapping[str, str]) -> Question:
    """Check /connect/oauth2/authorize as WeChat does. Raises BadLink."""
    owner = _owner(world, query.get("appid", ""))
    if query.get("response_type") != "code" or query.get("scope") not in _SCOPES:
        raise BadLink("Scope 参数错误或没有 Scope 权限")
    if isinstance(owner, Corp) and query.get("agentid") != str(owner.agent_id):
        raise BadLink("agentid 参数错误")
    return _checked(owner, query)


def read_scan(world: World, query: Mapping[str, str]) -> Question:
    """Check /wwlogin/sso/login as WeCom does. Raises BadLink."""
    owner = _owner(world, query.get("appid", ""))
    if not isinstance(owner, Corp) or query.get("login_type") != "CorpApp":
        raise BadLink("login_type 或 appid 参数错误")
    if query.get("agentid") != str(owner.agent_id):
        raise BadLink("agentid 参数错误")
    return _checked(owner, query)


def access_token(call: Call) -> Answer:
    """通过 code 换取网页授权 access_token; the openid is all that a silent authorisation is for."""
    account = call.world.account_of(call.query.get("appid", ""))
    if not secrets.compare_digest(call.query.get("secret", "").encode(), account.app_secret.encode()):
        raise Refused(40125)
    if call.query.get("grant_type") != "authorization_code":
        raise Refused(40002)
    openid = call.world.oauth.spend(call.query.get("code", ""), account.key, call.now)
    return {
        "access_token": secrets.token_urlsafe(60), "expires_in": 7200, "refresh_token": secrets.token_urlsafe(60),
        "openid": openid, "scope": "snsapi_base",
    }  # fmt: skip


def user_info(call: Call) -> Answer:
    """获取访问用户身份 of WeCom. A code that is no good is told by one number only."""
    try:
        userid = call.world.oauth.spend(call.query.get("code", ""), call.corp.key, call.now)
    except Refused as refusal:
        raise Refused(40029) from refusal
    return {"userid": userid}


def _owner(world: World, app_id: str) -> Account | Corp:
    owner = world.by_app_id.get(app_id) or next((c for c in world.corps.values() if c.corp_id == app_id), None)
    if owner is None:
        raise BadLink("appid 参数错误")
    return owner


def _checked(owner: Account | Corp, query: Mapping[str, str]) -> Question:
    back, state = query.get("redirect_uri", ""), query.get("state", "")
    if not _is_trusted(back, owner.oauth_domain):
        raise BadLink("redirect_uri 域名与后台配置不一致，错误码:10003")
    if not _STATE.fullmatch(state):
        raise BadLink("state 参数错误，只能是 a-z A-Z 0-9，最多128字节")
    return Question(owner, back, state)


def _is_trusted(back: str, domain: str) -> bool:
    """The host must be the one in the console; a port counts only where the console names one."""
    parts = urlsplit(back)
    if parts.scheme not in ("http", "https") or not domain:
        return False
    return domain in (parts.netloc, parts.hostname)
