"""群聊来源: the one small interface between a group and us.

A source says what was said; everything after that is the same for all. There are three ways to hear a group:

- The group robot of 企业微信 (智能机器人) hears who speaks to it. Each push is one `GroupSaying`; `messages_of` makes
  the messages that `handlers.reception` takes in at once, because the speaker is known and hears the answer.
- An ordinary WeChat group has no interface at all. Somebody exports the conversation, and `handlers.groups.export`
  is the source. Nobody who spoke is known for certain, so a dispatcher confirms (`handlers.groups.settling`).
- 会话存档 hears everything, for money and with everybody's consent, through a native library. A source for it would
  sit in `bot/wechat/`, fetch by `seq` (at most 1,000 records a call, the last `seq` kept in a table), decrypt each
  record's key with the corp's RSA key, and give one `GroupSaying` a record: `roomid` is the chat, `from` the speaker,
  `msgtime` the time, `sdkfileid` a picture's name, and `picture` reads it with GetMediaData piece by piece. What is
  said there was not said to us, so it goes the way of an export: candidates, and a dispatcher who confirms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from handlers.message import Kind, Media, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSaying:
    """群发言: one thing one person said in a group.

    chat: the group's id or name.  speaker: the person's id, or the name the group shows.  sent_at: aware UTC, None
    where the source does not tell the day; when: the time in the source's own words.
    quoted: the words it answers.  unread: what in it is neither words nor a picture ("voice" …), "" for nothing.
    """

    chat: str
    speaker: str
    sent_at: datetime | None
    text: str = ""
    pictures: tuple[Media, ...] = ()
    quoted: str = ""
    when: str = ""
    unread: str = ""


class GroupSource(Protocol):
    """群聊来源: what hears a group."""

    def sayings(self) -> Sequence[GroupSaying]:
        """What was said and not yet given, in its order."""

    def picture(self, media: Media, most: int) -> bytes | None:
        """A picture of a saying, at most one byte more than asked for; None where the source has not got it."""


def messages_of(saying: GroupSaying, account: str, now: datetime) -> list[Message]:
    """The messages that somebody would have sent us to say the same: the words, then each picture."""
    at = saying.sent_at or now
    spoken = Message(kind=Kind.TEXT, account=account, sender=saying.speaker, sent_at=at, text=saying.text)
    shown = [
        Message(kind=Kind.PHOTO, account=account, sender=saying.speaker, sent_at=at, photo=picture)
        for picture in saying.pictures
    ]
    return [spoken, *shown] if saying.text else shown
