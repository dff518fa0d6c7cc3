"""退回, 延期, 转办 and 重办: asked by a unit or a reporter, ruled on by the command centre."""

from datetime import timedelta

import pytest

from models.clock import Duty
from models.petition import Plea, Ruling
from models.workflow import Move, Status
from tests.handlers.test_officers import cases
from tests.stage import Actor, Stage


def held(stage: Stage, officer: Actor, claim: bool = True) -> int:
    (number,) = cases(stage, 1)
    if claim:
        officer.says(f"认领 {number}")
    return number


def state(stage: Stage, number: int) -> list[tuple[Plea, Ruling]]:
    return [(petition.plea, petition.state) for petition in stage.case(number).petitions]


ASKED = [
    ("退回 {} 归姚家管", Plea.RETURN, "归姚家管"),
    ("退回{}归姚家管", Plea.RETURN, "归姚家管"),
    ("{}退回，归姚家管", Plea.RETURN, "归姚家管"),
    ("申请退回 {} 归姚家管", Plea.RETURN, "归姚家管"),
    ("退回 归姚家管", Plea.RETURN, "归姚家管"),
    ("不是我们的地盘", Plea.RETURN, "不是我们的地盘"),
    ("{} 不归我们管", Plea.RETURN, "不归我们管"),
    ("延期 {} 等配件", Plea.EXTENSION, "等配件"),
    ("申请延期{}，等配件", Plea.EXTENSION, "等配件"),
    ("转办 {} 姚家街道 在他们那边", Plea.TRANSFER, "姚家街道 在他们那边"),
    ("转给 {} 交警", Plea.TRANSFER, "交警"),
]


@pytest.mark.spelling
@pytest.mark.parametrize(("form", "plea", "reason"), ASKED)
def test_it_takes_a_request_to_the_command_centre(stage: Stage, form: str, plea: Plea, reason: str) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    number = held(stage, officer)

    answer = officer.says(form.format(number))

    assert "申请已交指挥部裁定。裁定前时限照走。" in answer
    assert [(p.plea, p.reason) for p in stage.case(number).petitions] == [(plea, reason)]
    assert f"申请】甸柳新村街道：{reason}" in dispatcher.hears()[-1]


@pytest.mark.parametrize(("verb", "plea"), [("退回", Plea.RETURN), ("延期", Plea.EXTENSION), ("转办", Plea.TRANSFER)])
def test_it_asks_for_a_reason_and_takes_the_next_words_for_it(stage: Stage, verb: str, plea: Plea) -> None:
    officer = stage.officer()
    number = held(stage, officer)

    asked = officer.says(f"{verb} {number}")
    answer = officer.says("姚家街道那边的事")

    assert asked == f"编号 {number} 为什么要{verb}？请直接回复原因。"
    assert "已交指挥部裁定" in answer
    assert [(p.plea, p.reason) for p in stage.case(number).petitions] == [(plea, "姚家街道那边的事")]


def test_it_takes_a_reason_that_sounds_like_a_request_of_its_own(stage: Stage) -> None:
    officer = stage.officer()
    first, second = cases(stage, 2)
    officer.says(f"退回 {second}")

    officer.says("不是我们的地盘")

    assert state(stage, second) == [(Plea.RETURN, Ruling.PENDING)]
    assert state(stage, first) == []


def test_it_stops_waiting_for_the_reason_when_something_else_is_said(stage: Stage) -> None:
    officer = stage.officer()
    number = held(stage, officer)
    officer.says(f"退回 {number}")

    listed = officer.says("待办")
    stage.now += timedelta(minutes=10)
    unknown = officer.says("不用了吧")

    assert "待办1件" in listed
    assert "没看懂" in unknown
    assert state(stage, number) == []


def test_it_keeps_the_clock_running_until_somebody_rules(stage: Stage) -> None:
    officer = stage.officer()
    number = held(stage, officer)
    before = [(d.duty, d.due_at) for d in stage.case(number).live(Duty.RECTIFY)]

    officer.says(f"退回 {number} 不归我们")

    assert [(d.duty, d.due_at) for d in stage.case(number).live(Duty.RECTIFY)] == before


def test_it_has_one_request_of_a_kind_at_a_time(stage: Stage) -> None:
    officer = stage.officer()
    number = held(stage, officer)
    officer.says(f"退回 {number} 不归我们")

    assert "还在裁定中" in officer.says(f"退回 {number} 真的不归我们")
    assert len(stage.case(number).petitions) == 1


def test_it_puts_a_returned_case_back_into_the_queue(stage: Stage) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    number = held(stage, officer)
    officer.says(f"退回 {number} 归姚家管")

    answer = dispatcher.says(f"同意 {number}")

    assert "派给谁？" in answer
    assert "1. " in answer
    assert stage.case(number).status is Status.REPORTED
    assert "同意退回，您单位不用再办" in officer.hears()[-1]


def test_it_sends_a_returned_case_straight_on_when_a_unit_is_named(stage: Stage) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    number = held(stage, officer)
    officer.says(f"退回 {number} 归姚家管")

    answer = dispatcher.says(f"同意 {number} 姚家街道")

    assert f"编号 {number} 已派给【姚家街道】" in answer
    assert stage.case(number).returns == 1


def test_it_tells_the_unit_why_a_return_is_refused(stage: Stage) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    number = held(stage, officer)
    officer.says(f"退回 {number} 归姚家管")

    dispatcher.says(f"驳回 {number} 就在你们门口")

    assert "退回申请被驳回：就在你们门口。时限不变" in officer.hears()[-1]
    assert stage.case(number).status is Status.CLAIMED
    assert stage.events(number)[-1].move is Move.REFUSE


def test_it_forces_the_case_on_the_third_unit(stage: Stage) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    number = held(stage, officer, claim=False)
    for _ in range(2):
        officer.says(f"退回 {number} 不归我们")
        dispatcher.says(f"同意 {number} 姚家街道")
        dispatcher.says(f"派单 {number} 甸柳新村街道")
        if stage.case(number).returns == 1:
            assert "不可退回" not in officer.hears()[-1]

    answer = officer.says(f"退回 {number} 还是不归我们")

    assert f"编号 {number} 是指挥部指定办理（首接负责），不能再退回。" in answer
    assert "【新案件】指挥部指定办理，不可退回" in officer.hears()[-1]
    assert [a.forced for a in stage.case(number).assignments] == [False, False, False, True, True]


def test_it_extends_the_deadline_by_a_day(stage: Stage) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    number = held(stage, officer)
    officer.says(f"延期 {number} 等配件")

    answer = dispatcher.says(f"同意 {number}")

    assert "新截止时间：11月25日 09:01" in answer
    assert "同意延期，新的整改截止时间：11月25日 09:01" in officer.hears()[-1]


def test_it_takes_no_request_for_an_extension_after_the_deadline(stage: Stage) -> None:
    officer = stage.officer()
    number = held(stage, officer)
    stage.wait(hours=24)

    assert "已过整改时限，不能再申请延期" in officer.says(f"延期 {number} 等配件")


def test_it_takes_no_request_for_an_extension_before_the_claim(stage: Stage) -> None:
    officer = stage.officer()
    number = held(stage, officer, claim=False)

    assert officer.says(f"延期 {number} 等配件") == "现在是“待认领”，不能申请延期。"


def test_it_grants_no_extension_after_the_deadline_and_tells_the_unit(stage: Stage) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    number = held(stage, officer)
    stage.wait(hours=23)
    officer.says(f"延期 {number} 等配件")
    stage.wait(hours=2)

    answer = dispatcher.says(f"同意 {number}")

    assert "已过整改时限，不能再同意延期" in answer
    assert "没能在整改时限前裁定，已失效" in officer.hears()[-1]
    assert state(stage, number) == [(Plea.EXTENSION, Ruling.LAPSED)]


@pytest.mark.parametrize(
    ("asked", "granted", "unit"),
    [
        ("转办 {} 姚家街道 在他们那边", "同意 {}", "姚家街道"),
        ("转办 {} 姚家 在他们那边", "同意 {}", "姚家街道"),
        ("转办 {} 城管", "同意转办 {}", "市城市管理局"),
        ("转办 {} 不知道该谁管", "同意 {} 交警", "市公安局交警支队"),
        ("转办 {} 姚家街道", "同意 {} 千佛山", "千佛山街道"),
        ("转办 {} 姚家街道", "派单 {} 姚家街道", "姚家街道"),
    ],
)
def test_it_moves_a_case_to_the_unit_that_was_named(stage: Stage, asked: str, granted: str, unit: str) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    number = held(stage, officer)
    officer.says(asked.format(number))

    answer = dispatcher.says(granted.format(number))

    assert f"编号 {number} 已派给【{unit}】" in answer
    assert state(stage, number) == [(Plea.TRANSFER, Ruling.ACCEPTED)]
    assert f"编号 {number} 已改派其他单位" in officer.hears()[-1]


def test_it_asks_the_dispatcher_which_unit_when_nobody_named_one(stage: Stage) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    number = held(stage, officer)
    officer.says(f"转办 {number} 不知道该谁管")

    answer = dispatcher.says(f"同意 {number}")

    assert "没看出是哪个单位" in answer
    assert state(stage, number) == [(Plea.TRANSFER, Ruling.PENDING)]


def test_it_rules_on_the_request_that_is_named_and_asks_when_none_is(stage: Stage) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    number = held(stage, officer)
    officer.says(f"退回 {number} 不归我们")
    officer.says(f"延期 {number} 等配件")

    unclear = dispatcher.says(f"同意 {number}")
    dispatcher.says(f"同意延期 {number}")

    assert unclear == f"编号 {number} 有几项申请：退回、延期。请写明是哪一项，例如“同意退回 {number}”。"
    assert state(stage, number) == [(Plea.RETURN, Ruling.PENDING), (Plea.EXTENSION, Ruling.ACCEPTED)]


def test_it_refuses_the_request_that_is_named(stage: Stage) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    number = held(stage, officer)
    officer.says(f"退回 {number} 不归我们")
    officer.says(f"延期 {number} 等配件")

    dispatcher.says(f"驳回退回 {number} 归你们")

    assert state(stage, number) == [(Plea.RETURN, Ruling.REFUSED), (Plea.EXTENSION, Ruling.PENDING)]


@pytest.mark.parametrize("words", ["同意 {}", "驳回 {} 因为", "同意延期 {}"])
def test_it_has_nothing_to_rule_on_when_nobody_asked(stage: Stage, words: str) -> None:
    dispatcher = stage.dispatcher()
    number = stage.reported_case()

    assert f"编号 {number} 没有等待裁定的申请" in dispatcher.says(words.format(number))


def test_it_lets_a_request_lapse_when_the_case_moves_on(stage: Stage) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    number = held(stage, officer)
    officer.says(f"延期 {number} 等配件")

    officer.photo()
    officer.says("整改 提前弄好了")
    answer = dispatcher.says(f"同意 {number}")

    assert "没有等待裁定的申请" in answer
    assert state(stage, number) == [(Plea.EXTENSION, Ruling.LAPSED)]


@pytest.mark.parametrize(
    ("ruling", "hears", "status"),
    [
        ("同意 {}", "已重新办理", Status.CLAIMED),
        ("驳回 {} 照片上是别处", "没有通过，原因：照片上是别处", Status.CLOSED),
    ],
)
def test_it_rules_on_a_reporter_s_wish_to_have_it_done_again(
    stage: Stage, ruling: str, hears: str, status: Status
) -> None:
    officer, dispatcher, citizen = stage.officer(), stage.dispatcher(), stage.citizen()
    number = stage.reported_case(citizen)
    officer.photo()
    officer.says("整改 清了")
    citizen.says("1")
    citizen.says(f"重办 {number} 又满了")

    dispatcher.says(ruling.format(number))

    assert hears in citizen.hears()[-1]
    assert stage.case(number).status is status
    assert any("需要返工：又满了" in words for words in officer.hears()) is (status is Status.CLAIMED)


def test_it_chases_a_ruling_about_a_closed_case_and_records_its_breach(stage: Stage) -> None:
    officer, dispatcher, citizen = stage.officer(), stage.dispatcher(), stage.citizen()
    number = stage.reported_case(citizen)
    officer.photo()
    officer.says("整改 清了")
    citizen.says("1")
    citizen.says(f"重办 {number} 又满了")

    stage.wait(hours=5)

    assert "【裁定超时】" in dispatcher.hears()[-1]
    assert stage.events(number)[-1].move is Move.BREACH
