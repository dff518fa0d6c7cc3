"""The door (客户端的门): one simulator's address, and what comes back through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

_TIMEOUT = 75  # longer than the longest wait the simulator allows


class SimulatorError(RuntimeError):
    """模拟器拒绝: the simulator did not do it; the text is its reason."""


class NotHeard(AssertionError):
    """没等到: the person did not get such a line in time; the text shows the conversation."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """一行: a bubble of the conversation. `sender` is user, account or system."""

    n: int
    sender: str
    way: str
    type: str
    text: str
    picture: str
    at: str
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """结果: what became of a push. `outcome` is waiting, accepted, answered or failed."""

    push_id: int
    msg_id: int
    outcome: str
    reply: str
    attempts: tuple[Mapping[str, Any], ...]


class Door:
    """One simulator's address and the two verbs used on it."""

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/") + "/sim"

    def get(self, path: str, **query: Any) -> Any:
        """Return the JSON answer, or None for 404."""
        response = self._ask("GET", path, params=query)
        return None if response.status_code == 404 else self._read(response)

    def post(self, path: str, words: Mapping[str, Any], **query: Any) -> Any:
        """Send JSON and return the answer. Raises SimulatorError with the simulator's reason."""
        return self._read(self._ask("POST", path, params=query, json=words))

    def upload(self, path: str, words: Mapping[str, Any], *photos: Path, **query: Any) -> Any:
        """Send a form with files."""
        files = [("file", (photo.name, photo.read_bytes())) for photo in photos]
        return self._read(self._ask("POST", path, params=query, data=words, files=files))

    def delete(self, path: str) -> None:
        """Remove something."""
        self._read(self._ask("DELETE", path))

    def _ask(self, method: str, path: str, **more: Any) -> requests.Response:
        with requests.Session() as session:
            # A proxy set for the outside world would be asked for 127.0.0.1 too.
            session.trust_env = False
            return session.request(method, self._base + path, timeout=_TIMEOUT, **more)

    @staticmethod
    def _read(response: requests.Response) -> Any:
        if not response.ok:
            raise SimulatorError(f"HTTP {response.status_code}: {response.text[:500]}")
        return response.json()


def to_line(plain: Mapping[str, Any]) -> Line:
    """Read a line as the simulator writes it."""
    names = ("n", "way", "type", "text", "picture", "at", "extra")
    return Line(sender=plain["from"], **{name: plain[name] for name in names})


def to_outcome(plain: Mapping[str, Any]) -> Outcome:
    """Read what became of a push."""
    names = ("push_id", "msg_id", "outcome", "reply")
    return Outcome(attempts=tuple(plain["attempts"]), **{name: plain[name] for name in names})
