"""From a photo to a closed case, in the words people use."""

from models.workflow import Status
from tests.stage import Stage


def test_it_turns_a_photo_a_place_and_a_sentence_into_an_assigned_case(stage: Stage) -> None:
    officer, citizen = stage.officer(), stage.citizen()

    citizen.photo()
    citizen.place()
    complete = citizen.says("垃圾桶满了没人清")
    answer = citizen.says("完成")

    case = stage.cases()[-1]
    assert "材料齐了" in complete
    assert f"编号 {case.id}" in answer
    assert case.status is Status.ASSIGNED
    assert f"认领 {case.id}" in officer.hears()[-1]


def test_it_leads_a_case_from_claim_to_satisfaction(stage: Stage) -> None:
    officer, dispatcher, citizen = stage.officer(), stage.dispatcher(), stage.citizen()
    number = stage.reported_case(citizen)

    officer.says(f"认领 {number}")
    officer.photo()
    officer.says("整改 已清运")
    dispatcher.says(f"通过 {number}")
    thanks = citizen.says("1")

    assert stage.case(number).status is Status.CLOSED
    assert "谢谢" in thanks
    assert any("满意吗" in words for words in citizen.hears())
    assert stage.findings() == []


def test_it_tells_the_second_claimer_who_was_first(stage: Stage) -> None:
    first, second = stage.officer("张三"), stage.officer("刘四")
    number = stage.reported_case()

    first.says("收到,马上处理")
    answer = second.says(f"认领{number}")

    assert f"编号 {number} 已由张三在" in answer
