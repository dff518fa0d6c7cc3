"""菜单: the data pack's menus as WeChat and WeCom want them."""

from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

FILE, WORK_FILE = "menu.yaml", "menu_work.yaml"  # 公众号, 企业微信应用


class BadMenu(Exception):
    """A menu file cannot be used: says which entry and why."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(_Strict):
    """子菜单: one entry. say: what its user would otherwise type; it travels as the entry's key."""

    name: Annotated[str, Field(min_length=1, max_length=20)]
    say: Annotated[str, Field(min_length=1, max_length=40)]


class Button(_Strict):
    """一级菜单."""

    name: Annotated[str, Field(min_length=1, max_length=5)]
    below: Annotated[list[Item], Field(min_length=1, max_length=5)]


_MENU = TypeAdapter(Annotated[list[Button], Field(min_length=1, max_length=3)])


def read_menu(folder: Path, name: str = FILE) -> dict[str, Any]:
    """The menu in one of the two files as the body of /cgi-bin/menu/create. Raises BadMenu."""
    file = folder / name
    try:
        buttons = _MENU.validate_python(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError) as error:
        raise BadMenu(f"{file}: {error}") from error
    except ValidationError as error:
        told = [f"{file}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False)]
        raise BadMenu("\n".join(told)) from None
    return {"button": [_button(button) for button in buttons]}


def _button(button: Button) -> dict[str, Any]:
    below = [{"type": "click", "name": item.name, "key": item.say} for item in button.below]
    return {"name": button.name, "sub_button": below}
