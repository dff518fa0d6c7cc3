"""Replies (被动回复): what the webhook answered becomes a line on the person's phone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from simulator.errors import Refused
from simulator.people import Person
from simulator.settings import Account
from simulator.wire import BadAnswer
from simulator.world import World


@dataclass(frozen=True, slots=True)
class Bubble:
    """气泡: what one reply shows."""

    text: str
    picture: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


def picture_address(media_id: str) -> str:
    """Return where this simulator serves a picture."""
    return f"/sim/media/{media_id}"


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a reader may need besides the reply itself."""

    world: World
    account: Account
    now: datetime


def _text(desk: _Desk, reply: Mapping[str, Any]) -> Bubble:
    del desk
    content = str(reply.get("Content", ""))
    if not content:
        raise BadAnswer("a text reply without Content")
    return Bubble(content)


def _image(desk: _Desk, reply: Mapping[str, Any]) -> Bubble:
    media_id = str(dict(reply.get("Image") or {}).get("MediaId", ""))
    try:
        desk.world.media.get(desk.account.key, media_id, desk.now)
    except Refused as error:
        raise BadAnswer(f"MediaId {media_id!r} is unknown or expired") from error
    return Bubble("[图片]", picture_address(media_id))


def _news(desk: _Desk, reply: Mapping[str, Any]) -> Bubble:
    del desk
    articles = reply.get("Articles") or []
    items = articles if isinstance(articles, list) else [dict(articles).get("item")]
    # Eight were allowed until October 2018; more than one is now refused for every message a person sends.
    if len(items) != 1 or not isinstance(items[0], dict):
        raise BadAnswer("a news reply holds exactly one article")
    one = items[0]
    card = {"title": one.get("Title", ""), "description": one.get("Description", ""), "url": one.get("Url", "")}
    return Bubble(str(card["title"]), str(one.get("PicUrl", "")), {"card": card})


def _named(label: str) -> Callable[[_Desk, Mapping[str, Any]], Bubble]:
    return lambda _desk, _reply: Bubble(label)


_READERS: Mapping[str, Callable[[_Desk, Mapping[str, Any]], Bubble]] = {
    "text": _text,
    "image": _image,
    "news": _news,
    "voice": _named("[语音]"),
    "video": _named("[视频]"),
    "music": _named("[音乐]"),
}


def show_reply(world: World, account: Account, person: Person, reply: Mapping[str, Any], now: datetime) -> str:
    """Add the reply to the conversation and return its text.

    Raises BadAnswer for a kind or content WeChat would not show.
    """
    kind = str(reply.get("MsgType", ""))
    # Handing over to a human agent shows nothing on the phone.
    if kind == "transfer_customer_service":
        return ""
    if kind not in _READERS:
        raise BadAnswer(f"unknown MsgType {kind!r}")
    bubble = _READERS[kind](_Desk(world, account, now), reply)
    world.conversations.add(
        person.key, "account", kind, bubble.text, now, way="passive", picture=bubble.picture, **bubble.extra
    )
    return bubble.text
