"""Strict reading of a pack's YAML: a value is text until asked for, and every fault knows its line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import TypeAlias

import yaml

# libyaml reads a pack some ten times faster; not every wheel carries it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEPTH_AT_MOST = 40


class PackError(Exception):
    """A broken data pack: file, line (1-based, 0 where none applies) and reason."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        """Keep the three parts and say them as `file:line: reason`."""
        where = f"{file}:{line}" if line else file
        super().__init__(f"{where}: {reason}")
        self.file, self.line, self.reason = file, line, reason


Value: TypeAlias = "str | Entry | list[Value]"


@dataclass(frozen=True, slots=True)
class Entry:
    """One mapping of a file: its values, and the line of each."""

    file: str
    line: int
    values: Mapping[str, Value]
    lines: Mapping[str, int]

    def fault(self, reason: str, key: str = "") -> PackError:
        """The error to raise about this mapping, or about one of its keys."""
        return PackError(self.file, self.lines.get(key, self.line), reason)

    def only(self, *known: str) -> None:
        """Refuse any key but these; a misspelt key would otherwise be silently without effect."""
        for key in self.values:
            if key not in known:
                raise self.fault(f"unknown key '{key}' (known: {', '.join(known)})", key)

    def text(self, key: str, default: str | None = None) -> str:
        """The text under a key; without a default it must be there and not be empty."""
        value = self.values.get(key, default)
        if isinstance(value, str) and (value or default is not None):
            return value
        raise self.fault(f"'{key}' must be a text and not empty", key)

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts under a key: a list, a single text, or nothing when the key is absent."""
        value = self.values.get(key, [])
        items = [value] if isinstance(value, str) else value
        if isinstance(items, list) and all(isinstance(item, str) and item for item in items):
            return tuple(str(item) for item in items)
        raise self.fault(f"'{key}' must be a list of texts", key)

    def number(self, key: str) -> float | None:
        """The positive number under a key, None when the key is absent."""
        if key not in self.values:
            return None
        try:
            number = float(self.text(key))
        except ValueError:
            # Falls into the refusal below, together with zero, negative and endless ones.
            number = 0.0
        if number > 0 and isfinite(number):
            return number
        raise self.fault(f"'{key}' must be a number above zero", key)

    def flag(self, key: str, default: bool | None = None) -> bool:
        """The yes or no under a key, written true or false; without a default it must be there."""
        if key not in self.values and default is not None:
            return default
        # Only the two words: of "no", "off" and "0" an editor and YAML may think differently.
        return self.choice(key, ("true", "false")) == "true"

    def choice(self, key: str, known: tuple[str, ...]) -> str:
        """The text under a key, which must be one of the known ones."""
        return self._known(key, self.text(key), known)

    def choices(self, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
        """The texts under a key, each a known one and named once; none when the key is absent."""
        texts = self.texts(key)
        for text in texts:
            self._known(key, text, known)
            if texts.count(text) > 1:
                raise self.fault(f"'{text}' stands in '{key}' twice", key)
        return texts

    def _known(self, key: str, text: str, known: tuple[str, ...]) -> str:
        if text in known:
            return text
        raise self.fault(f"unknown {key} '{text}' (known: {', '.join(known)})", key)

    def entry(self, key: str) -> "Entry":
        """The mapping under a key, which must be there."""
        value = self.values.get(key)
        if isinstance(value, Entry):
            return value
        raise self.fault(f"'{key}' must be a mapping", key)

    def entries(self, key: str) -> tuple["Entry", ...]:
        """The mappings listed under a key; none when the key is absent."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self.fault(f"'{key}' must be a list", key)
        return tuple(self._items(key, value))

    def _items(self, key: str, items: list[Value]) -> Iterable["Entry"]:
        for item in items:
            if not isinstance(item, Entry):
                raise self.fault(f"'{key}' must hold mappings only", key)
            yield item


def read(file: str, text: str) -> Entry:
    """The mapping a YAML text holds; raises PackError, naming `file`, for anything else."""
    try:
        root = yaml.compose(text, LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise PackError(file, mark.line + 1 if mark else 0, f"not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise PackError(file, 0, f"not YAML: {error}") from error
    value = _Plainer(file).plain(root) if root else ""
    if isinstance(value, Entry):
        return value
    raise PackError(file, 1, "the file must hold a mapping")


def check_depth(file: str, text: str) -> None:
    """Refuse what is nested deeper than any pack: a reader that calls itself falls over thousands of brackets."""
    depth = 0
    try:
        for event in yaml.parse(text, LOADER):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEPTH_AT_MOST:
                line = event.start_mark.line + 1 if event.start_mark else 0
                raise PackError(file, line, f"nested more than {DEPTH_AT_MOST} deep")
    except yaml.YAMLError:
        # `read` says what is wrong with it, and where.
        return


class _Plainer:
    """Turns YAML nodes into values, refusing what would surprise an editor."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.seen: set[int] = set()

    def plain(self, node: yaml.Node) -> Value:
        # A node met twice is an alias: it could contain itself, and its line would mislead.
        if id(node) in self.seen:
            raise self._fault(node, "anchors and aliases are not used in a pack")
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item) for item in node.value]
        # Never by YAML's own rules: they read the code 06010 as an octal number and "no" as false.
        return str(node.value)

    def _mapping(self, node: yaml.MappingNode) -> Entry:
        values: dict[str, Value] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            key = self.plain(key_node)
            if not isinstance(key, str):
                raise self._fault(key_node, "a key must be a text")
            # YAML lets the second silently win, and an editor would look at the first.
            if key in values:
                raise self._fault(key_node, f"'{key}' stands here twice")
            values[key], lines[key] = self.plain(value_node), key_node.start_mark.line + 1
        return Entry(self.file, node.start_mark.line + 1, values, lines)

    def _fault(self, node: yaml.Node, reason: str) -> PackError:
        return PackError(self.file, node.start_mark.line + 1, reason)
