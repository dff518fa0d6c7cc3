"""Official Account's channel (公众号通道): pushes and answers in the account's own mode and format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.push import Push
from simulator.replies import show_reply
from simulator.settings import Account
from simulator.wire import Request, push_request, read_answer
from simulator.world import World


@dataclass(frozen=True, slots=True)
class OfficialChannel:
    """公众号通道: one account."""

    world: World
    account: Account
    retries_bad_answers: bool = True

    def request(self, push: Push, now: datetime) -> Request:
        """Write one signed POST."""
        return push_request(self.account, push.person.openid, push.fields, now)

    def read(self, push: Push, body: str) -> dict[str, Any] | None:
        """Return a passive reply, None when there is none. Raises BadAnswer."""
        return read_answer(self.account, push.person.openid, body)

    def show(self, push: Push, reply: dict[str, Any], now: datetime) -> str:
        """Show the reply on the phone and return its text. Raises BadAnswer."""
        return show_reply(self.world, self.account, push.person, reply, now)
