"""Which platform a message belongs to: role, scene QR, menu, the account's default — and the person can see it."""

from dataclasses import replace

import pytest

from bot.installation import Installation
from bot.routers import Routers
from handlers.message import Kind
from models.people import Role
from tests.stage import Actor, Stage

PROBLEM = "甸柳新村街道甸柳新村第三小区垃圾桶满了没人清"


def closed(installation: Installation, *keys: str) -> Stage:
    """A stage on which nobody may report on some platforms."""
    pack = installation.router.pack
    shut = {key: replace(pack.platforms[key], open_to=()) for key in keys}
    return Stage(replace(installation, routers=Routers(replace(pack, platforms={**pack.platforms, **shut}), None)))


def channel(who: Actor) -> str:
    """Where a report of theirs goes now."""
    who.reports(PROBLEM)
    return who.stage.reports()[-1].channel


def test_it_takes_a_strangers_words_for_the_accounts_platform(stage: Stage) -> None:
    assert channel(stage.citizen()) == "citizen_photo"


@pytest.mark.parametrize(
    ("role", "platform"),
    [
        (Role.PHOTOGRAPHER, "citizen_photo"),
        (Role.PATROL, "citizen_patrol"),
        (Role.OPERATOR, "hotline_12345"),
        (Role.VOLUNTEER, "traffic_volunteer"),
        (Role.ASSESSOR, "field_assessment"),
        (Role.JOURNALIST, "media_supervision"),
    ],
)
def test_it_takes_a_registered_persons_words_for_their_roles_platform(
    stage: Stage, role: Role, platform: str
) -> None:
    who = stage.citizen()
    welcome = stage.also(who, role, outlet="济南日报")

    assert stage.installation.router.pack.platforms[platform].name in welcome
    assert channel(who) == platform


def test_it_lets_a_role_win_over_what_was_scanned_before(stage: Stage) -> None:
    who = stage.citizen()
    who.scans("platform:citizen_photo")

    stage.also(who, Role.PATROL)

    assert channel(who) == "citizen_patrol"


def test_it_lets_a_role_win_over_what_is_scanned_afterwards(stage: Stage) -> None:
    wang = stage.patrol()

    answer = wang.scans("platform:citizen_photo")

    assert "您现在按【市民巡访团】上报" in answer
    assert channel(wang) == "citizen_patrol"


def test_it_lets_a_scan_win_over_the_accounts_platform(installation: Installation) -> None:
    pack = installation.router.pack
    patrol = replace(pack.platforms["citizen_patrol"], open_to=("anyone",))
    platforms = {**pack.platforms, "citizen_patrol": patrol}
    stage = Stage(replace(installation, routers=Routers(replace(pack, platforms=platforms), None)))
    who = stage.citizen()

    answer = who.scans("platform:citizen_patrol")

    assert "现在按【市民巡访团】上报" in answer
    assert channel(who) == "citizen_patrol"


def test_it_refuses_a_scan_of_a_platform_that_is_not_open_to_everybody(stage: Stage) -> None:
    who = stage.citizen()

    answer = who.scans("platform:field_assessment")

    assert "没有登记" in answer
    assert channel(who) == "citizen_photo"


def test_it_chooses_by_menu_as_if_it_had_been_typed(stage: Stage) -> None:
    wang = stage.patrol()

    wang.does(Kind.MENU, scene="平台 市民拍客团")

    assert channel(wang) == "citizen_photo"


@pytest.mark.parametrize("words", ["平台 2", "平台2", "平台：市民拍客团", "切换平台 拍客", "平台 citizen_photo"])
def test_it_shows_the_platform_and_changes_it(stage: Stage, words: str) -> None:
    wang = stage.patrol()

    shown = wang.says("平台")
    changed = wang.says(words)

    assert "1. 市民巡访团\n2. 市民拍客团" in shown
    assert "现在按【市民拍客团】上报" in changed
    assert channel(wang) == "citizen_photo"


def test_it_takes_a_sentence_about_a_platform_for_a_report(stage: Stage) -> None:
    citizen = stage.citizen()

    answer = citizen.says("平台上堆满了垃圾")

    assert "还缺" in answer


def test_it_lets_somebody_with_several_roles_change_between_them(stage: Stage) -> None:
    wang = stage.patrol()
    stage.also(wang, Role.OPERATOR)
    first = channel(wang)

    wang.scans("platform:citizen_patrol")

    assert (first, channel(wang)) == ("hotline_12345", "citizen_patrol")


def test_it_falls_back_to_the_other_role_when_one_has_ended(stage: Stage) -> None:
    wang = stage.patrol()
    stage.also(wang, Role.VOLUNTEER, post="解放桥")

    stage.leave(wang)

    assert channel(wang) == "citizen_patrol"


def test_it_says_that_no_platform_is_open(installation: Installation) -> None:
    stage = closed(installation, "citizen_photo")
    citizen = stage.citizen()

    answers = [citizen.says(PROBLEM), citizen.photo(), citizen.says("上报"), citizen.says("平台")]

    assert all("没有向您开放的上报平台" in answer for answer in answers)
    assert stage.open_drafts() == []


def test_it_hears_those_who_work_on_cases_while_the_platform_is_closed(installation: Installation) -> None:
    open_stage, citizen = Stage(installation), Actor(Stage(installation), "o-citizen", "李群众")
    number = open_stage.reported_case(citizen)
    stage = closed(installation, "citizen_photo")
    officer, command = stage.officer(), stage.dispatcher()

    stage.solve(number, officer)
    thanks = Actor(stage, citizen.openid, citizen.name).says("1")

    assert "谢谢" in thanks
    assert "待派" in command.says("帮助")


def test_it_closes_one_platform_and_leaves_its_people_the_public_one(installation: Installation) -> None:
    stage = closed(installation, "citizen_patrol")

    assert channel(stage.patrol()) == "citizen_photo"


def test_it_makes_two_accounts_one_person_with_all_that_either_had(stage: Stage) -> None:
    phone, work = stage.citizen("王手机"), stage.patrol("王巡访")
    number = stage.reported_case(phone)

    code = phone.says("关联账号").partition("绑定 ")[2][:8]
    joined = work.says(f"绑定 {code}")
    stage.wait(minutes=5)

    assert "关联成功" in joined
    assert str(number) in work.says("我的上报")
    assert channel(phone) == "citizen_patrol"


def test_it_tells_a_ruling_on_both_accounts_person(stage: Stage) -> None:
    officer, command = stage.officer(), stage.dispatcher()
    old, new = stage.citizen("旧号"), stage.citizen("新号")
    number = stage.reported_case(old)
    stage.close(number, officer, command)
    old.says(f"重办 {number} 又堆起来了")

    code = new.says("关联账号").partition("绑定 ")[2][:8]
    old.says(f"绑定 {code}")
    command.says(f"同意 {number}")

    assert any("已重新办理" in words for words in new.hears())


def test_it_keeps_the_name_of_an_officer_who_joins_a_nameless_account(stage: Stage) -> None:
    officer, phone = stage.officer("张三"), stage.citizen("手机")
    colleague = stage.officer("李四")
    number = stage.reported_case()

    code = phone.says("关联账号").partition("绑定 ")[2][:8]
    officer.says(f"绑定 {code}")
    phone.says(f"认领 {number}")

    assert "已由张三在" in colleague.says(f"认领 {number}")


def test_it_takes_its_own_code_for_no_second_account(stage: Stage) -> None:
    phone = stage.citizen()

    code = phone.says("关联账号").partition("绑定 ")[2][:8]

    assert "这就是同一个账号" in phone.says(f"绑定 {code}")
