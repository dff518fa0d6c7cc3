"""What is said in a group and tells of nothing."""

import pytest

from handlers.reading.chatter import is_chatter


@pytest.mark.parametrize(
    "words",
    [
        "收到",
        "好的收到，谢谢领导",
        "👍👍",
        "早上好各位老师",
        "@张三 辛苦了",
        "1",
        "+1",
        "路口正常，无违章",
        "哈哈哈",
        "OK",
        "已到岗",
        "",
    ],
)
def test_it_hears_that_nothing_was_reported(words: str) -> None:
    assert is_chatter(words)


@pytest.mark.parametrize(
    "words",
    [
        "垃圾桶满了",
        "收到，经十路这边有电动车逆行",
        "谢谢，昨天的井盖还没修",
        "3号楼",
        "这里也有",
        "好多垃圾",
        "已处理",
    ],
)
def test_it_keeps_what_may_be_a_report(words: str) -> None:
    assert not is_chatter(words)
