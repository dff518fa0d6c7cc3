"""Client (测试客户端): act as a person and switch faults, from a test or a script."""

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


class _Door:
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

    def upload(self, path: str, words: Mapping[str, Any], file: Path, **query: Any) -> Any:
        """Send a form with one file."""
        files = {"file": (file.name, file.read_bytes())}
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


class Person:
    """人物: one person's phone.

    `hears` gives each line once and looks at everything since this object was made, so what was said
    between two waits is not lost and the same reminder can be waited for twice.
    """

    def __init__(self, base: str, account: str, openid: str) -> None:
        self._door = _Door(base)
        self._who = {"account": account, "openid": openid}
        # Earlier lines belong to another story; a wait must not be satisfied by them.
        self._start = max((line.n for line in self.lines()), default=0)
        self._heard: set[int] = set()

    def says(self, text: str, *, choice: str = "", wait: bool = True) -> Outcome:
        """Send a text; by default come back when the webhook has answered. `choice` is a tapped menu id."""
        return self.acts({"type": "text", "text": text, "bizmsgmenuid": choice}, wait=wait)

    def sends_photo(self, photo: str | Path, *, taken: str = "", wait: bool = True) -> Outcome:
        """Send a picture: a file, or the name of a sample. `taken` is an ISO time written into a sample."""
        if isinstance(photo, str):
            return self.acts({"type": "image", "sample": photo, "taken": taken}, wait=wait)
        words = {**self._who, "type": "image"}
        return _outcome(self._door.upload("/say", words, photo, wait=int(wait)))

    def sends_place(self, lat: float, lon: float, label: str = "", *, wait: bool = True) -> Outcome:
        """Send a location in GCJ-02 degrees."""
        return self.acts({"type": "location", "lat": lat, "lon": lon, "label": label}, wait=wait)

    def sends_link(self, title: str, description: str, url: str, *, wait: bool = True) -> Outcome:
        """Forward an article."""
        return self.acts({"type": "link", "title": title, "description": description, "url": url}, wait=wait)

    def scans(self, scene: str, *, wait: bool = True) -> Outcome:
        """Scan a QR code; a person who does not follow follows by it."""
        return self.does("SCAN", scene, wait=wait)

    def clicks(self, key: str, *, wait: bool = True) -> Outcome:
        """Tap a menu button."""
        return self.does("CLICK", key, wait=wait)

    def does(self, event: str, key: str = "", *, wait: bool = True) -> Outcome:
        """Cause an event: subscribe, unsubscribe, SCAN, CLICK, LOCATION …"""
        return self.acts({"type": "event", "event": event, "key": key}, wait=wait)

    def sends_raw(self, body: str, *, wait: bool = True) -> Outcome:
        """Send a push body exactly as given."""
        return self.acts({"type": "raw", "raw": body}, wait=wait)

    def allows(self, *, scene: int | None = None, template: str = "", accept: bool = True) -> None:
        """Tap a subscription link: a one-time scene or a notice's template."""
        chosen: dict[str, Any] = {"template": template} if scene is None else {"scene": scene}
        self._door.post("/authorise", {**self._who, **chosen, "accept": accept})

    def closes_window(self) -> None:
        """Let the 48 hours pass at once."""
        self._door.post("/window", {**self._who, "close": True})

    def hears(self, contains: str, timeout: float = 10) -> Line:
        """Wait for a line with these words. Raises NotHeard with the whole conversation."""
        after = self._start
        while True:
            found = self._door.get("/wait", **self._who, after=after, contains=contains, timeout=timeout)
            if found is None:
                raise NotHeard(f"{contains!r} was not heard in {timeout} s; the conversation:\n{self._transcript()}")
            # Already given out: go on behind it, the next of the same words may be the one waited for.
            after = found["n"]
            if after not in self._heard:
                self._heard.add(after)
                return _line(found)

    def lines(self, after: int = 0) -> list[Line]:
        """Return the conversation."""
        return [_line(one) for one in self._door.get("/conversation", **self._who, after=after)]

    def new_lines(self) -> list[Line]:
        """Return what was said since this object was made."""
        return self.lines(self._start)

    def last(self) -> Line:
        """Return the newest line. Raises IndexError in an empty conversation."""
        return self.lines()[-1]

    def acts(self, words: Mapping[str, Any], *, wait: bool = True) -> Outcome:
        """Do anything /sim/say knows."""
        return _outcome(self._door.post("/say", {**self._who, **words}, wait=int(wait)))

    def _transcript(self) -> str:
        return "\n".join(f"{line.n:>5} {line.sender:<8}{line.way:<10}{line.text}" for line in self.new_lines())


class Faults:
    """故障: switch faults on and off."""

    def __init__(self, base: str) -> None:
        self._door = _Door(base)

    def add(self, name: str, **how: Any) -> int:
        """Switch one on (count, openid, path, value) and return its number."""
        return int(self._door.post("/faults", {"name": name, **how})["id"])

    def clear(self) -> None:
        """Switch all off."""
        self._door.delete("/faults")


class Records:
    """记录: what WeChat saw."""

    def __init__(self, base: str) -> None:
        self._door = _Door(base)

    def calls(self, path: str = "") -> list[dict[str, Any]]:
        """Return the API calls, of one path or all."""
        return [one for one in self._door.get("/calls") if not path or one["path"] == path]

    def pushes(self) -> list[dict[str, Any]]:
        """Return the pushes with all their attempts."""
        return list(self._door.get("/pushes"))

    def state(self) -> dict[str, Any]:
        """Return accounts, people and banner."""
        return dict(self._door.get("/state"))

    def add_person(self, account: str, name: str, openid: str = "", role: str = "", *, following: bool = True) -> str:
        """Add someone and return the openid."""
        words = {"account": account, "name": name, "openid": openid, "role": role, "following": following}
        return str(self._door.post("/people", words)["openid"])

    def verify(self, account: str) -> dict[str, Any]:
        """Press the console's 提交 button: does the webhook echo?"""
        return dict(self._door.post("/verify", {}, account=account))


def _line(plain: Mapping[str, Any]) -> Line:
    names = ("n", "way", "type", "text", "picture", "at", "extra")
    return Line(sender=plain["from"], **{name: plain[name] for name in names})


def _outcome(plain: Mapping[str, Any]) -> Outcome:
    names = ("push_id", "msg_id", "outcome", "reply")
    return Outcome(attempts=tuple(plain["attempts"]), **{name: plain[name] for name in names})
