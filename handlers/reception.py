"""The reception (接待): whoever comes in is met, understood in the part they play, and answered."""

from dataclasses import dataclass

from handlers import citizen, draft, people
from handlers.channels import CHANNELS
from handlers.desk import Desk
from handlers.dispatcher import answer as dispatcher
from handlers.message import Kind, Message
from handlers.officer import answer as officer
from handlers.people import Caller
from handlers.words import plain

_CODE_WORDS = ("绑定", "邀请码")
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
    return Reply(text, caller.identity.id, caller.person.id)


def _answer(desk: Desk, caller: Caller, message: Message, platform: str) -> str:
    if message.kind in (Kind.FOLLOW, Kind.SCAN, Kind.MENU):
        return _event(desk, caller, message)
    bound = _bound(desk, caller, message.text) if message.kind is Kind.TEXT else None
    return bound or _by_part(desk, caller, message, platform)


def _event(desk: Desk, caller: Caller, message: Message) -> str:
    """A scan or a follow may carry an invitation; otherwise people are welcomed with what they can do."""
    if message.scene and message.kind is not Kind.MENU:
        bound = people.bind(desk, caller, message.scene)
        if bound:
            return bound
    if message.kind is Kind.MENU:
        return desk.texts("help.citizen")
    return desk.texts("welcome")


def _bound(desk: Desk, caller: Caller, text: str) -> str | None:
    word = next((word for word in _CODE_WORDS if text.startswith(word)), None)
    if word is None:
        return None
    code = plain(text.removeprefix(word)).lstrip(":, ")
    return people.bind(desk, caller, code) or desk.texts("bind.unknown")


def _by_part(desk: Desk, caller: Caller, message: Message, platform: str) -> str:
    """The command centre's words first, then an officer's, then those anybody may use, then a report."""
    channel = CHANNELS[platform]
    spoken = dispatcher.answer(desk, caller, message) if caller.is_dispatcher else None
    if spoken is None and caller.units:
        spoken = officer.answer(desk, caller, channel, message)
    if spoken is None and message.kind is Kind.TEXT:
        spoken = citizen.answer(desk, caller, channel, message.text)
    return spoken if spoken is not None else draft.take(desk, caller, channel, message)
