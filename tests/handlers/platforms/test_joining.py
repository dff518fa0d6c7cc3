"""The same problem from several platforms is one case; a problem that returns is another, linked."""

import pytest

from models.workflow import Status
from tests.stage import Actor, Stage

PLACE = "甸柳新村街道甸柳新村第三小区"
WORDS = f"{PLACE}垃圾桶满了没人清"
ORDER = (
    "【工单编号】JN20261123000123【来电人】王小明【联系电话】13812345678"
    f"【地址】历下区{PLACE}【诉求】楼前垃圾桶满了没人清"
)
SHEET = f"点位：{PLACE}\n1. H03 垃圾桶满了没人清 扣0.5"
SAID = {
    "citizen_photo": WORDS,
    "citizen_patrol": WORDS,
    "hotline_12345": ORDER,
    "traffic_volunteer": WORDS,
    "field_assessment": SHEET,
    "media_supervision": WORDS,
}


def reporters(stage: Stage) -> dict[str, Actor]:
    return {
        "citizen_photo": stage.citizen(),
        "citizen_patrol": stage.patrol(),
        "hotline_12345": stage.operator(),
        "traffic_volunteer": stage.volunteer(post="解放桥"),
        "field_assessment": stage.assessor(),
        "media_supervision": stage.journalist(),
    }


def test_it_makes_one_case_of_what_all_six_platforms_saw(stage: Stage) -> None:
    officer, command, people = stage.officer(), stage.dispatcher(), reporters(stage)

    for key, who in people.items():
        who.reports(SAID[key], photos=1)
    number = stage.cases()[0].id
    command.says(f"派单 {number} 甸柳新村街道")
    stage.close(number, officer, command)

    assert len(stage.cases()) == 1
    assert [report.channel for report in stage.reports(number)] == list(SAID)
    assert all(any("已办结" in words for words in who.hears()) for who in people.values())
    assert sum("【新案件】" in words for words in officer.hears()) == 1


@pytest.mark.parametrize("first", list(SAID))
@pytest.mark.parametrize("second", list(SAID))
def test_it_joins_any_platform_to_any_other_by_the_words_for_the_place(stage: Stage, first: str, second: str) -> None:
    people = reporters(stage)
    number = people[first].reports(SAID[first])[0].id

    other = stage.operator("李坐席") if first == second == "hotline_12345" else people[second]
    stage.wait(minutes=5)
    other.reports(SAID[second])

    assert [case.id for case in stage.cases()] == [number]


def test_it_joins_by_pin_within_the_distance_only(stage: Stage) -> None:
    number = stage.reported_case()
    wang = stage.patrol()

    wang.place(lat=36.6585 + 40 / 111_000)
    near = wang.reports("垃圾桶满了没人清")
    wang.place(lat=36.6585 + 90 / 111_000)
    far = wang.reports("垃圾桶满了没人清")

    assert near == []
    assert len(far) == 1
    assert len(stage.reports(number)) == 2


def test_it_joins_nothing_of_another_kind(stage: Stage) -> None:
    stage.reported_case()

    assert len(stage.patrol().reports(f"{PLACE}小广告贴得到处都是")) == 1


def test_it_joins_nothing_that_was_opened_too_long_ago(stage: Stage) -> None:
    stage.patrol().reports(WORDS)

    stage.wait(days=stage.installation.rules.near_within.days + 1)

    assert len(stage.patrol("李巡访").reports(WORDS)) == 1


def test_it_never_joins_two_entries_of_one_message(stage: Stage) -> None:
    wang = stage.patrol()

    cases = wang.reports(f"{PLACE}：\n1. 东侧垃圾桶满了没人清\n2. 东侧垃圾桶满了没人清")

    assert len(cases) == 2


def test_it_joins_each_entry_of_a_later_message_to_a_case_of_its_own(stage: Stage) -> None:
    text = f"{PLACE}：\n1. 垃圾桶满了没人清\n2. 小广告贴得到处都是"
    cases = stage.patrol().reports(text)

    stage.patrol("李巡访").reports(text)

    assert [len(stage.reports(case.id)) for case in cases] == [2, 2]
    assert len(stage.cases()) == 2


def test_it_links_a_problem_that_came_back_and_never_joins_it(stage: Stage) -> None:
    officer, command, wang = stage.officer(), stage.dispatcher(), stage.patrol()
    before = stage.reported_case()
    stage.close(before, officer, command)
    stage.wait(days=2)

    after = wang.reports(f"{PLACE}垃圾桶又满了没人清")[0]
    command.says(f"派单 {after.id} 甸柳新村街道")

    assert after.recurrence_of == before
    assert stage.case(before).status is Status.CLOSED
    assert f"反弹：编号 {before}" in officer.hears()[-1]


def test_it_calls_nothing_a_recurrence_that_was_closed_long_ago(stage: Stage) -> None:
    officer, command = stage.officer(), stage.dispatcher()
    stage.close(stage.reported_case(), officer, command)

    stage.now += stage.installation.rules.recurs_within * 1.01

    assert stage.patrol().reports(WORDS)[0].recurrence_of is None


def test_it_asks_only_those_how_satisfied_they_are_whose_platform_asks(stage: Stage) -> None:
    officer, people = stage.officer(), reporters(stage)
    for key, who in people.items():
        who.reports(SAID[key], photos=1)
    number = stage.cases()[0].id
    stage.dispatcher().says(f"派单 {number} 甸柳新村街道")

    stage.solve(number, officer)

    asked = {key for key, who in people.items() if any("满意吗" in words for words in who.hears())}
    assert asked == {"citizen_photo", "citizen_patrol"}


def test_it_shows_nobody_the_pictures_of_another_reporter(stage: Stage) -> None:
    officer, citizen, wang = stage.officer(), stage.citizen(), stage.patrol()
    number = stage.reported_case(citizen)
    wang.place()
    wang.photo("of the patrol")
    wang.reports("垃圾桶满了没人清")

    stage.solve(number, officer)

    (hers,), (his,) = ([row.picture for row in stage.rows_to(who) if row.photo_id] for who in (citizen, wang))
    assert hers["after"]["photos"] == his["after"]["photos"]
    assert set(hers["before"]["photos"]).isdisjoint(his["before"]["photos"])
