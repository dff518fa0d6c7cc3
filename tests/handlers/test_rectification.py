"""整改: photos first, the verb first, or words beside them; of one case or of several."""

from datetime import timedelta

import pytest

from models.draft import DraftState
from models.workflow import Status
from tests.handlers.test_officers import cases
from tests.stage import Actor, Stage


def claimed(stage: Stage, officer: Actor, count: int = 1) -> list[int]:
    numbers = cases(stage, count)
    for number in numbers:
        officer.says(f"认领 {number}")
    return numbers


@pytest.mark.spelling
@pytest.mark.parametrize(
    "said",
    [
        ["<photo>", "整改 已清运"],
        ["<photo>", "整改{} 已清运"],
        ["<photo>", "完成，已清运"],
        ["<photo>", "已清运", "完成"],
        ["<photo>", "{} 完成 已清运"],
        ["已清运", "<photo>", "完成"],
        ["整改 {} 已清运", "<photo>", "完成"],
        ["整改 已清运", "<photo>", "整改"],
        ["整改完成 已清运", "<photo>", "提交"],
        ["已处理：已清运", "<photo>", "已完成"],
        ["处理好了，已清运", "<photo>", "发完了"],
    ],
)
def test_it_takes_photos_and_words_in_any_order(stage: Stage, said: list[str]) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    (number,) = claimed(stage, officer)
    if said[0] == "已清运":  # loose words need something they can belong to
        officer.says("整改")

    for words in said:
        answer = officer.photo() if words == "<photo>" else officer.says(words.format(number))

    assert answer == f"编号 {number} 整改已提交，等待核查。结果会告诉您。"
    assert stage.case(number).status is Status.RECTIFIED
    assert "报整改完成：已清运" in dispatcher.hears()[-1]


def test_it_asks_for_photos_before_it_believes_anything(stage: Stage) -> None:
    officer = stage.officer()
    (number,) = claimed(stage, officer)

    answers = [officer.says(f"整改 {number} 已清运"), officer.says("完成"), officer.says("整改")]

    assert all(f"请发整改后的照片（编号 {number}）" in answer for answer in answers)
    assert stage.case(number).status is Status.CLAIMED


def test_it_claims_on_the_way_what_is_put_right_without_a_claim(stage: Stage) -> None:
    officer = stage.officer()
    (number,) = cases(stage, 1)

    officer.photo()
    officer.says("整改 已清运")

    assert [event.move.value for event in stage.events(number)][-2:] == ["claim", "rectify"]


def test_it_asks_once_which_case_several_photos_belong_to(stage: Stage) -> None:
    officer = stage.officer()
    _, second = claimed(stage, officer, 2)

    answers = [officer.photo(), officer.photo()]
    bound = officer.says("2")
    more = officer.photo()
    done = officer.says("完成")

    assert answers[0].startswith("要整改哪一件？回复序号")
    assert answers[1].startswith("已收到2张照片。请回复上面的序号")
    assert bound == f"已收到整改后照片2张，归入编号 {second}。发完回复“完成”提交。"
    assert "照片3张" in more
    assert f"编号 {second} 整改已提交" in done


def test_it_submits_at_once_when_the_menu_came_after_the_finish(stage: Stage) -> None:
    officer = stage.officer()
    first, _ = claimed(stage, officer, 2)
    officer.photo()

    officer.says("整改 已清运")
    answer = officer.says("1")

    assert f"编号 {first} 整改已提交" in answer


def test_it_gives_photos_to_the_case_the_officer_claimed_and_not_to_a_colleague_s(stage: Stage) -> None:
    officer, colleague = stage.officer("张三"), stage.officer("刘四")
    mine, theirs = cases(stage, 2)
    officer.says(f"认领 {mine}")
    colleague.says(f"认领 {theirs}")

    answer = colleague.photo()

    assert f"归入编号 {theirs}" in answer


def test_it_moves_the_photos_when_another_case_is_named(stage: Stage) -> None:
    officer = stage.officer()
    first, second = cases(stage, 2)
    officer.says(f"认领 {first}")
    officer.photo()

    answer = officer.says(f"整改 {second} 其实是这一件")

    assert f"编号 {second} 整改已提交" in answer
    assert stage.case(first).status is Status.CLAIMED


def test_it_keeps_a_place_that_is_sent_with_the_photos(stage: Stage) -> None:
    officer = stage.officer()
    claimed(stage, officer)
    officer.photo()

    answer = officer.place()

    assert "照片1张" in answer
    assert [draft.channel for draft in stage.open_drafts()] == ["officer"]


def test_it_forgets_the_photos_of_a_rectification_that_is_cancelled(stage: Stage) -> None:
    officer = stage.officer()
    (number,) = claimed(stage, officer)
    officer.photo()

    answer = officer.says("取消")

    assert "已取消" in answer
    assert stage.case(number).status is Status.CLAIMED
    assert "没有正在提交的整改" in officer.says("完成")


@pytest.mark.parametrize("word", ["完成", "取消"])
def test_it_has_nothing_to_finish_when_nothing_was_begun(stage: Stage, word: str) -> None:
    assert "没有正在提交的整改" in stage.officer().says(word)


def test_it_adds_a_photo_that_comes_seconds_after_the_finish(stage: Stage) -> None:
    officer = stage.officer()
    (number,) = claimed(stage, officer)
    officer.photo()
    officer.says("完成")
    stage.now += timedelta(seconds=20)

    assert f"已归入编号 {number} 的整改" in officer.photo()


def test_it_asks_whether_quiet_photos_are_the_rectification_and_submits_nothing_unasked(stage: Stage) -> None:
    officer = stage.officer()
    (number,) = claimed(stage, officer)
    officer.photo()

    stage.fall_quiet(minutes=2)
    asked = officer.hears()[-1]
    stage.fall_quiet(hours=2)

    assert asked == f"您发的1张照片是编号 {number} 的整改结果吗？是请回复“完成”，不是请回复“取消”。"
    assert f"编号 {number} 的整改没有提交" in officer.hears()[-1]
    assert (stage.case(number).status, stage.open_drafts()) == (Status.CLAIMED, [])


@pytest.mark.parametrize(
    ("count", "said", "asks"), [(1, "整改 已清运", "还没有收到整改后的照片"), (2, "<photo>", "还不知道是哪一件")]
)
def test_it_asks_for_what_is_missing_from_a_quiet_rectification(
    stage: Stage, count: int, said: str, asks: str
) -> None:
    officer = stage.officer()
    claimed(stage, officer, count)
    _ = officer.photo() if said == "<photo>" else officer.says(said)

    stage.fall_quiet(minutes=2)

    assert asks in officer.hears()[-1]


def test_it_asks_nothing_when_a_colleague_was_quicker(stage: Stage) -> None:
    officer, colleague = stage.officer("张三"), stage.officer("刘四")
    claimed(stage, officer)
    officer.photo()
    colleague.photo()
    colleague.says("整改 我清了")
    before = len(officer.hears())

    stage.fall_quiet(minutes=2)

    assert len(officer.hears()) == before
    assert stage.open_drafts() == []


def test_it_tells_who_comes_second_where_the_case_stands(stage: Stage) -> None:
    officer, colleague = stage.officer("张三"), stage.officer("刘四")
    (number,) = claimed(stage, officer)
    officer.photo()
    colleague.photo()
    colleague.says("整改 我清了")

    answer = officer.says("完成")

    assert answer == f"编号 {number} 现在是“待核查”，不用报整改。"


def test_it_takes_no_photos_for_a_case_that_has_gone_to_another_unit(stage: Stage) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    (number,) = claimed(stage, officer)
    officer.photo()
    dispatcher.says(f"派单 {number} 姚家街道")

    answer = officer.says("完成")

    assert f"编号 {number} 不在本单位名下" in answer
    assert stage.drafts(DraftState.CANCELLED) == 1


def test_it_lets_a_failed_verification_be_put_right_again(stage: Stage) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    (number,) = claimed(stage, officer)
    officer.photo()
    officer.says("整改 清了")
    dispatcher.says(f"不通过 {number} 还有一袋")
    stage.now += timedelta(minutes=5)

    officer.photo()
    answer = officer.says("整改 都清了")

    assert any("需要返工：还有一袋" in words for words in officer.hears())
    assert f"编号 {number} 整改已提交" in answer
