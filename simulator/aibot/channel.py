"""The group bot's channel (机器人通道): its answers appear in the chat; unfinished ones are asked for again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from simulator.aibot.answers import MARKDOWN_BYTES
from simulator.aibot.wire import bot_push, read_bot_answer
from simulator.conversations import Key
from simulator.push import Push, Pusher
from simulator.wecom.settings import Group
from simulator.wire import BadAnswer, Request
from simulator.world import World

# A message is answered by a stream; a plain text is for whoever opens the private chat.
TO_MESSAGES, TO_ENTERING = frozenset({"stream"}), frozenset({"text"})


@dataclass(frozen=True, slots=True)
class BotChannel:
    """机器人通道: one push of one chat. `head` is what every callback of the chat begins with."""

    world: World
    pusher: Pusher
    group: Group
    chat: Key
    head: Mapping[str, Any]
    allowed: frozenset[str]
    polls_left: int
    retries_bad_answers: bool = False

    def request(self, push: Push, now: datetime) -> Request:
        """Write one signed POST."""
        return bot_push(self.group, push.fields, now)

    def read(self, push: Push, body: str) -> dict[str, Any] | None:
        """Return a passive reply, None when there is none. Raises BadAnswer."""
        del push
        return read_bot_answer(self.group, body)

    def show(self, push: Push, reply: dict[str, Any], now: datetime) -> str:
        """Show a finished answer, or ask again for an unfinished one. Raises BadAnswer."""
        kind = str(reply.get("msgtype", ""))
        if kind not in self.allowed:
            raise BadAnswer(f"msgtype {kind!r} is not allowed here; allowed are {sorted(self.allowed)}")
        part = reply.get(kind)
        content = str(part.get("content", "")) if isinstance(part, Mapping) else ""
        if len(content.encode()) > MARKDOWN_BYTES:
            raise BadAnswer(f"content is over {MARKDOWN_BYTES} bytes")
        if kind == "stream" and self._asked_again(push, dict(part or {})):
            return content
        # A stream that never ends is shown as far as it came.
        if content:
            self.world.conversations.add(self.chat, "account", kind, content, now, way="passive")
        return content

    def _asked_again(self, push: Push, stream: Mapping[str, Any]) -> bool:
        """Queue the next question for an unfinished stream; False when there is nothing more to ask."""
        if not str(stream.get("id", "")):
            raise BadAnswer("stream.id is missing")
        if stream.get("finish") is True or not self.polls_left:
            return False
        fields = {"msgid": str(self.world.next_number()), **self.head, "msgtype": "stream",
                  "stream": {"id": stream["id"]}}  # fmt: skip
        channel = replace(self, polls_left=self.polls_left - 1)
        pause = self.world.limits.stream_poll_seconds
        self.pusher.send(channel, push.person, "stream", fields, shows_failure=False, after=pause)
        return True
