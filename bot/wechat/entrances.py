"""入口: how pushes of each family are verified, opened, told apart, understood and answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple, Protocol

from bot.wechat import group_meaning
from bot.wechat.codec import Codec
from bot.wechat.push import (
    Push,
    dedupe_key,
    group_dedupe_key,
    open_push,
    seal_reply,
    to_message,
    verify,
    verify_sealed,
)
from bot.wechat.reply import seal_button, seal_stream, seal_welcome
from handlers.message import Message

_JSON, _XML = "application/json", "text/xml; charset=utf-8"
Query = Mapping[str, str]
Fields = Mapping[str, Any]


class Sealed(NamedTuple):
    """密封的应答: a body and its content type."""

    body: bytes
    content_type: str


class Entrance(Protocol):
    """入口 of one account, app or bot. key, platform: as in config.yaml.  path: the first part of its webhook."""

    path: ClassVar[str]
    # What goes back when there is nothing to say.
    nothing: ClassVar[bytes]

    @property
    def key(self) -> str: ...

    @property
    def platform(self) -> str: ...

    def verify(self, query: Query, now: datetime, max_age: timedelta) -> str:
        """接入验证: what to answer to the console's GET; raises PushRefused."""

    def open(self, query: Query, body: bytes, now: datetime, max_age: timedelta) -> Push:
        """Open a POST; raises PushRefused."""

    def dedupe_key(self, fields: Fields) -> str:
        """The same for every delivery of the same push, and for nothing else."""

    def understand(self, fields: Fields, received_at: datetime) -> list[Message]:
        """What was said, in order; [] for what nobody said."""

    def reply(self, push: Push, text: str, now: datetime) -> Sealed:
        """The passive reply that carries a text."""


@dataclass(frozen=True, slots=True)
class OfficialEntrance:
    """公众号."""

    path: ClassVar[str] = "wechat"
    nothing: ClassVar[bytes] = b"success"

    key: str
    platform: str
    codec: Codec

    def verify(self, query: Query, now: datetime, max_age: timedelta) -> str:
        return verify(self.codec, query, now, max_age)

    def open(self, query: Query, body: bytes, now: datetime, max_age: timedelta) -> Push:
        return open_push(self.codec, query, body, now, max_age=max_age)

    def dedupe_key(self, fields: Fields) -> str:
        return dedupe_key(self.key, fields)

    def understand(self, fields: Fields, received_at: datetime) -> list[Message]:
        return [to_message(self.key, fields, received_at)]

    def reply(self, push: Push, text: str, now: datetime) -> Sealed:
        body = seal_reply(self.codec, push.fields, text, now, sealed=push.sealed, is_json=push.is_json)
        return Sealed(body, _JSON if push.is_json else _XML)


@dataclass(frozen=True, slots=True)
class WorkEntrance:
    """企业微信应用: always sealed. Its userids come in any case of letters and are the same in all."""

    path: ClassVar[str] = "wecom"
    nothing: ClassVar[bytes] = b""

    key: str
    platform: str
    codec: Codec

    def verify(self, query: Query, now: datetime, max_age: timedelta) -> str:
        return verify_sealed(self.codec, query, now, max_age)

    def open(self, query: Query, body: bytes, now: datetime, max_age: timedelta) -> Push:
        return open_push(self.codec, query, body, now, max_age=max_age)

    def dedupe_key(self, fields: Fields) -> str:
        return dedupe_key(self.key, fields)

    def understand(self, fields: Fields, received_at: datetime) -> list[Message]:
        member = str(fields.get("FromUserName", "")).lower()
        return [to_message(self.key, {**fields, "FromUserName": member}, received_at)]

    def reply(self, push: Push, text: str, now: datetime) -> Sealed:
        """A text; for a pressed card the words its buttons shall show instead."""
        if str(push.fields.get("Event", "")).lower() == "template_card_event":
            return Sealed(seal_button(self.codec, push.fields, text, now), _XML)
        return Sealed(seal_reply(self.codec, push.fields, text, now, sealed=True, is_json=False), _XML)


@dataclass(frozen=True, slots=True)
class GroupEntrance:
    """智能机器人. name: what people @.  members: the account whose userids its speakers have."""

    path: ClassVar[str] = "group"
    nothing: ClassVar[bytes] = b""

    key: str
    platform: str
    codec: Codec
    name: str
    members: str

    def verify(self, query: Query, now: datetime, max_age: timedelta) -> str:
        return verify_sealed(self.codec, query, now, max_age)

    def open(self, query: Query, body: bytes, now: datetime, max_age: timedelta) -> Push:
        return open_push(self.codec, query, body, now, max_age=max_age, envelope="encrypt")

    def dedupe_key(self, fields: Fields) -> str:
        return group_dedupe_key(self.key, fields)

    def understand(self, fields: Fields, received_at: datetime) -> list[Message]:
        return group_meaning.to_messages(self.members, self.key, self.name, fields, received_at)

    def reply(self, push: Push, text: str, now: datetime) -> Sealed:
        seal = seal_welcome if push.fields.get("msgtype") == "event" else seal_stream
        return Sealed(seal(self.codec, text, now), _JSON)
