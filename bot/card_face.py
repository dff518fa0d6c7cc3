"""卡片样式: how a task looks as a card with buttons, within what WeCom lets a card hold (facts: §3.2)."""

from pathlib import Path
from typing import Any

from bot.headline import after_headline, headline
from bot.parcel import Parcel
from models.wording import Texts

_TEXTS = Texts(Path(__file__).with_name("texts.yaml"))
_TITLE, _WORDS, _FIELD = 36, 160, 30
_FIELDS = ("unit", "due")  # the rest stands in the words
_BUTTONS = (("claim", 1), ("return", 2), ("detail", 2))  # 1: blue, 2: grey


def draw(parcel: Parcel, task_id: str, page: str = "") -> dict[str, Any]:
    """模板卡片 (button_interaction). A button's key is what its presser would type.

    page: where a tap beside the buttons leads, "" for nowhere.
    """
    number = parcel.short.get("number", "")
    fields = [(_TEXTS(f"card.field.{name}"), parcel.short.get(name, "")[:_FIELD]) for name in _FIELDS]
    return {
        "card_type": "button_interaction",
        "task_id": task_id,
        "main_title": {"title": _TEXTS("card.title", headline=headline(parcel.text), number=number)[:_TITLE]},
        "sub_title_text": _words(parcel.text),
        "horizontal_content_list": [{"keyname": name, "value": value} for name, value in fields if value],
        "button_list": [_button(_TEXTS(f"card.button.{verb}"), number, style) for verb, style in _BUTTONS],
        **({"card_action": {"type": 1, "url": page}} if page else {}),
    }


def _words(text: str) -> str:
    """What happened; without the lines that tell what to type, because there are buttons for that."""
    lines = after_headline(text).splitlines()
    return "\n".join(line for line in lines if not line.startswith(_TEXTS("card.to_type")))[:_WORDS]


def _button(text: str, number: str, style: int) -> dict[str, Any]:
    return {"text": text, "style": style, "key": f"{text} {number}"}
