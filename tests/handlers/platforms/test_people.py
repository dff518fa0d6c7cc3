"""The people on the platforms: deputies, leaving, moving, roles that end, and rosters that come twice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.membership import register
from handlers.membership.roster import Roster, RosterRow
from handlers.message import Kind
from models.people import Invitation, Membership, Role
from models.workflow import Status
from tests.stage import DIANLIU, LIXIA, YAOJIA, Actor, Stage


def away(stage: Stage, who: Actor, hours: float) -> None:
    with stage.installation.database.story() as session:
        until = stage.now + timedelta(hours=hours)
        register.away(session, stage.membership(who).id, stage.now, until, stage.now)


def stands_in(stage: Stage, who: Actor, deputy: Actor) -> None:
    with stage.installation.database.story() as session:
        register.stand_in(session, stage.membership(who).id, stage.membership(deputy).id, stage.now)


def imported(stage: Stage, *rows: RosterRow) -> list[str]:
    """The codes a roster gives, "" where nobody needs one."""
    zone = stage.installation.settings.timezone
    with stage.installation.database.story() as session:
        issued = register.import_roster(session, Roster(rows, ()), stage.now, timedelta(days=7), zone)
        return [one.code for one in issued]


def hears_of(who: Actor, number: int) -> bool:
    return any(f"编号 {number}" in words for words in who.hears())


def test_it_tells_the_deputy_while_the_officer_is_away_and_the_officer_again_afterwards(stage: Stage) -> None:
    zhang, li = stage.officer("张三"), stage.officer("李四")
    stands_in(stage, zhang, li)
    away(stage, zhang, hours=48)

    during = stage.reported_case()
    heard = hears_of(zhang, during), hears_of(li, during)
    stage.wait(hours=49)
    after = stage.reported_case(words="小广告贴得到处都是")

    assert heard == (False, True)
    assert (hears_of(zhang, after), hears_of(li, after)) == (True, True)


def test_it_lets_the_deputy_do_all_the_officer_may(stage: Stage) -> None:
    zhang, li = stage.officer("张三"), stage.officer("李四")
    stands_in(stage, zhang, li)
    away(stage, zhang, hours=48)
    number = stage.reported_case()

    stage.solve(number, li)

    assert stage.case(number).status is Status.RECTIFIED


def test_it_tells_the_level_above_when_the_only_officer_is_away_without_a_deputy(stage: Stage) -> None:
    zhang, above = stage.officer("张三"), stage.leader("吕区长", LIXIA)
    away(stage, zhang, hours=48)

    number = stage.reported_case()

    assert not hears_of(zhang, number)
    assert "【通知不到】甸柳新村街道" in above.hears()[-1]


def test_it_takes_no_stranger_for_a_deputy(stage: Stage) -> None:
    zhang, other = stage.officer("张三"), stage.officer("李四", YAOJIA)

    with pytest.raises(register.NoSuchPerson):
        stands_in(stage, zhang, other)


@pytest.mark.parametrize("first", ["张三", "李四"])
def test_it_links_the_deputy_a_roster_names_once_both_are_bound(stage: Stage, first: str) -> None:
    rows = (
        RosterRow(2, "张三", "officer", DIANLIU, deputy="李四"),
        RosterRow(3, "李四", "officer", DIANLIU),
    )
    codes = dict(zip(("张三", "李四"), imported(stage, *rows), strict=True))
    people = {name: stage.citizen(name) for name in sorted(codes, key=lambda name: name != first)}
    for name, who in people.items():
        who.says(f"绑定 {codes[name]}")
    away(stage, people["张三"], hours=48)

    number = stage.reported_case()

    assert (hears_of(people["张三"], number), hears_of(people["李四"], number)) == (False, True)


def test_it_lets_an_officer_who_left_do_and_hear_nothing(stage: Stage) -> None:
    zhang, li = stage.officer("张三"), stage.officer("李四")
    stage.leave(zhang)

    number = stage.reported_case()
    zhang.says(f"认领 {number}")

    assert not hears_of(zhang, number)
    assert hears_of(li, number)
    assert stage.case(number).status is Status.ASSIGNED


def test_it_moves_an_officer_to_another_unit_and_leaves_the_cases(stage: Stage) -> None:
    zhang, li = stage.officer("张三"), stage.officer("李四")
    number = stage.reported_case()

    with stage.installation.database.story() as session:
        register.move(session, stage.membership(zhang).id, YAOJIA, stage.now)
    refused = zhang.says(f"认领 {number}")
    li.says(f"认领 {number}")

    assert f"编号 {number} 不在本单位名下" in refused
    assert stage.case(number).status is Status.CLAIMED
    assert "没有待办" in zhang.says("待办")


def test_it_says_to_leader_and_command_that_an_officer_cannot_be_reached_any_more(stage: Stage) -> None:
    zhang, leader, command = stage.officer("张三"), stage.leader(), stage.dispatcher()

    zhang.does(Kind.UNFOLLOW)

    assert all("【取消关注】张三（甸柳新村街道）" in who.hears()[-1] for who in (leader, command))


def test_it_says_nothing_when_a_reporter_unfollows(stage: Stage) -> None:
    command, wang = stage.dispatcher(), stage.patrol()

    wang.does(Kind.UNFOLLOW)

    assert command.hears() == []


def test_it_ends_a_role_on_the_day_its_invitation_said(stage: Stage) -> None:
    code = stage.code(Role.PATROL, None, "王巡访")
    with stage.installation.database.story() as session:
        invitation = session.scalars(select(Invitation).where(Invitation.code == code)).one()
        invitation.ends_at = stage.now + timedelta(days=2)
    wang = stage.citizen("王巡访")
    wang.says(f"绑定 {code}")
    before = wang.says("平台")

    stage.wait(days=2)

    assert "您现在按【市民巡访团】上报" in before
    assert "您现在按【市民拍客团】上报" in wang.says("平台")


def test_it_lets_a_verifier_pass_and_fail_and_nothing_else(stage: Stage) -> None:
    officer, verifier = stage.officer(), stage.verifier()
    number = stage.reported_case()
    for words in (f"派单 {number} 姚家街道", f"不予立案 {number} 不好", f"认领 {number}"):
        verifier.says(words)
    untouched = stage.case(number)
    stage.solve(number, officer)

    verifier.says(f"不通过 {number} 还有一堆")
    failed = stage.case(number).status
    stage.wait(minutes=5)  # a picture sent at once would belong to what was submitted before
    stage.solve(number, officer)
    verifier.says(f"通过 {number}")

    assert (untouched.status, untouched.assignments[-1].unit_code) == (Status.ASSIGNED, DIANLIU)
    assert failed is Status.CLAIMED
    assert stage.case(number).status is Status.CLOSED


def test_it_makes_no_second_code_of_a_roster_that_comes_twice(stage: Stage) -> None:
    rows = (
        RosterRow(2, "张三", "officer", DIANLIU),
        RosterRow(3, "陈志愿", "volunteer", post="解放桥", shift="07:00-09:00"),
        RosterRow(4, "陈志愿", "volunteer", post="泉城广场", shift="17:00-19:00"),
    )

    first, again = imported(stage, *rows), imported(stage, *rows)

    assert first == again
    assert len(set(first)) == 3


def test_it_changes_those_who_are_bound_and_gives_them_no_code(stage: Stage) -> None:
    chen = stage.volunteer("陈志愿", post="解放桥", shift="07:00-09:00")
    row = RosterRow(2, "陈志愿", "volunteer", post="泉城广场", shift="07:00-09:00")

    codes = imported(stage, row)

    assert codes == [""]
    assert "泉城广场" in chen.says("我的岗位")


def test_it_plans_a_volunteer_anew_who_had_gone_to_another_post(stage: Stage) -> None:
    row = RosterRow(2, "陈志愿", "volunteer", post="解放桥", shift="07:00-11:00")
    chen = stage.citizen("陈志愿")
    chen.says(f"绑定 {imported(stage, row)[0]}")
    chen.says("上岗 经十路历山路")

    codes = imported(stage, replace(row, post="泉城广场"))

    assert codes == [""]
    assert "泉城广场" in chen.says("我的岗位")
    with stage.installation.database.glance() as session:
        assert len(list(session.scalars(select(Membership)))) == 1


def test_it_gives_a_code_for_another_shift_of_somebody_who_is_there_all_day(stage: Stage) -> None:
    chen = stage.volunteer("陈志愿", post="解放桥")

    codes = imported(stage, RosterRow(2, "陈志愿", "volunteer", post="泉城广场", shift="17:00-19:00"))

    assert codes != [""]
    assert "解放桥" in chen.says("我的岗位")


def test_it_hears_a_person_in_every_role_they_hold(stage: Stage) -> None:
    zhang = stage.officer("张三")
    stage.also(zhang, Role.VOLUNTEER, post="解放桥")
    number = stage.reported_case()

    claimed = zhang.says(f"认领 {number}")
    post = zhang.says("我的岗位")
    zhang.says("上报")
    case = zhang.reports("有电动车逆行")[0]

    assert "已认领" in claimed
    assert "解放桥" in post
    assert case.channel == "traffic_volunteer"
