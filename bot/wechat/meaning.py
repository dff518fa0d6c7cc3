"""消息含义: what a push says, as a Message; one row per type of message or event."""

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.wechat.fields import clean
from handlers.message import Kind, Media, Message, Pin

_MAX_DETAILS = 40
_MAX_DETAIL_CHARS = 500
_ENVELOPE = frozenset({"ToUserName", "FromUserName", "CreateTime", "MsgType"})
Fields = Mapping[str, Any]
Reader = Callable[[Fields], dict[str, Any]]


def to_message(account: str, fields: Fields, received_at: datetime) -> Message:
    """消息: what the person said or did; never raises, odd content becomes Kind.UNKNOWN.

    account: key of the account as in config.yaml.  received_at: aware UTC, taken when CreateTime is no time.
    """
    said: dict[str, Any] = {
        "sent_at": _time(fields, received_at),
        "msg_id": _number(fields, "MsgId") or _number(fields, "MsgID"),
        **_reader(fields)(fields),
    }
    return Message(account=account, sender=_text(fields, "FromUserName"), **said)


def _reader(fields: Fields) -> Reader:
    kind = _text(fields, "MsgType").lower()
    if kind == "event":
        # An event nobody planned for is still only WeChat telling us something.
        return _EVENTS.get(_text(fields, "Event").lower(), _notice)
    return _MESSAGES.get(kind, _unknown)


def _words(fields: Fields) -> dict[str, Any]:
    menu = _text(fields, "bizmsgmenuid")
    details = {"bizmsgmenuid": menu} if menu else {}
    return {"kind": Kind.TEXT, "text": _text(fields, "Content"), "details": details}


def _photo(fields: Fields) -> dict[str, Any]:
    media_id = _text(fields, "MediaId")
    if not media_id:
        return _unknown(fields)
    return {"kind": Kind.PHOTO, "photo": Media(media_id, _text(fields, "PicUrl"))}


def _place(fields: Fields) -> dict[str, Any]:
    # WeChat's Location_X is the latitude, against every map's habit.
    lat, lon = _degrees(fields, "Location_X", 90), _degrees(fields, "Location_Y", 180)
    if lat is None or lon is None:
        return _unknown(fields)
    return {"kind": Kind.PLACE, "pin": Pin(lat, lon, _text(fields, "Label"))}


def _voice(fields: Fields) -> dict[str, Any]:
    return {"kind": Kind.VOICE, "text": _text(fields, "Recognition"), "details": _details(fields)}


def _video(fields: Fields) -> dict[str, Any]:
    return {"kind": Kind.VIDEO, "details": _details(fields)}


def _link(fields: Fields) -> dict[str, Any]:
    told = {name: _text(fields, name) for name in ("Title", "Description", "Url")}
    return {"kind": Kind.LINK, "text": "\n".join(line for line in told.values() if line), "details": told}


def _follow(fields: Fields) -> dict[str, Any]:
    # A search result or a shared card also fills EventKey, with other prefixes: those are no scenes.
    key = _text(fields, "EventKey")
    return {"kind": Kind.FOLLOW, "scene": key.removeprefix("qrscene_") if key.startswith("qrscene_") else ""}


def _unfollow(_fields: Fields) -> dict[str, Any]:
    return {"kind": Kind.UNFOLLOW}


def _scan(fields: Fields) -> dict[str, Any]:
    return {"kind": Kind.SCAN, "scene": _text(fields, "EventKey")}


def _menu(fields: Fields) -> dict[str, Any]:
    return {"kind": Kind.MENU, "scene": _text(fields, "EventKey")}


def _press(fields: Fields) -> dict[str, Any]:
    return {"kind": Kind.PRESS, "scene": _text(fields, "EventKey"), "details": _details(fields)}


def _notice(fields: Fields) -> dict[str, Any]:
    return {"kind": Kind.NOTICE, "details": _details(fields)}


def _unknown(fields: Fields) -> dict[str, Any]:
    return {"kind": Kind.UNKNOWN, "details": _details(fields)}


_MESSAGES: dict[str, Reader] = {
    "text": _words,
    "image": _photo,
    "voice": _voice,
    "video": _video,
    "shortvideo": _video,
    "location": _place,
    "link": _link,
}
# Whatever is not here (VIEW, LOCATION, TEMPLATESENDJOBFINISH, subscribe_msg_*, pic_* …) is a notice.
_EVENTS: dict[str, Reader] = {
    "subscribe": _follow,
    "unsubscribe": _unfollow,
    "scan": _scan,
    "click": _menu,
    "template_card_event": _press,  # WeCom's alone
}


def _details(fields: Fields) -> dict[str, str]:
    """Flatten what is left into plain strings; a repeated name gets ".2", ".3" and so on."""
    details: dict[str, str] = {}
    rest = {name: value for name, value in fields.items() if name not in _ENVELOPE}
    for name, value in _leaves(rest):
        if len(details) == _MAX_DETAILS:
            break
        number = 1 + sum(1 for known in details if known.partition(".")[0] == name)
        details[name if number == 1 else f"{name}.{number}"] = _plain(value)[:_MAX_DETAIL_CHARS]
    return details


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, name)
    else:
        yield name, value


def _text(fields: Fields, name: str) -> str:
    return _plain(fields.get(name))


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return clean(value).strip()
    return str(value) if isinstance(value, int | float) else ""


def _number(fields: Fields, name: str) -> str:
    number = _text(fields, name)
    return "" if number == "0" else number


def _time(fields: Fields, received_at: datetime) -> datetime:
    try:
        stamp = int(_text(fields, "CreateTime"))
    except ValueError:
        return received_at
    # A day of grace for clocks that differ; a time further ahead would poison every deadline counted from it.
    believable = 0 < stamp < received_at.timestamp() + 86400
    return datetime.fromtimestamp(stamp, UTC) if believable else received_at


def _degrees(fields: Fields, name: str, limit: int) -> float | None:
    try:
        value = float(_text(fields, name))
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= limit else None
