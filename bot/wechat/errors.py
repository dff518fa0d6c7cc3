"""发送错误: from the answers of an API family to what has to happen next: one table for each (see *_codes.py)."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

BEIJING = timezone(timedelta(hours=8))
_MAX_REASON = 200


class Fate(StrEnum):
    """去向: what becomes of a call that failed."""

    RETRY = "retry"  # the same again later
    OTHER_WAY = "other_way"  # never this way, but the person can be reached by another
    BROKEN_BINDING = "broken_binding"  # the openid is nobody's
    ALARM = "alarm"  # nothing will get through until somebody changes the settings
    ALREADY_SENT = "already_sent"  # WeChat has it from an earlier try
    TOKEN = "token"  # noqa: S105 - the access token was refused, and again after one renewal
    REFUSED = "refused"  # permanent: this request is wrong and stays wrong


# A server or proxy that is overloaded; every other 4xx means that the address in the settings is wrong.
_BUSY = frozenset({408, 425, 429})

_SECRET = re.compile(
    r"""((?:access_token|(?:app|corp)?secret|ticket)["']?\s*[=:]\s*["']?)[^&\s"',}]+""", re.IGNORECASE
)


def unlisted(code: int) -> Fate:
    """A code that is in no table: 4xxxx is about the request; all else may pass, and the outbox bounds the tries."""
    return Fate.REFUSED if 40000 <= code < 50000 else Fate.RETRY


@dataclass(frozen=True, slots=True)
class Family:
    """接口族: what the codes of one API family mean; the same number may mean something else in another.

    daily: codes after which nothing gets through before midnight.  rest: the fate of every code without a row.
    """

    table: Mapping[int, tuple[Fate, str]]
    daily: frozenset[int] = frozenset()
    rest: Callable[[int], Fate] = field(default=unlisted)

    def error(self, code: int, message: str, now: datetime, secrets: Iterable[str] = ()) -> "SendError":
        """The error for an errcode; message is WeChat's errmsg."""
        fate, meaning = self.table.get(code) or (self.rest(code), "微信拒绝了请求")
        until = _next_midnight(now) if code in self.daily else None
        return SendError(fate, code, f"{meaning} ({scrub(message, secrets)})", until)


class SendError(Exception):
    """发送失败: a call to WeChat that failed, and what follows; picklable, holds no token and no secret.

    code: WeChat's errcode, None when there was none.  reason: for a person to read.
    until: aware time before which it is useless to try again, where WeChat says so.
    """

    def __init__(self, fate: Fate, code: int | None, reason: str, until: datetime | None = None) -> None:
        super().__init__(fate, code, reason, until)
        self.fate = fate
        self.code = code
        self.reason = reason
        self.until = until

    def __str__(self) -> str:
        return self.reason if self.code is None else f"{self.code} {self.reason}"


def scrub(text: str, secrets: Iterable[str] = ()) -> str:
    """Blank out the given secrets and whatever looks like one, and shorten the rest for a log line."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    return _SECRET.sub(r"\1***", text)[:_MAX_REASON]


def from_status(status: int) -> SendError:
    """The error for an HTTP status that is no success."""
    wrong_address = 300 <= status < 500 and status not in _BUSY
    return SendError(Fate.ALARM if wrong_address else Fate.RETRY, None, f"微信接口返回 HTTP {status}")


def no_answer(cause: Exception) -> SendError:
    """The error for a broken or silent connection; a request's own words hold the address with its token."""
    return SendError(Fate.RETRY, None, f"连接微信失败 ({type(cause).__name__})")


def read_answer(
    family: Family, body: bytes, now: datetime, secrets: Iterable[str] = (), *, asks_for_token: bool = False
) -> dict[str, Any]:
    """Read an answer of the API; raises SendError unless it is a JSON object without an errcode."""
    try:
        # Error messages have been seen cut in the middle of a character.
        answer = json.loads(body.decode("utf-8", "ignore"), strict=False)
        code = int(answer.get("errcode") or 0)
    except (ValueError, TypeError, AttributeError, RecursionError):
        answer, code = {}, None
    if code is None:
        raise SendError(Fate.RETRY, None, "微信接口的回答无法解析，可能来自中间的代理或登录页")
    if code:
        error = family.error(code, str(answer.get("errmsg", "")), now, secrets)
        # Where the token itself is asked for, "invalid credential" can only mean the secret.
        fate = Fate.ALARM if asks_for_token and error.fate is Fate.TOKEN else error.fate
        raise SendError(fate, error.code, error.reason, error.until)
    found: dict[str, Any] = answer
    return found


def _next_midnight(now: datetime) -> datetime:
    """WeChat counts its days in Beijing."""
    tomorrow = now.astimezone(BEIJING) + timedelta(days=1)
    return tomorrow.replace(hour=0, minute=0, second=0, microsecond=0)
