"""群聊: what may be said in front of everybody. Reports; the rest belongs into a private conversation."""

import re
from dataclasses import replace
from enum import StrEnum

from handlers import addressing, draft, platforms, satisfaction, which_street, words
from handlers.channels.piece import Want
from handlers.desk import Desk
from handlers.dispatcher.verbs import VERBS as DISPATCHERS
from handlers.message import Kind, Message
from handlers.officer.verbs import VERBS as OFFICERS
from handlers.people.caller import Caller
from handlers.reading import candidate_words
from handlers.reporter import citizen, patrolling, posting
from routing.platforms import Platform

_PRIVATE: dict[str, StrEnum] = {**DISPATCHERS, **OFFICERS, **citizen.VERBS}
_LISTENERS = (posting.answer, patrolling.answer)
_ALONE = {"完成": draft.finish, "提交": draft.finish, "取消": draft.cancel}
_HELP = ("帮助", "怎么用", "?", "")
# What else is somebody's own business: codes, roles, lists of people and of work. "平台上有积水" is a report.
_CODES = ("绑定", "邀请码", "发码", "关联账号", "关联帐号")
_OWN = (
    *("平台", "切换平台", "选择平台", "更改平台", "在册", "联络", "请假", "销假", "回来上班"),
    *(word for word in satisfaction.RATINGS if not word.isdigit()),
    *("我的战绩", "战绩", "光荣榜", "荣誉榜", "复查", "复核", "回头看", "跟踪", "跟踪报道"),
)
_CODE = re.compile(r"[A-Za-z2-9]{8}")


def answer(desk: Desk, caller: Caller, message: Message, default: str) -> str:
    """What the bot says in the group, with the name of whom it answers. default: the group's platform."""
    platform = _platform(desk, caller, default)
    if platform is None:
        return desk.texts("group.stranger")
    spoken, message = None, _without_ours(desk, message)
    if message.kind is Kind.TEXT and not (message.quoted and not message.text):
        spoken = _spoken(desk, caller, platform, message)
    text = spoken if spoken is not None else _report(desk, caller, platform, _in_one(message))
    return addressing.to(desk, caller.person.name, text) if text else ""


def _platform(desk: Desk, caller: Caller, default: str) -> Platform | None:
    """The group's own, where the speaker may report on it; else a member's; None for whoever was never registered."""
    usual = desk.router.pack.platforms[default]
    if usual in platforms.allowed(desk, caller):
        return usual
    return platforms.of(desk, caller, default) if caller.memberships else None


def _without_ours(desk: Desk, message: Message) -> Message:
    """People answer by quoting what we said; that is no part of what they say."""
    return replace(message, quoted="") if addressing.is_from_us(desk, message.quoted) else message


def _in_one(message: Message) -> Message:
    text = "\n".join(filter(None, (message.quoted, message.text)))
    return replace(message, text=text, quoted="")


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
    return next((said for said in heard if said is not None), None) or _elsewhere(desk, caller, text)


def _elsewhere(desk: Desk, caller: Caller, text: str) -> str | None:
    """Commands about cases, courtesies and bare numbers: nothing for everybody's eyes."""
    courtesy = text.rstrip("。.!?~ ").lower()
    # "收到" from an officer means more than a courtesy, only not in front of everybody.
    if courtesy in citizen.COURTESIES and not (caller.units and courtesy in OFFICERS):
        return desk.texts("help.courtesy")
    is_private = words.bare_number(text) is not None or _is_own_business(text) or _is_command(desk, caller, text)
    return desk.texts("group.private") if is_private else None


def _is_own_business(text: str) -> bool:
    if text.startswith(_CODES) or _CODE.fullmatch(text):
        return True
    rests = (text.removeprefix(word) for word in _OWN if text.startswith(word))
    return any(not rest or rest[0].isdigit() or rest != words.trimmed(rest) for rest in rests)


def _is_command(desk: Desk, caller: Caller, text: str) -> bool:
    """With a number or alone it is one; from whoever only works on cases, also with more words: "收到，马上处理"."""
    if caller.is_dispatcher and candidate_words.read(text) is not None:
        return True
    command = words.parse(text, _PRIVATE)
    if command is None:
        return False
    roles = desk.router.pack.roles
    reports = any(roles[held.role.value].platform for held in caller.memberships)
    return command.number is not None or not command.tail or not reports


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
