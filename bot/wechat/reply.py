"""被动回复: the answer that travels back on WeChat's own request, free and without quota."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.wechat.codec import Codec
from bot.wechat.fields import clean

# This word goes back unsealed in every mode; any other unsealed answer shows the person
# "该公众号提供的服务出现故障".
SUCCESS = b"success"
MAX_TEXT_BYTES = 2048
MAX_STREAM_BYTES = 20480


def seal_reply(
    codec: Codec, push_fields: Mapping[str, Any], text: str, now: datetime, *, sealed: bool, is_json: bool
) -> bytes:
    """The body that answers a push with one text, in the push's own format.

    text beyond 2048 UTF-8 bytes is cut and ends in "…".  now: aware UTC.
    """
    stamp = int(now.timestamp())
    letter = _letter(push_fields, stamp, "text") | {"Content": cut(clean(text), MAX_TEXT_BYTES)}
    plain = _render(letter, is_json)
    return (_envelope(codec, plain, stamp, is_json) if sealed else plain).encode("utf-8", "replace")


def seal_button(codec: Codec, push_fields: Mapping[str, Any], label: str, now: datetime) -> bytes:
    """The body that answers a pressed card of WeCom: its buttons become one that says `label`, for the presser."""
    stamp = int(now.timestamp())
    letter = _letter(push_fields, stamp, "update_button") | {"Button": {"ReplaceName": clean(label)}}
    return _envelope(codec, _render(letter, False), stamp, False).encode("utf-8", "replace")


def seal_stream(codec: Codec, text: str, now: datetime) -> bytes:
    """The body that answers the group bot's push: a stream message that is finished at once."""
    content = cut(clean(text), MAX_STREAM_BYTES)
    said = {"msgtype": "stream", "stream": {"id": secrets.token_hex(16), "finish": True, "content": content}}
    return _lower_envelope(codec, said, now)


def seal_welcome(codec: Codec, text: str, now: datetime) -> bytes:
    """The body that answers somebody who opens a conversation with the bot; there it has to be a plain text."""
    return _lower_envelope(codec, {"msgtype": "text", "text": {"content": cut(clean(text), MAX_TEXT_BYTES)}}, now)


def _lower_envelope(codec: Codec, said: Mapping[str, Any], now: datetime) -> bytes:
    """What the group bot's answers come in; the names are in small letters, against WeChat's habit."""
    encrypted, nonce = codec.encrypt(json.dumps(said, ensure_ascii=False)), secrets.token_hex(8)
    stamp = int(now.timestamp())
    signature = codec.signature(str(stamp), nonce, encrypted)
    letter = {"encrypt": encrypted, "msgsignature": signature, "timestamp": stamp, "nonce": nonce}
    return json.dumps(letter).encode()


def _letter(push_fields: Mapping[str, Any], stamp: int, kind: str) -> dict[str, Any]:
    return {
        "ToUserName": str(push_fields.get("FromUserName", "")),
        "FromUserName": str(push_fields.get("ToUserName", "")),
        "CreateTime": stamp,
        "MsgType": kind,
    }


def cut(text: str, limit: int) -> str:
    """Shorten to at most `limit` UTF-8 bytes without halving a character."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= limit:
        return text
    return raw[: limit - len("…".encode())].decode("utf-8", "ignore") + "…"


def _envelope(codec: Codec, plain: str, stamp: int, is_json: bool) -> str:
    encrypted, nonce = codec.encrypt(plain), secrets.token_hex(8)
    return _render(
        {
            "Encrypt": encrypted,
            "MsgSignature": codec.signature(str(stamp), nonce, encrypted),
            "TimeStamp": stamp,
            "Nonce": nonce,
        },
        is_json,
    )


def _render(values: Mapping[str, Any], is_json: bool) -> str:
    if is_json:
        return json.dumps(values, ensure_ascii=False)
    return f"<xml>{''.join(_element(name, value) for name, value in values.items())}</xml>"


def _element(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(_element(*inner) for inner in value.items())}</{name}>"
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    # Left as it is, "]]>" in a citizen's words would end the section and let the rest pose as our own XML.
    safe = value.replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{safe}]]></{name}>"
