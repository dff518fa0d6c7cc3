"""Pacing (频率): how much WeCom lets through, what it drops without a word, what it answers twice but shows once."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from simulator.errors import Refused
from simulator.settings import Limits

_DROPPED_KEPT = 10_000


class Window:
    """滑动窗口: so many within so many seconds, for each key on its own."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._length = timedelta(seconds=seconds)
        self._times: defaultdict[object, deque[datetime]] = defaultdict(deque)

    def full(self, key: object, now: datetime) -> bool:
        """Tell whether one more would be too much."""
        times = self._times[key]
        while times and times[0] <= now - self._length:
            times.popleft()
        return len(times) >= self._most

    def add(self, key: object, now: datetime) -> None:
        """Count one."""
        self._times[key].append(now)


@dataclass(frozen=True, kw_only=True, slots=True)
class Dropped:
    """丢弃: a message WeCom accepted and never showed."""

    account: str
    userid: str
    msgtype: str
    text: str
    at: str


class Pacer:
    """节拍: the limits of one member and of one API."""

    def __init__(self, limits: Limits) -> None:
        minute = limits.minute_seconds
        self._minute = Window(limits.member_minute_messages, minute)
        self._hour = Window(limits.member_hour_messages, 60 * minute)
        self._calls = Window(limits.corp_calls_a_minute, minute)
        self._dropped: deque[Dropped] = deque(maxlen=_DROPPED_KEPT)
        self._lock = Lock()

    def call(self, corp: str, path: str, now: datetime) -> None:
        """Count a call of one API. Raises Refused 45009 when the minute is full."""
        with self._lock:
            if self._calls.full((corp, path), now):
                raise Refused(45009)
            self._calls.add((corp, path), now)

    def admit(self, corp: str, userid: str, now: datetime) -> bool:
        """Count a message to a member; False when it is one too many."""
        key = (corp, userid.lower())
        with self._lock:
            # Nobody has published whether dropped messages count; played as if they did not.
            if self._minute.full(key, now) or self._hour.full(key, now):
                return False
            self._minute.add(key, now)
            self._hour.add(key, now)
            return True

    def drop(self, dropped: Dropped) -> None:
        """Remember for tests what no member will ever see."""
        self._dropped.append(dropped)

    def dropped(self) -> list[dict[str, Any]]:
        """Return what was dropped, oldest first."""
        return [asdict(one) for one in list(self._dropped)]


class Repeats:
    """重复检查: an identical send within the interval gets the first one's answer."""

    def __init__(self) -> None:
        self._answers: dict[str, tuple[datetime, Mapping[str, Any]]] = {}
        # Held from the question to the answer: a sender that lost patience repeats itself while we still work.
        self.lock = Lock()

    def answer(self, mark: str, now: datetime, interval: float) -> Mapping[str, Any] | None:
        """Return the earlier answer, or None when it is none or too long ago."""
        at, answer = self._answers.get(mark, (None, None))
        return answer if at is not None and now - at < timedelta(seconds=interval) else None

    def remember(self, mark: str, now: datetime, answer: Mapping[str, Any]) -> None:
        """Keep the answer of a send."""
        self._answers[mark] = (now, answer)
