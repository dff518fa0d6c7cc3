"""What people who report can say afterwards, and what they hear."""

from datetime import timedelta

import pytest

from models.workflow import Move, Status
from tests.stage import Actor, Stage


def rectified(stage: Stage, *citizens: Actor) -> int:
    """A case reported by all of them and put right."""
    officer = stage.officer()
    for citizen in citizens:
        number = stage.reported_case(citizen)
    stage.now += timedelta(minutes=1)  # what is sent from here on is no late photo of the report
    officer.says(f"认领 {number}")
    officer.photo()
    officer.says(f"整改 {number} 已清运")
    return number


def closed(stage: Stage, *citizens: Actor) -> int:
    number = rectified(stage, *citizens)
    stage.dispatcher().says(f"通过 {number}")
    return number


def moves(stage: Stage, number: int) -> list[Move]:
    return [event.move for event in stage.events(number)]


@pytest.mark.spelling
@pytest.mark.parametrize("words", ["我的上报", "我的", "查询", "进度", "我的上报。"])
def test_it_lists_what_somebody_has_reported(stage: Stage, words: str) -> None:
    citizen = stage.citizen()
    number = stage.reported_case(citizen)

    answer = citizen.says(words)

    assert f"{number} 垃圾站(箱)满溢 甸柳新村第三小区 · 待认领" in answer


@pytest.mark.spelling
@pytest.mark.parametrize("words", ["我的上报", "查询", "补充", "重办"])
def test_it_tells_somebody_who_never_reported_how_to(stage: Stage, words: str) -> None:
    assert "您还没有上报过问题" in stage.citizen().says(words)


@pytest.mark.spelling
@pytest.mark.parametrize("form", ["查询 {}", "查询{}", "{}查询", "查询编号{}", "进度 {}", "查询＃{}", "{}", "编号{}"])
def test_it_shows_how_a_case_stands_to_who_reported_it(stage: Stage, form: str) -> None:
    stage.officer()
    citizen = stage.citizen()
    number = stage.reported_case(citizen)

    answer = citizen.says(form.format(number))

    assert "进度：待认领" in answer
    assert "办理单位：甸柳新村街道" in answer


def test_it_still_names_the_unit_of_a_case_that_is_closed(stage: Stage) -> None:
    citizen = stage.citizen()
    number = closed(stage, citizen)

    answer = citizen.says(f"查询 {number}")

    assert "进度：已办结" in answer
    assert "办理单位：甸柳新村街道" in answer


@pytest.mark.parametrize("command", ["查询 {}", "补充 {} 又满了", "重办 {} 没清"])
def test_it_tells_nobody_about_somebody_else_s_case(stage: Stage, command: str) -> None:
    number = stage.reported_case(stage.citizen("王大爷"))
    before = len(stage.all_said())

    answer = stage.citizen("李群众").says(command.format(number))

    assert f"您没有编号 {number} 的上报" in answer
    assert len(stage.all_said()) == before


def test_it_makes_no_report_of_a_number_nobody_asked_for(stage: Stage) -> None:
    citizen = stage.citizen()

    answer = citizen.says("1")

    assert "没看懂这个数字" in answer
    assert stage.open_drafts() == []


def test_it_hands_a_supplement_to_the_unit(stage: Stage) -> None:
    officer, citizen = stage.officer(), stage.citizen()
    number = stage.reported_case(citizen)

    answer = citizen.says(f"补充 {number} 又多了两袋")

    assert "并告知办理单位" in answer
    assert "【补充情况】又多了两袋" in officer.hears()[-1]
    assert moves(stage, number)[-1] is Move.NOTE


def test_it_hands_a_supplement_to_the_command_centre_while_no_unit_has_the_case(stage: Stage) -> None:
    dispatcher, citizen = stage.dispatcher(), stage.citizen()
    number = stage.reported_case(citizen, "这里不太对劲")

    answer = citizen.says(f"补充 {number} 一直在冒水")

    assert "并告知指挥部" in answer
    assert "【补充情况】一直在冒水" in dispatcher.hears()[-1]


def test_it_asks_what_to_add_when_only_the_number_was_given(stage: Stage) -> None:
    citizen = stage.citizen()
    number = stage.reported_case(citizen)

    assert f"补充 {number} 垃圾又多了" in citizen.says(f"补充 {number}")


def test_it_takes_a_supplement_without_a_number_for_part_of_the_report_in_work(stage: Stage) -> None:
    citizen = stage.citizen()
    citizen.photo()

    citizen.says("补充：在3号楼后面")

    assert [draft.text for draft in stage.open_drafts()] == ["补充：在3号楼后面"]


@pytest.mark.spelling
@pytest.mark.parametrize(
    ("said", "score"),
    [
        ("1", 1),
        ("１", 1),
        ("①", 1),
        ("1。", 1),
        ("选1", 1),
        ("满意", 1),
        ("非常满意！", 1),
        ("满意，谢谢你们", 1),
        ("已解决", 1),
        ("2", 2),
        ("２", 2),
        ("基本满意", 2),
        ("还可以。", 2),
    ],
)
def test_it_closes_the_case_when_its_reporter_is_satisfied(stage: Stage, said: str, score: int) -> None:
    citizen = stage.citizen()
    number = rectified(stage, citizen)

    answer = citizen.says(said)

    assert f"谢谢您对编号 {number} 的评价" in answer
    assert stage.case(number).status is Status.CLOSED
    assert stage.events(number)[-1].why.startswith({1: "满意", 2: "基本满意"}[score])


@pytest.mark.spelling
@pytest.mark.parametrize(
    "said",
    [
        "3",
        "３",
        "不满意",
        "不满意，垃圾还在",
        "3 垃圾还在",
        "没解决",
        "还没解决。",
        "没有解决！垃圾还在",
        "没解决垃圾还在",
    ],
)
def test_it_keeps_the_case_open_and_calls_for_a_look_when_its_reporter_is_not(stage: Stage, said: str) -> None:
    dispatcher, citizen = stage.dispatcher(), stage.citizen()
    number = rectified(stage, citizen)

    answer = citizen.says(said)

    assert "不解决不办结" in answer
    assert stage.case(number).status is Status.RECTIFIED
    assert moves(stage, number)[-1] is Move.OBJECT
    assert "【市民不满意】不满意" in dispatcher.hears()[-1]
    assert ("垃圾还在" in dispatcher.hears()[-1]) is ("垃圾还在" in said)


def test_it_asks_for_another_go_when_the_case_is_closed_already(stage: Stage) -> None:
    citizen, dispatcher = stage.citizen(), stage.dispatcher()
    number = rectified(stage, citizen)
    dispatcher.says(f"通过 {number}")

    answer = citizen.says("3")

    assert f"已申请重办编号 {number}" in answer
    assert moves(stage, number)[-2:] == [Move.RATE, Move.ASK_REOPEN]
    assert "【重办申请】上报人" in dispatcher.hears()[-1]


def test_it_notes_a_friendly_rating_that_comes_after_the_close(stage: Stage) -> None:
    citizen = stage.citizen()
    number = closed(stage, citizen)

    citizen.says("2")

    assert moves(stage, number)[-1] is Move.RATE
    assert stage.case(number).status is Status.CLOSED


def test_it_gives_a_second_number_to_the_next_case_that_waits(stage: Stage) -> None:
    citizen, officer = stage.citizen(), stage.officer()
    first = stage.reported_case(citizen)
    stage.now += timedelta(minutes=1)
    second = stage.reported_case(citizen, "墙上贴满小广告")
    for number in (first, second):
        officer.says(f"认领 {number}")
        officer.says(f"整改 {number} 已处理")
        officer.photo()
        officer.says("完成")
        stage.now += timedelta(minutes=5)

    answers = [citizen.says("1"), citizen.says("1")]

    assert f"编号 {second} 的评价" in answers[0]
    assert f"编号 {first} 的评价" in answers[1]


def test_it_forgets_a_rating_that_was_asked_for_more_than_a_week_ago(stage: Stage) -> None:
    citizen = stage.citizen()
    number = closed(stage, citizen)
    stage.now += timedelta(days=7)

    citizen.says("3")

    assert moves(stage, number)[-1] is Move.PASS


def test_it_asks_anew_after_a_rework_and_counts_the_new_answer_only(stage: Stage) -> None:
    citizen, dispatcher = stage.citizen(), stage.dispatcher()
    number = rectified(stage, citizen)
    dispatcher.says(f"不通过 {number} 垃圾还在")
    too_early = citizen.says("1")
    officer = stage.officer("刘四")
    officer.photo()
    officer.says(f"整改 {number} 这次清了")

    answer = citizen.says("1")

    assert "评价" not in too_early
    assert f"编号 {number} 的评价" in answer
    assert stage.case(number).status is Status.CLOSED


def test_it_takes_a_house_number_in_a_new_report_for_no_rating(stage: Stage) -> None:
    citizen = stage.citizen()
    number = rectified(stage, citizen)
    citizen.photo()

    citizen.says("3 号楼后面还有一堆")

    assert moves(stage, number)[-1] is Move.RECTIFY
    assert [draft.text for draft in stage.open_drafts()] == ["3 号楼后面还有一堆"]


@pytest.mark.spelling
@pytest.mark.parametrize("form", ["重办 {} 又满了", "重办{}，又满了", "没解决 {} 又满了", "{} 重办 又满了"])
def test_it_asks_for_a_case_to_be_done_again(stage: Stage, form: str) -> None:
    citizen, dispatcher = stage.citizen(), stage.dispatcher()
    number = rectified(stage, citizen)
    dispatcher.says(f"通过 {number}")

    answer = citizen.says(form.format(number))

    assert f"已申请重办编号 {number}" in answer
    assert "上报人：又满了" in dispatcher.hears()[-1]


def test_it_takes_not_solved_with_a_number_for_an_answer_about_that_case(stage: Stage) -> None:
    citizen, dispatcher = stage.citizen(), stage.dispatcher()
    number = rectified(stage, citizen)

    answer = citizen.says(f"没解决 {number} 还有一堆")

    assert "不解决不办结" in answer
    assert "【市民不满意】不满意。还有一堆" in dispatcher.hears()[-1]


def test_it_knows_which_case_is_not_solved_when_only_one_is_done(stage: Stage) -> None:
    citizen = stage.citizen()
    number = closed(stage, citizen)
    citizen.says("1")

    answer = citizen.says("重办")

    assert f"已申请重办编号 {number}" in answer


@pytest.mark.parametrize(("hours", "says"), [(71, "已申请重办"), (72, "已申请重办"), (72.1, "办结已久")])
def test_it_takes_a_case_up_again_for_three_days(stage: Stage, hours: float, says: str) -> None:
    citizen = stage.citizen()
    number = closed(stage, citizen)
    stage.now += timedelta(hours=hours)

    answer = citizen.says(f"重办 {number} 又满了")

    assert says in answer


def test_it_asks_only_once_for_the_same_case(stage: Stage) -> None:
    citizen = stage.citizen()
    number = closed(stage, citizen)
    citizen.says(f"重办 {number} 又满了")

    assert "正在处理" in citizen.says(f"重办 {number} 又满了")


def test_it_needs_no_second_go_while_the_case_is_open(stage: Stage) -> None:
    citizen = stage.citizen()
    number = stage.reported_case(citizen)

    assert "还在办理中（待认领）" in citizen.says(f"重办 {number}")


def test_it_lets_a_reporter_object_to_a_rejection(stage: Stage) -> None:
    citizen, dispatcher = stage.citizen(), stage.dispatcher()
    number = stage.reported_case(citizen, "这里不太对劲")
    dispatcher.says(f"不予立案 {number} 看不出问题")

    citizen.says(f"重办 {number} 地砖塌了")
    dispatcher.says(f"同意 {number}")

    assert stage.case(number).status is Status.REPORTED
    assert f"编号 {number} 已重新办理" in citizen.hears()[-1]


def test_it_shows_before_and_after_to_who_is_asked(stage: Stage) -> None:
    citizen = stage.citizen()

    rectified(stage, citizen)

    assert citizen.hears()[-1] == ""  # one picture of both, which has no words
    assert "满意吗" in citizen.hears()[-2]


def test_it_asks_nobody_at_night(stage: Stage) -> None:
    citizen = stage.citizen()
    stage.now += timedelta(hours=14)  # 23:00

    rectified(stage, citizen)

    assert {stage.local(row.next_try_at) for row in stage.rows_to(citizen)} == {"07:00"}
