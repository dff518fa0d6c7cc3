"""The reception (接待): whoever comes in is met, understood in the part they play, and answered."""

import re
from dataclasses import dataclass, replace

from handlers import cards, draft, group, platforms, unreached
from handlers.desk import Desk
from handlers.dispatcher import answer as dispatcher
from handlers.dispatcher import overview
from handlers.field import talking
from handlers.groups import commands as group_leads
from handlers.message import Kind, Message
from handlers.officer import answer as officer
from handlers.people import accounts, admin, binding, contacting, leaving, logging_in
from handlers.people.caller import Caller, meet
from handlers.reporter import citizen, patrolling, posting, rechecking, tally
from handlers.words import plain, trimmed
from models.people import Role
from routing.platforms import Platform

_CODE_WORDS = ("绑定", "邀请码")
# As bot.registry makes them; people read them out of a letter and type them in small letters.
_CODE = re.compile(r"[A-Za-z2-9]{8}")
_PLATFORM = ("平台", "切换平台", "选择平台", "更改平台")
_SILENT = (Kind.NOTICE, Kind.UNFOLLOW)


@dataclass(frozen=True, slots=True)
class Reply:
    """答复: what goes back to the sender ("" for nothing), and who that is.

    chat: the group they spoke in.  pressed: they pressed a card, whose buttons shall show `label` from now on.
    """

    text: str
    identity_id: int
    person_id: int
    chat: str = ""
    pressed: bool = False
    label: str = ""


def receive(desk: Desk, message: Message, default: str) -> Reply:
    """Take in one message. default: the account's platform, when role, QR and menu say nothing."""
    caller = meet(desk, message)
    if message.kind is Kind.UNFOLLOW:
        unreached.tell_left(desk, caller)
    text = "" if message.kind in _SILENT else _answer(desk, caller, message, default)
    pressed = message.kind is Kind.PRESS
    label = cards.label(desk, message.details.get("TaskId", "")) if pressed else ""
    return Reply(text, caller.identity_id, caller.person.id, message.chat, pressed, label)


def _answer(desk: Desk, caller: Caller, message: Message, default: str) -> str:
    if message.kind in (Kind.FOLLOW, Kind.SCAN):
        return _arrival(desk, caller, message, default)
    if message.chat:
        return group.answer(desk, caller, message, default)
    if message.kind in (Kind.MENU, Kind.PRESS):
        # A menu entry's or button's key is what its user would type; one nobody understands explains everything.
        typed = replace(message, kind=Kind.TEXT, text=message.scene)
        return (message.scene and _understood(desk, caller, typed, default)) or _help(desk, caller)
    understood = _understood(desk, caller, message, default)
    return understood if understood is not None else _by_part(desk, caller, message, default)


def _arrival(desk: Desk, caller: Caller, message: Message, default: str) -> str:
    """A scan or a follow may carry an invitation or a platform; otherwise people are welcomed."""
    if message.scene.startswith(platforms.SCENE):
        return platforms.scanned(desk, caller, message.scene.removeprefix(platforms.SCENE), default)
    login = logging_in.scanned(desk, caller, message.scene)
    if login:
        return login
    bound = binding.bind(desk, caller, message.scene) if message.scene else None
    if bound:
        return bound
    return _help(desk, caller) if caller.memberships else desk.texts("welcome")


def _help(desk: Desk, caller: Caller) -> str:
    if caller.holds(Role.DISPATCHER, Role.VERIFIER):
        return overview.help_text(desk, caller)
    return officer.help_text(desk, caller) if caller.units else citizen.help_text(desk, caller)


def _bound(desk: Desk, caller: Caller, text: str) -> str | None:
    """绑定 CODE, or the code alone as it was copied out of a letter."""
    said = plain(text)
    if _CODE.fullmatch(said):
        return binding.bind(desk, caller, said)
    word = next((word for word in _CODE_WORDS if said.startswith(word)), None)
    if word is None:
        return None
    return binding.bind(desk, caller, said.removeprefix(word).strip(":。, ")) or desk.texts("bind.unknown")


def _understood(desk: Desk, caller: Caller, message: Message, default: str) -> str | None:
    """What stands above every part: binding codes, and which platform one reports on; then the parts' commands."""
    if message.kind is Kind.TEXT:
        above = _bound(desk, caller, message.text) or _platform(desk, caller, message.text, default)
        if above is not None:
            return above
    # A closed platform takes no reports; whoever works on cases, or reported before, is heard all the same.
    platform = platforms.of(desk, caller, default) or desk.router.pack.platforms[default]
    return _spoken(desk, caller, message, platform)


def _platform(desk: Desk, caller: Caller, text: str, default: str) -> str | None:
    """平台, 平台 2, 平台 市民巡访团; "平台上有积水" is a report."""
    said = plain(text)
    word = next((word for word in _PLATFORM if said.startswith(word)), None)
    if word is None:
        return None
    rest = said.removeprefix(word)
    if not rest:
        return platforms.tell(desk, caller, default)
    is_choice = rest.isdigit() or rest != trimmed(rest)
    return platforms.choose(desk, caller, trimmed(rest)) if is_choice else None


def _by_part(desk: Desk, caller: Caller, message: Message, default: str) -> str:
    """What is no command is part of a report; only a dispatcher's words are none, unless 上报 was said."""
    platform = platforms.of(desk, caller, default)
    if platform is None:
        return desk.texts("platform.closed")
    unknown = None
    if caller.is_dispatcher and message.kind is Kind.TEXT:
        unknown = dispatcher.unknown(desk, caller, platform)
    return unknown if unknown is not None else draft.take(desk, caller, platform, message)


def _spoken(desk: Desk, caller: Caller, message: Message, platform: Platform) -> str | None:
    """What only some may say, then the command centre's words, an officer's, and those anybody may use."""
    is_text = message.kind is Kind.TEXT
    spoken = _special(desk, caller, message.text) if is_text else None
    if spoken is None and caller.holds(Role.DISPATCHER, Role.VERIFIER):
        spoken = dispatcher.answer(desk, caller, message)
    if spoken is None and caller.units:
        spoken = officer.answer(desk, caller, platform, message)
    if spoken is None and is_text:
        spoken = citizen.answer(desk, caller, platform, message)
    return spoken


def _special(desk: Desk, caller: Caller, text: str) -> str | None:
    """Rounds, posts, re-checks, the tally, codes, absences: whole sentences that begin with their own word."""
    heard = (listen(desk, caller, plain(text)) for listen in _LISTENERS)
    return next((answer for answer in heard if answer is not None), None)


_LISTENERS = (
    logging_in.answer,
    accounts.answer,
    admin.answer,
    contacting.answer,
    leaving.answer,
    patrolling.answer,
    posting.answer,
    rechecking.answer,
    talking.answer,
    tally.answer,
    group_leads.answer,
)
