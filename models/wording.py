"""文案: words for people, kept in one texts.yaml per folder and nowhere else."""

from pathlib import Path
from string import Formatter
from typing import Any

import yaml

# libyaml reads ten times faster; not every wheel carries it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class BadTexts(Exception):
    """A texts file that cannot be used: says which file and key."""


class Texts:
    """文案: looks a key up and fills it in. A key that does not exist is a bug and raises KeyError."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._texts = _flat(_read(file), file)

    def __call__(self, key: str, **values: Any) -> str:
        return self._texts[key].format(**values).strip()

    def raw(self, key: str) -> str:
        """A text as it stands in the file."""
        return self._texts[key]

    @property
    def names(self) -> set[str]:
        """The keys there are."""
        return set(self._texts)

    def fields(self, key: str) -> set[str]:
        """The names a text expects to be filled in."""
        return {name for _, name, _, _ in Formatter().parse(self._texts[key]) if name}


def _read(file: Path) -> Any:
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506  a SafeLoader
    except yaml.YAMLError as error:
        raise BadTexts(f"{file}: not YAML: {error}") from error


def _flat(node: Any, file: Path, prefix: str = "") -> dict[str, str]:
    if isinstance(node, str):
        return {prefix: node}
    if not isinstance(node, dict):
        raise BadTexts(f"{file}: {prefix or '(whole file)'}: must be a text or a group of texts")
    flat: dict[str, str] = {}
    for key, value in node.items():
        flat |= _flat(value, file, f"{prefix}.{key}".strip("."))
    return flat
