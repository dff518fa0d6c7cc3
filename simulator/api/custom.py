"""Customer-service messages (客服消息): /cgi-bin/message/custom/send."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulator.api.call import Answer, Call, once_only
from simulator.errors import Refused
from simulator.replies import Bubble, picture_address

_TEXT_BYTES = 2048


def send(call: Call) -> Answer:
    """Send one message into an open window.

    Content is checked before the window is touched, so a refused content costs nothing.
    """
    person = call.receiver()
    kind = str(call.body.get("msgtype", ""))
    if kind not in _KINDS:
        raise Refused(40008)
    bubble = _KINDS[kind](call, call.part(kind))
    once_only(call, "clientmsgid")
    # Last of all, so that nothing is charged for a message that could not have been shown.
    person.spend_message(call.now)
    call.world.conversations.add(
        person.key, "account", kind, bubble.text, call.now, way="custom", picture=bubble.picture, **bubble.extra
    )
    return {}


def _text(call: Call, part: Mapping[str, Any]) -> Bubble:
    del call
    content = str(part.get("content", ""))
    if not content:
        raise Refused(44004)
    # Bytes, not characters: 682 Chinese characters fit.
    if len(content.encode()) > _TEXT_BYTES:
        raise Refused(45002)
    return Bubble(content)


def _image(call: Call, part: Mapping[str, Any]) -> Bubble:
    media = call.world.media.get(call.account.key, str(part.get("media_id", "")), call.now)
    return Bubble("[图片]", picture_address(media.media_id))


def _news(call: Call, part: Mapping[str, Any]) -> Bubble:
    del call
    articles = part.get("articles")
    if not isinstance(articles, list) or not articles:
        raise Refused(47001, "articles is missing")
    if len(articles) > 1:
        raise Refused(45008)
    one = dict(articles[0])
    card = {"title": one.get("title", ""), "description": one.get("description", ""), "url": one.get("url", "")}
    return Bubble(str(card["title"]), str(one.get("picurl", "")), {"card": card})


def _msgmenu(call: Call, part: Mapping[str, Any]) -> Bubble:
    del call
    choices = [{"id": str(one.get("id", "")), "content": str(one.get("content", ""))} for one in part.get("list", [])]
    head, tail = str(part.get("head_content", "")), str(part.get("tail_content", ""))
    words = "\n".join([head, *(one["content"] for one in choices), tail]).strip()
    if len(words.encode()) > _TEXT_BYTES:
        raise Refused(45002)
    return Bubble(words, extra={"head": head, "choices": choices, "tail": tail})


_KINDS: Mapping[str, Callable[[Call, Mapping[str, Any]], Bubble]] = {
    "text": _text,
    "image": _image,
    "news": _news,
    "msgmenu": _msgmenu,
}
