"""Wire format of WeCom (企业微信报文): sealed XML in both directions, the CorpID inside the envelope."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from simulator.crypto import Envelope, EnvelopeError, sign
from simulator.wecom.settings import Corp
from simulator.wire import BadAnswer, Fields, Request, parse_xml, to_xml, with_query


def corp_push(corp: Corp, fields: Fields | str, now: datetime) -> Request:
    """Build one signed POST; `fields` may be a raw body, which is sealed as it stands."""
    plain = fields if isinstance(fields, str) else to_xml(fields)
    sealed = Envelope(corp.aes_key, corp.corp_id).seal(plain)
    # The outside tells which app it is for, so that one address can serve several; the inside is what counts.
    body = to_xml({"ToUserName": corp.corp_id, "AgentID": str(corp.agent_id), "Encrypt": sealed})
    return Request(with_query(corp.webhook, signed(corp.token, sealed, now)), body.encode(), "text/xml")


def signed(token: str, sealed: str, now: datetime) -> dict[str, str]:
    """Return the query that goes with a sealed text; there is no `signature` beside msg_signature here."""
    stamp, nonce = str(int(now.timestamp())), str(secrets.randbelow(10**10))
    return {"msg_signature": sign(token, stamp, nonce, sealed), "timestamp": stamp, "nonce": nonce}


def read_corp_answer(corp: Corp, userid: str, body: str) -> dict[str, Any] | None:
    """Return the fields of a passive reply, None for an empty body. Raises BadAnswer for all else."""
    if not body.strip():
        return None
    fields = _unseal(corp, parse_xml(body))
    receiver, sender = str(fields.get("ToUserName", "")), str(fields.get("FromUserName", ""))
    if receiver.lower() != userid.lower() or sender != corp.corp_id:
        raise BadAnswer("ToUserName or FromUserName is not the push's, turned round")
    return fields


def _unseal(corp: Corp, outer: dict[str, Any]) -> dict[str, Any]:
    try:
        sealed, signature = str(outer["Encrypt"]), str(outer["MsgSignature"])
        stamp, nonce = str(outer["TimeStamp"]), str(outer["Nonce"])
    except KeyError as error:
        raise BadAnswer(f"a sealed answer needs {error}") from error
    if sign(corp.token, stamp, nonce, sealed) != signature:
        raise BadAnswer("MsgSignature is wrong")
    try:
        return parse_xml(Envelope(corp.aes_key, corp.corp_id).open(sealed))
    except EnvelopeError as error:
        raise BadAnswer(str(error)) from error
