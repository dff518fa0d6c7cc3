"""Who says nothing more: each platform's draft goes out, or is asked about once and goes to a person in the end."""

import pytest

from tests.stage import Actor, Stage

PLACE = "甸柳新村街道甸柳新村第三小区"
ORDER = f"【工单编号】JN20261123000123【来电人】王小明【地址】{PLACE}【诉求】垃圾桶满了没人清"


def reporter(stage: Stage, key: str) -> Actor:
    people = {
        "citizen_photo": stage.citizen,
        "citizen_patrol": stage.patrol,
        "hotline_12345": stage.operator,
        "traffic_volunteer": stage.volunteer,
        "field_assessment": stage.assessor,
        "media_supervision": stage.journalist,
    }
    return people[key]()


@pytest.mark.parametrize(
    ("key", "words", "photos", "count"),
    [
        ("citizen_photo", f"{PLACE}垃圾桶满了没人清", 1, 1),
        ("citizen_patrol", f"{PLACE}：1. 垃圾桶满了没人清 2. 小广告贴得到处都是", 2, 2),
        ("hotline_12345", ORDER, 0, 1),
        ("traffic_volunteer", "经十路舜耕路路口有人闯红灯", 0, 1),
        ("media_supervision", f"{PLACE}垃圾桶满了没人清", 0, 1),
    ],
)
def test_it_submits_what_is_enough(stage: Stage, key: str, words: str, photos: int, count: int) -> None:
    who = reporter(stage, key)
    who.says(words)
    for _ in range(photos):
        who.photo()

    stage.fall_quiet(minutes=3)

    assert len(stage.cases()) == count
    assert "已受理" in who.hears()[-1]


@pytest.mark.parametrize(
    ("key", "words", "photos", "asked"),
    [
        ("citizen_photo", "垃圾桶满了没人清", 1, "还缺：位置"),
        ("citizen_patrol", f"{PLACE}：1. 垃圾桶满了没人清 2. 小广告贴得到处都是", 1, "分别是哪个问题的"),
        ("hotline_12345", "甸柳新村第三小区垃圾桶满了没人清", 0, "还缺：工单编号"),
        ("traffic_volunteer", "有人闯红灯", 0, "还缺：位置"),
        ("field_assessment", f"点位：{PLACE}\n1. H03 垃圾桶满了没人清 扣0.5", 0, "请核对测评单"),
    ],
)
def test_it_asks_once_and_hands_over_to_a_person_in_the_end(
    stage: Stage, key: str, words: str, photos: int, asked: str
) -> None:
    who = reporter(stage, key)
    who.says(words)
    for _ in range(photos):
        who.photo()

    stage.fall_quiet(minutes=3)
    question, still = who.hears()[-1], stage.cases()
    stage.fall_quiet(hours=3)

    assert asked in question
    assert still == []
    assert len(stage.cases()) >= 1
    assert stage.open_drafts() == []


def test_it_takes_a_confirmation_after_it_was_asked_for(stage: Stage) -> None:
    chu = stage.assessor()
    chu.says(f"点位：{PLACE}\n1. H03 垃圾桶满了没人清 扣0.5")
    stage.fall_quiet(minutes=3)

    receipt = chu.says("确认")

    assert "已受理" in receipt
