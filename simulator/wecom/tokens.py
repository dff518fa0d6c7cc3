"""Access tokens of WeCom (企业微信令牌): the same one for two hours, kept apart from the Official Account's."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from simulator.errors import Refused

_LENGTH = 160  # bytes before Base64


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    corp: str
    until: datetime


class CorpTokens:
    """令牌: issues and checks the tokens of all corps."""

    def __init__(self, seconds: float) -> None:
        self._life = timedelta(seconds=seconds)
        self._known: dict[str, _Token] = {}
        self._current: dict[str, _Token] = {}
        self._lock = Lock()

    def issue(self, corp: str, now: datetime) -> tuple[str, int]:
        """Return the corp's token and its seconds; a new one only when the last has run out."""
        with self._lock:
            current = self._current.get(corp)
            if current is None or current.until <= now:
                current = _Token("WECOM_" + secrets.token_urlsafe(_LENGTH), corp, now + self._life)
                # Dead tokens are remembered, or a late caller could not be told 42001 from 40014.
                self._known[current.text] = self._current[corp] = current
            return current.text, max(0, round((current.until - now).total_seconds()))

    def knows(self, text: str) -> bool:
        """Tell whether a token was ever issued here, valid or not."""
        return text in self._known

    def owner(self, text: str, now: datetime) -> str:
        """Return the corp of a valid token. Raises Refused 41001, 40014 or 42001."""
        if not text:
            raise Refused(41001)
        if text not in self._known:
            raise Refused(40014)
        if self._known[text].until <= now:
            raise Refused(42001)
        return self._known[text].corp
