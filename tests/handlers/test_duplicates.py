"""The same problem reported again joins the case; everybody stays subscribed and it counts once."""

from datetime import timedelta

import pytest

from models.workflow import Move, Status
from tests.stage import Actor, Stage

DEGREE_NORTH = 111_000  # metres


def report(citizen: Actor, metres: float = 0, words: str = "垃圾桶满了没人清") -> str:
    citizen.photo()
    citizen.place(36.6585 + metres / DEGREE_NORTH)
    citizen.says(words)
    return citizen.says("完成")


@pytest.mark.parametrize(("metres", "cases"), [(0, 1), (40, 1), (49, 1), (60, 2), (500, 2)])
def test_it_joins_reports_of_the_same_kind_within_fifty_metres(stage: Stage, metres: float, cases: int) -> None:
    report(stage.citizen("李群众"))

    answer = report(stage.citizen("王大爷"), metres)

    assert len(stage.cases()) == cases
    assert ("已有人反映" in answer) is (cases == 1)


def test_it_opens_another_case_for_another_kind_of_problem_at_the_same_place(stage: Stage) -> None:
    report(stage.citizen())

    report(stage.citizen(), words="井盖坏了有危险")

    assert len(stage.cases()) == 2


@pytest.mark.parametrize(("days", "cases"), [(83, 1), (85, 2)])
def test_it_joins_nothing_that_is_long_past(stage: Stage, days: int, cases: int) -> None:
    report(stage.citizen())
    stage.now += timedelta(days=days)
    stage.sweep()

    report(stage.citizen())

    assert len(stage.cases()) == cases


def test_it_joins_the_nearest_of_two(stage: Stage) -> None:
    report(stage.citizen(), 0)
    report(stage.citizen(), 80)
    near, far = (case.id for case in stage.cases())

    answer = report(stage.citizen(), 45)

    assert f"编号 {far} " in answer
    assert near != far


def test_it_opens_a_new_case_when_the_old_one_is_closed(stage: Stage) -> None:
    citizen, officer = stage.citizen(), stage.officer()
    report(citizen)
    officer.says("收到")
    officer.photo()
    officer.says("整改 清了")
    citizen.says("1")

    report(stage.citizen())

    assert [case.status for case in stage.cases()] == [Status.CLOSED, Status.ASSIGNED]


def test_it_joins_nothing_without_a_pin(stage: Stage) -> None:
    report(stage.citizen())
    another = stage.citizen()

    another.photo()
    another.says("甸柳新村街道垃圾桶满了没人清")
    another.says("完成")

    assert len(stage.cases()) == 2


def test_it_keeps_every_reporter_informed_and_asks_each_for_a_rating(stage: Stage) -> None:
    officer, li, wang = stage.officer(), stage.citizen("李群众"), stage.citizen("王大爷")
    report(li)
    report(wang)

    officer.says("收到")
    officer.photo()
    officer.says("整改 清了")

    for citizen in (li, wang):
        assert any("已由【甸柳新村街道】认领" in words for words in citizen.hears())
        assert any("满意吗" in words for words in citizen.hears())


def test_it_asks_somebody_who_reported_twice_only_once(stage: Stage) -> None:
    officer, citizen = stage.officer(), stage.citizen()
    report(citizen)
    report(citizen, 10)

    officer.says("收到")
    officer.photo()
    officer.says("整改 清了")
    citizen.says("2")

    assert len([words for words in citizen.hears() if "满意吗" in words]) == 1
    assert [case.status for case in stage.cases()] == [Status.CLOSED]


def test_it_tells_the_others_when_one_reporter_s_word_closes_the_case(stage: Stage) -> None:
    officer, li, wang = stage.officer(), stage.citizen("李群众"), stage.citizen("王大爷")
    report(li)
    report(wang)
    officer.says("收到")
    officer.photo()
    officer.says("整改 清了")

    li.says("1")

    assert "另一位上报人表示满意" in wang.hears()[-1]
    assert not any("另一位上报人" in words for words in li.hears())


def test_it_does_not_close_on_one_reporter_s_word_when_another_objects(stage: Stage) -> None:
    officer, li, wang = stage.officer(), stage.citizen("李群众"), stage.citizen("王大爷")
    report(li)
    report(wang)
    officer.says("收到")
    officer.photo()
    officer.says("整改 清了")

    li.says("3")
    wang.says("1")

    assert [case.status for case in stage.cases()] == [Status.RECTIFIED]


def test_it_tells_the_command_centre_that_what_is_said_to_be_done_is_reported_again(stage: Stage) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    report(stage.citizen())
    officer.says("收到")
    officer.photo()
    officer.says("整改 清了")

    report(stage.citizen("王大爷"))

    case = stage.cases()[0]
    assert "【整改后又有人反映】" in dispatcher.hears()[-1]
    assert Move.JOIN in [event.move for event in stage.events(case.id)]


def test_it_counts_people_and_not_reports(stage: Stage) -> None:
    dispatcher, citizen = stage.dispatcher(), stage.citizen()
    report(citizen)
    report(citizen)
    report(stage.citizen("王大爷"))

    detail = dispatcher.says(f"详情 {stage.cases()[0].id}")

    assert "2人上报" in detail
    assert "整改前3张" in detail
