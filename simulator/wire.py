"""Wire format (报文): push bodies as WeChat writes them, and the answers of a webhook read strictly."""

from __future__ import annotations

import json
import secrets
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from simulator.crypto import Envelope, EnvelopeError, sign
from simulator.settings import Account

Fields = Mapping[str, Any]
_CONTENT_TYPES = {"xml": "text/xml", "json": "application/json"}


class BadAnswer(ValueError):
    """应答有误: the webhook answered something WeChat would not take; the text says what."""


@dataclass(frozen=True, slots=True)
class Request:
    """推送请求: one signed POST, ready to go."""

    url: str
    body: bytes
    content_type: str


def to_xml(fields: Fields) -> str:
    """Write fields as WeChat's XML: strings in CDATA, numbers bare, in the order given."""
    return "<xml>" + "".join(_element(name, value) for name, value in fields.items()) + "</xml>"


def _element(name: str, value: object) -> str:
    if isinstance(value, Mapping):
        inner = "".join(_element(*pair) for pair in value.items())
    elif isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    elif isinstance(value, str):
        # A "]]>" in what a person typed would end the section early; two sections side by side read the same.
        inner = "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"
    else:
        inner = str(value)
    return f"<{name}>{inner}</{name}>"


def write(account: Account, fields: Fields) -> str:
    """Write fields in the account's format."""
    return to_xml(fields) if account.format == "xml" else json.dumps(fields, ensure_ascii=False)


def with_query(address: str, query: Mapping[str, str]) -> str:
    """Return an address with a query added to the one it may have."""
    return address + ("&" if "?" in address else "?") + urlencode(query)


def push_request(account: Account, openid: str, fields: Fields | str, now: datetime) -> Request:
    """Build one signed POST. `fields` may be a raw body, which is then sent as it stands (sealed if safe)."""
    # Raw bodies are for fixtures, also broken ones, so nothing here may look into them.
    plain = fields if isinstance(fields, str) else write(account, fields)
    stamp, nonce = str(int(now.timestamp())), str(secrets.randbelow(10**10))
    query = {"signature": sign(account.token, stamp, nonce), "timestamp": stamp, "nonce": nonce, "openid": openid}
    if account.mode != "plain":
        sealed = Envelope(account.aes_key, account.app_id).seal(plain)
        # `signature` stays in the query in safe mode too but does not cover the body; msg_signature does.
        query |= {"encrypt_type": "aes", "msg_signature": sign(account.token, stamp, nonce, sealed)}
        plain = _with_sealed(account, fields, sealed)
    return Request(with_query(account.webhook, query), plain.encode(), _CONTENT_TYPES[account.format])


def _with_sealed(account: Account, fields: Fields | str, sealed: str) -> str:
    # Compatible mode carries both copies in one body; a raw text cannot be mixed with a second one.
    clear = dict(fields) if account.mode == "compatible" and not isinstance(fields, str) else {}
    return write(account, {"ToUserName": account.gh_id, **clear, "Encrypt": sealed})


def read_answer(account: Account, openid: str, body: str) -> dict[str, Any] | None:
    """Return the fields of a passive reply, or None when the push was only accepted.

    Raises BadAnswer for whatever WeChat would show as a failure to the person.
    """
    # Both are sent bare even in safe mode.
    if body.strip() in ("", "success"):
        return None
    fields = _parse(account, body)
    if account.mode == "safe" or "Encrypt" in fields:
        fields = _unseal(account, fields)
    # Sender and receiver swap places in a reply; forgetting that is the commonest mistake after JSON.
    if (fields.get("ToUserName"), fields.get("FromUserName")) != (openid, account.gh_id):
        raise BadAnswer("ToUserName or FromUserName is not the push's, turned round")
    return fields


def _unseal(account: Account, outer: dict[str, Any]) -> dict[str, Any]:
    try:
        sealed, signature = str(outer["Encrypt"]), str(outer["MsgSignature"])
        stamp, nonce = str(outer["TimeStamp"]), str(outer["Nonce"])
    except KeyError as error:
        raise BadAnswer(f"a sealed answer needs {error}") from error
    if sign(account.token, stamp, nonce, sealed) != signature:
        raise BadAnswer("MsgSignature is wrong")
    try:
        return _parse(account, Envelope(account.aes_key, account.app_id).open(sealed))
    except EnvelopeError as error:
        raise BadAnswer(str(error)) from error


def _parse(account: Account, text: str) -> dict[str, Any]:
    # A JSON answer to an XML push is the classic cause of 服务出现故障, so it is read only where JSON is agreed.
    if account.format == "json" and text.lstrip().startswith("{"):
        return parse_json(text)
    return parse_xml(text)


def parse_xml(text: str) -> dict[str, Any]:
    """Return the elements below <xml>. Raises BadAnswer."""
    try:
        root = ET.fromstring(text)  # noqa: S314 (comes from the webhook under test, on this machine)
    except ET.ParseError as error:
        raise BadAnswer(f"not XML: {error}") from error
    if root.tag != "xml":
        raise BadAnswer(f"the root is <{root.tag}>, not <xml>")
    return {child.tag: _value(child) for child in root}


def parse_json(text: str) -> dict[str, Any]:
    """Return the members of a JSON object. Raises BadAnswer."""
    try:
        fields = json.loads(text)
    except ValueError as error:
        raise BadAnswer(f"not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise BadAnswer("not a JSON object")
    return fields


def _value(element: ET.Element) -> Any:
    if not len(element):
        return element.text or ""
    children = list(element)
    # Articles hold items under one name; everything else is a plain object.
    if len({child.tag for child in children}) == 1 and children[0].tag == "item":
        return [_value(child) for child in children]
    return {child.tag: _value(child) for child in children}
