"""Before and after in one picture: who is sent it, of whose photos, and on whose asking."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.settings import Settings, WorkApp
from models.outbound import OutboundMessage
from models.people import Identity
from models.photo import Photo
from tests.bot.company_office import company_settings
from tests.stage import YAOJIA, Actor, Stage


def shown_to(stage: Stage, who: Actor) -> list[OutboundMessage]:
    """The drawn pictures on their way to somebody."""
    return [row for row in stage.rows_to(who) if row.picture]


def media(stage: Stage, picture: dict[str, Any], side: str) -> list[str]:
    """What WeChat calls the photos of one side."""
    with stage.installation.database.glance() as session:
        return [session.get_one(Photo, photo).media_id for photo in picture[side]["photos"]]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """With a company, whose members can be written to at any time."""
    app = WorkApp.model_validate(company_settings("http://127.0.0.1:1/")["wecom"][0])
    return settings.model_copy(update={"wecom": [app]})


def on_wecom(stage: Stage, *people: Actor) -> None:
    """They are members of the company as well."""
    with stage.installation.database.story() as session:
        for who in people:
            person = session.scalars(select(Identity.person_id).where(Identity.openid == who.openid)).one()
            session.add(Identity(account="work", openid=f"w-{who.openid}", person_id=person, last_heard_at=stage.now))


def reported_with(stage: Stage, who: Actor, *photos: str) -> int:
    """A report with these photos; the second one of the same problem joins the first."""
    who.place()
    for photo in photos:
        who.photo(photo)
    who.says("垃圾桶满了没人清")
    who.says("完成")
    return stage.reports()[-1].case_id or 0


def solved_with(officer: Actor, number: int, *photos: str) -> None:
    officer.says(f"认领 {number}")
    for photo in photos:
        officer.photo(photo)
    officer.says(f"整改 {number} 已清运")


def test_it_shows_a_reporter_before_and_after_in_one_picture(stage: Stage) -> None:
    officer, citizen = stage.officer(), stage.citizen()
    number = reported_with(stage, citizen, "before")

    solved_with(officer, number, "after", "after too")

    (row,) = shown_to(stage, citizen)
    assert (media(stage, row.picture, "before"), media(stage, row.picture, "after")) == (
        ["before"],
        ["after", "after too"],
    )
    assert row.picture["heading"]["title"] == f"编号 {number} · 垃圾站(箱)满溢"
    assert ["单位", "甸柳新村街道"] in row.picture["heading"]["details"]
    assert [other.photo_id for other in stage.rows_to(citizen) if other.photo_id] == [row.photo_id]


def test_it_shows_every_reporter_their_own_photos_only(stage: Stage) -> None:
    officer, first, second = stage.officer(), stage.citizen(), stage.patrol()
    number = reported_with(stage, first, "hers")
    reported_with(stage, second, "his")

    solved_with(officer, number, "after")

    seen = [media(stage, shown_to(stage, who)[0].picture, "before") for who in (first, second)]
    assert seen == [["hers"], ["his"]]


def test_it_shows_those_who_verify_all_there_is_until_it_is_verified(stage: Stage) -> None:
    officer, people = stage.officer(), (stage.dispatcher(), stage.verifier())
    on_wecom(stage, *people)
    number = reported_with(stage, stage.citizen(), "hers")
    reported_with(stage, stage.patrol(), "his")

    solved_with(officer, number, "after")

    for who in people:
        (row,) = shown_to(stage, who)
        assert media(stage, row.picture, "before") == ["hers", "his"]
        assert row.deadline_id == stage.case(number).deadlines[-1].id


@pytest.mark.parametrize("how", ["verified", "confirmed"])
def test_it_shows_the_unit_what_it_has_achieved_when_the_case_is_closed(stage: Stage, how: str) -> None:
    officer, leader, other = stage.officer(), stage.leader(), stage.officer("马五", YAOJIA)
    citizen, command, colleague = stage.citizen(), stage.dispatcher(), stage.officer("李四")
    on_wecom(stage, officer, leader, other)
    number = reported_with(stage, citizen, "before")
    solved_with(officer, number, "after")
    before = len(shown_to(stage, officer))

    command.says(f"通过 {number}") if how == "verified" else citizen.says("满意")

    assert (before, len(shown_to(stage, officer)), len(shown_to(stage, leader))) == (0, 1, 1)
    assert shown_to(stage, other) == []
    assert shown_to(stage, colleague) == []  # on the Official Account, where each picture is one of five messages


def test_it_draws_nothing_where_words_were_enough(stage: Stage) -> None:
    officer, citizen, command = stage.officer(), stage.citizen(), stage.dispatcher()
    number = stage.reported_case(citizen)
    command.says(f"类别 {number} 无照经营游商")
    officer.says(f"认领 {number}")
    officer.says(f"整改 {number} 已劝离并教育")
    command.says(f"通过 {number}")

    assert [shown_to(stage, who) for who in (officer, citizen, command)] == [[], [], []]


@pytest.mark.parametrize(
    ("words", "kind"),
    [("对比 {}", "compare"), ("{} 对比图", "compare"), ("看对比图 {}", "compare"), ("案件卡 {}", "card")],
)
@pytest.mark.parametrize("closed", [False, True])
def test_it_sends_the_unit_and_the_command_centre_what_they_ask_for(
    stage: Stage, words: str, kind: str, closed: bool
) -> None:
    officer, leader, command, verifier = stage.officer(), stage.leader(), stage.dispatcher(), stage.verifier()
    number = reported_with(stage, stage.citizen(), "before")
    solved_with(officer, number, "after")
    if closed:
        command.says(f"通过 {number}")

    for who in (officer, leader, command, verifier):
        answer = who.says(words.format(number))

        row = shown_to(stage, who)[-1]
        assert answer.endswith("稍后发给您。")
        assert (row.picture["kind"], media(stage, row.picture, "after")) == (kind, ["after"])


@pytest.mark.parametrize("words", ["对比 {}", "案件卡 {}"])
def test_it_shows_no_other_unit_a_case(stage: Stage, words: str) -> None:
    officer, other, command = stage.officer(), stage.officer("马五", YAOJIA), stage.dispatcher()
    number = reported_with(stage, stage.citizen(), "before")
    answers = [other.says(words.format(number))]
    stage.solve(number, officer)
    command.says(f"通过 {number}")
    answers.append(other.says(words.format(number)))

    assert answers == [f"编号 {number} 不在本单位名下。回复“待办”看本单位的案件。"] * 2
    assert shown_to(stage, other) == []


def test_it_asks_which_case_is_meant_and_takes_the_answer(stage: Stage) -> None:
    officer = stage.officer()
    stage.reported_case(words="垃圾桶满了没人清")
    stage.now += timedelta(hours=1)
    second = stage.reported_case(words="路灯不亮")
    stage.dispatcher().says(f"派单 {second} 甸柳新村街道")

    asked = officer.says("案件卡")
    officer.says("2")

    assert asked.startswith("要看案件卡哪一件？")
    (row,) = shown_to(stage, officer)
    assert (row.case_id, row.picture["kind"]) == (second, "card")


def test_it_makes_a_card_of_a_case_without_any_photo_but_no_comparison(stage: Stage) -> None:
    hotline, command = stage.operator(), stage.dispatcher()
    hotline.says("工单编号：20261123001 地址：甸柳新村三区 内容：垃圾桶满了没人清")
    hotline.says("完成")
    number = stage.cases()[-1].id

    answers = [command.says(f"对比 {number}"), command.says(f"案件卡 {number}")]

    (row,) = shown_to(stage, command)
    assert answers[0] == f"编号 {number} 还没有照片。"
    assert (row.photo_id, row.picture["kind"]) == (None, "card")


@pytest.mark.parametrize("words", ["对比昨天，今天又多了两袋垃圾", "案件卡在哪里看啊"])
def test_it_takes_a_sentence_for_no_command(stage: Stage, words: str) -> None:
    for who in (stage.officer(), stage.dispatcher()):
        who.says(words)

        assert shown_to(stage, who) == []


def test_it_tells_on_the_card_how_far_a_case_is_and_what_is_late(stage: Stage) -> None:
    officer, command = stage.officer(), stage.dispatcher()
    number = stage.reported_case()
    stage.wait(hours=13, minutes=30)
    officer.says(f"认领 {number}")

    command.says(f"案件卡 {number}")

    picture = shown_to(stage, command)[-1].picture
    steps = {step["name"]: (step["done"], step["late"], step["note"]) for step in picture["steps"]}
    assert picture["heading"]["tag"] == "整改中"
    assert steps["上报"] == (True, False, "")
    assert steps["认领"] == (True, True, "逾期1小时30分")
    assert steps["整改"][:2] == (False, False)
    assert steps["整改"][2].startswith("限11月24日")
    assert steps["办结"] == (False, False, "")


def test_it_marks_a_card_whose_case_is_late_now(stage: Stage) -> None:
    command, number = stage.dispatcher(), 0
    stage.officer()
    number = stage.reported_case()
    stage.wait(hours=12, minutes=1)

    command.says(f"案件卡 {number}")

    picture = shown_to(stage, command)[-1].picture
    assert (picture["late"], picture["heading"]["tag"]) == (True, "待认领 · 已超时")


def test_it_does_not_call_work_done_that_was_not_good_enough(stage: Stage) -> None:
    officer, command = stage.officer(), stage.dispatcher()
    number = stage.reported_case()
    stage.solve(number, officer)
    command.says(f"不通过 {number} 还有一袋")

    command.says(f"案件卡 {number}")

    steps = {step["name"]: step["done"] for step in shown_to(stage, command)[-1].picture["steps"]}
    assert steps == {"上报": True, "派单": True, "认领": True, "整改": False, "办结": False}
