"""A sheet is the result of its visit; what was said to be done and is not goes the way of any 复查."""

from datetime import timedelta

import pytest

from handlers.field import checking, results, rounds
from models.petition import Plea
from models.score import FieldRound, FieldVisit
from models.workflow import Move, Part, Status
from tests.handlers.field.rounds_played import at_desk, closed_case, goes, made, person_of, visits
from tests.stage import DIANLIU, Actor, Stage


@pytest.fixture
def chu(stage: Stage) -> Actor:
    return stage.assessor()


@pytest.fixture
def covert(stage: Stage, chu: Actor) -> FieldVisit:
    """A drawn case of 甸柳新村, which was passed by 周调度."""
    closed_case(stage, stage.officer(), stage.dispatcher())
    made(stage)
    stage.now += timedelta(hours=1)
    return visits(stage)[0]


SHEETS = [
    ("1. H05 墙上有小广告 扣1\n2. H04 楼道堆物 扣0.5", 98.5),
    ("1. H05 墙上有小广告", 100.0),
    ("得分 93.5\n1. H05 墙上有小广告", 93.5),
    ("无问题", 100.0),
    ("未发现问题。", 100.0),
    ("点位：甸柳新村第三小区（社区）\n1. H05 墙上有小广告 扣60\n2. H04 楼道堆物 扣60", 0.0),
]


@pytest.mark.parametrize(("words", "result"), SHEETS)
def test_it_takes_a_sheet_as_the_result_of_its_visit(stage: Stage, chu: Actor, words: str, result: float) -> None:
    made(stage, points_each=1, closed=None)

    answer = goes(chu, 3, words)

    visit = visits(stage)[2]
    assert (visit.result, visit.assessed_at, visit.solved) == (result, stage.now, None)
    assert "任务3已记录" in answer
    assert f"还有{len(visits(stage)) - 1}个" in answer
    assert bool(stage.cases()) is ("H05" in words)
    assert (visit.report_id is not None) is ("H05" in words)


def test_it_takes_photos_that_came_before_the_number(stage: Stage, chu: Actor) -> None:
    made(stage, points_each=1, closed=None)
    chu.photo("wall")

    chu.says("任务 2 1. H05 墙上有小广告 扣1")
    chu.says("完成")
    chu.says("确认")

    assert stage.pictures(stage.cases()[0].id) == ["wall"]
    assert visits(stage)[1].result == 99


def test_it_takes_what_is_said_after_the_number_alone(stage: Stage, chu: Actor) -> None:
    made(stage, points_each=1, closed=None)
    chu.says("任务 2")
    chu.photo()
    chu.says("1. H05 墙上有小广告 扣1")

    shown = chu.says("完成")
    chu.says(shown.partition("\n")[2].replace("【扣分】1", "【扣分】2").rpartition("\n任务")[0])
    chu.says("确认")

    assert "任务2得分：99" in shown
    assert visits(stage)[1].result == 98


def test_it_keeps_one_sheet_from_running_into_another(stage: Stage, chu: Actor) -> None:
    made(stage, points_each=1, closed=None)
    chu.says("任务 2 1. H05 墙上有小广告 扣1")

    answer = chu.says("任务 3 无问题")

    assert "任务2还没有提交" in answer
    assert [draft.extra["task"] for draft in stage.open_drafts()] == [2]


def test_it_takes_no_result_twice(stage: Stage, chu: Actor) -> None:
    made(stage, points_each=1, closed=None)
    goes(chu, 3, "无问题")

    assert "没有编号为3" in chu.says("任务 3 1. H05 墙上有小广告 扣1")


def test_it_takes_no_result_of_a_closed_round(stage: Stage, chu: Actor) -> None:
    round_ = made(stage, points_each=1, closed=None)
    chu.says("任务 3 无问题")
    chu.photo()
    at_desk(stage, lambda desk: rounds.close(desk, desk.session.get_one(FieldRound, round_.id)))

    chu.says("完成")
    answer = chu.says("确认")

    assert "任务3已经结束" in answer
    assert (visits(stage)[2].result, stage.cases()) == (None, [])


def test_it_finds_done_what_is_done(stage: Stage, chu: Actor, covert: FieldVisit) -> None:
    case_id = covert.case_id or 0

    goes(chu, covert.number, "无问题")

    assert visits(stage)[0].solved is True
    assert stage.case(case_id).status is Status.CLOSED
    assert [event.part for event in stage.events(case_id)].count(Part.ASSESSOR) == 0


def test_it_asks_for_a_case_to_be_done_again_that_was_only_said_to_be_done(
    stage: Stage, chu: Actor, covert: FieldVisit
) -> None:
    case_id = covert.case_id or 0

    answer = goes(chu, covert.number, "1. H03 垃圾桶又满了没人清 扣1\n2. H05 墙上有小广告 扣0.5")

    case = stage.case(case_id)
    assert (visits(stage)[0].solved, visits(stage)[0].result) == (False, 98.5)
    assert [petition.plea for petition in case.petitions] == [Plea.REOPEN]
    assert stage.events(case_id)[-1].move is Move.ASK_REOPEN
    assert str(case_id) not in answer.replace(f"任务{covert.number}", "").replace("98.5", "")
    # The other finding is a case of its own, the first one is not.
    assert [one.category for one in stage.cases()] == ["event:06042", "event:07001"]
    assert len(stage.pictures(case_id)) == 2


def test_it_makes_a_case_that_came_back_of_what_can_be_done_again_no_more(
    stage: Stage, chu: Actor, covert: FieldVisit
) -> None:
    at_desk(stage, lambda desk: setattr(stage, "now", stage.now + desk.rules.reopen_within + timedelta(days=1)))

    goes(chu, covert.number, "1. H03 垃圾桶又满了没人清 扣1")

    assert visits(stage)[0].solved is False
    assert stage.case(covert.case_id or 0).petitions == []
    assert len(stage.cases()) == 2


def test_it_leaves_problems_of_other_kinds_to_a_person(stage: Stage, chu: Actor, covert: FieldVisit) -> None:
    goes(chu, covert.number, "1. H05 墙上有小广告 扣1")
    assert visits(stage)[0].solved is None

    def judge(desk: results.Desk) -> str:
        visit = desk.session.get_one(FieldVisit, covert.id)
        return results.judge(desk, visit, False, visit.person_id or 0)

    answer = at_desk(stage, judge)

    assert "已申请重办" in answer
    assert visits(stage)[0].solved is False
    assert stage.events(covert.case_id or 0)[-1].part is Part.ASSESSOR


def test_it_checks_the_checkers(stage: Stage, chu: Actor) -> None:
    officer, zhou, wu = stage.officer(), stage.dispatcher("周调度"), stage.verifier("吴核查")
    for words, who in (("垃圾桶满了没人清", zhou), ("墙上贴满小广告", wu), ("有人占道经营", wu)):
        number = stage.reported_case(words=words)
        zhou.says(f"派单 {number} 甸柳新村街道")
        stage.close(number, officer, who)
        stage.now += timedelta(minutes=10)  # or its photo would belong to the one before
    stage.now += timedelta(hours=1)
    made(stage)
    tasks = [visit.number for visit in sorted(visits(stage), key=lambda visit: visit.case_id or 0)]
    for task, said in zip(tasks, ("1. H03 垃圾桶满了 扣1", "无问题", "1. H03 垃圾桶满了 扣1"), strict=True):
        goes(chu, task, said)

    with stage.installation.database.glance() as session:
        looked = checking.looked_at(session)
    found = {one.name: (one.claimed, one.done, one.not_done, one.unsettled) for one in checking.by_verifier(looked)}

    assert found == {"周调度": (1, 0, 1, 0), "吴核查": (2, 1, 0, 1)}
    assert [(one.key, one.claimed, one.rate) for one in checking.by_unit(looked)] == [(DIANLIU, 3, 0.5)]
    assert checking.by_verifier(looked)[0].name == "周调度"


def test_it_holds_whoever_passed_it_before_the_draw_to_account(stage: Stage, chu: Actor, covert: FieldVisit) -> None:
    first = checking_names(stage, chu, covert)
    case_id = covert.case_id or 0
    officer, wu, command = stage.officer("李四"), stage.verifier("吴核查"), stage.dispatcher("郑调度")
    command.says(f"同意重办 {case_id}")
    officer.photo()
    officer.says(f"整改 {case_id} 这回真清了")
    wu.says(f"通过 {case_id}")

    with stage.installation.database.glance() as session:
        again = [one.verifier_name for one in checking.looked_at(session)]

    assert stage.case(case_id).status is Status.CLOSED
    assert first == again == ["周调度"]


def checking_names(stage: Stage, chu: Actor, covert: FieldVisit) -> list[str]:
    goes(chu, covert.number, "1. H03 垃圾桶又满了没人清 扣1")
    with stage.installation.database.glance() as session:
        return [one.verifier_name for one in checking.looked_at(session)]


def test_it_tells_a_unit_nothing_before_the_result_and_never_who(stage: Stage, chu: Actor) -> None:
    officer, leader, command = stage.officer(), stage.leader(), stage.dispatcher()
    case_id = closed_case(stage, officer, command)
    before = len(officer.hears()) + len(leader.hears())
    made(stage, points_each=1)
    number = visits(stage, only_cases=True)[0].number
    chu.says("测评任务")
    chu.says(f"任务 {number} 1. H03 垃圾桶满了没人清，褚测评记 扣1")
    chu.photo()
    chu.says("完成")
    unaware = [officer.says("待办"), officer.says(f"详情 {case_id}")]

    assert len(officer.hears()) + len(leader.hears()) == before
    chu.says("确认")
    command.says(f"同意重办 {case_id}")
    aware = [officer.says("待办"), officer.says(f"详情 {case_id}")]
    rows = [row.text + str(row.short) + str(row.picture) for who in (officer, leader) for row in stage.rows_to(who)]

    told = "\n".join([*unaware, *aware, *rows])
    assert "垃圾桶满了没人清" in told
    betraying = ("褚", "测评", "复查", "回访", "任务", "扣1", "H03", "抽", chu.openid)
    assert not [word for word in betraying if word in told]
    assert f"上报人{person_of(stage, chu)}" not in told
