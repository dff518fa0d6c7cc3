"""群聊: what may be said in front of everybody. Reports; the rest belongs into a private conversation."""

from enum import StrEnum

from handlers import addressing, draft, platforms, which_street, words
from handlers.channels.piece import Want
from handlers.desk import Desk
from handlers.dispatcher.verbs import VERBS as DISPATCHERS
from handlers.message import Kind, Message
from handlers.officer.verbs import VERBS as OFFICERS
from handlers.people.caller import Caller
from handlers.reporter import citizen, patrolling, posting
from routing.platforms import Platform

_PRIVATE: dict[str, StrEnum] = {**DISPATCHERS, **OFFICERS, **citizen.VERBS}
_LISTENERS = (posting.answer, patrolling.answer)
_ALONE = {"完成": draft.finish, "提交": draft.finish, "取消": draft.cancel}
_HELP = ("帮助", "怎么用", "?", "")


def answer(desk: Desk, caller: Caller, message: Message, default: str) -> str:
    """What the bot says in the group, with the name of whom it answers. default: the group's platform."""
    platform = _platform(desk, caller, default)
    if platform is None:
        return desk.texts("group.stranger")
    spoken = _spoken(desk, caller, platform, message) if message.kind is Kind.TEXT else None
    text = spoken if spoken is not None else _report(desk, caller, platform, message)
    return addressing.to(desk, caller.person.name, text) if text else ""


def _platform(desk: Desk, caller: Caller, default: str) -> Platform | None:
    """The group's own, where the speaker may report on it; else the speaker's."""
    usual = desk.router.pack.platforms[default]
    return usual if usual in platforms.allowed(desk, caller) else platforms.of(desk, caller, default)


def _spoken(desk: Desk, caller: Caller, platform: Platform, message: Message) -> str | None:
    """What is no part of a report; None for what is."""
    text = words.plain(message.text)
    if text in _HELP:
        return desk.texts("group.help", platform=platform.name)
    if text in _ALONE:
        return _ALONE[text](desk, caller, platform)
    placed = which_street.answered(desk, caller, message)
    if placed is not None:
        draft.told_where(desk, caller, placed, platform)
        return draft.close_whole(desk, caller, platform) or _told(desk, caller, platform)
    heard = (listen(desk, caller, text) for listen in _LISTENERS)
    return next((said for said in heard if said is not None), None) or _elsewhere(desk, text)


def _elsewhere(desk: Desk, text: str) -> str | None:
    """Commands about cases, courtesies and bare numbers: nothing for everybody's eyes."""
    if text.rstrip("。.!?~ ").lower() in citizen.COURTESIES:
        return desk.texts("help.courtesy")
    command = words.parse(text, _PRIVATE)
    is_command = command is not None and (command.number is not None or not command.tail)
    return desk.texts("group.private") if is_command or words.bare_number(text) is not None else None


def _report(desk: Desk, caller: Caller, platform: Platform, message: Message) -> str:
    """A piece of a report; one that came whole goes out as soon as nothing is missing."""
    told = draft.take(desk, caller, platform, message)
    if not message.whole:
        return told
    return draft.close_whole(desk, caller, platform) or told + _how(desk, caller, platform)


def _told(desk: Desk, caller: Caller, platform: Platform) -> str:
    pending = draft.current(desk, caller, platform.key)
    if pending is None:
        return desk.texts("draft.none")
    return draft.progress(desk, caller, pending, platform) + _how(desk, caller, platform)


def _how(desk: Desk, caller: Caller, platform: Platform) -> str:
    """How a picture gets to us: one that stands alone in a group never does."""
    wants_photo = Want.PHOTO in draft.lacks(desk, caller, platform)
    return "\n" + desk.texts("group.how") if wants_photo else ""
