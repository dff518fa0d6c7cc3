"""申诉: what counted against a unit is looked at again. Nothing is deleted; an event says what counts no more."""

from collections.abc import Callable

import pytest

from models.case import Case
from models.charges import Charge, charges, lifted
from models.petition import Plea, Ruling
from models.workflow import Move, Status
from tests.handlers.platforms.test_media_supervision import exposes
from tests.handlers.test_petitions import held, state
from tests.stage import YAOJIA, Actor, Stage


def late(stage: Stage, officer: Actor, command: Actor) -> int:
    """整改逾期."""
    number = held(stage, officer)
    stage.wait(hours=25)
    return number


def failed(stage: Stage, officer: Actor, command: Actor) -> int:
    """核查不通过."""
    number = stage.reported_case()
    stage.solve(number, officer)
    command.says(f"不通过 {number} 还有垃圾")
    return number


def refused(stage: Stage, officer: Actor, command: Actor) -> int:
    """退回被驳回."""
    number = held(stage, officer)
    officer.says(f"退回 {number} 归姚家管")
    command.says(f"驳回 {number} 就在你们门口")
    return number


def exposed(stage: Stage, officer: Actor, command: Actor) -> int:
    """媒体曝光."""
    number = exposes(stage.journalist())
    command.says(f"派单 {number} 甸柳新村街道")
    return number


def lifted_of(stage: Stage, number: int) -> set[Charge]:
    with stage.installation.database.glance() as session:
        case = session.get_one(Case, number)
        known = {charged.key for charged in charges(session, case)}
        return {charge for event, charge in lifted(session, case) if (event, charge) in known}


THINGS = [
    (late, "整改逾期", Charge.BREACH, Move.BREACH),
    (failed, "核查不通过", Charge.REWORK, Move.FAIL),
    (refused, "退回被驳回", Charge.REFUSAL, Move.REFUSE),
    (exposed, "媒体曝光", Charge.EXPOSURE, Move.EXPOSE),
]


@pytest.mark.parametrize(("made", "name", "charge", "move"), THINGS)
def test_it_lifts_what_was_counted_by_an_event_that_names_it(
    stage: Stage, made: Callable[[Stage, Actor, Actor], int], name: str, charge: Charge, move: Move
) -> None:
    officer, leader, command = stage.officer(), stage.leader(), stage.dispatcher()
    number = made(stage, officer, command)
    before = len(stage.events(number))

    asked = officer.says(f"申诉 {number} 系统故障")
    heard = command.hears()[-1]
    answer = command.says(f"同意申诉 {number}")

    upheld = stage.events(number)[-1]
    named = next(event for event in stage.events(number) if event.id == upheld.data["event"])
    assert f"“{name}（" in asked
    assert f"【申诉申请】甸柳新村街道：对“{name}（" in heard
    assert "不再计入考核" in answer
    assert (upheld.move, upheld.data["charge"], named.move) == (Move.UPHOLD, charge.value, move)
    assert len(stage.events(number)) == before + 2
    assert lifted_of(stage, number) == {charge}
    assert all("申诉成立" in who.hears()[-1] for who in (officer, leader))


def test_it_refuses_with_a_reason_and_what_was_counted_stays(stage: Stage) -> None:
    officer, command = stage.officer(), stage.dispatcher()
    number = late(stage, officer, command)
    officer.says(f"申诉 {number} 系统故障")

    asked = command.says(f"申诉不成立 {number}")
    command.says("日志里没有故障")

    assert "请直接回复驳回的原因" in asked
    assert "申诉没有成立：日志里没有故障" in officer.hears()[-1]
    assert lifted_of(stage, number) == set()
    assert state(stage, number) == [(Plea.APPEAL, Ruling.REFUSED)]
    assert "没有可以申诉的事项" in officer.says(f"申诉 {number} 真的是系统故障")


def test_it_asks_which_of_several_by_a_menu_and_then_for_the_reason(stage: Stage) -> None:
    officer, command = stage.officer(), stage.dispatcher()
    number = stage.reported_case()
    stage.wait(hours=13)
    officer.says(f"认领 {number}")
    stage.wait(hours=24)

    menu = officer.says(f"申诉 {number}")
    why = officer.says("2")
    answer = officer.says("那天系统停了")

    assert "1. 整改逾期（" in menu
    assert "2. 认领逾期（" in menu
    assert "的“认领逾期（" in why
    assert "已交指挥部裁定" in answer
    assert "对“认领逾期（11月23日 21:00）”不服：那天系统停了" in command.hears()[-1]


NAMED = [("认领逾期 系统停了", "认领逾期", "系统停了"), ("整改超时，等配件", "整改逾期", "等配件")]


@pytest.mark.parametrize(("words", "thing", "reason"), NAMED)
def test_it_understands_what_is_named_first(stage: Stage, words: str, thing: str, reason: str) -> None:
    officer = stage.officer()
    number = stage.reported_case()
    stage.wait(hours=13)
    officer.says(f"认领 {number}")
    stage.wait(hours=24)

    answer = officer.says(f"申诉 {number} {words}")

    assert f"对“{thing}（" in answer
    assert [petition.reason for petition in stage.case(number).petitions] == [reason]


def test_it_can_lift_the_fake_alone_and_with_the_rework_both(stage: Stage) -> None:
    officer, command = stage.officer(), stage.dispatcher()
    number = stage.reported_case()
    stage.solve(number, officer)
    command.says(f"不通过 {number} 照片弄虚作假")

    officer.says(f"申诉 {number} 弄虚作假 拍错了地方")
    command.says(f"申诉成立 {number}")
    first = lifted_of(stage, number)
    officer.says(f"申诉 {number} 返工 本来就清了")
    command.says(f"申诉成立 {number}")

    assert first == {Charge.FAKE}
    assert lifted_of(stage, number) == {Charge.FAKE, Charge.REWORK}


def test_it_may_be_asked_after_the_case_was_closed_but_not_for_ever(stage: Stage) -> None:
    officer, command = stage.officer(), stage.dispatcher()
    number = failed(stage, officer, command)
    officer.photo()
    officer.says(f"整改 {number} 又清了一遍")
    command.says(f"通过 {number}")

    answer = officer.says("申诉 本来就清干净了")
    command.says(f"驳回 {number} 有照片")
    stage.wait(days=8)

    assert "已交指挥部裁定" in answer
    assert stage.case(number).status is Status.CLOSED
    assert "没有可以申诉的事项：7天内" in officer.says(f"申诉 {number} 本来就清干净了")


def test_it_is_the_unit_s_own_that_it_may_contest_also_after_another_has_the_case(stage: Stage) -> None:
    officer, other, command = stage.officer(), stage.officer("马五", YAOJIA), stage.dispatcher()
    number = late(stage, officer, command)
    command.says(f"派单 {number} 姚家街道")

    not_theirs = other.says(f"申诉 {number} 系统故障")
    answer = officer.says(f"申诉 {number} 系统故障")

    assert "没有可以申诉的事项" in not_theirs
    assert "已交指挥部裁定" in answer


def test_it_has_one_at_a_time_and_does_not_lapse_with_the_rectification(stage: Stage) -> None:
    officer, command = stage.officer(), stage.dispatcher()
    number = late(stage, officer, command)
    officer.says(f"申诉 {number} 系统故障")

    again = officer.says(f"申诉 {number} 系统故障")
    officer.photo()
    officer.says(f"整改 {number} 已清运")

    assert "申诉申请还在裁定中" in again
    assert state(stage, number) == [(Plea.APPEAL, Ruling.PENDING)]
    assert "待裁定·申诉：对“整改逾期（" in command.says(f"详情 {number}")


def test_it_knows_nothing_to_appeal_against_where_nothing_was_counted(stage: Stage) -> None:
    officer = stage.officer()
    number = held(stage, officer)

    assert "没有可以申诉的事项" in officer.says(f"申诉 {number} 系统故障")
    assert "没有可以申诉的案件" in officer.says("申诉 系统故障")
