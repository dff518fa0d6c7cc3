"""扫码登录: a browser that wants in, for the three minutes in which somebody may say in WeChat that it is theirs.

Kept in Redis: it is over before anything could come of losing it, and whoever loses it scans again.
"""

import json
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import redis

from handlers.console_logins import Attempt

log = logging.getLogger(__name__)

GOOD_FOR = timedelta(minutes=3)
_PREFIX = "console-login"
_TRIES = 5
_MOST, _SPAN = 30, timedelta(minutes=10)  # codes for one address


@dataclass(frozen=True, slots=True)
class ConsoleLogins:
    """登录请求簿: offered in handlers as `Desk.console_logins`, and to the console."""

    store: redis.Redis

    def ask(self, attempt: Attempt) -> tuple[str, str]:
        """A browser asks to be let in. Returns the code to say in WeChat, and the secret the browser keeps.

        Two "" where it cannot be kept.
        """
        secret = secrets.token_urlsafe(32)
        if self._is_too_eager(attempt.address):
            return "", ""
        told = {"agent": attempt.agent, "address": attempt.address, "secret": secret, "person": 0}
        try:
            for _ in range(_TRIES):
                code = f"{secrets.randbelow(10**6):06d}"
                # Never one that somebody is reading off another screen just now.
                if self.store.set(_key(code), json.dumps(told), ex=GOOD_FOR, nx=True):
                    return code, secret
        except redis.RedisError:
            log.exception("no login can be asked for in WeChat")
        return "", ""

    def _is_too_eager(self, address: str) -> bool:
        """Each code may cost a QR code of WeChat's, and whoever asks has shown nothing yet."""
        mark = f"{_PREFIX}:from:{address}"
        try:
            count = self.store.incr(mark)
            if count == 1:
                self.store.expire(mark, _SPAN)
        except redis.RedisError:
            log.exception("nobody can be let in by WeChat now")
            return True
        return int(count) > _MOST

    def asked(self, code: str) -> Attempt | None:
        """Who asks with this code; None where nobody does, or somebody was let in on it."""
        told = self._told(code)
        return Attempt(told["agent"], told["address"]) if told and not told["person"] else None

    def confirm(self, code: str, person_id: int) -> bool:
        """确认登录 by this person. False where it came too late, or somebody else was first."""
        told = self._told(code)
        if not told or told["person"]:
            return False
        try:
            # Of two who confirm at once only one does.
            first = self.store.set(f"{_key(code)}:by", person_id, ex=GOOD_FOR, nx=True)
            kept = json.dumps({**told, "person": person_id})
            return bool(first and self.store.set(_key(code), kept, xx=True, keepttl=True))
        except redis.RedisError:
            log.exception("a login cannot be confirmed")
            return False

    def confirmed(self, code: str, secret: str) -> int | None:
        """Who has confirmed the browser that holds this secret: once.

        0 while nobody has; None when it is over, or was never this browser's.
        """
        told = self._told(code)
        if not told or not secrets.compare_digest(str(told["secret"]).encode(), secret.encode()):
            return None
        if not told["person"]:
            return 0
        try:
            return int(told["person"]) if self.store.delete(_key(code)) else None
        except redis.RedisError:
            log.exception("a confirmed login cannot be used")
            return None

    def _told(self, code: str) -> dict[str, Any] | None:
        if not (len(code) == 6 and code.isascii() and code.isdigit()):
            return None
        try:
            kept = self.store.get(_key(code))
        except redis.RedisError:
            log.exception("nobody knows which browser asks")
            return None
        found: dict[str, Any] | None = json.loads(kept) if kept else None
        return found


def _key(code: str) -> str:
    return f"{_PREFIX}:{code}"
