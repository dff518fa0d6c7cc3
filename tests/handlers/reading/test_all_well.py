"""平安无事: what reports nothing, and what only sounds like it."""

import pytest

from handlers.reading.all_well import is_all_well


@pytest.mark.parametrize(
    "text",
    [
        "一切正常",
        "没有问题，一切正常",
        "路口秩序良好，未发现违章。",
        "没事",
        "今天巡访一切正常！",
        "无异常",
        "目前交通顺畅",
    ],
)
def test_it_knows_that_there_is_nothing_to_report(text: str) -> None:
    assert is_all_well(text)


@pytest.mark.parametrize(
    "text",
    ["", "不正常", "路灯正常亮，井盖没有", "今天情况正常，有人闯红灯", "没有井盖", "没有问题才怪", "一切正常" * 20],
)
def test_it_takes_no_problem_for_all_well(text: str) -> None:
    assert not is_all_well(text)
