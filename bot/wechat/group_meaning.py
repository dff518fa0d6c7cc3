"""群消息含义: what a push to the group bot says, as Messages: one for each picture, and one for the words."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from bot.wechat.fields import clean
from handlers.message import Kind, Media, Message

# How long WeCom keeps a picture for us.
PICTURE_LIFE = timedelta(minutes=5)
_MAX_PARTS = 20
_MAX_NESTING = 3
Fields = Mapping[str, Any]


def to_messages(account: str, bot: str, name: str, fields: Fields, received_at: datetime) -> list[Message]:
    """消息: in the order in which they make sense: what was quoted, the pictures, the words. Never raises.

    account: whose userids the senders have.  bot: key of the bot, for fetching pictures and for its chats.
    name: what people @.  received_at: aware UTC; a push says no time of its own.
    """
    head = Message(
        kind=Kind.NOTICE,
        account=account,
        sender=clean(_text(_part(fields, "from"), "userid")).lower(),
        sent_at=received_at,
        msg_id=_text(fields, "msgid"),
        chat=_chat(bot, fields),
        details={"response_url": address} if (address := _text(fields, "response_url")) else {},
    )
    said = [_message(head, bot, name, item) for item in _items(fields)]
    return _ordered([message for message in said if message is not None]) or [head]


def _ordered(said: list[Message]) -> list[Message]:
    """Pictures first, the words as one message after them; the last one closes what was said."""
    pictures = [message for message in said if message.kind is not Kind.TEXT]
    words = [message for message in said if message.kind is Kind.TEXT and message.text]
    if words:
        text = "\n".join(dict.fromkeys(message.text for message in words))
        pictures.append(replace(words[-1], text=text))
    return [*pictures[:-1], replace(pictures[-1], whole=True)] if pictures else []


def _items(fields: Fields, nesting: int = 0) -> Iterator[tuple[str, Fields]]:
    """The parts of a message, each with its type; what it quotes comes before what it says."""
    if nesting < _MAX_NESTING and (quoted := _part(fields, "quote")):
        yield from _items(quoted, nesting + 1)
    kind = _text(fields, "msgtype")
    if kind != "mixed":
        yield kind, _part(fields, kind)
        return
    parts = _part(fields, "mixed").get("msg_item")
    for part in parts[:_MAX_PARTS] if isinstance(parts, list) else ():
        if isinstance(part, Mapping):
            yield _text(part, "msgtype"), _part(part, _text(part, "msgtype"))


def _message(head: Message, bot: str, name: str, item: tuple[str, Fields]) -> Message | None:
    kind, content = item
    if kind in ("text", "voice"):  # a voice comes as words already
        return replace(head, kind=Kind.TEXT, text=_without_mention(_text(content, "content"), name))
    if kind == "image" and (url := _text(content, "url")):
        return replace(head, kind=Kind.PHOTO, photo=Media(url, url, via=bot, life=PICTURE_LIFE))
    if kind == "video":
        return replace(head, kind=Kind.VIDEO)
    if kind == "event" and _text(content, "eventtype") == "enter_chat":
        return replace(head, kind=Kind.FOLLOW)
    return replace(head, kind=Kind.UNKNOWN) if kind == "file" else None


def _without_mention(text: str, name: str) -> str:
    """The words without "@创城督导", wherever in them it stands."""
    for mention in (f"@{name}\u2005", f"@{name}"):
        text = text.replace(mention, " ")
    return clean(text).strip()


def _chat(bot: str, fields: Fields) -> str:
    """The group's name among all groups, "" for a talk with the bot alone."""
    chat = _text(fields, "chatid")
    if _text(fields, "chattype") != "group" or not chat:
        return ""
    return f"{bot}:{chat}" if len(chat) < 30 else f"{bot}:{sha256(chat.encode()).hexdigest()[:30]}"


def _part(fields: Fields, name: str) -> Fields:
    value = fields.get(name)
    return value if isinstance(value, Mapping) else {}


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""
