"""Becoming an officer, a leader or a dispatcher: by a code typed or scanned, once, in time; and coming and going."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.message import Kind
from models.people import Identity, Invitation, Membership, Role
from models.workflow import Status
from tests.stage import DIANLIU, LIXIA, Actor, Stage


def roles(stage: Stage, who: Actor) -> list[tuple[Role, str | None]]:
    with stage.installation.database.glance() as session:
        query = select(Membership.role, Membership.unit_code).join(
            Identity, Identity.person_id == Membership.person_id
        )
        return [(role, unit) for role, unit in session.execute(query.where(Identity.openid == who.openid))]


@pytest.mark.spelling
@pytest.mark.parametrize(
    ("role", "unit", "says"),
    [
        (Role.OFFICER, DIANLIU, "绑定成功！张三您好，您是【甸柳新村街道】经办人"),
        (Role.LEADER, LIXIA, "绑定成功！张三您好，您是【历下区】负责人"),
        (Role.DISPATCHER, None, "绑定成功！张三您好，您是市创城指挥部调度员"),
    ],
)
@pytest.mark.parametrize("form", ["绑定 {}", "绑定{}", "绑定：{}", "邀请码 {}", "{}"])
def test_it_gives_the_role_a_typed_code_carries(
    stage: Stage, role: Role, unit: str | None, says: str, form: str
) -> None:
    somebody = stage.citizen()

    answer = somebody.says(form.format(stage.code(role, unit, "张三")))

    assert says in answer
    assert roles(stage, somebody) == [(role, unit)]


def test_it_reads_a_code_in_small_letters_and_full_width(stage: Stage) -> None:
    somebody, another = stage.citizen(), stage.citizen()
    small = stage.code(Role.OFFICER, DIANLIU).lower()
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in stage.code(Role.OFFICER, DIANLIU))

    answers = [somebody.says(f"绑定 {small}"), another.says(f"绑定　{wide}")]

    assert all("绑定成功" in answer for answer in answers)


@pytest.mark.parametrize("kind", [Kind.FOLLOW, Kind.SCAN])
def test_it_binds_by_a_code_scanned_before_or_after_following(stage: Stage, kind: Kind) -> None:
    somebody = stage.citizen()

    answer = somebody.does(kind, scene=stage.code(Role.OFFICER, DIANLIU, "张三"))

    assert "绑定成功" in answer
    assert roles(stage, somebody) == [(Role.OFFICER, DIANLIU)]


def test_it_greets_without_a_name_when_nobody_knows_it(stage: Stage) -> None:
    answer = stage.citizen().says(f"绑定 {stage.code(Role.OFFICER, DIANLIU)}")

    assert answer.startswith("绑定成功！您好，您是")


def test_it_takes_a_code_once(stage: Stage) -> None:
    code = stage.code(Role.OFFICER, DIANLIU)
    stage.citizen().says(f"绑定 {code}")
    second = stage.citizen()

    assert "已用过或已过期" in second.says(f"绑定 {code}")
    assert roles(stage, second) == []


def test_it_takes_a_code_for_several_as_often_as_it_says(stage: Stage) -> None:
    code = stage.code(Role.OFFICER, DIANLIU, uses=2)

    answers = [stage.citizen().says(f"绑定 {code}") for _ in range(3)]

    assert ["绑定成功" in answer for answer in answers] == [True, True, False]


@pytest.mark.parametrize(("hours", "bound"), [(23.9, True), (24, False)])
def test_it_takes_no_code_that_has_expired(stage: Stage, hours: float, bound: bool) -> None:
    code = stage.code(Role.OFFICER, DIANLIU, days=1)
    stage.now += timedelta(hours=hours)

    answer = stage.citizen().says(f"绑定 {code}")

    assert ("绑定成功" in answer) is bound


@pytest.mark.parametrize("text", ["绑定 ABCDEFGH", "绑定", "绑定不了怎么办"])
def test_it_knows_no_other_codes(stage: Stage, text: str) -> None:
    somebody = stage.citizen()

    assert "没有这个绑定码" in somebody.says(text)
    assert (roles(stage, somebody), stage.open_drafts()) == ([], [])


def test_it_takes_eight_letters_that_are_no_code_for_words(stage: Stage) -> None:
    stage.citizen().says("garbages")

    assert [draft.text for draft in stage.open_drafts()] == ["garbages"]


def test_it_uses_nothing_up_when_somebody_binds_twice(stage: Stage) -> None:
    code = stage.code(Role.OFFICER, DIANLIU, uses=2)
    somebody = stage.citizen()
    somebody.says(f"绑定 {code}")

    answer = somebody.says(f"绑定 {code}")

    with stage.installation.database.glance() as session:
        left = session.scalars(select(Invitation.uses_left).where(Invitation.code == code)).one()
    assert "已经绑定过这个身份（经办人）" in answer
    assert left == 1


def test_it_lets_somebody_act_for_two_units(stage: Stage) -> None:
    officer = stage.officer()

    officer.says(f"绑定 {stage.code(Role.LEADER, LIXIA)}")

    assert roles(stage, officer) == [(Role.OFFICER, DIANLIU), (Role.LEADER, LIXIA)]


def test_it_gives_the_last_use_to_one_of_two_who_race_for_it(stage: Stage) -> None:
    code = stage.code(Role.OFFICER, DIANLIU)
    racers = [stage.citizen(str(n)) for n in range(4)]

    with ThreadPoolExecutor(len(racers)) as pool:
        answers = list(pool.map(lambda racer: racer.says(f"绑定 {code}"), racers))

    assert sorted("绑定成功" in answer for answer in answers) == [False, False, False, True]
    assert sorted(len(roles(stage, racer)) for racer in racers) == [0, 0, 0, 1]


def test_it_forgets_a_role_that_has_ended(stage: Stage) -> None:
    officer = stage.officer()
    number = stage.reported_case()
    with stage.installation.database.story() as session:
        session.scalars(select(Membership)).one().until = stage.now

    officer.says(f"认领 {number}")

    assert stage.case(number).status is Status.ASSIGNED


def test_it_welcomes_a_newcomer_with_what_can_be_done(stage: Stage) -> None:
    answer = stage.citizen().does(Kind.FOLLOW)

    assert "发现问题请直接发" in answer


@pytest.mark.parametrize("kind", [Kind.FOLLOW, Kind.SCAN, Kind.MENU])
def test_it_welcomes_an_officer_back_with_what_an_officer_may_say(stage: Stage, kind: Kind) -> None:
    answer = stage.officer("张三").does(kind)

    assert answer.startswith("张三，您可以回复")


def test_it_welcomes_a_dispatcher_back_with_what_a_dispatcher_may_say(stage: Stage) -> None:
    assert "待派 · 所有等您处理的事" in stage.dispatcher().does(Kind.FOLLOW)


@pytest.mark.parametrize(
    ("scene", "says"), [("我的上报", "您还没有上报过问题"), ("帮助", "【上报】"), ("v1_x", "【上报】")]
)
def test_it_takes_a_menu_entry_s_key_for_its_words(stage: Stage, scene: str, says: str) -> None:
    assert says in stage.citizen().does(Kind.MENU, scene=scene)
    assert stage.open_drafts() == []


@pytest.mark.parametrize("kind", [Kind.UNFOLLOW, Kind.NOTICE])
def test_it_says_nothing_to_who_said_nothing(stage: Stage, kind: Kind) -> None:
    assert stage.citizen().does(kind) == ""


def test_it_knows_who_has_gone_and_who_has_come_back(stage: Stage) -> None:
    citizen = stage.citizen()
    follows = []
    for kind in (Kind.FOLLOW, Kind.UNFOLLOW, Kind.NOTICE, Kind.FOLLOW):
        citizen.does(kind)
        with stage.installation.database.glance() as session:
            follows.append(session.scalars(select(Identity.follows)).one())

    assert follows == [True, False, False, True]


def test_it_keeps_role_and_cases_of_an_officer_who_comes_back(stage: Stage) -> None:
    officer = stage.officer()
    number = stage.reported_case()
    officer.does(Kind.UNFOLLOW)
    officer.does(Kind.FOLLOW)

    assert f"已认领编号 {number}" in officer.says("认领")


def test_it_still_submits_the_report_of_somebody_who_has_gone(stage: Stage) -> None:
    citizen = stage.citizen()
    citizen.photo()
    citizen.place()
    citizen.does(Kind.UNFOLLOW)

    stage.fall_quiet(minutes=2)

    assert len(stage.cases()) == 1


def test_it_meets_one_person_when_two_first_messages_arrive_together(stage: Stage) -> None:
    citizen = stage.citizen()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: citizen.photo(f"m{n}"), range(4)))

    with stage.installation.database.glance() as session:
        assert len(session.scalars(select(Identity)).all()) == 1
    assert [len(stage.photos_of(draft)) for draft in stage.open_drafts()] == [4]
