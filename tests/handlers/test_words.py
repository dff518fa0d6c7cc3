"""What people type, and the command, number and further words that are in it."""

from enum import StrEnum

import pytest

from handlers.words import bare_number, parse, plain


class Verb(StrEnum):
    CLAIM = "claim"
    RETURN = "return"
    MINE = "mine"
    DONE = "done"


VERBS = {"认领": Verb.CLAIM, "收到": Verb.CLAIM, "退回": Verb.RETURN, "我的上报": Verb.MINE, "整改": Verb.DONE}
VERBS |= {"整改完成": Verb.DONE}

SAID = [
    ("认领", Verb.CLAIM, None, ""),
    ("认领12", Verb.CLAIM, 12, ""),
    ("认领 12", Verb.CLAIM, 12, ""),
    ("认领：12", Verb.CLAIM, 12, ""),
    ("认领#12", Verb.CLAIM, 12, ""),
    ("认领＃１２", Verb.CLAIM, 12, ""),
    ("认领编号12", Verb.CLAIM, 12, ""),
    ("认领编号：１２", Verb.CLAIM, 12, ""),
    ("认领编号为12的案件", Verb.CLAIM, 12, "的案件"),
    ("认领案件12", Verb.CLAIM, 12, ""),
    ("认领第12号", Verb.CLAIM, 12, ""),
    ("认领 No.12", Verb.CLAIM, 12, ""),
    ("12认领", Verb.CLAIM, 12, ""),
    ("12 认领", Verb.CLAIM, 12, ""),
    ("12号认领", Verb.CLAIM, 12, ""),
    ("#12 认领", Verb.CLAIM, 12, ""),
    ("编号12，认领", Verb.CLAIM, 12, ""),
    ("编号：12 收到", Verb.CLAIM, 12, ""),
    ("第12件认领", Verb.CLAIM, 12, ""),
    ("我认领12", Verb.CLAIM, 12, ""),
    ("我要退回12 不是我们的", Verb.RETURN, 12, "不是我们的"),
    ("请退回 12，不是我们的", Verb.RETURN, 12, "不是我们的"),
    ("申请退回12：不是我们的", Verb.RETURN, 12, "不是我们的"),
    ("收到，马上处理", Verb.CLAIM, None, "马上处理"),
    ("退回 12\n不是我们的", Verb.RETURN, 12, "不是我们的"),
    ("我的上报", Verb.MINE, None, ""),
    ("整改完成 12 已清运3车", Verb.DONE, 12, "已清运3车"),
    ("整改1234567890", Verb.DONE, None, "1234567890"),  # no case has such a number: it is not one
]


@pytest.mark.parametrize(("text", "verb", "number", "rest"), SAID)
def test_it_finds_verb_number_and_further_words(text: str, verb: Verb, number: int | None, rest: str) -> None:
    command = parse(text, VERBS)

    assert command is not None
    assert (command.verb, command.number, command.rest) == (verb, number, rest)


@pytest.mark.parametrize("text", ["", "垃圾满了", "12", "3号楼前有垃圾", "我们小区没人认领", "24小时内处理完"])
def test_it_finds_no_command_in_other_words(text: str) -> None:
    assert parse(text, VERBS) is None


def test_it_keeps_the_number_in_what_follows_the_verb() -> None:
    command = parse("整改 3号楼后面", VERBS)

    assert command is not None
    assert (command.word, command.tail, command.rest) == ("整改", "3号楼后面", "楼后面")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2),
        ("２", 2),
        ("②", 2),
        ("2。", 2),
        (" 2 ", 2),
        ("选2", 2),
        ("选择2", 2),
        ("第2个", 2),
        ("第２件", 2),
        ("2号", 2),
        ("编号2", 2),
        ("#2", 2),
        ("二", None),
        ("2楼", None),
        ("2 3", None),
        ("1234567890", None),
        ("", None),
    ],
)
def test_it_takes_a_number_that_stands_alone(text: str, number: int | None) -> None:
    assert bare_number(text) == number


def test_it_makes_full_width_half_width() -> None:
    assert plain(" ＡＢ１２：？ ") == "AB12:?"


def test_it_gives_back_chinese_punctuation_in_what_others_will_read() -> None:
    command = parse("承诺 12 李主任负责，明天整改完；电话另告", {"承诺": Verb.CLAIM})

    assert command is not None
    assert command.rest == "李主任负责，明天整改完；电话另告"
