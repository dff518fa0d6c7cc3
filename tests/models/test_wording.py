"""Words for people come out of one file; a file that cannot be used says where."""

from pathlib import Path

import pytest

from models.wording import BadTexts, Texts


def texts(folder: Path, content: str) -> Texts:
    file = folder / "texts.yaml"
    file.write_text(content, encoding="utf-8")
    return Texts(file)


def test_it_fills_a_text_in_and_takes_the_last_line_break_away(tmp_path: Path) -> None:
    say = texts(tmp_path, "greeting:\n  warm: |\n    {name}，您好！\n")

    assert say("greeting.warm", name="张三", more="unused") == "张三，您好！"


def test_it_knows_its_keys_and_what_they_want(tmp_path: Path) -> None:
    say = texts(tmp_path, "a: plain\nb:\n  c: '{x} {y} {x}'\n")

    assert say.names == {"a", "b.c"}
    assert say.fields("b.c") == {"x", "y"}
    assert say.raw("b.c") == "{x} {y} {x}"


@pytest.mark.parametrize("key", ["b", "b.d", "c"])
def test_it_raises_for_a_key_there_is_not(tmp_path: Path, key: str) -> None:
    say = texts(tmp_path, "b:\n  c: words\n")

    with pytest.raises(KeyError):
        say(key)


@pytest.mark.parametrize(
    ("content", "where"),
    [("a: 1\n", "a"), ("a:\n  b: [x]\n", "a.b"), ("- a\n", "whole file"), ("a:\n", "a"), ("a:\n  1: yes\n", "a.1")],
)
def test_it_refuses_what_is_no_text_by_file_and_key(tmp_path: Path, content: str, where: str) -> None:
    with pytest.raises(BadTexts, match=rf"texts\.yaml: .*{where}"):
        texts(tmp_path, content)
