"""回调自检: whether what WeChat pushes would reach us at web.public_url, be understood, and be answered in time."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot.check_line import Line
from bot.installation import Installation
from bot.wechat.codec import Codec
from bot.wechat.entrances import Entrance
from bot.wechat.fields import read_fields
from bot.wechat.probe import Answer, NoAnswer, Obstacle, Probe, greeting, nobodys_event, nobodys_group_event, send
from models.inbound import InboundMessage, Intake

PUSH_SECONDS = 5.0
WORK_ECHO_SECONDS = 1.0  # 企业微信 gives the console's GET no more
_PORTS = {80, 443}
_WECHATS = re.compile(r"(.+\.)?weixin\.qq\.com")
_ELSEWHERE = "the push is accepted, but does not come into our database: the address leads to another installation"
_NO_ADDRESS = "unknown: set web.public_url in config.yaml to the address WeChat reaches this installation at"


@dataclass(frozen=True, slots=True)
class Callback:
    """回调: one webhook. owner: AppID or CorpID, "" for a group bot.  api: where its family's API is."""

    entrance: Entrance
    codec: Codec
    owner: str
    api: str

    @property
    def is_group(self) -> bool:
        return not self.owner

    def url(self, public_url: str) -> str:
        return f"{public_url}{self.entrance.path}/{self.entrance.key}"


def check_callbacks(installation: Installation, now: datetime) -> Iterator[Line]:
    """The address, then for each webhook the console's check and a push."""
    public_url = installation.settings.web.public_url
    if not public_url:
        yield Line(False, "public address", _NO_ADDRESS)
        return
    callbacks = list(_callbacks(installation))
    trouble = next((words for one in callbacks if (words := address_trouble(public_url, one.api))), "")
    yield Line(not trouble, "public address", trouble or public_url)
    for callback in callbacks:
        yield from _check(installation, callback, callback.url(public_url), now)


def _callbacks(installation: Installation) -> Iterator[Callback]:
    doors = installation.doors
    for door in doors.official.values():
        yield Callback(door.entrance, door.entrance.codec, door.account.app_id, door.account.api_base_url)
    for work in doors.work.values():
        yield Callback(work.entrance, work.entrance.codec, work.app.corp_id, work.app.api_base_url)
    for group in doors.groups.values():
        yield Callback(group.entrance, group.entrance.codec, "", group.bot.api_base_url)


def address_trouble(public_url: str, api_base_url: str) -> str:
    """Why WeChat would not push to this address, "" where it would. A simulator pushes anywhere."""
    if not _WECHATS.fullmatch(urlsplit(api_base_url).hostname or ""):
        return ""
    parts = urlsplit(public_url)
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    if port not in _PORTS:
        return f"{public_url} has port {port}, and WeChat pushes to 80 and 443 only: put a proxy in front"
    if _is_inside(parts.hostname or ""):
        return f"{public_url} is an address of this network only: WeChat needs one that the internet knows"
    return ""


def _is_inside(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost"


def _check(installation: Installation, callback: Callback, url: str, now: datetime) -> Iterator[Line]:
    key, official = callback.entrance.key, callback.entrance.path == "wechat"
    probe = greeting(callback.codec, now, sealed=not official)
    limit = PUSH_SECONDS if official else WORK_ECHO_SECONDS
    trouble = _trouble(url, probe, limit, lambda answer: echo_trouble(answer, probe.expects))
    yield Line(not trouble, f"callback of {key}", f"{url}: {trouble}" if trouble else f"{url} answers WeChat's check")
    if trouble:
        return  # a push would fail for the same reason
    push = nobodys_group_event(callback.codec, now) if callback.is_group else _event(callback, now)
    trouble = _trouble(url, push, PUSH_SECONDS, push_trouble) or _kept_trouble(installation, callback, push)
    yield Line(not trouble, f"pushes to {key}", f"{url}: {trouble}" if trouble else "are opened, kept and answered")


def _event(callback: Callback, now: datetime) -> Probe:
    return nobodys_event(callback.codec, callback.owner, now)


def _trouble(url: str, probe: Probe, limit: float, judge: Callable[[Answer], str]) -> str:
    try:
        answer = send(url, probe, limit + 1)
    except NoAnswer as error:
        return f"{_OBSTACLES[error.obstacle]} ({error.words})"
    return time_trouble(answer, limit) or door_trouble(answer) or judge(answer)


_OBSTACLES = {
    Obstacle.NO_SUCH_NAME: "the name cannot be resolved: is web.public_url spelt right, and is there a DNS record?",
    Obstacle.REFUSED: "the connection is refused: is `run.py web` (or the proxy in front) running on this port?",
    Obstacle.TLS: "TLS fails, and WeChat will not connect either: renew or complete the certificate",
    Obstacle.SLOW: "no answer in time: is a firewall in the way, or `run.py web` overloaded?",
    Obstacle.BROKEN: "the connection breaks: is https:// or http:// right in web.public_url?",
}


def time_trouble(answer: Answer, limit: float) -> str:
    """Whether WeChat would have gone before the answer came."""
    if answer.seconds <= limit:
        return ""
    return f"the answer took {answer.seconds:.1f} s, and WeChat hangs up after {limit:g} s: look at database and load"


def door_trouble(answer: Answer) -> str:
    """Whether it was our webhook at all that answered, and what it refused."""
    if 300 <= answer.status < 400:
        return (
            f"redirects to {answer.location}, which WeChat does not follow, and browsers turn a POST into a GET "
            "there: give the last address, with or without the / at its end, or mend the proxy"
        )
    if answer.status != 200:
        return _refusal(answer)
    if "html" in answer.content_type.lower() or answer.body.lstrip()[:1] == b"<":
        return "a web page answers, perhaps a login or an error page: the proxy must pass this path to `run.py web`"
    return ""


def _refusal(answer: Answer) -> str:
    words = answer.body.decode("utf-8", "replace")
    for told, advice in _REFUSALS:
        if told in words:
            return advice
    if answer.status in (502, 503, 504):
        return f"HTTP {answer.status}: the proxy is there, but does not reach `run.py web` behind it"
    return f"HTTP {answer.status}: another program answers here: the proxy must pass this path to `run.py web`"


_RESTART = "is in use there: restart `run.py web`, it started with other settings"
# What bot/webhook.py says when it refuses. It reads the same file as we, so it read it at another time.
_REFUSALS = (
    (
        "signature does not match",
        f"another token {_RESTART}",
    ),
    ("padding is wrong", f"another aes_key {_RESTART}"),
    ("made for another account", f"another aes_key, app_id or corp_id {_RESTART}"),
    ("no EncodingAESKey", f"no aes_key {_RESTART}"),
    ("is not sealed", f"an aes_key, though there is none in this file, {_RESTART}"),
    ("timestamp is", "its clock and ours differ by minutes: set both by NTP"),
    ("unknown account", "`run.py web` does not know this key: restart it, or look whether it reads this config.yaml"),
    ("not kept", "the push arrives, but its database does not take it: look at its log"),
)


def echo_trouble(answer: Answer, echo: bytes) -> str:
    """Whether the echo came back as it was sent, with nothing around it."""
    if answer.body == echo:
        return ""
    return _wrapped(answer.body, (echo,)) or "another word than WeChat's echostr comes back: is it our `run.py web`?"


def push_trouble(answer: Answer) -> str:
    """Whether WeChat would take the answer for success."""
    if answer.body in (b"", b"success"):
        return ""
    return _wrapped(answer.body, (b"", b"success")) or "something else comes back than success or nothing"


def _wrapped(body: bytes, wanted: tuple[bytes, ...]) -> str:
    """What a proxy or filter has put around the answer; "" where it is another answer altogether."""
    for what, around in (("a BOM", b"\xef\xbb\xbf"), ("blanks or line breaks", b" \t\r\n"), ("quotes", b"\"'")):
        if body.strip(around) in wanted:
            return f"{what} come back around the answer, and WeChat takes none: a proxy or filter adds it"
    return ""


def _kept_trouble(installation: Installation, callback: Callback, push: Probe) -> str:
    """Whether what was pushed has come into this very database, and waits for nothing."""
    key = callback.entrance.dedupe_key(read_fields(push.said))
    try:
        with installation.database.glance() as session:
            state = session.scalars(select(InboundMessage.state).where(InboundMessage.dedupe_key == key)).first()
    except SQLAlchemyError:
        return ""  # said already, about the database
    if state is None:
        return f"{_ELSEWHERE} or to one that runs without aes_key: restart `run.py web`"
    return "" if state is Intake.DONE else "the push is kept, but could not be understood: look at the web's log"
