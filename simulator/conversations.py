"""Conversations (会话): every line each person sees on the phone, in the order it appeared."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from threading import Condition
from typing import Any

Key = tuple[str, str]  # account, openid


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """一行: one bubble. `sender` is user, account or system; `way` is how the account spoke."""

    n: int
    account: str
    openid: str
    sender: str
    type: str
    text: str
    at: str
    way: str = ""
    picture: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return what the page and the client read; `sender` is called `from` there."""
        plain = asdict(self)
        plain["from"] = plain.pop("sender")
        return plain


class Conversations:
    """会话簿: append-only and shared by threads; readers may wait for the next line."""

    def __init__(self, kept: Iterable[Line] = ()) -> None:
        self._lines: list[Line] = []
        self._by_person: defaultdict[Key, list[Line]] = defaultdict(list)
        self._changed = Condition()
        for line in kept:
            self._lines.append(line)
            self._by_person[line.account, line.openid].append(line)

    def add(
        self, key: Key, sender: str, kind: str, text: str, now: datetime,
        *, way: str = "", picture: str = "", **extra: Any,
    ) -> Line:  # fmt: skip
        """Append a line and wake everyone who waits."""
        # Number and place in the list are given under one lock, so a reader never sees 8 before 7.
        with self._changed:
            line = Line(
                n=self.last + 1, account=key[0], openid=key[1], sender=sender, type=kind, text=text,
                at=now.isoformat(), way=way, picture=picture, extra=extra,
            )  # fmt: skip
            self._lines.append(line)
            self._by_person[key].append(line)
            self._changed.notify_all()
        return line

    @property
    def last(self) -> int:
        """The number of the newest line, 0 when there is none."""
        return self._lines[-1].n if self._lines else 0

    def since(self, n: int) -> list[Line]:
        """Return all lines after number n, whoever's they are."""
        return _after(self._lines, n)

    def of(self, key: Key, after: int = 0) -> list[Line]:
        """Return one person's lines after number `after`."""
        return _after(self._by_person.get(key, []), after)

    def wait_since(self, n: int, timeout: float) -> list[Line]:
        """Return lines after n, waiting up to `timeout` seconds for the first."""
        with self._changed:
            self._changed.wait_for(lambda: self.last > n, timeout)
        return self.since(n)

    def wait_for(self, key: Key, after: int, contains: str, timeout: float) -> Line | None:
        """Return the first line the person did not write that holds `contains`, or None after the wait."""
        deadline = time.monotonic() + timeout
        while True:
            # Taken before looking: a line that arrives in between must wake us, not be slept through.
            seen = self.last
            for line in self.of(key, after):
                # What the person wrote would otherwise be found as its own answer.
                if line.sender != "user" and contains in line.text:
                    return line
            left = deadline - time.monotonic()
            if left <= 0 or not self.wait_since(seen, left):
                return None


def _after(lines: list[Line], n: int) -> list[Line]:
    # Numbers only grow, so a stream that asks every time does not walk the whole history.
    return lines[bisect_right(lines, n, key=lambda line: line.n) :]
