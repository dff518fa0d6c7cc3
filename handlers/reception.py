"""The reception (接待): whoever comes in is met, understood in the part they play, and answered."""

import re
from dataclasses import dataclass, replace

from handlers import citizen, draft, people
from handlers.channels import CHANNELS
from handlers.channels.piece import Channel
from handlers.desk import Desk
from handlers.dispatcher import answer as dispatcher
from handlers.dispatcher import overview
from handlers.message import Kind, Message
from handlers.officer import answer as officer
from handlers.people import Caller
from handlers.words import plain

_CODE_WORDS = ("绑定", "邀请码")
# As bot.registry makes them; people read them out of a letter and type them in small letters.
_CODE = re.compile(r"[A-Za-z2-9]{8}")
_SILENT = (Kind.NOTICE, Kind.UNFOLLOW)


@dataclass(frozen=True, slots=True)
class Reply:
    """答复: what goes back to the sender ("" for nothing), and who that is."""

    text: str
    identity_id: int
    person_id: int


def receive(desk: Desk, message: Message, platform: str) -> Reply:
    """Take in one message. platform: the account's default; a sender's registered role comes first (issue 2)."""
    caller = people.meet(desk, message)
    text = "" if message.kind in _SILENT else _answer(desk, caller, message, platform)
    return Reply(text, caller.identity_id, caller.person.id)


def _answer(desk: Desk, caller: Caller, message: Message, platform: str) -> str:
    if message.kind in (Kind.FOLLOW, Kind.SCAN):
        return _arrival(desk, caller, message)
    if message.kind is Kind.MENU:
        return _menu(desk, caller, message, CHANNELS[platform])
    bound = _bound(desk, caller, message.text) if message.kind is Kind.TEXT else None
    return bound or _by_part(desk, caller, message, CHANNELS[platform])


def _arrival(desk: Desk, caller: Caller, message: Message) -> str:
    """A scan or a follow may carry an invitation; otherwise people are welcomed with what they can do."""
    bound = people.bind(desk, caller, message.scene) if message.scene else None
    if bound:
        return bound
    return _help(desk, caller) if caller.memberships else desk.texts("welcome")


def _menu(desk: Desk, caller: Caller, message: Message, channel: Channel) -> str:
    """A menu entry's key is what its user would type; one that nobody understands explains everything."""
    typed = replace(message, kind=Kind.TEXT, text=message.scene)
    understood = _spoken(desk, caller, typed, channel) if message.scene else None
    return understood or _help(desk, caller)


def _help(desk: Desk, caller: Caller) -> str:
    if caller.is_dispatcher:
        return overview.help_text(desk)
    return officer.help_text(desk, caller) if caller.units else desk.texts("help.citizen")


def _bound(desk: Desk, caller: Caller, text: str) -> str | None:
    """绑定 CODE, or the code alone as it was copied out of a letter."""
    said = plain(text)
    if _CODE.fullmatch(said):
        return people.bind(desk, caller, said)
    word = next((word for word in _CODE_WORDS if said.startswith(word)), None)
    if word is None:
        return None
    return people.bind(desk, caller, said.removeprefix(word).strip(":。, ")) or desk.texts("bind.unknown")


def _by_part(desk: Desk, caller: Caller, message: Message, channel: Channel) -> str:
    """What is no command is part of a report; only a dispatcher's words are none, unless 上报 was said."""
    spoken = _spoken(desk, caller, message, channel)
    if spoken is None and caller.is_dispatcher and message.kind is Kind.TEXT:
        spoken = dispatcher.unknown(desk, caller, channel)
    return spoken if spoken is not None else draft.take(desk, caller, channel, message)


def _spoken(desk: Desk, caller: Caller, message: Message, channel: Channel) -> str | None:
    """The command centre's words first, then an officer's, then those anybody may use."""
    spoken = dispatcher.answer(desk, caller, message) if caller.is_dispatcher else None
    if spoken is None and caller.units:
        spoken = officer.answer(desk, caller, channel, message)
    if spoken is None and message.kind is Kind.TEXT:
        spoken = citizen.answer(desk, caller, channel, message)
    return spoken
