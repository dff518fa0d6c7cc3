"""State (存档): what a second start finds again. Written beside the work, never inside a call."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

from simulator.conversations import Conversations, Line
from simulator.people import Grant, Person
from simulator.settings import Settings
from simulator.world import World

_PAUSE = 1.0


class Keeper:
    """档案员: wakes a world from its folder and keeps saving it; without a folder it does nothing."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.data
        self._stop = Event()
        self._thread = Thread(target=self._work, daemon=True, name="keeper")
        self._written = ""
        self._last = 0

    def wake(self) -> World:
        """Build the world as it was left, or a new one."""
        if self._folder is None:
            self._world = World(self._settings)
            return self._world
        self._folder.mkdir(parents=True, exist_ok=True)
        self._world = World(self._settings, Conversations(_read_lines(self._lines_file)))
        self._last = self._world.conversations.last
        if self._state_file.exists():
            _restore(self._world, json.loads(self._state_file.read_text(encoding="utf-8")))
        return self._world

    def start(self) -> None:
        """Begin saving once a second."""
        if self._folder is not None:
            self._thread.start()

    def close(self) -> None:
        """Save a last time and stop."""
        if self._folder is not None:
            self._stop.set()
            self._thread.join(5)

    @property
    def _lines_file(self) -> Path:
        return self._settings_folder / "lines.jsonl"

    @property
    def _state_file(self) -> Path:
        return self._settings_folder / "state.json"

    @property
    def _settings_folder(self) -> Path:
        if self._folder is None:
            raise RuntimeError("no folder to keep anything in")
        return self._folder

    def _work(self) -> None:
        while not self._stop.wait(_PAUSE):
            self._save()
        self._save()

    def _save(self) -> None:
        # Lines are only ever added, so they are appended; the rest is small and written whole.
        lines = self._world.conversations.since(self._last)
        if lines:
            with self._lines_file.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(line.as_json(), ensure_ascii=False) + "\n" for line in lines)
            self._last = lines[-1].n
        text = json.dumps(_snapshot(self._world), ensure_ascii=False)
        if text != self._written:
            fresh = self._state_file.with_suffix(".new")
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(self._state_file)  # a stop in the middle leaves the old file whole
            self._written = text


def _read_lines(file: Path) -> Iterator[Line]:
    if not file.exists():
        return
    with file.open(encoding="utf-8") as rows:
        for row in rows:
            # Lines behind a broken one cannot exist: it is always the last.
            if not row.endswith("\n"):
                return  # the last stop cut this line short
            plain = json.loads(row)
            plain["sender"] = plain.pop("from")
            yield Line(**plain)


def _snapshot(world: World) -> dict[str, Any]:
    scenes = [[account, scene, ticket] for (account, scene), ticket in list(world.scenes.items())]
    return {
        "people": [_show(one) for one in world.people],
        "menus": dict(world.menus),
        "scenes": scenes,
        "media": world.media.as_json(),
        "office": world.office.as_json(),
    }


def _show(person: Person) -> dict[str, Any]:
    # A half-updated window must not be what the next start finds.
    with person.lock:
        return {
            "account": person.account, "openid": person.openid, "name": person.name, "role": person.role,
            "following": person.following, "scenes": sorted(person.scenes), "notices": dict(person.notices),
            "followed_at": person.followed_at.isoformat() if person.followed_at else None,
            "grants": {how: [one.until.isoformat(), one.left] for how, one in person.grants.items()},
        }  # fmt: skip


def _restore(world: World, kept: dict[str, Any]) -> None:
    world.menus.update(kept["menus"])
    world.scenes.update({(account, scene): ticket for account, scene, ticket in kept["scenes"]})
    world.media.restore(kept["media"])
    world.office.restore(kept.get("office", {}))
    for one in kept["people"]:
        # An account taken out of the settings takes its people with it.
        if one["account"] in world.accounts or one["account"] in world.corps:
            _restore_person(world, one)


def _restore_person(world: World, kept: dict[str, Any]) -> None:
    # Names and roles come from the settings file where it has the person; what happened comes from here.
    person = world.people.add(Person(kept["account"], kept["openid"], kept["name"], kept["role"]))
    person.following = kept["following"]
    person.followed_at = datetime.fromisoformat(kept["followed_at"]) if kept["followed_at"] else None
    person.scenes = set(kept["scenes"])
    person.notices = Counter(kept["notices"])
    person.grants = {
        how: Grant(until=datetime.fromisoformat(until), left=left) for how, (until, left) in kept["grants"].items()
    }
