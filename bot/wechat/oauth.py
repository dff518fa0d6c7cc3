"""网页授权: who opens a page inside WeChat, or scans at the login page. WeChat sends a code; we ask whose it is."""

from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode, urlsplit

import requests

from bot.wechat.client import Clock, attempt
from bot.wechat.errors import Fate, SendError, from_status, read_answer
from bot.wechat.official_account import utc_now
from bot.wechat.official_codes import OFFICIAL
from bot.wechat.transport import Timeout, open_session
from bot.wechat.work_app import WorkApp

_ASK_WHOSE = "https://api.weixin.qq.com/sns/oauth2/access_token"
# WeChat's API and its pages are on different hosts; a simulator has one for all.
_OWN_PAGES = {"api.weixin.qq.com", "qyapi.weixin.qq.com"}


class Authorization(Protocol):
    """授权: of one account or app. back: an address of ours, on the host that is set in its console."""

    def page(self, back: str, state: str) -> str:
        """Where a browser inside WeChat is sent; it comes back with a code and the same state. state: a-z, 0-9."""

    def scan_page(self, back: str, state: str) -> str:
        """Where any browser shows a QR code to scan; "" where there is no such page."""

    def whose(self, code: str) -> str:
        """The openid or userid a code stands for, "" for nobody we could know. Once per code; raises SendError."""


@dataclass(frozen=True, slots=True)
class OfficialAuthorization:
    """公众号网页授权, silent (snsapi_base): verified service accounts have it."""

    app_id: str
    secret: str = field(repr=False)
    api_base_url: str
    http: requests.Session = field(repr=False)
    clock: Clock = utc_now

    def page(self, back: str, state: str) -> str:
        asked = {"appid": self.app_id, "redirect_uri": back, "response_type": "code", "scope": "snsapi_base"}
        return _authorize(self.api_base_url, {**asked, "state": state})

    def scan_page(self, back: str, state: str) -> str:
        """Only 开放平台 has one for Official Accounts, and with ids of its own."""
        return ""

    def whose(self, code: str) -> str:
        asked = {"appid": self.app_id, "secret": self.secret, "code": code, "grant_type": "authorization_code"}
        answer = attempt(self.http.get, _ASK_WHOSE, params=asked, allow_redirects=False)
        if answer.status_code != requests.codes.ok:
            raise from_status(answer.status_code)
        told = read_answer(OFFICIAL, answer.content, self.clock(), (self.secret, code))
        # 快照页: somebody who only looks gets an openid that is nobody's.
        return "" if told.get("is_snapshotuser") else str(told.get("openid") or "")


@dataclass(frozen=True, slots=True)
class WorkAuthorization:
    """企业微信网页授权 and 扫码登录 of a self-built app."""

    corp_id: str
    agent_id: int
    api_base_url: str
    app: WorkApp

    def page(self, back: str, state: str) -> str:
        asked = {"appid": self.corp_id, "redirect_uri": back, "response_type": "code", "scope": "snsapi_base"}
        return _authorize(self.api_base_url, {**asked, "state": state, "agentid": str(self.agent_id)})

    def scan_page(self, back: str, state: str) -> str:
        asked = {"login_type": "CorpApp", "appid": self.corp_id, "agentid": str(self.agent_id)}
        query = urlencode({**asked, "redirect_uri": back, "state": state})
        return f"{_host(self.api_base_url, 'https://login.work.weixin.qq.com')}/wwlogin/sso/login?{query}"

    def whose(self, code: str) -> str:
        # Identities carry it in small letters, as WeCom itself writes it here and there.
        return self.app.user_of(code).lower()


def official_authorization(
    app_id: str, secret: str, api_base_url: str, clock: Clock = utc_now, timeout: Timeout = (3, 5)
) -> OfficialAuthorization:
    """An Official Account's. timeout: connect, read, in seconds."""
    return OfficialAuthorization(app_id, secret, api_base_url, open_session(api_base_url, timeout), clock)


def not_known(error: SendError) -> bool:
    """Whether WeChat says that the code is none: used, expired or made up. Anything else is trouble of ours."""
    return error.fate is Fate.REFUSED


def _authorize(api_base_url: str, asked: dict[str, str]) -> str:
    # In WeChat's own order: some of its versions have been seen to want it.
    query = urlencode(asked)
    return f"{_host(api_base_url, 'https://open.weixin.qq.com')}/connect/oauth2/authorize?{query}#wechat_redirect"


def _host(api_base_url: str, real: str) -> str:
    return real if urlsplit(api_base_url).hostname in _OWN_PAGES else api_base_url.rstrip("/")
