"""Access tokens (access_token): the two ways to get one, kept apart from each other as WeChat does."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from simulator.errors import Refused
from simulator.settings import Limits

_LENGTH = 136  # bytes before Base64; real ones are this long, and columns too short for them are a known bug


@dataclass(slots=True)
class _Token:
    text: str
    account: str
    until: datetime
    replaced_at: datetime | None = None

    def seconds_left(self, now: datetime) -> int:
        return max(0, round((self.until - now).total_seconds()))


class Tokens:
    """令牌: issues and checks the access tokens of all accounts."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._known: dict[str, _Token] = {}
        self._classic: dict[str, _Token] = {}
        self._stable: dict[str, _Token] = {}
        self._forced_at: dict[str, datetime] = {}
        self._lock = Lock()

    def classic(self, account: str, now: datetime) -> tuple[str, int]:
        """Issue by /token: always a new one; the one before lives on for the overlap only."""
        with self._lock:
            self._replace(self._classic.get(account), now, self._limits.token_overlap_seconds)
            return self._issue(self._classic, account, now)

    def stable(self, account: str, now: datetime, *, force: bool) -> tuple[str, int]:
        """Issue by /stable_token: the same one until it nears its end, or a new one by force."""
        with self._lock:
            current = self._stable.get(account)
            # Forcing again within half a minute refreshes nothing and gives the current one, without an error.
            if force and self._may_force(account, now):
                self._forced_at[account] = now
                self._replace(current, now, 0)
                return self._issue(self._stable, account, now)
            if current and now < current.until - self._renewal:
                return current.text, current.seconds_left(now)
            return self._issue(self._stable, account, now)

    def owner(self, text: str, now: datetime) -> str:
        """Return the account key of a valid token.

        Raises Refused 41001 for none, 42001 for one that ran out, 40001 for any other.
        """
        if not text:
            raise Refused(41001)
        token = self._known.get(text)
        # A replaced token is "not latest" (40001); only one left to run out is "expired" (42001).
        if token is None or (token.replaced_at is not None and token.until <= now):
            raise Refused(40001)
        if token.until <= now:
            raise Refused(42001)
        return token.account

    @property
    def _renewal(self) -> timedelta:
        # With a short life in tests the five minutes would be longer than the life itself.
        return timedelta(seconds=min(300, self._limits.token_seconds / 2))

    def _may_force(self, account: str, now: datetime) -> bool:
        last = self._forced_at.get(account)
        return last is None or now - last >= timedelta(seconds=self._limits.force_refresh_pause_seconds)

    def _replace(self, token: _Token | None, now: datetime, overlap: float) -> None:
        if token is not None and token.replaced_at is None:
            token.replaced_at = now
            token.until = min(token.until, now + timedelta(seconds=overlap))

    def _issue(self, shelf: dict[str, _Token], account: str, now: datetime) -> tuple[str, int]:
        until = now + timedelta(seconds=self._limits.token_seconds)
        token = _Token(text="SIM_" + secrets.token_urlsafe(_LENGTH), account=account, until=until)
        # Dead tokens are remembered for good, or a late caller could not be told 42001 from 40001.
        self._known[token.text] = shelf[account] = token
        return token.text, token.seconds_left(now)
