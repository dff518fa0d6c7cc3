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


def seal_reply(
    codec: Codec, push_fields: Mapping[str, Any], text: str, now: datetime, *, sealed: bool, is_json: bool
) -> bytes:
    """The body that answers a push with one text, in the push's own format.

    text beyond 2048 UTF-8 bytes is cut and ends in "…".  now: aware UTC.
    """
    stamp = int(now.timestamp())
    letter: dict[str, str | int] = {
        "ToUserName": str(push_fields.get("FromUserName", "")),
        "FromUserName": str(push_fields.get("ToUserName", "")),
        "CreateTime": stamp,
        "MsgType": "text",
        "Content": cut(clean(text), MAX_TEXT_BYTES),
    }
    plain = _render(letter, is_json)
    return (_envelope(codec, plain, stamp, is_json) if sealed else plain).encode("utf-8", "replace")


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


def _render(values: Mapping[str, str | int], is_json: bool) -> str:
    if is_json:
        return json.dumps(values, ensure_ascii=False)
    return f"<xml>{''.join(_element(name, value) for name, value in values.items())}</xml>"


def _element(name: str, value: str | int) -> str:
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    # Left as it is, "]]>" in a citizen's words would end the section and let the rest pose as our own XML.
    safe = value.replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{safe}]]></{name}>"
