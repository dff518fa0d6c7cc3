"""令牌来源: where an access token is asked for: /stable_token, the older /token, or WeCom's /gettoken."""

from dataclasses import dataclass, field
from typing import Protocol

import requests

from bot.wechat.errors import Family
from bot.wechat.official_codes import OFFICIAL
from bot.wechat.transport import API, Timeout, open_session
from bot.wechat.work_codes import WORK


class TokenSource(Protocol):
    """来源. renews: asking without force brings another token than an expired one.  key: for the shared store."""

    @property
    def secret(self) -> str: ...

    @property
    def family(self) -> Family: ...

    @property
    def renews(self) -> bool: ...

    @property
    def key(self) -> str:
        """What tells its tokens from all others."""

    def ask(self, *, force: bool) -> requests.Response:
        """Ask WeChat; raises what requests raises. force: the current one is bad, and asking has not helped."""


@dataclass(frozen=True, slots=True)
class StableToken:
    """公众号稳定版令牌: the same for whoever asks; another one by force only, twenty times a day."""

    app_id: str
    secret: str = field(repr=False)
    http: requests.Session
    family: Family = OFFICIAL
    renews: bool = True

    @property
    def key(self) -> str:
        return f"{self.app_id}:stable"

    def ask(self, *, force: bool) -> requests.Response:
        who = {"grant_type": "client_credential", "appid": self.app_id, "secret": self.secret}
        return self.http.post(f"{API}stable_token", json={**who, "force_refresh": force}, allow_redirects=False)


@dataclass(frozen=True, slots=True)
class ClassicToken:
    """公众号普通令牌: each fetch makes a new one and ends everybody else's."""

    app_id: str
    secret: str = field(repr=False)
    http: requests.Session
    family: Family = OFFICIAL
    renews: bool = False

    @property
    def key(self) -> str:
        return f"{self.app_id}:classic"

    def ask(self, *, force: bool) -> requests.Response:
        who = {"grant_type": "client_credential", "appid": self.app_id, "secret": self.secret}
        return self.http.get(f"{API}token", params=who, allow_redirects=False)


@dataclass(frozen=True, slots=True)
class WorkToken:
    """企业微信令牌: one per app, the same while it is valid; there is no force, so a bad one is asked for anew."""

    corp_id: str
    agent_id: int
    secret: str = field(repr=False)
    http: requests.Session
    family: Family = WORK
    renews: bool = True

    @property
    def key(self) -> str:
        return f"{self.corp_id}:{self.agent_id}"

    def ask(self, *, force: bool) -> requests.Response:
        who = {"corpid": self.corp_id, "corpsecret": self.secret}
        return self.http.get(f"{API}gettoken", params=who, allow_redirects=False)


def official_source(
    app_id: str, secret: str, api_base_url: str, *, stable: bool = True, timeout: Timeout = (3, 5)
) -> TokenSource:
    """An Official Account's. timeout: connect, read, in seconds."""
    kind = StableToken if stable else ClassicToken
    return kind(app_id, secret, open_session(api_base_url, timeout))


def work_source(
    corp_id: str, agent_id: int, secret: str, api_base_url: str, timeout: Timeout = (3, 5)
) -> TokenSource:
    """A WeCom app's."""
    return WorkToken(corp_id, agent_id, secret, open_session(api_base_url, timeout))
