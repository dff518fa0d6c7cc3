"""令牌: one access token per account for all threads, processes and machines.

Redis lets the processes share it; without Redis each keeps its own, which /stable_token makes harmless.
"""

from datetime import datetime, timedelta
from threading import Lock

import redis
import requests

from bot.wechat.errors import Fate, SendError, from_status, no_answer, read_answer
from bot.wechat.token_source import TokenSource
from bot.wechat.token_store import FORCE_PAUSE, LOCK_SECONDS, Held, TokenStore, token_redis

__all__ = ["TokenKeeper", "token_redis"]

# After a refusal that only a change of settings can end, and after one that may pass by itself.
_REST = {Fate.ALARM: timedelta(seconds=30), Fate.RETRY: timedelta(seconds=2)}
_OTHERS_FORCE_SECONDS = 2.0


class TokenKeeper:
    """令牌管理: hands out the access token, renews it early, once, and within WeChat's limits."""

    def __init__(self, source: TokenSource, store: redis.Redis | None = None) -> None:
        """Keep the token of one account. store: see token_redis; None keeps the token in this process."""
        self._source = source
        self._store = TokenStore(store, f"wechat:token:{source.key}")
        self._mutex = Lock()
        self._held: Held | None = None
        self._forced_at: datetime | None = None
        self._failure: tuple[SendError, datetime] | None = None

    def __repr__(self) -> str:
        return f"<TokenKeeper {self._source.key}>"

    def get(self, now: datetime) -> str:
        """The current token; raises SendError when there is none to be had."""
        held = self._held
        if held and held.is_fresh(now):
            return held.token
        # While the old token still works, one thread renews it and nobody waits.
        if held and held.is_valid(now):
            if not self._mutex.acquire(blocking=False):
                return held.token
        else:
            self._mutex.acquire()
        try:
            return self._current(now).token
        finally:
            self._mutex.release()

    def renew(self, bad_token: str, now: datetime) -> str:
        """A token in the place of one WeChat refused; raises SendError (TOKEN) if that was only just renewed.

        Whoever comes second, in this process or another, gets what the first one fetched.
        """
        with self._mutex:
            for known in (self._held, self._store.load()):
                if known and known.token != bad_token and known.is_valid(now):
                    return self._hold(known).token
            return self._replacement(bad_token, now).token

    def _current(self, now: datetime) -> Held:
        known = [held for held in (self._held, self._store.load()) if held and held.is_valid(now)]
        for held in known:
            if held.is_fresh(now):
                return self._hold(held)
        try:
            return self._fetch_once(now)
        except SendError:
            if not known:
                raise
            return known[0]

    def _fetch_once(self, now: datetime) -> Held:
        """Fetch, unless another process is already doing it: then take what it brings."""
        with self._store.fetching() as mine:
            if not mine:
                brought = self._store.wait(lambda held: held.is_valid(now), LOCK_SECONDS)
                return self._hold(brought) if brought else self._fetch(now, force=False)
            # Another process may have been first between our look and the lock.
            shared = self._store.load()
            return self._hold(shared) if shared and shared.is_fresh(now) else self._fetch(now, force=False)

    def _replacement(self, bad_token: str, now: datetime) -> Held:
        if self._forced_at and now < self._forced_at + FORCE_PAUSE:
            raise _refused_twice()
        if self._source.renews:
            # An expired token is replaced without force, of which there are only twenty a day.
            fetched = self._fetch(now, force=False, but=bad_token)
            if fetched.token != bad_token:
                return fetched
        self._forced_at = now
        if self._store.is_first_to_force():
            return self._fetch(now, force=True)
        brought = self._store.wait(lambda held: held.token != bad_token, _OTHERS_FORCE_SECONDS)
        if brought is None:
            raise _refused_twice()
        return self._hold(brought)

    def _hold(self, held: Held) -> Held:
        self._held = held
        return held

    def _fetch(self, now: datetime, *, force: bool, but: str = "") -> Held:
        if self._failure and now < self._failure[1]:
            raise SendError(*self._failure[0].args)
        try:
            held = self._ask(now, force=force)
        except SendError as error:
            # Sixty-four threads that all want a token must not become sixty-four refused requests.
            self._failure = (error, now + _REST.get(error.fate, FORCE_PAUSE))
            raise
        self._failure = None
        # The refused token once more: shared, it would cover up what another process may just have forced.
        if held.token == but:
            return held
        self._store.save(held)
        return self._hold(held)

    def _ask(self, now: datetime, *, force: bool) -> Held:
        body, source = self._post(force=force), self._source
        answer = read_answer(source.family, body, now, (source.secret,), asks_for_token=True)
        token, seconds = answer.get("access_token"), answer.get("expires_in", 7200)
        if not (isinstance(token, str) and token and isinstance(seconds, int) and seconds > 0):
            raise SendError(Fate.RETRY, None, "微信没有给出 access_token")
        return Held(token, now, now + timedelta(seconds=seconds))

    def _post(self, *, force: bool) -> bytes:
        try:
            response = self._source.ask(force=force)
        except requests.RequestException as error:
            failure = no_answer(error)
        else:
            if response.status_code == requests.codes.ok:
                return response.content
            failure = from_status(response.status_code)
        # Raised out here, or the request's own error with its address would travel along as the context.
        raise failure


def _refused_twice() -> SendError:
    return SendError(Fate.TOKEN, None, "access_token 刚刷新过仍被拒绝，请检查 AppID 与 AppSecret")
