"""推送: opening what WeChat posts to us: size, age, signature, envelope, in this order.

Everything a webhook needs is importable from here; reading, meaning and replying have their own modules.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from bot.wechat.codec import Codec, CodecError
from bot.wechat.fields import Unreadable, is_json, read_fields
from bot.wechat.meaning import to_message
from bot.wechat.reply import SUCCESS, seal_reply

__all__ = [
    "MAX_BODY",
    "SUCCESS",
    "Push",
    "PushRefused",
    "Unreadable",
    "dedupe_key",
    "group_dedupe_key",
    "open_push",
    "read_fields",
    "seal_reply",
    "to_message",
    "verify",
    "verify_sealed",
]

MAX_BODY = 64 * 1024
# No XML name starts with "#": a real field can never be taken for this mark.
_UNREAD = "#unreadable"


@dataclass(frozen=True, slots=True)
class Push:
    """推送: one opened push.

    body: exactly what was said, decrypted, XML or JSON.  fields: the same, read; for a signed body nobody
    can read it holds only a digest.  sealed: it came in an envelope, so the answer must too.
    """

    body: str
    fields: dict[str, Any]
    sealed: bool
    is_json: bool


class PushRefused(Exception):
    """拒收: not from WeChat, or not for us; status is the HTTP answer, reason is for the operator."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(status, reason)
        self.status = status
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.status} {self.reason}"


def verify(codec: Codec, query: Mapping[str, str], now: datetime, max_age: timedelta) -> str:
    """接入验证: the echostr to answer the console's GET with, as it is; raises PushRefused.

    An Official Account's echostr is plain text in safe mode too.
    """
    _check_age(query, now, max_age)
    _check_signature(codec, query, "signature")
    echo = query.get("echostr")
    if not echo:
        raise PushRefused(403, "echostr is missing")
    return echo


def verify_sealed(codec: Codec, query: Mapping[str, str], now: datetime, max_age: timedelta) -> str:
    """接入验证 of WeCom: its echostr comes encrypted, and goes back decrypted; raises PushRefused."""
    _check_age(query, now, max_age)
    echo = query.get("echostr", "")
    _check_signature(codec, query, "msg_signature", echo)
    try:
        return codec.decrypt(echo)
    except CodecError as error:
        raise PushRefused(400, str(error)) from error


def open_push(
    codec: Codec,
    query: Mapping[str, str],
    body: bytes,
    now: datetime,
    *,
    max_age: timedelta,
    envelope: str = "Encrypt",
) -> Push:
    """Open one POST from WeChat in plain, compatible or safe mode; raises PushRefused.

    envelope: the name of the element that holds the sealed message.

    A codec with a key takes sealed pushes only: the plain signature does not cover the body, so whoever once
    saw one signed address could otherwise say anything in anybody's name.
    """
    if len(body) > MAX_BODY:
        raise PushRefused(413, f"the body is larger than {MAX_BODY} bytes")
    _check_age(query, now, max_age)
    if not codec.has_key:
        _check_signature(codec, query, "signature")
        return _push(_decode(body), sealed=False)
    encrypted = _sealed_copy(_decode(body), envelope)
    _check_signature(codec, query, "msg_signature", encrypted)
    try:
        return _push(codec.decrypt(encrypted), sealed=True)
    except CodecError as error:
        raise PushRefused(400, str(error)) from error


def dedupe_key(account: str, fields: Mapping[str, Any]) -> str:
    """去重键: 64 hex digits, the same for every delivery of the same push and for nothing else.

    A message is its sender and MsgId (two people have been seen with one MsgId). Events have no number and
    several can fall into one second, so an event is everything it says.
    """
    number = str(fields.get("MsgId", "")) or "0"
    told = json.dumps(fields, sort_keys=True, default=str) if number == "0" else number
    parts = (account, str(fields.get("FromUserName", "")), str(fields.get("MsgType", "")), told)
    return sha256(repr(parts).encode()).hexdigest()


def group_dedupe_key(account: str, fields: Mapping[str, Any]) -> str:
    """去重键 of the group bot: its msgid; an event without one is everything it says."""
    told = str(fields.get("msgid") or "") or json.dumps(fields, sort_keys=True, default=str)
    return sha256(repr((account, "group", told)).encode()).hexdigest()


def _check_age(query: Mapping[str, str], now: datetime, max_age: timedelta) -> None:
    stamp = query.get("timestamp", "")
    # Digits only: int() would also take " 1_0 " and overlong numbers are no time.
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise PushRefused(403, "timestamp is missing or is no number")
    age = now.timestamp() - int(stamp)
    if abs(age) > max_age.total_seconds():
        raise PushRefused(403, f"timestamp is {age:.0f} s old: a replay, or this machine's clock is wrong")


def _check_signature(codec: Codec, query: Mapping[str, str], name: str, *parts: str) -> None:
    if not codec.is_signed(query.get(name), query.get("timestamp"), query.get("nonce"), *parts):
        raise PushRefused(403, f"{name} does not match: not from WeChat, or another Token in the console")


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PushRefused(400, "the body is not UTF-8") from error


def _sealed_copy(text: str, envelope: str) -> str:
    """The sealed element; in compatible mode the plain copy beside it is not even looked at."""
    try:
        encrypted = read_fields(text).get(envelope)
    except Unreadable as error:
        raise PushRefused(400, f"the envelope cannot be read: {error}") from error
    if not isinstance(encrypted, str) or not encrypted:
        raise PushRefused(403, "the push is not sealed, but an EncodingAESKey is configured: set 安全模式")
    return encrypted


def _push(text: str, *, sealed: bool) -> Push:
    try:
        fields = read_fields(text)
    except Unreadable:
        # It is signed, so it is WeChat's: it has to be kept and acknowledged, or it comes again three times.
        fields = {_UNREAD: sha256(text.encode()).hexdigest()}
    return Push(text, fields, sealed, is_json(text))
