"""登录请求: what the chat is told of a browser that wants to come into the command centre."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Attempt:
    """登录请求. agent: what the browser says it is.  address: where it comes from."""

    agent: str
    address: str


class ConsoleLogins(Protocol):
    """登录请求簿: each code is good for one browser, one person and three minutes."""

    def asked(self, code: str) -> Attempt | None:
        """Who asks with this code; None where nobody does."""

    def confirm(self, code: str, person_id: int) -> bool:
        """确认登录; False where it came too late."""
