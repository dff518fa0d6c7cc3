"""市民巡访团: one message, many findings, each with its own place, kind of site and photos; and the round itself."""

import pytest

from models.workflow import Status
from tests.stage import Stage

LIST = "甸柳新村街道甸柳新村第三小区：\n1. 垃圾桶满了没人清\n2. 有人占道经营\n3. 小广告贴得到处都是"
THREE_KINDS = {"event:06042", "event:09006", "event:07001"}


def test_it_leads_a_list_of_three_findings_to_three_cases_and_closes_one(stage: Stage) -> None:
    officer, command, wang = stage.officer(), stage.dispatcher(), stage.patrol()

    cases = wang.reports(LIST)
    for case in cases:
        command.says(f"派单 {case.id} 甸柳新村街道")
    stage.solve(cases[0].id, officer)
    thanks = wang.says("1")

    assert {case.category for case in cases} == THREE_KINDS
    assert all(case.place == "甸柳新村街道甸柳新村第三小区" for case in cases)
    assert stage.case(cases[0].id).status is Status.CLOSED
    assert "谢谢" in thanks


def test_it_gives_every_entry_the_place_of_the_headline_unless_it_has_its_own(stage: Stage) -> None:
    wang = stage.patrol()

    cases = wang.reports("巡访山大路沿线：\n1. 花园路与山大路路口垃圾桶满了\n2. 有人占道经营")

    assert [case.place for case in cases] == ["花园路与山大路路口", "山大路沿线"]


def test_it_keeps_the_kind_of_site_on_each_report(stage: Stage) -> None:
    wang = stage.patrol()

    wang.reports("甸柳新村街道：\n1. 甸柳菜市场门口垃圾桶满了\n2. 甸柳小学门口违停\n3. 甸柳新村第三小区楼道堆放杂物")

    assert [report.extra["site_type"] for report in stage.reports()] == ["集贸市场", "中小学", "社区"]


def test_it_gives_each_finding_its_photo_when_there_are_as_many(stage: Stage) -> None:
    wang = stage.patrol()
    wang.says(LIST)

    for name in ("one", "two", "three"):
        wang.photo(name)
    wang.says("完成")

    assert [stage.pictures(case.id) for case in stage.cases()] == [["one"], ["two"], ["three"]]


def test_it_goes_by_the_photo_numbers_in_the_words(stage: Stage) -> None:
    wang = stage.patrol()
    wang.says("甸柳新村第三小区：1. 垃圾桶满了没人清（图2） 2. 单元门上贴满小广告（图1、图3）")

    for name in ("one", "two", "three"):
        wang.photo(name)
    wang.says("完成")

    assert [stage.pictures(case.id) for case in stage.cases()] == [["two"], ["one", "three"]]


def test_it_asks_which_photo_shows_what_and_takes_the_answer(stage: Stage) -> None:
    wang = stage.patrol()
    wang.says(LIST)
    wang.photo("one")
    wang.photo("two")

    question = wang.says("完成")
    receipt = wang.says("1：1，3：2")

    assert "照片2张，分别是哪个问题的" in question
    assert "已受理3件" in receipt
    assert [stage.pictures(case.id) for case in stage.cases()] == [["one"], [], ["two"]]


def test_it_shows_a_photo_of_two_findings_with_both(stage: Stage) -> None:
    wang = stage.patrol()
    wang.says("甸柳新村第三小区：1. 垃圾桶满了没人清（图1） 2. 小广告贴得到处都是（图1、图2）")

    wang.photo("both")
    wang.photo("second")
    wang.says("完成")

    assert [stage.pictures(case.id) for case in stage.cases()] == [["both"], ["both", "second"]]


def test_it_shows_all_photos_with_all_findings_when_nobody_knows(stage: Stage) -> None:
    wang = stage.patrol()
    wang.says(LIST)
    wang.photo("one")
    wang.photo("two")

    wang.says("完成")
    wang.says("完成")

    assert [stage.pictures(case.id) for case in stage.cases()] == [["one", "two"]] * 3


def test_it_sums_up_a_round(stage: Stage) -> None:
    wang = stage.patrol()

    begun = wang.says("开始巡访 甸柳新村沿线")
    stage.wait(minutes=10)
    wang.reports(LIST)
    stage.wait(minutes=15)
    summary = wang.says("结束巡访")

    assert "甸柳新村沿线" in begun
    assert "用时25分钟，发现3件" in summary
    assert "非法小广告 1件" in summary


def test_it_submits_what_is_being_written_when_the_round_ends(stage: Stage) -> None:
    wang = stage.patrol()
    wang.says("开始巡访")
    wang.says(LIST)

    summary = wang.says("结束巡访")

    assert "已受理3件" in summary
    assert "发现3件" in summary


def test_it_asks_before_the_round_ends_and_ends_it_when_told_again(stage: Stage) -> None:
    wang = stage.patrol()
    wang.says("开始巡访")
    wang.says(LIST)
    wang.photo()

    asked, ended = wang.says("结束巡访"), wang.says("结束巡访")

    assert "照片1张，分别是哪个问题的" in asked
    assert "发现3件" in ended


def test_it_counts_nothing_of_before_the_round_or_of_others(stage: Stage) -> None:
    wang, other = stage.patrol(), stage.patrol("李巡访")
    wang.reports(LIST)
    stage.wait(minutes=5)

    wang.says("开始巡访")
    other.reports("山大路与花园路路口垃圾桶满了没人清")
    stage.wait(minutes=5)

    assert "发现0件" in wang.says("结束巡访")


@pytest.mark.parametrize(
    ("said", "answered"),
    [(["开始巡访 山大路", "开始巡访 花园路"], "还没结束"), (["结束巡访"], "没有正在进行的巡访")],
    ids=["two rounds at once", "no round to end"],
)
def test_it_keeps_one_round_at_a_time(stage: Stage, said: list[str], answered: str) -> None:
    wang = stage.patrol()

    answers = [wang.says(words) for words in said]

    assert answered in answers[-1]


def test_it_takes_a_new_list_for_findings_while_a_rating_is_asked_for(stage: Stage) -> None:
    officer, command, wang = stage.officer(), stage.dispatcher(), stage.patrol()
    number = wang.reports("甸柳新村街道甸柳新村第三小区垃圾桶满了没人清")[0].id
    command.says(f"派单 {number} 甸柳新村街道")
    stage.solve(number, officer)

    wang.says("1. 山大路与花园路路口有人占道经营\n2. 山大路盲道破损")
    wang.says("完成")

    assert stage.case(number).status is Status.RECTIFIED
    assert len(stage.cases()) == 3
