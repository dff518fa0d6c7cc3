"""A platform's row in the data pack says how it works; changing it changes the program without a line of code."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.installation import Installation
from bot.routers import Routers
from models.clock import Duty
from models.workflow import Status
from tests.stage import Stage

CLEAR, UNCLEAR = "垃圾桶满了没人清", "这里很不好"


def changed(installation: Installation, key: str = "citizen_photo", **row: Any) -> Stage:
    """A stage where one platform's row says something else."""
    pack = installation.router.pack
    platforms = {**pack.platforms, key: replace(pack.platforms[key], **row)}
    return Stage(replace(installation, routers=Routers(replace(pack, platforms=platforms), None)))


def test_it_shows_a_dispatcher_every_report_of_a_platform_that_wants_it(installation: Installation) -> None:
    stage = changed(installation, triage="always")
    command = stage.dispatcher()

    number = stage.reported_case(words=CLEAR)

    assert stage.case(number).status is Status.REPORTED
    assert "【待派单】" in command.hears()[-1]


def test_it_believes_the_routing_of_a_platform_that_asks_nobody(installation: Installation) -> None:
    stage = changed(installation, triage="never")

    number = stage.reported_case(words=UNCLEAR)

    assert stage.case(number).status is Status.ASSIGNED


def test_it_gives_a_platforms_cases_its_own_hours(installation: Installation) -> None:
    stage = changed(installation, claim_hours=2.0, rectify_hours=5.0)
    officer = stage.officer()

    number = stage.reported_case(words=CLEAR)
    officer.says(f"认领 {number}")

    due = {clock.duty: clock.due_at - stage.now for clock in stage.case(number).deadlines}
    assert (due[Duty.CLAIM], due[Duty.RECTIFY]) == (timedelta(hours=2), timedelta(hours=5))


def test_it_asks_nobody_how_satisfied_they_are_where_the_platform_does_not(installation: Installation) -> None:
    stage = changed(installation, asks_satisfaction=False)
    officer, citizen = stage.officer(), stage.citizen()

    stage.solve(stage.reported_case(citizen), officer)

    assert not any("满意吗" in words for words in citizen.hears())


def test_it_asks_for_what_the_platform_wants_and_for_nothing_else(installation: Installation) -> None:
    stage = changed(installation, wants=("words",))
    citizen = stage.citizen()

    complete = citizen.says(CLEAR)
    receipt = citizen.says("完成")

    assert "材料齐了" in complete
    assert "已受理" in receipt


def test_it_welcomes_in_the_words_of_the_pack(installation: Installation) -> None:
    stage = changed(installation, "citizen_patrol", welcome="请按路线巡访。")

    assert "请按路线巡访。" in stage.patrol().says("帮助")


def test_it_opens_a_platform_to_another_role(installation: Installation) -> None:
    stage = changed(installation, "citizen_patrol", open_to=("anyone",))
    citizen = stage.citizen()
    citizen.says("平台 市民巡访团")

    cases = citizen.reports("甸柳新村街道甸柳新村第三小区：\n1. 垃圾桶满了没人清\n2. 小广告贴得到处都是")

    assert [case.channel for case in cases] == ["citizen_patrol"] * 2
