"""Codes that work once (一次性凭据): response_code of cards, response_url of the group bot."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from simulator.errors import Refused


@dataclass(slots=True)
class _Code:
    meaning: tuple[str, ...]
    until: datetime
    used: bool = False


class Codes:
    """凭据簿: each code stands for something, works once and not for ever."""

    def __init__(self, seconds: float) -> None:
        self._life = timedelta(seconds=seconds)
        self._known: dict[str, _Code] = {}
        self._lock = Lock()

    def issue(self, now: datetime, *meaning: str) -> str:
        """Return a new code for something."""
        text = secrets.token_urlsafe(30)
        self._known[text] = _Code(meaning, now + self._life)
        return text

    def look(self, text: str, now: datetime) -> tuple[str, ...]:
        """Return what a code stands for. Raises Refused 42022 when it is unknown, used or expired."""
        code = self._known.get(text)
        if code is None or code.used or code.until <= now:
            raise Refused(42022)
        return code.meaning

    def peek(self, text: str) -> tuple[str, ...]:
        """Return what a code stands or stood for, () when nobody ever issued it."""
        return self._known[text].meaning if text in self._known else ()

    def spend(self, text: str, now: datetime) -> tuple[str, ...]:
        """Use a code up. Raises Refused 42022 as `look` does."""
        # Of two calls at once only one may win; that is the point of a code that works once.
        with self._lock:
            meaning = self.look(text, now)
            self._known[text].used = True
            return meaning

    def as_json(self) -> list[list[Any]]:
        """Return what has to be kept over a restart; a used code is refused like an unknown one."""
        known = list(self._known.items())
        return [[text, list(one.meaning), one.until.isoformat()] for text, one in known if not one.used]

    def restore(self, kept: list[list[Any]]) -> None:
        """Take back what `as_json` gave."""
        for text, meaning, until in kept:
            self._known[text] = _Code(tuple(meaning), datetime.fromisoformat(until))
