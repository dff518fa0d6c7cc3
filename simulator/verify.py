"""Verification (服务器验证): the GET handshake of the console's 提交 button."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

import requests

from simulator.crypto import sign
from simulator.settings import Account


def verify(account: Account, now: datetime) -> dict[str, Any]:
    """Ask the webhook to echo a random text; `ok` only when it comes back with nothing around it."""
    echo, stamp, nonce = str(secrets.randbelow(10**19)), str(int(now.timestamp())), str(secrets.randbelow(10**9))
    query = {"signature": sign(account.token, stamp, nonce), "timestamp": stamp, "nonce": nonce, "echostr": echo}
    with requests.Session() as session:
        session.trust_env = False
        try:
            response = session.get(account.webhook, params=query, timeout=5, allow_redirects=False)
        except requests.RequestException as error:
            return {"ok": False, "status": 0, "answer": type(error).__name__}
    # Bytes, not text: a BOM, quotes or a newline around the echo make the real check fail as well.
    ok = response.status_code == 200 and response.content == echo.encode()
    return {"ok": ok, "status": response.status_code, "answer": response.text[:200]}
