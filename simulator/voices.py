"""Voices (谁在哪里说话): an act of a person goes to the family it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.aibot.speech import GroupSpeaker, Remark
from simulator.conversations import Key
from simulator.people import Person
from simulator.push import Push, Pusher
from simulator.samples import shoot
from simulator.speech import Speaker, Speech, SpeechError
from simulator.wecom.settings import Group
from simulator.wecom.speech import CorpSpeaker
from simulator.world import World

_UNHEARD = {
    "push_id": 0, "msg_id": 0, "kind": "unheard", "attempts": [], "outcome": "unheard", "reply": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """一次操作: what was sent to /sim/say, with the uploaded photos."""

    words: Mapping[str, Any]
    photos: tuple[bytes, ...]
    now: datetime
    base_url: str


class Voices:
    """发言人: Official Account, WeCom app and group side by side."""

    def __init__(self, world: World, speaker: Speaker, pusher: Pusher) -> None:
        self._world = world
        self._official = speaker
        self._corp = CorpSpeaker(world, pusher)
        self._group = GroupSpeaker(world, pusher)

    def say(self, act: Act) -> Push | None:
        """Do it; None when nobody outside hears it. Raises SpeechError for what is impossible on a phone."""
        group = self.group(act.words)
        if group is not None:
            return self._group.say(self._remark(group, act))
        photo = act.photos[0] if act.photos else b""
        speech = Speech(self.person(act.words), act.words, act.now, act.base_url, photo)
        if speech.person.account in self._world.corps:
            return self._corp.say(speech)
        return self._official.say(speech)

    def person(self, words: Mapping[str, Any]) -> Person:
        """Find whom it is about; the account may be left out when the simulator plays only one."""
        account = str(words.get("account") or next(iter(self._world.accounts)))
        group = self._world.groups.get(account)
        person = self._world.people.find(group.corp if group else account, str(words.get("openid", "")))
        if person is None:
            raise SpeechError(f"nobody has the openid {words.get('openid')!r} at {account}")
        return person

    def conversation(self, words: Mapping[str, Any]) -> Key:
        """Find the conversation; one of a group has the group's key and no openid."""
        group = self.group(words)
        if group is not None and not words.get("openid"):
            return group.key, ""
        person = self.person(words)
        return (group.key, person.openid) if group else person.key

    def group(self, words: Mapping[str, Any]) -> Group | None:
        """Return the group an act names as its account, None for all other accounts."""
        return self._world.groups.get(str(words.get("account", "")))

    def _remark(self, group: Group, act: Act) -> Remark:
        words = act.words
        return Remark(
            group=group, person=self.person(words), text=str(words.get("text", "")),
            photos=(*act.photos, *self._samples(words.get("samples"))),
            mentions=_yes(words.get("mentions", True)), single=_yes(words.get("single", False)),
            quote=int(words.get("quote") or 0), kind=str(words.get("type", "")), now=act.now, base_url=act.base_url,
        )  # fmt: skip

    def _samples(self, names: object) -> tuple[bytes, ...]:
        if not names:
            return ()
        wanted = names.split(",") if isinstance(names, str) else list(names) if isinstance(names, list) else []
        try:
            return tuple(shoot(str(name), self._world.next_number()) for name in wanted)
        except KeyError as error:
            raise SpeechError(f"no such sample: {error}") from error


def as_json(push: Push | None) -> dict[str, Any]:
    """Return what became of an act; one that nobody outside heard has no push."""
    return push.as_json() if push else dict(_UNHEARD)


def _yes(given: object) -> bool:
    # Forms carry words where JSON carries truth.
    return given not in (False, None, 0, "", "0", "false")
