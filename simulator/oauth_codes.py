"""Codes of web authorisation (授权码): what a browser brings back, good for one question."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from simulator.errors import Refused


@dataclass(slots=True)
class _Code:
    owner: str
    openid: str
    until: datetime
    used: bool = False


class OauthCodes:
    """授权码簿: each code belongs to one account or corp, lives five minutes and is worth one answer."""

    def __init__(self, seconds: float) -> None:
        self._life = timedelta(seconds=seconds)
        self._known: dict[str, _Code] = {}
        self._lock = Lock()

    def issue(self, owner: str, openid: str, now: datetime) -> str:
        """Return a new code for somebody."""
        text = secrets.token_urlsafe(24)
        self._known[text] = _Code(owner, openid, now + self._life)
        return text

    def spend(self, text: str, owner: str, now: datetime) -> str:
        """Return whose code it is and use it up.

        Raises Refused 40029 for one nobody gave out or another account's, 40163 for a used one, 42003 for an old one.
        """
        with self._lock:
            code = self._known.get(text)
            if code is None or code.owner != owner:
                raise Refused(40029)
            if code.used:
                raise Refused(40163)
            if code.until <= now:
                raise Refused(42003)
            code.used = True
            return code.openid
