"""设置值: the kinds of values config.yaml holds. Each refuses what it cannot mean, and says so without the value
where the value may be a secret."""

import re
from binascii import Error as NotBase64
from binascii import a2b_base64
from datetime import time, timedelta
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, SecretStr
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST = timedelta(days=3650)
_DATABASES = ("sqlite", "postgresql+psycopg")
_BROKERS = ("redis", "rediss", "unix")


# Of every block of settings: an unknown key is an error, and no error shows a value.
STRICT = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, hide_input_in_errors=True)


def duration(words: object) -> timedelta:
    """时长: "12h", "30m", "-2h", "1h30m", "0"; ten years at most. Raises ValueError."""
    if isinstance(words, timedelta):
        return words
    text = str(words).strip()
    if not re.fullmatch(r"-?([0-9]{1,9}(\.[0-9]{1,6})?[smhd])+|0", text):
        raise ValueError(f"{words!r} is not a duration; write 12h, 30m, 90s, 1h30m or -2h")
    seconds = sum(float(n) * _UNITS[unit] for n, _, unit in re.findall(r"([0-9]+(\.[0-9]+)?)([smhd])", text))
    if seconds > _LONGEST.total_seconds():
        raise ValueError(f"{words!r} is longer than ten years")
    return timedelta(seconds=-seconds if text.startswith("-") else seconds)


def _positive(span: timedelta) -> timedelta:
    if span <= timedelta(0):
        raise ValueError("must be longer than nothing")
    return span


def _clock_time(words: object) -> time:
    if not re.fullmatch(r"\d{2}:\d{2}", str(words)):
        raise ValueError(f'{words!r} is not a time of day; write "22:00" with quotes')
    return time.fromisoformat(str(words))


def _zone(words: object) -> ZoneInfo:
    # Looked up in the list: ZoneInfo itself fails in three different ways, one of them an open folder.
    if str(words) not in available_timezones():
        raise ValueError(f"{words!r} is no time zone; write for example Asia/Shanghai")
    return ZoneInfo(str(words))


def _base_url(url: str) -> str:
    parts = urlsplit(url)
    # The port is only looked at when it is asked for; one that is none says so then.
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError(f"{url!r} must start with https:// and name a host (or http:// for the simulator)")
    if parts.username is not None or parts.query or parts.fragment:
        # Not shown, because it may hold a password; and addresses stand in logs.
        raise ValueError("must hold no user, no password and nothing behind a ? or a #")
    return url.rstrip("/") + "/"


def _tile_url(url: str) -> str:
    missing = [part for part in ("{z}", "{x}", "{y}") if part not in url]
    if url and (missing or urlsplit(url).scheme != "https" or not urlsplit(url).hostname):
        raise ValueError("write https://HOST/…{z}…{x}…{y}…, or nothing for a map of our own shapes")
    return url


def _database_url(url: SecretStr) -> SecretStr:
    try:
        backend = make_url(url.get_secret_value()).drivername
    except ArgumentError:
        backend = ""
    if backend not in _DATABASES:
        raise ValueError("write sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME")
    return url


def _broker_url(url: SecretStr) -> SecretStr:
    if urlsplit(url.get_secret_value()).scheme not in _BROKERS:
        raise ValueError("write redis://HOST:PORT/0, rediss://… or unix:///PATH")
    return url


def _aes_key(key: SecretStr) -> SecretStr:
    try:
        size = len(a2b_base64(key.get_secret_value() + "="))
    except (NotBase64, ValueError):
        size = 0
    if size != 32 or len(key.get_secret_value()) != 43:
        raise ValueError("must be the 43 characters WeChat's console shows as EncodingAESKey")
    return key


def _account_key(key: str) -> str:
    if not re.fullmatch(r"[a-z0-9_-]{1,32}", key):
        raise ValueError(f"{key!r} must be 1 to 32 of a-z, 0-9, _ and -: it is part of the webhook's address")
    return key


Duration = Annotated[timedelta, BeforeValidator(duration)]
Span = Annotated[timedelta, BeforeValidator(duration), AfterValidator(_positive)]
ClockTime = Annotated[time, BeforeValidator(_clock_time)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Url = Annotated[str, AfterValidator(_base_url)]
PublicUrl = Annotated[str, AfterValidator(lambda url: _base_url(url) if url else "")]
TileUrl = Annotated[str, AfterValidator(_tile_url)]
Secret = Annotated[SecretStr, Field(min_length=1)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]
BrokerUrl = Annotated[SecretStr, AfterValidator(_broker_url)]
AesKey = Annotated[SecretStr, AfterValidator(_aes_key)]
AccountKey = Annotated[str, AfterValidator(_account_key)]
Count = Annotated[int, Field(ge=1, strict=True)]
# What a template's field can be filled with; Desk.short makes them, the headline is the word's own 【…】.
ShortValue = Literal["headline", "number", "title", "place", "unit", "due", "remark"]
