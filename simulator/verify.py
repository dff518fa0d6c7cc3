"""Verification (服务器验证): the GET handshake of the console's 提交 button."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import requests

from simulator.aibot.wire import RECEIVER
from simulator.crypto import Envelope, sign
from simulator.settings import Account
from simulator.wecom.settings import Corp, Group
from simulator.wecom.wire import signed


def verify(account: Account | Corp | Group, now: datetime) -> dict[str, Any]:
    """Ask the webhook to echo a random text; `ok` only when it comes back with nothing around it.

    WeCom sends the text sealed, for an app and for a bot; the Official Account sends it as it is.
    """
    echo = str(secrets.randbelow(10**19))
    if isinstance(account, Account):
        stamp, nonce = str(int(now.timestamp())), str(secrets.randbelow(10**9))
        query = {"signature": sign(account.token, stamp, nonce), "timestamp": stamp, "nonce": nonce, "echostr": echo}
    else:
        receiver = account.corp_id if isinstance(account, Corp) else RECEIVER
        sealed = Envelope(account.aes_key, receiver).seal(echo)
        query = {**signed(account.token, sealed, now), "echostr": sealed}
    return _ask(account.webhook, query, echo)


def _ask(webhook: str, query: Mapping[str, str], echo: str) -> dict[str, Any]:
    with requests.Session() as session:
        session.trust_env = False
        try:
            response = session.get(webhook, params=query, timeout=5, allow_redirects=False)
        except requests.RequestException as error:
            return {"ok": False, "status": 0, "answer": type(error).__name__}
    # Bytes, not text: a BOM, quotes or a newline around the echo make the real check fail as well.
    ok = response.status_code == 200 and response.content == echo.encode()
    return {"ok": ok, "status": response.status_code, "answer": response.text[:200]}
