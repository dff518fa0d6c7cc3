"""Strict reading (严格读取): plain values become dataclasses; whatever is unknown or missing is an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any


class SettingsError(ValueError):
    """设置有误: the file cannot be used; the text names file, key and reason."""


def build(kind: Any, raw: object, where: str) -> Any:
    """Make a dataclass of a mapping. Raises SettingsError for unknown and missing keys."""
    tree = mapping(raw, where)
    known = {one.name: one for one in fields(kind)}
    # A misspelt key that is silently ignored would be looked for in the wrong place for hours.
    unknown = set(tree) - set(known)
    if unknown:
        raise SettingsError(f"{where}: unknown key {sorted(unknown)}; known are {sorted(known)}")
    needed = {n for n, one in known.items() if one.default is MISSING and one.default_factory is MISSING}
    if needed - set(tree):
        raise SettingsError(f"{where}: missing {sorted(needed - set(tree))}")
    return kind(**tree)


def read_secret(tree: dict[str, Any], name: str, where: str, folder: Path) -> None:
    """Replace `<name>_file` by what the file holds. Raises SettingsError when both are given."""
    file = tree.pop(f"{name}_file", None)
    if file is None:
        return
    # Two values for one secret would leave open which of them is in force.
    if name in tree:
        raise SettingsError(f"{where}: give {name} or {name}_file, not both")
    tree[name] = (folder / str(file)).read_text(encoding="utf-8").strip()


def mapping(raw: object, where: str) -> Mapping[str, Any]:
    """Return a mapping. Raises SettingsError for anything else."""
    if not isinstance(raw, Mapping):
        raise SettingsError(f"{where}: a mapping is expected")
    return raw


def sequence(raw: object, where: str) -> list[Any]:
    """Return a list. Raises SettingsError for anything else."""
    if not isinstance(raw, list | tuple):
        raise SettingsError(f"{where}: a list is expected")
    return list(raw)
