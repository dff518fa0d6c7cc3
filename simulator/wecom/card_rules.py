"""Rules of template cards (模板卡片的规矩): what WeCom refuses, and what the card shows on the phone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from simulator.errors import Refused

_KINDS = ("button_interaction", "text_notice")
_BUTTONS, _BUTTON_TEXT, _KEY_BYTES = 6, 10, 1024
_FIELDS, _JUMPS = 6, 3
_TASK = re.compile(r"[0-9a-zA-Z_@-]{1,128}")

Card = dict[str, Any]


def read_card(raw: Mapping[str, Any], *, task_id: str = "") -> Card:
    """Return what the phone shows of a template_card.

    task_id: kept when an update names none.  Raises Refused 40058 with the field that breaks a rule.
    """
    kind = str(raw.get("card_type", ""))
    if kind not in _KINDS:
        raise Refused(40058, f"template_card.card_type {kind!r} is not played here")
    main, action = _part(raw, "main_title"), _part(raw, "card_action")
    card: Card = {
        "kind": kind, "task_id": task_id or _task(raw, needed=kind == "button_interaction"), "state": "open",
        "source": str(_part(raw, "source").get("desc", "")),
        "title": _short(main, "title", 36), "description": _short(main, "desc", 44),
        "sub": _short(raw, "sub_title_text", 160), "fields": _fields(raw),
        "url": str(action.get("url", "")), "buttons": _buttons(raw) if kind == "button_interaction" else [],
        "replaced": str(raw.get("replace_text", "")),
    }  # fmt: skip
    _check_whole(card, action)
    # An update may bring its own grey button; such a card is finished from the start.
    return card | {"state": "updated"} if card["replaced"] else card


def words_of(card: Card) -> str:
    """Return a card as text, as a preview or a transcript shows it."""
    fields = [f"{one['name']}：{one['value']}" for one in card["fields"]]
    buttons = [card["replaced"]] if card["replaced"] else [one["text"] for one in card["buttons"]]
    foot = " ".join(f"[{text}]" for text in buttons)
    return "\n".join(part for part in (card["title"], card["description"], card["sub"], *fields, foot) if part)


def _check_whole(card: Card, action: Mapping[str, Any]) -> None:
    if not card["title"] and not card["sub"]:
        raise Refused(40058, "main_title.title or sub_title_text is needed")
    # A notice without a link is the documented mistake; a button card may do without.
    if card["kind"] == "text_notice" and action.get("type") not in (1, 2):
        raise Refused(40058, "card_action.type is 1 or 2")
    if action.get("type") == 1 and not card["url"]:
        raise Refused(40058, "card_action.url is missing")


def _task(raw: Mapping[str, Any], *, needed: bool) -> str:
    task = str(raw.get("task_id", ""))
    if (needed or task) and not _TASK.fullmatch(task):
        raise Refused(40058, "task_id is 1 to 128 of 0-9 a-z A-Z _ - @")
    return task


def _buttons(raw: Mapping[str, Any]) -> list[Card]:
    given = raw.get("button_list")
    if not isinstance(given, list) or not 1 <= len(given) <= _BUTTONS:
        raise Refused(40058, f"button_list holds 1 to {_BUTTONS}")
    buttons = [_button(one) for one in _objects(given, "button_list")]
    keys = [one["key"] for one in buttons if one["key"]]
    if len(set(keys)) != len(keys):
        raise Refused(40058, "button_list: every key must differ")
    return buttons


def _button(raw: Mapping[str, Any]) -> Card:
    text, key, url = str(raw.get("text", "")), str(raw.get("key", "")), str(raw.get("url", ""))
    if not 1 <= len(text) <= _BUTTON_TEXT:
        raise Refused(40058, f"button_list.text holds 1 to {_BUTTON_TEXT} characters")
    # Buttons that open a page have an address instead of a key.
    if raw.get("type") == 1:
        if not url:
            raise Refused(40058, "button_list.url is missing")
        return {"text": text, "key": "", "url": url, "style": 1}
    if not 1 <= len(key.encode()) <= _KEY_BYTES:
        raise Refused(40058, f"button_list.key holds 1 to {_KEY_BYTES} bytes")
    return {"text": text, "key": key, "url": "", "style": raw.get("style") or 1}


def _fields(raw: Mapping[str, Any]) -> list[Card]:
    given = raw.get("horizontal_content_list") or []
    if not isinstance(given, list) or len(given) > _FIELDS:
        raise Refused(40058, f"horizontal_content_list holds at most {_FIELDS}")
    jumps = raw.get("jump_list") or []
    if not isinstance(jumps, list) or len(jumps) > _JUMPS:
        raise Refused(40058, f"jump_list holds at most {_JUMPS}")
    fields = _objects(given, "horizontal_content_list")
    if any(not one.get("keyname") for one in fields):
        raise Refused(40058, "horizontal_content_list.keyname is missing")
    return [{"name": _short(one, "keyname", 5), "value": _short(one, "value", 30)} for one in fields]


def _objects(given: list[Any], name: str) -> list[Mapping[str, Any]]:
    if not all(isinstance(one, Mapping) for one in given):
        raise Refused(40058, f"{name} holds objects")
    return given


def _part(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = raw.get(name) or {}
    if not isinstance(part, Mapping):
        raise Refused(40058, f"{name} is an object")
    return part


def _short(raw: Mapping[str, Any], name: str, most: int) -> str:
    text = str(raw.get(name) or "")
    if len(text) > most:
        raise Refused(40058, f"{name} holds at most {most} characters")
    return text
