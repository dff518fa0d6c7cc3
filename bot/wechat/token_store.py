"""令牌共享: the access token in Redis, where all processes find it; a Redis that is away counts as empty."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

# WeChat renews five minutes early and honours both tokens meanwhile.
EARLY = timedelta(seconds=300)
# WeChat takes one force_refresh in 30 s and twenty a day.
FORCE_PAUSE = timedelta(seconds=30)
# A little longer than the longest fetch: connect 3 s, read 5 s.
LOCK_SECONDS = 9.0
_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Held:
    """A token and its times, aware UTC; its repr keeps the token to itself."""

    token: str
    fetched_at: datetime
    expires_at: datetime

    def __repr__(self) -> str:
        return f"<token until {self.expires_at:%H:%M:%S}>"

    def is_valid(self, now: datetime) -> bool:
        """Tell whether WeChat should still take it."""
        return now < self.expires_at

    def is_fresh(self, now: datetime) -> bool:
        """Tell whether it is too early to renew it."""
        # A short-lived token is renewed at half its life, and none more often than WeChat likes to be asked.
        lead = min(EARLY, (self.expires_at - self.fetched_at) / 2)
        return now < self.expires_at - lead or (self.is_valid(now) and now < self.fetched_at + FORCE_PAUSE)


def token_redis(url: str) -> redis.Redis:
    """A Redis client that rather gives up than keeps a message waiting: 0.3 s, no retries."""
    return redis.Redis.from_url(url, socket_timeout=0.3, socket_connect_timeout=0.3, retry=Retry(NoBackoff(), 0))


class TokenStore:
    """One account's place in Redis; never raises for a Redis that fails."""

    def __init__(self, client: redis.Redis | None, key: str) -> None:
        self._client = client
        self._key = key

    def load(self) -> Held | None:
        """What some process fetched last, if it is there and whole."""
        if self._client is None:
            return None
        try:
            kept = json.loads(self._client.get(self._key) or "null")
            token, fetched, expires = kept
            return Held(str(token), datetime.fromtimestamp(fetched, UTC), datetime.fromtimestamp(expires, UTC))
        except (redis.RedisError, ValueError, TypeError, OverflowError):
            return None

    def save(self, held: Held) -> None:
        """Share it until it runs out; if that fails the others fetch their own."""
        if self._client is None:
            return
        times = held.fetched_at.timestamp(), held.expires_at.timestamp()
        life = max(1, int(times[1] - times[0]))
        self._try(lambda client: client.set(self._key, json.dumps([held.token, *times]), ex=life))

    def wait(self, wanted: Callable[[Held], bool], seconds: float) -> Held | None:
        """Look until another process has brought a token that is wanted, or the time is over."""
        give_up = time.monotonic() + seconds
        while self._client is not None and time.monotonic() < give_up:
            held = self.load()
            if held and wanted(held):
                return held
            time.sleep(_POLL_SECONDS)
        return None

    def is_first_to_force(self) -> bool:
        """Tell whether no process has forced a new token within the pause; counts this as one."""
        pause = int(FORCE_PAUSE.total_seconds() * 1000)
        return self._try(lambda client: client.set(f"{self._key}:forced", 1, nx=True, px=pause))

    @contextmanager
    def fetching(self) -> Iterator[bool]:
        """Hold the right to fetch; yields False when another process has it."""
        lock = None if self._client is None else self._client.lock(f"{self._key}:lock", timeout=LOCK_SECONDS)
        mine = self._try(lambda _: lock is None or lock.acquire(blocking=False))
        try:
            yield mine
        finally:
            if mine and lock is not None:
                self._try(lambda _: lock.release())

    def _try(self, act: Callable[[redis.Redis], object]) -> bool:
        """Act if there is a Redis; without one everybody is first and everything is allowed."""
        if self._client is None:
            return True
        try:
            return bool(act(self._client))
        except redis.RedisError:
            return True
