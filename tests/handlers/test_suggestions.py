"""Whom the router thinks of, as a dispatcher reads it."""

from tests.stage import Stage


def unclear_case(stage: Stage, words: str) -> int:
    """A report whose place nobody can tell."""
    citizen = stage.citizen()
    citizen.photo()
    citizen.says(words)
    citizen.says("完成")
    citizen.says("完成")
    return stage.cases()[-1].id


def test_it_never_suggests_the_command_centre_to_itself(stage: Stage) -> None:
    dispatcher = stage.dispatcher()

    unclear_case(stage, "楼道里贴了小广告")

    assert "工作指挥部" not in dispatcher.hears()[-1]
    assert "没有建议" in dispatcher.hears()[-1]


def test_it_takes_the_number_of_a_suggestion(stage: Stage) -> None:
    dispatcher = stage.dispatcher()
    number = unclear_case(stage, "历下区这里不太对劲")
    asked = dispatcher.hears()[-1]

    answer = dispatcher.says(f"派单 {number} 1")

    assert "1. 历下区" in asked
    assert "已派给【历下区】" in answer
