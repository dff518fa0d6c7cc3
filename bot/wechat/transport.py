"""通道: HTTP to WeChat's API server and to nothing else, with a timeout on every call."""

import logging
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

API = "https://api.weixin.qq.com/cgi-bin/"
# As many as the worker has threads for sending; more would open and close a connection per message.
POOL_SIZE = 64
Timeout = tuple[float, float]

# At DEBUG it writes every address with its access_token into the log.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


class OneHostAdapter(HTTPAdapter):
    """Sends every request to the configured server, whichever address it names.

    wechatpy writes https://api.weixin.qq.com into half of its addresses, and passes no timeout in some calls.
    """

    def __init__(self, base_url: str, timeout: Timeout) -> None:
        super().__init__(pool_connections=1, pool_maxsize=POOL_SIZE)
        parts = urlsplit(base_url)
        self._origin = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self._timeout = timeout

    def send(  # type: ignore[override]  # the parent names every keyword; all but the timeout pass through
        self, request: requests.PreparedRequest, timeout: Any = None, **rest: Any
    ) -> requests.Response:
        request.url = self._origin + request.path_url
        return super().send(request, timeout=timeout or self._timeout, **rest)


class TimedAdapter(HTTPAdapter):
    """Puts a timeout on every call that has none."""

    def __init__(self, timeout: Timeout) -> None:
        super().__init__(pool_connections=POOL_SIZE, pool_maxsize=POOL_SIZE)
        self._timeout = timeout

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, timeout: Any = None, **rest: Any
    ) -> requests.Response:
        return super().send(request, timeout=timeout or self._timeout, **rest)


def open_session(base_url: str, timeout: Timeout) -> requests.Session:
    """A session bound to one server; safe for many threads, since nothing in it changes afterwards."""
    return _session(base_url, OneHostAdapter(base_url, timeout))


def open_web(timeout: Timeout) -> requests.Session:
    """A session for addresses that WeChat names itself. Its user checks each against the hosts it knows."""
    return _session("https://qyapi.weixin.qq.com/", TimedAdapter(timeout))


def _session(example: str, adapter: HTTPAdapter) -> requests.Session:
    session = requests.Session()
    # Proxies and certificates from the environment are read once: requests would do it for every message.
    settings = session.merge_environment_settings(example, {}, None, None, None)
    session.proxies, session.verify = settings["proxies"], settings["verify"]
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    return session
