"""Every text is used, every used text exists, and each is given what it wants to be filled in with."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.installation import ROOT
from models.wording import Texts

FOLDERS = ("bot", "handlers", "handlers/field", "handlers/groups", "handlers/membership", "reminders")
# A message has 2048 bytes, which is 680 Chinese characters; what is filled in needs room, too.
ROOM = 400
_READING = "reading"


@dataclass(frozen=True)
class Use:
    """A call of texts(...): where it is, which keys it may mean, and what it fills in (None: cannot be told)."""

    where: str
    keys: frozenset[str]
    given: frozenset[str] | None


def texts_of(folder: str) -> Texts:
    return Texts(ROOT / folder / "texts.yaml")


def sources(folder: str) -> Iterator[tuple[Path, ast.Module]]:
    """The modules of a folder, without those below it that have texts of their own."""
    apart = [ROOT / other for other in FOLDERS if other.startswith(f"{folder}/")]
    for file in sorted((ROOT / folder).rglob("*.py")):
        if not any(file.is_relative_to(other) for other in apart):
            yield file.relative_to(ROOT), ast.parse(file.read_text(encoding="utf-8"))


def uses(folder: str) -> Iterator[Use]:
    """Every call of a Texts whose key is written there, whole or in part."""
    names = texts_of(folder).names
    for file, tree in sources(folder):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _is_texts(node.func) and node.args:
                pattern = _pattern(node.args[0])
                if pattern is not None:
                    keys = frozenset(name for name in names if re.fullmatch(pattern, name))
                    yield Use(f"{file}:{node.lineno} {pattern}", keys, _given(node))


def _is_texts(called: ast.expr) -> bool:
    """A Texts handed over (anything.texts) or a module's own (TEXTS)."""
    if isinstance(called, ast.Name):
        return called.id == "TEXTS"
    return isinstance(called, ast.Attribute) and called.attr == "texts"


def _pattern(key: ast.expr) -> str | None:
    """What a literal or an f-string can be, as a regular expression; None for a variable."""
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        return re.escape(key.value)
    if isinstance(key, ast.JoinedStr):
        return "".join(re.escape(p.value) if isinstance(p, ast.Constant) else r"[a-z0-9_]+" for p in key.values)
    return None


def _given(call: ast.Call) -> frozenset[str] | None:
    if any(word.arg is None for word in call.keywords):
        return None
    return frozenset(word.arg for word in call.keywords if word.arg)


def mentioned(folder: str) -> set[str]:
    """The keys that stand in the sources, whole or in part, in a call, a table or a variable."""
    nodes = [node for _, tree in sources(folder) for node in ast.walk(tree) if isinstance(node, ast.expr)]
    # A pattern that begins with a blank would match every key there is.
    patterns = {pattern for pattern in map(_pattern, nodes) if pattern and not pattern.startswith("[")}
    return {name for name in texts_of(folder).names if any(re.fullmatch(pattern, name) for pattern in patterns)}


@pytest.mark.parametrize("folder", FOLDERS)
def test_it_uses_no_text_that_is_not_there(folder: str) -> None:
    assert [use.where for use in uses(folder) if not use.keys] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_it_keeps_no_text_that_nobody_uses(folder: str) -> None:
    used = {key for use in uses(folder) for key in use.keys} | mentioned(folder)

    assert sorted(texts_of(folder).names - used) == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_it_fills_every_text_in_completely(folder: str) -> None:
    texts = texts_of(folder)

    missing = {
        f"{use.where}: {key}": sorted(texts.fields(key) - use.given)
        for use in uses(folder)
        if use.given is not None
        for key in use.keys
        if texts.fields(key) - use.given
    }

    assert missing == {}


@pytest.mark.parametrize("folder", FOLDERS)
def test_it_gives_no_text_what_it_has_no_place_for(folder: str) -> None:
    texts = texts_of(folder)

    unused = {
        use.where: sorted(use.given - wanted)
        for use in uses(folder)
        if use.given and use.keys and use.given - (wanted := set().union(*map(texts.fields, use.keys)))
    }

    assert unused == {}


@pytest.mark.parametrize("folder", FOLDERS)
def test_it_writes_chinese_with_chinese_punctuation(folder: str) -> None:
    texts = texts_of(folder)

    wrong = [key for key in sorted(texts.names) if re.search(r"[\u4e00-\u9fff][,;:?!()]", texts.raw(key))]

    assert wrong == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_it_leaves_room_in_a_message_for_what_is_filled_in(folder: str) -> None:
    texts = texts_of(folder)

    assert [key for key in sorted(texts.names) if len(texts.raw(key)) > ROOM] == []


# In bot the other sentences are why a call to WeChat failed: operators read them in logs and in /readyz.
@pytest.mark.parametrize("folder", [folder for folder in FOLDERS if folder != "bot"])
def test_it_has_no_chinese_sentence_for_people_outside_its_texts(folder: str) -> None:
    """Commands are single words; a sentence in the code has escaped the one editable place."""
    spoken = [
        f"{file}:{node.lineno} {node.value}"
        for file, tree in sources(folder)
        for node in _outside_docstrings(tree)
        if _READING not in file.parts  # what is looked for in people's words, not said to them
        if re.search(r"[\u4e00-\u9fff].*[，。！？：]|[\u4e00-\u9fff]{9,}", node.value)
    ]

    assert spoken == []


def _outside_docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node
