"""缓办: put off until a day, because others must act first. Never taken for an 延期."""

from datetime import UTC, datetime

import pytest

from models.clock import Duty
from models.deadline import Outcome
from models.petition import Plea, Ruling
from models.workflow import Move
from tests.handlers.test_petitions import held, state
from tests.stage import Stage

UNTIL = datetime(2026, 12, 15, 15, 59, 59, tzinfo=UTC)  # the end of that day in Jinan

ASKED = [
    ("缓办 {} 12月15日前 等管线单位施工", "等管线单位施工"),
    ("申请缓办{}，等管线单位施工，12月15日前", "等管线单位施工"),
    ("{} 缓办到12月15日，等管线单位施工", "等管线单位施工"),
    ("缓办 12月15日前 等管线单位施工", "等管线单位施工"),
    ("缓办 {} 二十二天 等管线单位施工", "等管线单位施工"),
]


@pytest.mark.spelling
@pytest.mark.parametrize(("form", "reason"), ASKED)
def test_it_takes_a_day_and_a_reason_to_the_command_centre(stage: Stage, form: str, reason: str) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    number = held(stage, officer)

    answer = officer.says(form.format(number))

    (petition,) = stage.case(number).petitions
    assert "缓办申请已交指挥部裁定。裁定前时限照走。" in answer
    assert (petition.plea, petition.until) == (Plea.DEFERRAL, UNTIL)
    assert petition.reason == reason
    assert "【缓办申请】甸柳新村街道：缓到 12月15日 23:59，" in dispatcher.hears()[-1]


def test_it_moves_the_deadline_to_the_end_of_the_day_and_says_so_in_event_and_clock(stage: Stage) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    number = held(stage, officer)
    officer.says(f"缓办 {number} 12月15日前 等管线单位施工")

    answer = dispatcher.says(f"同意 {number}")

    case = stage.case(number)
    before, after = [clock for clock in case.deadlines if clock.duty is Duty.RECTIFY]
    assert "已同意缓办" in answer
    assert "同意缓办，新的整改截止时间：12月15日 23:59" in officer.hears()[-1]
    assert (before.outcome, after.due_at, case.due_at) == (Outcome.MOVED, UNTIL, UNTIL)
    assert after.petition_id == case.petitions[0].id
    assert [event.move for event in stage.events(number)][-2:] == [Move.ASK_DEFERRAL, Move.DEFER]
    assert datetime.fromisoformat(stage.events(number)[-1].data["until"]) == UNTIL


def test_it_refuses_with_a_reason_and_leaves_the_deadline(stage: Stage) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    number = held(stage, officer)
    (due,) = (clock.due_at for clock in stage.case(number).live())
    officer.says(f"缓办 {number} 12月15日前 等管线单位施工")

    dispatcher.says(f"驳回缓办 {number} 管线上周已完工")

    assert "缓办申请被驳回：管线上周已完工。时限不变" in officer.hears()[-1]
    assert [clock.due_at for clock in stage.case(number).live()] == [due]
    assert state(stage, number) == [(Plea.DEFERRAL, Ruling.REFUSED)]


UNFIT = [
    ("缓办 {} 等管线单位施工", "要缓到哪一天？请直接回复，例如“12月15日前”"),
    ("缓办 {} 11月20日前 等管线单位施工", "11月20日已经过去了"),
    ("缓办 {} 3月底前 等管线单位施工", "缓办最长90天，最晚到2月21日"),
    ("缓办 {} 今天 等管线单位施工", "整改时限本来就到 11月24日 09:01"),
]


@pytest.mark.parametrize(("form", "said"), UNFIT)
def test_it_asks_for_a_day_that_can_be_and_keeps_the_reason(stage: Stage, form: str, said: str) -> None:
    officer = stage.officer()
    number = held(stage, officer)

    asked = officer.says(form.format(number))
    unruled = state(stage, number)
    answer = officer.says("12月15日前")

    assert said in asked
    assert unruled == []
    assert "已交指挥部裁定" in answer
    assert [(p.until, p.reason) for p in stage.case(number).petitions] == [(UNTIL, "等管线单位施工")]


def test_it_asks_for_the_reason_and_keeps_the_day(stage: Stage) -> None:
    officer = stage.officer()
    number = held(stage, officer)

    asked = officer.says(f"缓办 {number} 12月15日前")
    officer.says("等管线单位施工")

    assert asked == f"编号 {number} 为什么要缓办？请直接回复原因。"
    assert [(p.until, p.reason) for p in stage.case(number).petitions] == [(UNTIL, "等管线单位施工")]


def test_it_takes_none_after_the_deadline_and_grants_none_either(stage: Stage) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    number = held(stage, officer)
    stage.wait(hours=23)
    officer.says(f"缓办 {number} 12月15日前 等管线单位施工")
    stage.wait(hours=2)

    ruled = dispatcher.says(f"同意缓办 {number}")
    asked = officer.says(f"缓办 {number} 12月15日前 等管线单位施工")

    assert "不能再同意缓办" in ruled
    assert any("缓办申请没能在整改时限前裁定，已失效" in words for words in officer.hears())
    assert "已过整改时限，不能再申请缓办" in asked
    assert state(stage, number) == [(Plea.DEFERRAL, Ruling.LAPSED)]


def test_it_reminds_by_the_new_deadline_only(stage: Stage) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    number = held(stage, officer)
    officer.says(f"缓办 {number} 12月15日前 等管线单位施工")
    dispatcher.says(f"同意 {number}")

    stage.wait(days=20)
    early = [event.at for event in stage.events(number) if event.move is Move.BREACH]
    stage.wait(days=3)

    assert early == []
    assert [event.at for event in stage.events(number) if event.move is Move.BREACH] == [UNTIL]
    assert "【督办】" in officer.hears()[-1] or "整改超时" in officer.hears()[-1]
