"""群消息含义: what a push to the group bot says, as Messages: one for each picture, and one for the words."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from bot.wechat.fields import clean
from handlers.message import Kind, Media, Message

# How long WeCom keeps a picture for us.
PICTURE_LIFE = timedelta(minutes=5)
_MAX_PARTS = 20
_MAX_NESTING = 3
_MAX_NAME = 64  # what a table's key holds
_NOBODY = ("", "event", "stream")
Fields = Mapping[str, Any]


class _Part(NamedTuple):
    """A part of what was said; quoted: it was said before, and perhaps by somebody else."""

    quoted: bool
    kind: str
    content: Fields


def to_messages(account: str, bot: str, name: str, fields: Fields, received_at: datetime) -> list[Message]:
    """消息: in the order in which they make sense: what was quoted, the pictures, the words. Never raises.

    account: whose userids the senders have.  bot: key of the bot, for fetching pictures and for its chats.
    name: what people @.  received_at: aware UTC; a push says no time of its own.
    """
    company, sender = _sender(_part(fields, "from"))
    head = Message(
        kind=Kind.NOTICE,
        account=bot if company else account,
        sender=sender,
        sent_at=received_at,
        msg_id=_text(fields, "msgid"),
        chat=_chat(bot, fields),
        details={"response_url": address} if (address := _text(fields, "response_url")) else {},
    )
    # Between two, whatever is quoted was heard before, or said by us.
    parts = (part for part in _parts(fields) if head.chat or not part.quoted)
    said = ((part.quoted, _message(head, bot, name, part)) for part in parts)
    return _ordered([(quoted, message) for quoted, message in said if message is not None]) or [head]


def _ordered(said: list[tuple[bool, Message]]) -> list[Message]:
    """Pictures first, the words as one message after them; the last one closes what was said."""
    heard = [message for _, message in said if message.kind is not Kind.TEXT]
    words = [(quoted, message) for quoted, message in said if message.kind is Kind.TEXT]
    own = _joined(message.text for quoted, message in words if not quoted)
    before = _joined(message.text for quoted, message in words if quoted)
    # Who only calls the bot wants to know what it can do; together with a picture it says nothing more.
    called = bool(words) and bool(words[-1][1].chat) and not heard
    if own or before or called:
        heard.append(replace(words[-1][1], text=own, quoted=before))
    return [*heard[:-1], replace(heard[-1], whole=True)] if heard else []


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(text for text in texts if text))


def _parts(fields: Fields, nesting: int = 0) -> Iterator[_Part]:
    """The parts of a message, each with its type; what it quotes comes before what it says."""
    if nesting < _MAX_NESTING and (quoted := _part(fields, "quote")):
        yield from _parts(quoted, nesting + 1)
    kind = _text(fields, "msgtype")
    if kind != "mixed":
        yield _Part(nesting > 0, kind, _part(fields, kind))
        return
    parts = _part(fields, "mixed").get("msg_item")
    for part in parts[:_MAX_PARTS] if isinstance(parts, list) else ():
        if isinstance(part, Mapping):
            yield _Part(nesting > 0, _text(part, "msgtype"), _part(part, _text(part, "msgtype")))


def _message(head: Message, bot: str, name: str, part: _Part) -> Message | None:
    _, kind, content = part
    if kind in ("text", "voice"):  # a voice comes as words already
        return replace(head, kind=Kind.TEXT, text=_without_mention(_text(content, "content"), name))
    if kind == "image" and (url := _text(content, "url")):
        return replace(head, kind=Kind.PHOTO, photo=Media(url, url, via=bot, life=PICTURE_LIFE))
    if kind == "video":
        return replace(head, kind=Kind.VIDEO)
    if kind == "event" and _text(content, "eventtype") == "enter_chat":
        return replace(head, kind=Kind.FOLLOW)
    # What WeCom asks or tells by itself has no words for anybody; a new type of message has.
    return None if kind in _NOBODY else replace(head, kind=Kind.UNKNOWN)


def _without_mention(text: str, name: str) -> str:
    """The words without "@创城督导", wherever in them it stands."""
    return clean(re.sub(rf"[ \u2005]*@{re.escape(name)}[ \u2005]*", " ", text)).strip()


def _sender(who: Fields) -> tuple[str, str]:
    """Company and name. A userid is a name within one company: who comes from another is nobody of ours."""
    company, member = clean(_text(who, "corpid")), clean(_text(who, "userid")).lower()
    sender = f"{member}@{company}" if company and member else member
    return company, sender if len(sender) <= _MAX_NAME else sha256(sender.encode()).hexdigest()


def _chat(bot: str, fields: Fields) -> str:
    """The group's name among all groups, "" for a talk with the bot alone."""
    chat = _text(fields, "chatid")
    # Whatever does not say that it is private is heard by everybody.
    if _text(fields, "chattype") == "single":
        return ""
    return f"{bot}:{chat}" if len(chat) < 30 else f"{bot}:{sha256(chat.encode()).hexdigest()[:30]}"


def _part(fields: Fields, name: str) -> Fields:
    value = fields.get(name)
    return value if isinstance(value, Mapping) else {}


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""
