"""协办: units that help. They hear what is asked and tell what they did; the lead answers for the time."""

from datetime import timedelta

import pytest

from models.assignment import Ending, Hand
from models.workflow import Move, Status
from tests.handlers.test_petitions import held
from tests.stage import YAOJIA, Actor, Stage

URBAN = "dept-urban"  # 市城市管理局, whom routing calls in for rubbish
ASKED = "【协办】请配合甸柳新村街道办理"


def helping(stage: Stage, number: int) -> list[str]:
    return [helper.unit_code for helper in stage.case(number).helping]


@pytest.fixture
def helper(stage: Stage) -> Actor:
    return stage.officer("马五", YAOJIA)


@pytest.fixture
def command(stage: Stage) -> Actor:
    return stage.dispatcher()


def with_helper(stage: Stage, command: Actor, officer: Actor) -> int:
    number = held(stage, officer)
    command.says(f"协办 {number} 姚家街道：清运对面的一半")
    return number


def test_it_has_whom_routing_meant_stand_by_without_a_word(stage: Stage) -> None:
    urban, officer = stage.officer("高科长", URBAN), stage.officer()

    number = stage.reported_case()

    assert helping(stage, number) == [URBAN]
    assert not any(ASKED in word for word in urban.hears())
    assert str(number) in urban.says("待办")
    assert "协办：市城市管理局" in officer.hears()[-1]
    assert [(e.move, e.data["unit"]) for e in stage.events(number) if e.move is Move.ENLIST] == [(Move.ENLIST, URBAN)]


def test_it_calls_in_nobody_when_a_dispatcher_sends_it_elsewhere(stage: Stage, command: Actor) -> None:
    urban, officer = stage.officer("高科长", URBAN), stage.officer()
    number = held(stage, officer, claim=False)

    command.says(f"派单 {number} 姚家街道")

    assert helping(stage, number) == []
    assert not any("不用再协办" in word for word in urban.hears())


def test_it_tells_those_a_dispatcher_names_what_is_asked_and_the_lead_who_helps(
    stage: Stage, command: Actor, helper: Actor
) -> None:
    officer = stage.officer()
    number = held(stage, officer)

    answer = command.says(f"协办 {number} 姚家街道 交警：清运对面的一半")

    assert "已请姚家街道、市公安局交警支队协办" in answer
    assert "市公安局交警支队还没有绑定经办人" in answer
    assert f"{ASKED}（清运对面的一半）" in helper.hears()[-1]
    assert "由姚家街道、市公安局交警支队协办" in officer.hears()[-1]
    assert "协办：" in command.says(f"详情 {number}")


NOT_UNDERSTOOD = [
    ("协办 {}", "没看出“”是哪个单位"),
    ("协办 {} 姚家街道 火星办", "没看出“火星办”是哪个单位"),
    ("协办 {} 甸柳新村街道", "本来就在办"),
    ("取消协办 {} 姚家街道", "请写明取消哪个"),
]


@pytest.mark.parametrize(("form", "said"), NOT_UNDERSTOOD)
def test_it_calls_in_nobody_it_does_not_know(stage: Stage, command: Actor, form: str, said: str) -> None:
    number = held(stage, stage.officer())

    answer = command.says(form.format(number))

    assert said in answer
    assert helping(stage, number) == [URBAN]


def test_it_has_no_helpers_before_anybody_answers_for_the_case(stage: Stage, command: Actor) -> None:
    number = stage.reported_case(words="这里很不好")

    answer = command.says(f"协办 {number} 姚家街道")

    assert "现在是“待立案”，不能这样处理" in answer


def test_it_lists_and_shows_what_a_unit_helps_with_beside_its_own(
    stage: Stage, command: Actor, helper: Actor
) -> None:
    number = with_helper(stage, command, stage.officer())

    listed = helper.says("待办")
    picked = helper.says("1")
    stage.now += timedelta(seconds=1)
    shown = helper.says(f"详情 {number}")

    assert "协办1件" in listed
    assert "主办：甸柳新村街道，协办：市城市管理局、姚家街道" in picked
    assert shown == picked


@pytest.mark.parametrize(
    "words", ["认领 {}", "整改 {} 已清运", "退回 {} 不归我们", "延期 {} 等配件", "缓办 {} 12月15日前 等"]
)
def test_it_leaves_to_the_lead_what_is_the_lead_s(stage: Stage, command: Actor, helper: Actor, words: str) -> None:
    number = with_helper(stage, command, stage.officer())
    before = len(stage.events(number))

    answer = helper.says(words.format(number))

    assert f"编号 {number} 不在本单位名下" in answer
    assert len(stage.events(number)) == before


def test_it_tells_the_lead_what_a_helper_did(stage: Stage, command: Actor, helper: Actor) -> None:
    officer = stage.officer()
    number = with_helper(stage, command, officer)

    answer = helper.says(f"反馈 {number} 已配合清运")

    event = stage.events(number)[-1]
    assert "已告诉主办单位" in answer
    assert "【协办反馈】姚家街道：已配合清运" in officer.hears()[-1]
    assert (event.move, event.why, event.data["unit"]) == (Move.FEED_BACK, "已配合清运", YAOJIA)
    assert not any("协办反馈" in words for words in command.hears())


def test_it_tells_the_verifiers_as_well_while_they_verify(stage: Stage, command: Actor, helper: Actor) -> None:
    officer, verifier = stage.officer(), stage.verifier()
    number = with_helper(stage, command, officer)
    officer.photo()
    officer.says(f"整改 {number} 已清运")

    asked = helper.says("反馈")
    helper.says("对面也清了")

    assert asked == f"编号 {number} 协办做了什么？请直接回复。"
    assert all("【协办反馈】姚家街道：对面也清了" in who.hears()[-1] for who in (officer, verifier, command))


def test_it_takes_feedback_from_nobody_else(stage: Stage, command: Actor) -> None:
    number = held(stage, stage.officer())
    stranger = stage.officer("赵六", YAOJIA)

    assert "不在本单位名下" in stranger.says(f"反馈 {number} 已配合")
    assert "没看懂" in stranger.says("反馈一下")


ENDINGS = [
    ("取消协办 {} 姚家街道", Ending.DISMISSED),
    ("派单 {} 千佛山街道", Ending.TRANSFERRED),
    ("同意退回 {}", Ending.RETURNED),
]


@pytest.mark.parametrize(("words", "ending"), ENDINGS)
def test_it_ends_when_it_is_called_off_or_the_lead_changes(
    stage: Stage, command: Actor, helper: Actor, words: str, ending: Ending
) -> None:
    officer = stage.officer()
    number = with_helper(stage, command, officer)
    officer.says(f"退回 {number} 归别人管")

    command.says(words.format(number))

    ended = [one.ending for one in stage.case(number).helpers if one.unit_code == YAOJIA]
    assert ended == [ending]
    assert f"编号 {number} 现在是“" in helper.hears()[-1]
    assert "不用再协办" in helper.hears()[-1]
    assert "没看懂" in helper.says("反馈一下")


def test_it_ends_with_the_case(stage: Stage, command: Actor, helper: Actor) -> None:
    officer, citizen = stage.officer(), stage.citizen()
    number = stage.reported_case(citizen)
    command.says(f"协办 {number} 姚家街道")
    stage.solve(number, officer)

    citizen.says("1")

    assert stage.case(number).status is Status.CLOSED
    assert {one.ending for one in stage.case(number).helpers} == {Ending.DONE}
    assert "现在是“已办结”，不用再协办" in helper.hears()[-1]


def test_it_finds_no_helper_where_a_lead_is_looked_for(stage: Stage, command: Actor, helper: Actor) -> None:
    number = with_helper(stage, command, stage.officer())

    stage.wait(hours=60)

    case = stage.case(number)
    assert {one.role for one in case.assignments} == {Hand.LEAD}
    assert {one.role for one in case.helpers} == {Hand.CO}
    assert {clock.assignment_id for clock in case.deadlines} <= {None, *(one.id for one in case.assignments)}
    assert not any("超时" in words or "提醒" in words for words in helper.hears())
