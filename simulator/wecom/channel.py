"""WeCom's channel (应用通道): what an app's webhook answers is shown to the member."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.errors import Refused
from simulator.push import Push
from simulator.replies import picture_address
from simulator.wecom.settings import Corp
from simulator.wecom.update import grey_button
from simulator.wecom.wire import corp_push, read_corp_answer
from simulator.wire import BadAnswer, Request
from simulator.world import World


@dataclass(frozen=True, slots=True)
class CorpChannel:
    """应用通道: one corp's app."""

    world: World
    corp: Corp
    retries_bad_answers: bool = False

    def request(self, push: Push, now: datetime) -> Request:
        """Write one signed POST."""
        return corp_push(self.corp, push.fields, now)

    def read(self, push: Push, body: str) -> dict[str, Any] | None:
        """Return a passive reply, None when there is none. Raises BadAnswer."""
        return read_corp_answer(self.corp, push.person.openid, body)

    def show(self, push: Push, reply: dict[str, Any], now: datetime) -> str:
        """Show the reply and return its text. Raises BadAnswer for a kind or content WeCom would not take."""
        kind = str(reply.get("MsgType", ""))
        if kind not in _SHOWN:
            raise BadAnswer(f"unknown MsgType {kind!r}")
        return _SHOWN[kind](self.world, push, reply, now)


def _text(world: World, push: Push, reply: Mapping[str, Any], now: datetime) -> str:
    content = str(reply.get("Content", ""))
    if not content:
        raise BadAnswer("a text reply without Content")
    # Cut at the same length as an app message, and as silently.
    shown = content.encode()[:2048].decode(errors="ignore")
    world.conversations.add(push.person.key, "account", "text", shown, now, way="passive")
    return shown


def _image(world: World, push: Push, reply: Mapping[str, Any], now: datetime) -> str:
    media_id = str(dict(reply.get("Image") or {}).get("MediaId", ""))
    try:
        world.media.get(push.person.account, media_id, now)
    except Refused as error:
        raise BadAnswer(f"MediaId {media_id!r} is unknown or expired") from error
    address = picture_address(media_id)
    world.conversations.add(push.person.key, "account", "image", "[图片]", now, way="passive", picture=address)
    return "[图片]"


def _button(world: World, push: Push, reply: Mapping[str, Any], now: datetime) -> str:
    name = str(dict(reply.get("Button") or {}).get("ReplaceName", ""))
    fields = push.fields if isinstance(push.fields, Mapping) else {}
    # Only the press of a card may be answered so, and only the presser's own card changes.
    shown = world.office.cards.find(push.person.key, task_id=str(fields.get("TaskId", "-")))
    if not name or shown is None:
        raise BadAnswer("update_button answers a pressed card and needs Button.ReplaceName")
    grey_button(world, shown, name, now)
    return name


_SHOWN: Mapping[str, Callable[[World, Push, Mapping[str, Any], datetime], str]] = {
    "text": _text,
    "image": _image,
    "update_button": _button,
}
