"""Client (测试客户端): act as a person or in a group and switch faults, from a test or a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from simulator.door import Door, Line, NotHeard, Outcome, SimulatorError, to_line, to_outcome

__all__ = ["Faults", "Group", "Line", "NotHeard", "Outcome", "Person", "Records", "SimulatorError"]


class Listener:
    """听者: whoever sees the lines of one conversation.

    `hears` gives each line once and looks at everything since this object was made, so what was said
    between two waits is not lost and the same reminder can be waited for twice.
    """

    def __init__(self, door: Door, account: str, openid: str) -> None:
        self._door = door
        self._who = {"account": account, "openid": openid}
        # Earlier lines belong to another story; a wait must not be satisfied by them.
        self._start = max((line.n for line in self.lines()), default=0)
        self._heard: set[int] = set()

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
                return to_line(found)

    def lines(self, after: int = 0) -> list[Line]:
        """Return the conversation."""
        return [to_line(one) for one in self._door.get("/conversation", **self._who, after=after)]

    def new_lines(self) -> list[Line]:
        """Return what was said since this object was made."""
        return self.lines(self._start)

    def last(self) -> Line:
        """Return the newest line. Raises IndexError in an empty conversation."""
        return self.lines()[-1]

    def _transcript(self) -> str:
        return "\n".join(f"{line.n:>5} {line.sender:<8}{line.way:<10}{line.text}" for line in self.new_lines())


class Person(Listener):
    """人物: one person's phone."""

    def __init__(self, base: str, account: str, openid: str) -> None:
        super().__init__(Door(base), account, openid)

    def says(self, text: str, *, choice: str = "", wait: bool = True) -> Outcome:
        """Send a text; by default come back when the webhook has answered. `choice` is a tapped menu id."""
        return self.acts({"type": "text", "text": text, "bizmsgmenuid": choice}, wait=wait)

    def sends_photo(self, photo: str | Path, *, taken: str = "", shot: int = 0, wait: bool = True) -> Outcome:
        """Send a picture: a file, or the name of a sample, photographed anew.

        taken: an ISO time, for the original file with what a phone writes into it.  shot: that very photo again.
        """
        if isinstance(photo, str):
            return self.acts({"type": "image", "sample": photo, "taken": taken, "shot": shot}, wait=wait)
        words = {**self._who, "type": "image"}
        return to_outcome(self._door.upload("/say", words, photo, wait=int(wait)))

    def sends_place(self, lat: float, lon: float, label: str = "", *, wait: bool = True) -> Outcome:
        """Send a location in GCJ-02 degrees."""
        return self.acts({"type": "location", "lat": lat, "lon": lon, "label": label}, wait=wait)

    def sends_link(self, title: str, description: str, url: str, *, wait: bool = True) -> Outcome:
        """Forward an article."""
        return self.acts({"type": "link", "title": title, "description": description, "url": url}, wait=wait)

    def cards(self) -> list[Mapping[str, Any]]:
        """Return the WeCom cards as they look now, the oldest first; `n` is the number of the line."""
        return list(self._door.get("/cards", **self._who))

    def presses(self, key: str, contains: str = "", *, wait: bool = True) -> Outcome:
        """Press a button by key or text on the newest open card that holds `contains`.

        Raises NotHeard when there is no such card.
        """
        held = [card for card in self.cards() if card["state"] == "open" and contains in _words(card)]
        held = [card for card in held if key in _names(card)]
        if not held:
            raise NotHeard(f"no open card holds {contains!r} and a button {key!r}; the cards: {self.cards()}")
        return self.acts({"type": "press", "task_id": held[-1]["task_id"], "key": key}, wait=wait)

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

    def acts(self, words: Mapping[str, Any], *, wait: bool = True) -> Outcome:
        """Do anything /sim/say knows."""
        return to_outcome(self._door.post("/say", {**self._who, **words}, wait=int(wait)))


def _words(card: Mapping[str, Any]) -> str:
    fields = [f"{one['name']}：{one['value']}" for one in card["fields"]]
    return "\n".join([card["title"], card["description"], card["sub"], *fields])


def _names(card: Mapping[str, Any]) -> set[str]:
    return {name for button in card["buttons"] for name in (button["key"], button["text"])}


class Group(Listener):
    """群: one group chat with its bot; everybody in it sees every line."""

    def __init__(self, base: str, key: str) -> None:
        super().__init__(Door(base), key, "")

    def says(
        self, userid: str, text: str = "", photos: Sequence[str | Path] = (), *,
        mentions: bool = True, quote: Line | int | None = None, wait: bool = True,
    ) -> Outcome:  # fmt: skip
        """Say something as a member: words, photos (files or names of samples), or both in one message.

        The bot hears only what mentions it; the outcome of all else is `unheard`.
        """
        quoted = quote.n if isinstance(quote, Line) else quote or 0
        words = {"openid": userid, "text": text, "mentions": int(mentions), "quote": quoted}
        return self._acts(words, photos, wait=wait)

    def says_alone(
        self, userid: str, text: str = "", photos: Sequence[str | Path] = (), *, kind: str = "", wait: bool = True
    ) -> Outcome:
        """Talk to the bot in private; `kind` may be voice, or enter_chat for opening the conversation."""
        return self._acts({"openid": userid, "text": text, "single": 1, "type": kind}, photos, wait=wait)

    def _acts(self, words: Mapping[str, Any], photos: Sequence[str | Path], *, wait: bool) -> Outcome:
        samples = ",".join(one for one in photos if isinstance(one, str))
        files = [one for one in photos if isinstance(one, Path)]
        said = {**words, "account": self._who["account"], "samples": samples}
        if files:
            return to_outcome(self._door.upload("/say", said, *files, wait=int(wait)))
        return to_outcome(self._door.post("/say", said, wait=int(wait)))


class Faults:
    """故障: switch faults on and off."""

    def __init__(self, base: str) -> None:
        self._door = Door(base)

    def add(self, name: str, **how: Any) -> int:
        """Switch one on (count, openid, path, value) and return its number."""
        return int(self._door.post("/faults", {"name": name, **how})["id"])

    def clear(self) -> None:
        """Switch all off."""
        self._door.delete("/faults")


class Records:
    """记录: what WeChat saw."""

    def __init__(self, base: str) -> None:
        self._door = Door(base)

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

    def dropped(self) -> list[dict[str, Any]]:
        """Return what WeCom accepted and never showed, because a member had too many."""
        return list(self._door.get("/dropped"))

    def verify(self, account: str) -> dict[str, Any]:
        """Press the console's 提交 button: does the webhook echo?"""
        return dict(self._door.post("/verify", {}, account=account))
