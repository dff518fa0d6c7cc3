"""Wire format of a group bot (智能机器人报文): sealed JSON in both directions, nobody's id inside the envelope."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from simulator.crypto import Envelope, EnvelopeError, sign
from simulator.wecom.settings import Group
from simulator.wecom.wire import signed
from simulator.wire import BadAnswer, Fields, Request, parse_json, with_query

RECEIVER = ""  # the receive id of a corp's own bot is empty


def bot_push(group: Group, fields: Fields | str, now: datetime) -> Request:
    """Build one signed POST; `fields` may be a raw body, which is sealed as it stands."""
    plain = fields if isinstance(fields, str) else json.dumps(fields, ensure_ascii=False)
    sealed = Envelope(group.aes_key, RECEIVER).seal(plain)
    address = with_query(group.webhook, signed(group.token, sealed, now))
    return Request(address, json.dumps({"encrypt": sealed}).encode(), "application/json")


def read_bot_answer(group: Group, body: str) -> dict[str, Any] | None:
    """Return the members of a passive reply, None for an empty body. Raises BadAnswer for all else."""
    if not body.strip():
        return None
    outer = parse_json(body)
    try:
        # Small letters here, unlike everything in XML.
        sealed, signature = str(outer["encrypt"]), str(outer["msgsignature"])
        stamp, nonce = str(outer["timestamp"]), str(outer["nonce"])
    except KeyError as error:
        raise BadAnswer(f"a sealed answer needs {error}") from error
    if sign(group.token, stamp, nonce, sealed) != signature:
        raise BadAnswer("msgsignature is wrong")
    try:
        return parse_json(Envelope(group.aes_key, RECEIVER).open(sealed))
    except EnvelopeError as error:
        raise BadAnswer(str(error)) from error
