"""Speech in a group (群里发消息): everybody sees it, the bot hears only what mentions it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.aibot.channel import TO_ENTERING, TO_MESSAGES, BotChannel
from simulator.conversations import Key, Line
from simulator.errors import Refused
from simulator.people import Person
from simulator.push import Push, Pusher
from simulator.replies import picture_address
from simulator.speech import SpeechError
from simulator.wecom.settings import Group
from simulator.world import World


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """一句话: what a member says in a group, or to the bot alone (`single`)."""

    group: Group
    person: Person
    text: str
    photos: tuple[bytes, ...]
    mentions: bool
    single: bool
    quote: int
    kind: str
    now: datetime
    base_url: str

    @property
    def chat(self) -> Key:
        """The conversation it belongs to: the group's own, or the member's private one with the bot."""
        return self.group.key, self.person.openid if self.single else ""


class GroupSpeaker:
    """群发言: turns remarks into lines, and those the bot may hear into pushes."""

    def __init__(self, world: World, pusher: Pusher) -> None:
        self._world = world
        self._pusher = pusher

    def say(self, remark: Remark) -> Push | None:
        """Show a remark and push it; None when the bot does not hear it. Raises SpeechError."""
        if not remark.group.holds(remark.person.openid):
            raise SpeechError(f"{remark.person.name} 不在群里")
        if remark.kind == "enter_chat":
            return self._enter(remark)
        if not remark.text and not remark.photos:
            raise SpeechError("什么也没说")
        media = [self._store(remark, photo) for photo in remark.photos]
        quoted = self._quoted(remark)
        line = self._show(remark, media, quoted)
        # Without the mention WeCom delivers nothing from a group, not even a photo.
        if not remark.single and not remark.mentions:
            return None
        return self._push(remark, line.type, {**self._content(remark, media), **self._quote(remark, quoted)})

    def _store(self, remark: Remark, photo: bytes) -> str:
        try:
            return self._world.media.put(remark.group.key, photo, remark.now).media_id
        except Refused as error:
            raise SpeechError("这个文件不是微信收得下的图片（JPEG、PNG、GIF、BMP）") from error

    def _show(self, remark: Remark, media: list[str], quoted: Line | None) -> Line:
        text = _spoken(remark)
        kind = "voice" if remark.kind == "voice" else "mixed" if media and text else "image" if media else "text"
        pictures = [picture_address(one) for one in media]
        more: dict[str, Any] = (
            {"quoted": {"n": quoted.n, "text": quoted.text, "picture": quoted.picture}} if quoted else {}
        )
        return self._world.conversations.add(
            remark.chat, "user", kind, text or "[图片]", remark.now, picture=pictures[0] if pictures else "",
            pictures=pictures, speaker=remark.person.openid, name=remark.person.name, **more,
        )  # fmt: skip

    def _content(self, remark: Remark, media: list[str]) -> dict[str, Any]:
        text = _spoken(remark)
        if remark.kind == "voice":
            # A voice arrives as the words WeCom heard in it.
            return {"msgtype": "voice", "voice": {"content": remark.text}}
        if not media:
            return {"msgtype": "text", "text": {"content": text}}
        images = [{"msgtype": "image", "image": self._image(remark, one)} for one in media]
        if not text and len(images) == 1:
            return images[0]
        words = [{"msgtype": "text", "text": {"content": text}}] if text else []
        return {"msgtype": "mixed", "mixed": {"msg_item": [*words, *images]}}

    def _image(self, remark: Remark, media_id: str) -> dict[str, str]:
        file_id = self._world.office.offer_file(remark.group.key, media_id, remark.now)
        return {"url": f"{remark.base_url}/aibot/media/{file_id}"}

    def _quoted(self, remark: Remark) -> Line | None:
        if not remark.quote:
            return None
        line = next((one for one in self._world.conversations.of(remark.chat) if one.n == remark.quote), None)
        if line is None:
            raise SpeechError(f"群里没有第 {remark.quote} 行")
        return line

    def _quote(self, remark: Remark, line: Line | None) -> dict[str, Any]:
        if line is None:
            return {}
        media = [str(one).rpartition("/")[2] for one in line.extra.get("pictures", [])]
        images = [{"msgtype": "image", "image": self._image(remark, one)} for one in media]
        if line.type == "image" and len(images) == 1:
            return {"quote": images[0]}
        words = {"msgtype": "text", "text": {"content": line.text}}
        if images:
            return {"quote": {"msgtype": "mixed", "mixed": {"msg_item": [words, *images]}}}
        return {"quote": words}

    def _push(self, remark: Remark, kind: str, content: Mapping[str, Any]) -> Push:
        number, head = self._world.next_number(), _head(remark)
        code = self._world.office.answer_codes.issue(remark.now, *remark.chat)
        # No create_time: receivers have nothing but msgid to tell a repeated message by.
        fields = {
            "msgid": str(number), **head,
            "response_url": f"{remark.base_url}/cgi-bin/aibot/response?response_code={code}", **content,
        }  # fmt: skip
        channel = self._channel(remark, TO_MESSAGES)
        return self._pusher.send(channel, remark.person, kind, fields, msg_id=number, shows_failure=False)

    def _enter(self, remark: Remark) -> Push:
        if not remark.single:
            raise SpeechError("进入会话只在和机器人单独聊天时才有")
        fields = {
            "msgid": str(self._world.next_number()), "create_time": int(remark.now.timestamp()), **_head(remark),
            "msgtype": "event", "event": {"eventtype": "enter_chat"},
        }  # fmt: skip
        channel = self._channel(remark, TO_ENTERING)
        return self._pusher.send(channel, remark.person, "enter_chat", fields, shows_failure=False)

    def _channel(self, remark: Remark, allowed: frozenset[str]) -> BotChannel:
        polls = self._world.limits.stream_polls
        return BotChannel(self._world, self._pusher, remark.group, remark.chat, _head(remark), allowed, polls)


def _head(remark: Remark) -> dict[str, Any]:
    group = remark.group
    chat = {"chattype": "single"} if remark.single else {"chatid": group.chat_id, "chattype": "group"}
    return {"aibotid": group.bot_id, **chat, "from": {"userid": remark.person.openid}}


def _spoken(remark: Remark) -> str:
    """Return the words as they stand in the chat, with the mention a group needs."""
    mention = f"@{remark.group.bot}"
    if remark.single or not remark.mentions or mention in remark.text:
        return remark.text
    return f"{mention} {remark.text}".strip()
