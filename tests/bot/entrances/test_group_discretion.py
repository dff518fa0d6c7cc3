"""Everybody reads along in a group: nothing private gets there, no case and nobody else's report."""

import pytest
from sqlalchemy import func, select

from models.assignment import Assignment
from models.event import CaseEvent
from models.people import Invitation, Membership, Role
from models.workflow import Status
from simulator.client import Person
from tests.bot.entrances.company import CHEN, LIU, SUN, WANG, ZHANG, ZHOU, Company

STRANGER = "您还没有登记，登记后才能在群里上报。请私聊我，回复“绑定 邀请码”。"
PRIVATE = "办件和查询请私聊我，群里大家都看得到；群里只收上报。"
# What only its reporter, its unit and the command centre may know.
SECRET = "三号楼王某某家门口的垃圾堆了一周"

OFFICERS = (
    *("待办", "我的待办", "任务", "详情 {n}", "查看{n}", "认领 {n}", "{n}认领", "收到 {n}", "收到", "收到，马上处理"),
    *(
        "整改 {n} 已处理",
        "整改完成",
        "退回 {n} 不归我们管",
        "延期 {n} 两天",
        "转办 {n} 城管局",
        "请假 到11月30日",
        "销假",
    ),
    *("联络", "{n}", "编号{n}"),
)
DISPATCHERS = (
    *("待派", "待派单", "待裁", "待核查", "详情 {n}", "派单 {n} 姚家街道", "转派 {n} 姚家街道", "不予立案 {n} 重复"),
    *(
        "同意退回 {n}",
        "驳回 {n}",
        "通过 {n}",
        "不通过 {n} 没整改",
        "类别 {n} 占道",
        "为什么 {n}",
        "拆分 {n}",
        "派单",
        "{n}",
    ),
    *("试派 甸柳垃圾", "线索", "线索 1", "确认线索 1", "忽略线索 1 重复", "联络", "联络 甸柳新村街道"),
)
REPORTERS = (
    *(
        "我的上报",
        "我的",
        "查询 {n}",
        "进度 {n}",
        "进度",
        "补充 {n} 还有一处",
        "重办 {n} 没弄干净",
        "没解决",
        "没解决 {n}",
    ),
    *(
        "1",
        "满意",
        "不满意，垃圾还在",
        "绑定 {code}",
        "绑定{code}",
        "{code}",
        "邀请码 {code}",
        "平台",
        "平台 2",
        "切换平台",
    ),
    *("战绩", "我的战绩", "光荣榜", "关联账号", "复查 {n} 已整改", "跟踪 {n} 已整改"),
)
ADMINS = ("在册", "在册 甸柳新村街道", "发码 经办人 甸柳新村街道 张三", "发码")
REPORTS = (
    "平台上有积水",
    "联络道上有积水",
    "请假的人把车停在盲道上",
    "复查后又堆满垃圾",
    "取消的站牌还立着",
    "满意度栏倒了",
)


@pytest.fixture
def case(company: Company) -> Company:
    """A case reported in private, with the officer, the dispatcher and the reporter all in the group."""
    company.volunteer(post="dianliu").says(SECRET)
    company.fall_quiet()
    company.officer()
    for who, role in ((ZHOU, Role.DISPATCHER), (SUN, Role.ADMIN), (LIU, Role.VOLUNTEER)):
        company.binds(who, role)
    return company


def facts(company: Company) -> tuple[list[Status], int, int, int]:
    """How all cases stand, and how much there is of what a command would change."""
    counts = [
        company.read(select(func.count()).select_from(table))[0] for table in (CaseEvent, Assignment, Membership)
    ]
    return [one.status for one in company.cases()], counts[0], counts[1], counts[2]


@pytest.mark.parametrize(
    ("who", "commands"), [(ZHANG, OFFICERS), (ZHOU, DISPATCHERS), (CHEN, REPORTERS), (LIU, REPORTERS), (SUN, ADMINS)]
)
def test_it_carries_out_no_command_in_a_group_and_reveals_nothing(
    case: Company, who: str, commands: tuple[str, ...]
) -> None:
    code = case.code(WANG, Role.LEADER, "370102009")
    before = facts(case)

    answers = {words: case.crew.says(who, words.format(n=case.number, code=code)).reply for words in commands}

    assert {words: said for words, said in answers.items() if not said.endswith(PRIVATE)} == {}
    assert facts(case) == before
    assert case.drafts() == []
    assert case.read(select(Invitation.uses_left).where(Invitation.code == code)) == [1]


def test_it_says_the_same_to_a_stranger_whatever_they_say(case: Company) -> None:
    said = [
        "有电动车逆行",
        "待办",
        f"详情 {case.number}",
        f"认领 {case.number}",
        "帮助",
        f"绑定 {case.code(WANG, Role.VOLUNTEER)}",
    ]

    answers = {case.crew.says(WANG, words).reply for words in said}
    answers.add(case.crew.says(WANG, "看", ["pothole"]).reply)

    assert answers == {STRANGER}
    assert case.drafts() == []


def test_it_knows_the_stranger_who_has_bound_in_private(case: Company) -> None:
    assert case.crew.says(WANG, "有电动车逆行").reply == STRANGER

    case.volunteer(WANG, post="dianliu")

    assert case.crew.says(WANG, "有电动车逆行").reply.startswith("王巡访：")


@pytest.mark.parametrize(
    "words", ["平台上有积水", "联络道上有积水", "请假的人把车停在盲道上", "复查后又堆满垃圾", "取消的站牌还立着"]
)
def test_it_takes_for_a_report_what_only_begins_like_a_command(case: Company, words: str) -> None:
    answer = case.crew.says(LIU, words).reply

    assert not answer.endswith(PRIVATE)


def test_it_takes_an_officers_report_like_anybodys(case: Company) -> None:
    answer = case.crew.says(ZHANG, "甸柳新村三区路灯不亮", ["pothole"]).reply

    assert answer.startswith(f"张三：已受理，编号 {case.number}")


def test_it_lets_nothing_private_into_a_group_in_a_cases_whole_life(company: Company) -> None:
    zhang, zhou = company.officer(), company.binds(ZHOU, Role.DISPATCHER)
    company.volunteer(post="dianliu").says(SECRET)
    company.volunteer(LIU, post="dianliu")
    company.crew.says(CHEN, "帮助")
    company.fall_quiet()
    _live(company, zhang, zhou)

    said = company.said_by_bot()

    private = {line for word in company.words() if not word.chat for line in word.text.splitlines() if len(line) > 8}
    assert said
    assert [line for line in said for told in private if told in line] == []
    assert not any(SECRET in line or SECRET[:5] in line or "待认领" in line for line in said)


def _live(company: Company, zhang: Person, zhou: Person) -> None:
    """From the claim to the reporter's satisfaction, with everybody talking in the group in between."""
    number = company.number
    steps = [
        (zhang, f"认领 {number}"),
        (zhang, f"整改 {number} 已清理干净"),
        (zhou, f"详情 {number}"),
        (zhou, f"通过 {number}"),
    ]
    for phone, words in steps:
        company.deliver()
        for who in (CHEN, LIU, ZHANG, ZHOU):
            company.crew.says(who, f"详情 {number}")
        phone.says(words)
    company.crew.says(LIU, "有电动车逆行", ["pothole"])
    company.fetch()
    company.deliver()
    company.crew.says(CHEN, "1")


def test_it_tells_a_reporter_in_private_what_became_of_a_report_made_in_a_group(company: Company) -> None:
    company.volunteer(post="dianliu")
    zhang = company.officer()
    company.crew.says(CHEN, "路边垃圾桶满了没人清", ["pothole"])

    zhang.says(f"认领 {company.number}")
    company.deliver()

    claimed = f"您反映的问题（编号 {company.number}）已由【甸柳新村街道】认领，正在整改。"
    assert claimed in [line.text for line in company.phone(CHEN).lines()]
    assert claimed not in company.said_by_bot()


def test_it_answers_in_a_talk_alone_what_it_keeps_from_the_group(case: Company) -> None:
    answer = case.crew.says_alone(CHEN, "我的上报").reply

    assert f"{case.number} " in answer
    assert case.said_by_bot(case.crew) == []
