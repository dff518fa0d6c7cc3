"""探测: pushes made by ourselves, signed and sealed as WeChat would, and what comes back for them."""

import json
import secrets
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

import requests
from urllib3.exceptions import HTTPError, NameResolutionError, ReadTimeoutError

from bot.wechat.codec import Codec

EVENT = "self_check"  # an event WeChat has not; nobody sent it, so it is kept and means nothing
_MOST_BYTES = 64 * 1024


class Obstacle(StrEnum):
    """障碍: why no answer came."""

    NO_SUCH_NAME = "no_such_name"
    REFUSED = "refused"
    TLS = "tls"
    SLOW = "slow"
    BROKEN = "broken"


class NoAnswer(Exception):
    """没有应答: what stood in the way, and the network's own words."""

    def __init__(self, obstacle: Obstacle, words: str) -> None:
        super().__init__(obstacle, words)
        self.obstacle = obstacle
        self.words = words


@dataclass(frozen=True, slots=True)
class Answer:
    """应答: what came back, after how many seconds. at: what time it is there (aware), None where it tells none."""

    status: int
    body: bytes
    content_type: str = ""
    location: str = ""
    seconds: float = 0.0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """探测推送: one request. expects: the body a GET has to bring back.  said: what a POST holds, unsealed."""

    method: str
    query: Mapping[str, str]
    body: bytes = field(default=b"", repr=False)
    content_type: str = "text/xml"
    expects: bytes = b""
    said: str = ""


def greeting(codec: Codec, now: datetime, *, sealed: bool) -> Probe:
    """接入验证 as the console does it. sealed: WeCom's way, where the echostr is encrypted."""
    echo = str(10**18 + secrets.randbelow(10**18))
    if sealed:
        hidden = codec.encrypt(echo)
        query = {**_signed(codec, now, hidden), "echostr": hidden}
    else:
        query = {**_signed(codec, now), "echostr": echo}
    return Probe("GET", query, expects=echo.encode())


def nobodys_event(codec: Codec, owner: str, now: datetime) -> Probe:
    """An event in XML that nobody sent; sealed wherever there is a key. owner: to whom it is pushed."""
    stamp = str(int(now.timestamp()))
    told = {"ToUserName": owner, "FromUserName": "", "CreateTime": stamp, "MsgType": "event", "Event": EVENT}
    said = _xml({**told, "EventKey": secrets.token_hex(8)})
    if not codec.has_key:
        return Probe("POST", _signed(codec, now), said.encode(), said=said)
    sealed = codec.encrypt(said)
    query = {**_signed(codec, now, sealed), "encrypt_type": "aes"}
    return Probe("POST", query, _xml({"ToUserName": owner, "Encrypt": sealed}).encode(), said=said)


def nobodys_group_event(codec: Codec, now: datetime) -> Probe:
    """The same as a group bot gets it: JSON in an envelope."""
    said = json.dumps({"msgtype": "event", "msgid": secrets.token_hex(8), "event": {"eventtype": EVENT}})
    sealed = codec.encrypt(said)
    query = _signed(codec, now, sealed)
    return Probe("POST", query, json.dumps({"encrypt": sealed}).encode(), "application/json", said=said)


def _xml(values: Mapping[str, str]) -> str:
    return f"<xml>{''.join(f'<{name}><![CDATA[{value}]]></{name}>' for name, value in values.items())}</xml>"


def send(url: str, probe: Probe, patience: float) -> Answer:
    """Send a probe; raises NoAnswer. patience: seconds for the connection and then for each piece of the answer."""
    headers = {"Content-Type": probe.content_type} if probe.body else {}
    return _ask(requests.Request(probe.method, url, headers, params=dict(probe.query), data=probe.body), patience)


def look(url: str, patience: float) -> Answer:
    """Whatever an address answers, without any token; raises NoAnswer."""
    return _ask(requests.Request("GET", url), patience)


def _signed(codec: Codec, now: datetime, sealed: str = "") -> dict[str, str]:
    """The query of a push. The plain signature is there in safe mode, too, though it covers nothing then."""
    stamp, nonce = str(int(now.timestamp())), secrets.token_hex(8)
    query = {"timestamp": stamp, "nonce": nonce, "signature": codec.signature(stamp, nonce)}
    return {**query, "msg_signature": codec.signature(stamp, nonce, sealed)} if sealed else query


def _ask(request: requests.Request, patience: float) -> Answer:
    began = time.monotonic()
    try:
        with requests.Session() as session:
            prepared = session.prepare_request(request)
            way = session.merge_environment_settings(prepared.url, {}, True, None, None)
            # Redirects are not followed: WeChat does not follow them either.
            response = session.send(prepared, timeout=(patience, patience), allow_redirects=False, **way)
            body = response.raw.read(_MOST_BYTES, decode_content=True)
    except (requests.RequestException, HTTPError, OSError) as error:
        raise _no_answer(error) from error
    headers = response.headers
    kind, location = headers.get("Content-Type", ""), headers.get("Location", "")
    seconds = time.monotonic() - began
    return Answer(response.status_code, body, kind, location, seconds, _time(headers.get("Date", "")))


def _no_answer(error: Exception) -> NoAnswer:
    for cause in _causes(error):
        for kind, obstacle in _OBSTACLES:
            if isinstance(cause, kind):
                return NoAnswer(obstacle, getattr(cause, "verify_message", "") or type(cause).__name__)
    return NoAnswer(Obstacle.BROKEN, type(error).__name__)


# Looked for in every link of the chain: requests calls half of these ConnectionError.
_OBSTACLES: tuple[tuple[type[BaseException], Obstacle], ...] = (
    (ssl.SSLError, Obstacle.TLS),
    (NameResolutionError, Obstacle.NO_SUCH_NAME),
    (ConnectionRefusedError, Obstacle.REFUSED),
    (TimeoutError, Obstacle.SLOW),
    (requests.Timeout, Obstacle.SLOW),
    (ReadTimeoutError, Obstacle.SLOW),
)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The innermost first: it knows best."""
    inner = error.__cause__ or error.__context__
    if inner is not None:
        yield from _causes(inner)
    yield error


def _time(date: str) -> datetime | None:
    try:
        return parsedate_to_datetime(date)
    except ValueError:
        return None
