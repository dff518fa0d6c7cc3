"""One API call (一次调用) as the handlers see it: already let in, already parsed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Response

from simulator.errors import Refused
from simulator.faults import Fault
from simulator.people import Person
from simulator.settings import Account
from simulator.speech import Speaker
from simulator.wecom.settings import Corp
from simulator.world import World

Answer = dict[str, Any] | Response


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """调用: `query` and `body` are what was sent; `files` the uploaded bytes by field.

    `owner` is the token's account or corp, or why the token is not good; calls without a token never look.
    `faults` are those that hit this call and are for its handler to play.
    """

    world: World
    speaker: Speaker
    now: datetime
    base_url: str
    query: Mapping[str, str]
    body: Mapping[str, Any]
    owner: Account | Corp | Refused
    files: Mapping[str, bytes] = field(default_factory=dict)
    malformed: bool = False
    faults: tuple[Fault, ...] = ()

    @property
    def account(self) -> Account:
        """Whose token it is. Raises Refused 40001, 41001 or 42001."""
        if isinstance(self.owner, Refused):
            raise self.owner
        if not isinstance(self.owner, Account):
            raise Refused(40001)
        return self.owner

    @property
    def corp(self) -> Corp:
        """Whose token it is in WeCom. Raises Refused 40014, 41001 or 42001."""
        if isinstance(self.owner, Refused):
            raise self.owner
        if not isinstance(self.owner, Corp):
            raise Refused(40014)
        return self.owner

    @property
    def caller(self) -> str:
        """The key of the account, corp or group that calls, "" when nobody can tell."""
        told = self._told()
        if told:
            return told[0]
        return "" if isinstance(self.owner, Refused) else self.owner.key

    @property
    def openid(self) -> str:
        """Whom it concerns, several joined by "|", "" when nobody."""
        userids = self.body.get("userids")
        if isinstance(userids, list):
            return "|".join(str(one) for one in userids)
        told = self._told()
        named = self.body.get("touser") or self.query.get("openid") or self.query.get("userid")
        return str(named or (told[-1] if told else ""))

    def _told(self) -> tuple[str, ...]:
        # A response_url names nobody; what it was given out for does.
        return self.world.office.answer_codes.peek(self.query.get("response_code", ""))

    def receiver(self) -> Person:
        """Return the addressed person. Raises Refused 40003."""
        return self.world.person(self.account.key, self.openid)

    def part(self, name: str) -> Mapping[str, Any]:
        """Return an object inside the body. Raises Refused 47001 when it is none."""
        value = self.body.get(name)
        if not isinstance(value, Mapping):
            raise Refused(47001, f"{name} is missing")
        return value


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """接口: what answers a path, how often a day, and whether a token is asked for.

    `bare` answers carry no errcode when all went well; WeChat writes one only where there is nothing else.
    """

    run: Callable[[Call], Answer]
    quota: str = "other"
    post: bool = True
    needs_token: bool = True
    bare: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """接口家族: Official Account or WeCom; each has its own paths, tokens, counts and error words."""

    name: str
    endpoints: Mapping[str, Endpoint]
    words: Callable[[Refused], str]
    owner: Callable[[World, str, datetime], Account | Corp | Refused]
    charge: Callable[[Call, Endpoint, str], None]


def once_only(call: Call, name: str) -> None:
    """Refuse a repeated client message id with 45065, so that a sender can retry without saying it twice."""
    given = call.body.get(name)
    if not given:
        return
    mark = f"{call.account.key} {call.openid} {given}"
    # Documented for mass messages only; played here so that a sender relying on it can be tried.
    if mark in call.world.message_ids:
        raise Refused(45065)
    call.world.message_ids.add(mark)
