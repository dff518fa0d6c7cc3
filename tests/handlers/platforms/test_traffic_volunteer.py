"""文明交通志愿服务: a few words from the roadside; the volunteer's post at this hour is the place."""

import pytest

from tests.stage import Stage

TRAFFIC_POLICE = "dept-traffic"


def test_it_leads_four_words_from_the_post_to_the_traffic_police(stage: Stage) -> None:
    officer, command = stage.officer("马警官", TRAFFIC_POLICE), stage.dispatcher()
    chen = stage.volunteer(post="解放桥")

    case = chen.reports("有电动车逆行")[0]
    stage.close(case.id, officer, command)

    assert "解放桥" in case.place
    assert [lead.unit_code for lead in case.assignments] == [TRAFFIC_POLICE]
    assert f"编号 {case.id}）经核查已办结" in chen.hears()[-1]


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("小轿车不礼让斑马线", "event:09080"),
        ("行人闯红灯", "event:09081"),
        ("电动车逆行", "event:09082"),
        ("骑电动车不戴头盔", "event:09083"),
        ("行人横穿马路", "event:09084"),
    ],
)
def test_it_knows_the_behaviours_the_standard_has_no_code_for(stage: Stage, words: str, category: str) -> None:
    chen = stage.volunteer(post="解放桥")

    assert chen.reports(words)[0].category == category


@pytest.mark.parametrize(
    ("hours", "post"),
    [(0, "泉城广场"), (9, "解放桥"), (12, "泉城广场")],
    ids=["at nine in the morning", "at six in the evening", "at nine in the evening, when neither is on"],
)
def test_it_picks_the_post_by_the_hour(stage: Stage, hours: float, post: str) -> None:
    chen = stage.volunteer(post="泉城广场", shift="07:00-11:00")
    stage.also(chen, stage.membership(chen).role, post="解放桥", shift="17:00-19:00")

    stage.wait(hours=hours)

    assert post in chen.says("我的岗位")
    assert post in chen.reports("有电动车逆行")[0].place


def test_it_stands_somewhere_else_after_taking_another_post(stage: Stage) -> None:
    chen = stage.volunteer(post="解放桥")

    taken = chen.says("上岗 经十路历山路")
    case = chen.reports("有电动车逆行")[0]

    assert "经十路与历山路路口" in taken
    assert "经十路与历山路路口" in chen.says("我的岗位")
    assert "经十路与历山路路口" in case.place


def test_it_believes_the_words_before_the_post(stage: Stage) -> None:
    chen = stage.volunteer(post="解放桥")

    known = chen.reports("经十路舜耕路路口有人闯红灯")[0]
    unknown = chen.reports("浆水泉路上小轿车不礼让斑马线")[0]

    assert "经十路与舜耕路路口" in known.place
    assert unknown.place == "浆水泉路"


def test_it_believes_a_pin_before_words_and_post(stage: Stage) -> None:
    chen = stage.volunteer(post="解放桥")
    chen.place()

    case = chen.reports("经十路舜耕路路口有人闯红灯")[0]

    assert case.lat == pytest.approx(36.6585, abs=1e-4)
    assert case.place == "甸柳新村第三小区"


def test_it_asks_for_the_place_of_whoever_has_no_post(stage: Stage) -> None:
    chen = stage.volunteer()

    assert "还缺：位置" in chen.says("有电动车逆行")
    assert "还没有登记岗位" in chen.says("我的岗位")


def test_it_tells_no_unit_whose_plate_it_was(stage: Stage) -> None:
    officer, chen = stage.officer("马警官", TRAFFIC_POLICE), stage.volunteer(post="解放桥")

    case = chen.reports("鲁A12345小轿车不礼让斑马线")[0]

    assert "鲁A12345" not in "\n".join([*officer.hears(), officer.says(f"详情 {case.id}")])
    assert stage.reports()[0].text.startswith("鲁A12345")


def test_it_takes_what_was_seen_at_another_post_for_a_report(stage: Stage) -> None:
    chen = stage.volunteer(post="解放桥")

    case = chen.reports("到岗后发现有电动车逆行")[0]

    assert "解放桥" in case.place


def test_it_stays_at_the_post_when_the_new_one_is_unknown(stage: Stage) -> None:
    chen = stage.volunteer(post="解放桥")

    chen.says("上岗 天上的路口")

    assert "解放桥" in chen.says("我的岗位")


def test_it_takes_each_behaviour_told_for_a_finding_of_its_own(stage: Stage) -> None:
    chen = stage.volunteer(post="解放桥")
    chen.says("面包车占道卖水果")
    chen.says("就在路东侧")

    cases = chen.reports("有电动车逆行")

    assert [case.text for case in cases] == ["面包车占道卖水果\n就在路东侧", "有电动车逆行"]
    assert len({case.category for case in cases}) == 2
