"""类别, 地点, 拆分, 试派: what routing took wrongly is put right, and kept for it to learn from."""

import pytest
from sqlalchemy import select

from models.learning import Label, Said
from models.workflow import Move
from tests.stage import DIANLIU, Stage


def labels(stage: Stage) -> list[Label]:
    with stage.installation.database.glance() as session:
        return list(session.scalars(select(Label).order_by(Label.id)))


def waiting(stage: Stage, words: str = "这里不太对劲") -> int:
    return stage.reported_case(words=words)


@pytest.mark.parametrize("words", ["暴露垃圾", "event:06010", "06010", "一堆垃圾"])
def test_it_takes_a_category_by_its_name_its_key_or_its_words(stage: Stage, words: str) -> None:
    dispatcher = stage.dispatcher()
    number = waiting(stage)

    answer = dispatcher.says(f"类别 {number} {words}")

    assert "已更正为【暴露垃圾】" in answer
    assert "1. 甸柳新村街道" in answer
    assert stage.case(number).category == "event:06010"


def test_it_keeps_what_a_dispatcher_said_beside_what_routing_had_decided(stage: Stage) -> None:
    dispatcher = stage.dispatcher()
    number = waiting(stage, "楼下贴着小广告，也没人管这里不太对劲的路灯")

    dispatcher.says(f"类别 {number} 路灯")
    dispatcher.says(f"派单 {number} 市城市管理局")

    corrected, assigned = labels(stage)
    assert (corrected.said, corrected.category) == (Said.CATEGORY, "part:01037")
    assert corrected.decided["category"] == "event:07001"
    assert (assigned.said, assigned.category, assigned.unit_code) == (Said.ASSIGNED, "part:01037", "dept-urban")


def test_it_asks_which_category_is_meant_when_several_are_called_so(stage: Stage) -> None:
    dispatcher = stage.dispatcher()
    number = waiting(stage)

    answer = dispatcher.says(f"类别 {number} 井盖")

    assert "“井盖”是哪一类？" in answer
    assert "供水井盖" in answer
    assert stage.case(number).category == ""


def test_it_takes_the_place_from_a_dispatcher_and_suggests_anew(stage: Stage) -> None:
    dispatcher = stage.dispatcher()
    citizen = stage.citizen()
    citizen.photo()
    citizen.says("一堆垃圾")
    citizen.says("完成")
    citizen.says("完成")
    number = stage.cases()[-1].id

    answer = dispatcher.says(f"地点 {number} 甸柳新村街道")

    assert "，是「暴露垃圾」；调度员确认在甸柳新村街道）" in answer.partition("1. 甸柳新村街道（“一堆垃圾”")[2]
    case = stage.case(number)
    assert (case.street, case.district, case.place) == (DIANLIU, "370102", "甸柳新村街道")


def test_it_asks_again_for_a_place_nobody_can_tell(stage: Stage) -> None:
    dispatcher = stage.dispatcher()
    number = waiting(stage)

    answer = dispatcher.says(f"地点 {number} 西关社区")

    assert "没看出“西关社区”在哪个街道" in answer
    assert "有3个" in answer


def test_it_leaves_the_unit_that_holds_a_case_in_peace(stage: Stage) -> None:
    dispatcher, officer = stage.dispatcher(), stage.officer()
    number = stage.reported_case()
    officer.says(f"认领 {number}")
    due = [clock.due_at for clock in stage.case(number).deadlines]

    answer = dispatcher.says(f"类别 {number} 暴露垃圾")

    assert "现由【甸柳新村街道】办理" in answer
    assert stage.case(number).category == "event:06010"
    assert [clock.due_at for clock in stage.case(number).deadlines] == due


def test_it_makes_a_case_of_its_own_of_the_second_problem(stage: Stage) -> None:
    dispatcher, citizen = stage.dispatcher(), stage.citizen()
    number = stage.reported_case(citizen, "路灯不亮，墙上贴满小广告")
    asked, why = dispatcher.hears()[-1], dispatcher.says(f"理由 {number}")

    answer = dispatcher.says(f"拆分 {number}")

    first, second = stage.cases()
    assert f"还说到【路灯】（“路灯不亮”），要另立一案请回复“拆分 {number}”。" in asked
    assert "还说到「路灯」（“路灯不亮”），归市城管局，可拆分" in why
    assert f"已拆出编号 {second.id}（路灯）" in answer
    assert (first.category, second.category) == ("event:07001", "part:01037")
    assert stage.pictures(second.id) == stage.pictures(first.id)
    assert f"路灯另立为编号 {second.id} 办理" in citizen.hears()[-1]
    assert stage.events(number)[-1].move is Move.SPLIT
    assert stage.findings() == []


def test_it_has_nothing_to_split_in_a_report_of_one_problem(stage: Stage) -> None:
    dispatcher = stage.dispatcher()
    number = waiting(stage)

    assert "没有可拆分的" in dispatcher.says(f"拆分 {number}")


@pytest.mark.parametrize("words", ["试派 甸柳新村街道楼下一堆垃圾", "怎么派：甸柳新村街道楼下一堆垃圾"])
def test_it_tells_a_dispatcher_where_words_would_go_without_opening_anything(stage: Stage, words: str) -> None:
    dispatcher = stage.dispatcher()

    answer = dispatcher.says(words)

    assert "会自动派出" in answer
    assert "主办：甸柳新村街道，协办：市城市管理局" in answer
    assert "“一堆垃圾”，是「暴露垃圾」" in answer
    assert "规则 data/jinan/routes.yaml:" in answer
    assert stage.cases() == []


def test_it_does_not_take_corrections_from_citizens(stage: Stage) -> None:
    citizen = stage.citizen()
    number = waiting(stage)

    citizen.says(f"类别 {number} 暴露垃圾")

    assert stage.case(number).category == ""
