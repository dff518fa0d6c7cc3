"""What dispatchers say until there is a console: the queue, 派单, 不予立案, 核查, 详情, 理由."""

import pytest
from sqlalchemy import update

from models.deadline import Deadline
from models.unit import Unit
from models.workflow import Status
from tests.handlers.test_officers import cases
from tests.stage import DIANLIU, Actor, Stage

UNSURE = "这里不太对劲"


def unsure(stage: Stage, citizen: Actor | None = None) -> int:
    return stage.reported_case(citizen, UNSURE)


def rectified(stage: Stage) -> int:
    officer = stage.officer()
    (number,) = cases(stage, 1)
    officer.photo()
    officer.says(f"整改 {number} 清了")
    return number


def test_it_asks_every_dispatcher_about_what_the_routing_is_not_sure_of(stage: Stage) -> None:
    first, second = stage.dispatcher("周调度"), stage.dispatcher("吴调度")

    number = unsure(stage)

    for dispatcher in (first, second):
        assert f"回复“派单 {number} 1”" in dispatcher.hears()[-1]


@pytest.mark.spelling
@pytest.mark.parametrize("words", ["待派", "待办", "待裁", "待核查", "待派单", "待裁定"])
def test_it_lists_what_the_command_centre_owes_the_most_urgent_first(stage: Stage, words: str) -> None:
    dispatcher, officer = stage.dispatcher(), stage.officer()
    done = rectified(stage)
    stage.reported_case(words="墙上贴满小广告")
    officer.says("退回 不归我们")
    waiting = unsure(stage)

    lines = dispatcher.says(words).splitlines()

    assert [line.split()[1] for line in lines[1:]] == ["待派单", "待裁定", "待核查"]
    assert lines[1].startswith(f"{waiting} ")
    assert lines[3].startswith(f"{done} ")
    assert "甸柳新村第三小区" in lines[1]


def test_it_says_so_when_nothing_waits(stage: Stage) -> None:
    assert stage.dispatcher().says("待派") == "现在没有等您处理的事。"


def test_it_shows_fifteen_and_says_that_there_are_more(stage: Stage) -> None:
    dispatcher = stage.dispatcher()
    for _ in range(16):
        unsure(stage)

    answer = dispatcher.says("待派")

    assert len(answer.splitlines()) == 1 + 15 + 1
    assert answer.endswith("还有更多，处理完再看。")


def test_it_marks_what_is_late(stage: Stage) -> None:
    dispatcher = stage.dispatcher()
    unsure(stage)
    stage.wait(hours=2)

    assert "⚠已超时" in dispatcher.says("待派")


ASSIGN = [
    ("派单 {} 甸柳新村街道", "甸柳新村街道"),
    ("派单 {} 甸柳", "甸柳新村街道"),
    ("派单 {} 甸柳街道办", "甸柳新村街道"),
    ("派单{}甸柳新村", "甸柳新村街道"),
    ("派单 {} 历下区甸柳新村街道", "甸柳新村街道"),
    ("派单 {} 历下区的东关", "东关街道"),
    ("派单 {} 历下区", "历下区"),
    ("派单 {} 历下", "历下区"),
    ("派单 {} 370102009", "甸柳新村街道"),
    ("派单 {} dept-traffic", "市公安局交警支队"),
    ("派单 {} 交警", "市公安局交警支队"),
    ("派单 {} 城管局", "市城市管理局"),
    ("派单 {} 园林局 树倒了", "市园林和林业绿化局"),
    ("立案 {} 姚家街道", "姚家街道"),
    ("派给 {} 姚家", "姚家街道"),
    ("{} 派单 姚家", "姚家街道"),
    ("编号{}转派姚家街道", "姚家街道"),
    ("请派单＃{}，姚家街道", "姚家街道"),
    ("派单 姚家", "姚家街道"),  # the only one that waits
]


@pytest.mark.spelling
@pytest.mark.parametrize(("form", "unit"), ASSIGN)
def test_it_assigns_to_the_unit_that_is_named(stage: Stage, form: str, unit: str) -> None:
    dispatcher = stage.dispatcher()
    number = unsure(stage)

    answer = dispatcher.says(form.format(number))

    assert answer == f"编号 {number} 已派给【{unit}】，11月23日 21:00前认领。"


@pytest.mark.spelling
@pytest.mark.parametrize("form", ["派单 {} 1", "派单 {} １", "派单 {} 第1个", "派单{}，1"])
def test_it_assigns_to_a_suggestion_by_its_number(stage: Stage, form: str) -> None:
    dispatcher = stage.dispatcher()
    number = unsure(stage)
    first = dispatcher.hears()[-1].partition("1. ")[2].partition("（")[0]

    answer = dispatcher.says(form.format(number))

    assert f"已派给【{first}】" in answer


@pytest.mark.parametrize("words", ["火星街道", "", "9"])
def test_it_offers_the_suggestions_when_no_unit_is_recognised(stage: Stage, words: str) -> None:
    dispatcher = stage.dispatcher()
    number = unsure(stage)

    answer = dispatcher.says(f"派单 {number} {words}")

    assert "没看出是哪个单位" in answer
    assert "1. " in answer
    assert stage.case(number).status is Status.REPORTED


def test_it_offers_the_units_that_half_a_name_may_mean(stage: Stage) -> None:
    dispatcher = stage.dispatcher()
    number = unsure(stage)

    answer = dispatcher.says(f"派单 {number} 文化")

    assert "文化东路街道" in answer
    assert "市文化和旅游局" in answer
    assert stage.case(number).status is Status.REPORTED


def test_it_leaves_a_case_alone_that_is_assigned_to_the_unit_it_is_with(stage: Stage) -> None:
    dispatcher, officer = stage.dispatcher(), stage.officer()
    (number,) = cases(stage, 1)
    before = len(officer.hears())

    answer = dispatcher.says(f"派单 {number} 甸柳")

    assert "本来就在【甸柳新村街道】" in answer
    assert len(officer.hears()) == before


def test_it_assigns_nothing_to_a_unit_that_is_no_more(stage: Stage) -> None:
    dispatcher = stage.dispatcher()
    number = unsure(stage)
    retired(stage, True)
    try:
        answer = dispatcher.says(f"派单 {number} {DIANLIU}")
    finally:
        retired(stage, False)

    assert "没看出是哪个单位" in answer


def retired(stage: Stage, retired: bool) -> None:
    """The units are shared by all tests, so this must be taken back."""
    with stage.installation.database.story() as session:
        session.execute(update(Unit).where(Unit.code == DIANLIU).values(retired=retired))


def test_it_tells_the_unit_that_had_the_case_and_the_one_that_gets_it(stage: Stage) -> None:
    dispatcher, before, after = stage.dispatcher(), stage.officer(), stage.officer("马五", "370102011")
    (number,) = cases(stage, 1)

    dispatcher.says(f"派单 {number} 姚家")

    assert f"编号 {number} 已改派其他单位" in before.hears()[-1]
    assert "【新案件】" in after.hears()[-1]


@pytest.mark.parametrize("command", ["派单 {} 姚家", "不予立案 {} 没问题"])
def test_it_says_where_a_case_stands_that_cannot_be_dealt_with_like_that(stage: Stage, command: str) -> None:
    dispatcher = stage.dispatcher()
    number = rectified(stage)

    assert dispatcher.says(command.format(number)) == f"编号 {number} 现在是“待核查”，不能这样处理。"


@pytest.mark.parametrize("command", ["通过 {}", "不通过 {} 没清", "不通过 {}", "不予立案 {}"])
def test_it_verifies_nothing_that_is_not_put_right(stage: Stage, command: str) -> None:
    dispatcher = stage.dispatcher()
    (number,) = cases(stage, 1)

    assert "现在是“待认领”，不能这样处理" in dispatcher.says(command.format(number))


@pytest.mark.spelling
@pytest.mark.parametrize("form", ["不予立案 {} 属于私人院内", "不立案{}，属于私人院内", "{} 不予立案：属于私人院内"])
def test_it_tells_the_reporter_why_nothing_will_be_done(stage: Stage, form: str) -> None:
    dispatcher, citizen = stage.dispatcher(), stage.citizen()
    number = unsure(stage, citizen)

    answer = dispatcher.says(form.format(number))

    assert "已告知上报人" in answer
    assert "不予立案，原因：属于私人院内" in citizen.hears()[-1]
    assert stage.case(number).status is Status.REJECTED


@pytest.mark.parametrize(
    ("asks", "reason", "status"),
    [("不予立案 {}", "属于私人院内", Status.REJECTED), ("不通过 {}", "还有一袋", Status.CLAIMED)],
)
def test_it_waits_for_the_reason_it_asked_for(stage: Stage, asks: str, reason: str, status: Status) -> None:
    dispatcher = stage.dispatcher()
    number = unsure(stage) if status is Status.REJECTED else rectified(stage)

    asked = dispatcher.says(asks.format(number))
    dispatcher.says(reason)

    assert "请直接回复" in asked
    assert stage.case(number).status is status
    assert stage.events(number)[-1].why == reason


def test_it_waits_for_the_reason_of_a_refusal(stage: Stage) -> None:
    dispatcher, officer = stage.dispatcher(), stage.officer()
    (number,) = cases(stage, 1)
    officer.says(f"退回 {number} 不归我们")

    asked = dispatcher.says(f"驳回 {number}")
    dispatcher.says("就是归你们")

    assert "请直接回复驳回的原因" in asked
    assert "退回申请被驳回：就是归你们" in officer.hears()[-1]


@pytest.mark.spelling
@pytest.mark.parametrize("form", ["通过 {}", "核查通过{}", "{} 通过", "{}核查通过。", "通过"])
def test_it_closes_what_is_verified_and_tells_everybody(stage: Stage, form: str) -> None:
    dispatcher, officer, citizen = stage.dispatcher(), stage.officer(), stage.citizen()
    number = stage.reported_case(citizen)
    officer.photo()
    officer.says("整改 清了")

    answer = dispatcher.says(form.format(number))

    assert answer == f"编号 {number} 核查通过，已办结。"
    assert "经核查已办结" in citizen.hears()[-1]
    assert "核查通过，已办结。辛苦了" in officer.hears()[-1]


@pytest.mark.spelling
@pytest.mark.parametrize(
    "form", ["不通过 {} 还有一袋", "核查不通过{}还有一袋", "{}不通过，还有一袋", "不通过，还有一袋"]
)
def test_it_sends_back_what_is_not_good_enough(stage: Stage, form: str) -> None:
    dispatcher, number = stage.dispatcher(), rectified(stage)

    answer = dispatcher.says(form.format(number))

    assert answer == f"编号 {number} 已退回返工。"
    assert any(f"编号 {number} 需要返工：还有一袋" in words for words in stage.all_said())


def test_it_closes_nothing_because_a_sentence_begins_with_passing(stage: Stage) -> None:
    dispatcher, number = stage.dispatcher(), rectified(stage)

    answer = dispatcher.says("通过这条路的人很多")

    assert "请写明编号" in answer
    assert stage.case(number).status is Status.RECTIFIED


@pytest.mark.spelling
@pytest.mark.parametrize("verb", ["通过", "派单", "同意", "驳回", "详情", "理由", "不通过", "不予立案"])
def test_it_asks_for_the_number_when_it_cannot_know_it(stage: Stage, verb: str) -> None:
    assert "请写明编号" in stage.dispatcher().says(verb)


@pytest.mark.spelling
@pytest.mark.parametrize("command", ["详情 99999", "通过 99999", "99999", "派单 99999 甸柳"])
def test_it_says_that_there_is_no_such_case(stage: Stage, command: str) -> None:
    assert stage.dispatcher().says(command) == "没有编号 99999 的案件，请核对。"


@pytest.mark.spelling
@pytest.mark.parametrize("form", ["详情 {}", "查看{}", "{}详情", "{}", "编号{}", "＃{}"])
def test_it_shows_the_whole_case_with_its_pictures(stage: Stage, form: str) -> None:
    dispatcher, number = stage.dispatcher(), rectified(stage)
    before = len(stage.rows_to(dispatcher))

    answer = dispatcher.says(form.format(number))

    assert f"编号 {number} · 垃圾站(箱)满溢" in answer
    assert "状态：待核查 · 甸柳新村街道 · 1人上报" in answer
    assert "整改前1张，整改后1张" in answer
    assert [row.photo_id is not None for row in stage.rows_to(dispatcher)[before:]] == [True, True]


def test_it_shows_what_waits_for_a_ruling(stage: Stage) -> None:
    dispatcher, officer = stage.dispatcher(), stage.officer()
    (number,) = cases(stage, 1)
    officer.says(f"退回 {number} 归姚家管")

    assert "待裁定·退回：归姚家管" in dispatcher.says(f"详情 {number}")


def test_it_explains_how_a_case_came_to_its_unit(stage: Stage) -> None:
    dispatcher = stage.dispatcher()
    (number,) = cases(stage, 1)

    answer = dispatcher.says(f"理由 {number}")

    assert "“垃圾桶" in answer
    assert "甸柳新村第三小区" in answer
    assert "规则 data/jinan/routes.yaml:" in answer


@pytest.mark.spelling
@pytest.mark.parametrize("words", ["把那个案子处理一下", "今天很忙", "待办的事太多"])
def test_it_opens_no_report_for_a_dispatcher_s_loose_words(stage: Stage, words: str) -> None:
    dispatcher = stage.dispatcher()

    answer = dispatcher.says(words)

    assert "没看懂" in answer
    assert stage.open_drafts() == []


def test_it_lets_a_dispatcher_report_like_anybody_after_saying_so(stage: Stage) -> None:
    dispatcher = stage.dispatcher()

    dispatcher.says("上报")
    answer = stage.reported_case(dispatcher)

    assert stage.case(answer).status is Status.ASSIGNED


@pytest.mark.spelling
@pytest.mark.parametrize("words", ["帮助", "？"])
def test_it_explains_everything_a_dispatcher_may_say(stage: Stage, words: str) -> None:
    answer = stage.dispatcher().says(words)

    for verb in ("待派", "详情", "理由", "派单", "不予立案", "同意", "驳回", "通过", "不通过"):
        assert verb in answer


@pytest.mark.parametrize("command", ["派单 {} 姚家", "通过 {}", "同意 {}", "不予立案 {} 不管"])
def test_it_lets_nobody_but_a_dispatcher_decide(stage: Stage, command: str) -> None:
    officer, citizen = stage.officer(), stage.citizen()
    number = stage.reported_case(citizen)
    before = [event.move for event in stage.events(number)]

    for person in (officer, citizen):
        person.says(command.format(number))

    assert [event.move for event in stage.events(number)] == before


def test_it_keeps_the_menu_of_somebody_who_is_dispatcher_and_officer(stage: Stage) -> None:
    both = stage.officer()
    stage.also_dispatcher(both)
    _, second = cases(stage, 2)

    both.says("收到")
    answer = both.says("2")

    assert f"已认领编号 {second}" in answer


def test_it_says_by_when_the_command_centre_must_act_so_that_a_template_can_carry_it(stage: Stage) -> None:
    dispatcher, citizen, officer = stage.dispatcher(), stage.citizen(), stage.officer()
    unsure(stage, citizen)
    number = stage.reported_case()
    officer.says(f"退回 {number} 不归我们管")
    officer.says(f"认领 {number}")
    stage.solve(number, officer)

    rows = stage.rows_to(dispatcher)

    asked = [row for row in rows if row.text.startswith(("【待派单】", "【退回申请】", "【待核查】"))]
    assert len(asked) == 3
    assert all(row.short["due"] for row in asked)


def test_it_does_not_ask_for_a_verification_that_is_done(stage: Stage) -> None:
    dispatcher, verifier = stage.dispatcher(), stage.verifier()
    number = rectified(stage)
    dispatcher.says(f"通过 {number}")

    stage.wait(minutes=1)
    (row,) = [row for row in stage.rows_to(verifier) if "待核查" in row.text]

    with stage.installation.database.glance() as session:
        deadline = session.get_one(Deadline, row.deadline_id)
    assert deadline.ended_at is not None
