"""照片在人手里: what officers, colleagues, reporters and verifiers do with photos in doubt, one way or another."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.photo import Fetch, Photo
from models.workflow import Move, Status
from tests.bot.photo_case import AFTER, BEFORE, ELSEWHERE, Case, a_case, arrive, judge, street
from tests.stage import Stage

LIST = "甸柳新村街道甸柳新村第三小区：\n1. 垃圾桶满了没人清\n2. 有人占道经营"


@pytest.fixture
def case(stage: Stage) -> Case:
    return a_case(stage)


def refused(stage: Stage) -> None:
    """WeChat's file is none of the pictures we can show."""
    with stage.installation.database.story() as session:
        for photo in session.scalars(select(Photo).where(Photo.state == Fetch.WAITING)):
            photo.state, photo.next_try_at, photo.reason = Fetch.REFUSED, None, "not_a_picture"
    judge(stage)


def another_case(case: Case) -> int:
    """One more for the same unit, somewhere else in its street."""
    citizen = case.stage.citizen("赵四")
    citizen.photo()
    citizen.place(36.6600, 117.0640, "甸柳新村第五小区")
    citizen.says("甸柳新村第五小区垃圾桶满了没人清")
    citizen.says("完成")
    arrive(case.stage, [street((2, 7), 3, False)])
    return case.stage.cases()[-1].id


def judged(stage: Stage, number: int) -> list[Move]:
    return [event.move for event in stage.events(number) if event.move in (Move.DOUBT, Move.CLEAR)]


def test_it_does_not_hold_an_officers_own_cancelled_photos_against_them(case: Case) -> None:
    case.officer.says(f"认领 {case.number}")
    case.officer.photo()
    case.officer.says("取消")
    arrive(case.stage, [AFTER])

    case.solved(AFTER)

    assert case.doubts() == set()


def test_it_takes_the_better_photo_by_number_while_other_work_waits(case: Case) -> None:
    case.solved(street(ELSEWHERE, 5, True))
    wanted = case.officer.hears()[-1]
    other = another_case(case)
    case.officer.says(f"认领 {other}")

    asked = case.officer.says(f"整改 {case.number}")
    case.officer.photo()
    answer = case.officer.says("完成")
    case.more_came(AFTER)

    assert f"整改 {case.number}" in wanted
    assert f"编号 {case.number}" in asked
    assert f"编号 {case.number}" in answer
    assert not case.in_doubt
    assert case.stage.case(other).status is Status.CLAIMED


def test_it_asks_which_case_a_photo_is_of_when_one_is_in_doubt_and_another_in_work(case: Case) -> None:
    case.solved(street(ELSEWHERE, 5, True))
    other = another_case(case)
    case.officer.says(f"认领 {other}")
    case.stage.now += timedelta(minutes=5)

    menu = case.officer.photo()
    case.officer.says(f"整改 {case.number}")
    case.more_came(AFTER)

    assert f"{case.number} " in menu
    assert f"{other} " in menu
    assert not case.in_doubt


def test_it_takes_the_better_photo_from_a_colleague_as_well(case: Case) -> None:
    colleague = case.stage.officer("王五")
    case.solved(street(ELSEWHERE, 5, True))

    answer = colleague.photo()
    case.more_came(AFTER)

    assert f"编号 {case.number}" in answer
    assert not case.in_doubt


def test_it_does_not_put_a_photo_of_the_rework_to_the_one_that_failed(case: Case) -> None:
    case.solved()
    case.officer.says("垃圾已清")
    case.officer.photo()
    case.officer.says(f"整改 {case.number} 已清运")
    refused(case.stage)
    case.command.says(f"不通过 {case.number} 没有照片")
    case.stage.now += timedelta(hours=1)

    case.officer.photo()
    done = case.officer.says("完成 这回清了")

    assert "整改已提交" in done
    assert case.stage.case(case.number).status is Status.RECTIFIED


def test_it_sends_somebody_to_look_when_no_photo_came_through(case: Case) -> None:
    case.officer.says(f"认领 {case.number}")
    case.officer.photo()
    case.officer.says(f"整改 {case.number} 已清运")
    refused(case.stage)

    hasty = case.command.says(f"通过 {case.number}")
    told = case.officer.hears()[-1]
    case.officer.photo()
    case.more_came(AFTER)

    assert "一张也没有" in hasty
    assert "【照片存疑】" in told
    assert judged(case.stage, case.number) == [Move.DOUBT, Move.CLEAR]
    assert "已办结" in case.command.says(f"通过 {case.number}")


def test_it_is_not_outnumbered_by_photos_of_another_place(case: Case) -> None:
    case.solved(*(street(ELSEWHERE, view, True) for view in (1, 2, 3, 5, 6)))

    assert case.in_doubt
    assert case.officer.hears()[-1].count("同一个地方") >= 1


def test_it_reminds_the_unit_of_what_waits_for_a_better_photo(case: Case) -> None:
    idle = case.officer.says("待办")
    case.solved(street(ELSEWHERE, 5, True))

    listed = case.officer.says("待办")

    assert "存疑" not in idle
    assert f"编号 {case.number} 的整改照片存疑" in listed


def test_it_speaks_of_no_doubt_once_the_case_is_being_reworked(case: Case) -> None:
    case.solved(BEFORE)
    case.command.says(f"不通过 {case.number} 垃圾还在")

    answer = case.command.says(f"通过 {case.number}")

    assert "存疑" not in answer
    assert "整改中" in answer


def test_it_lets_words_stand_where_words_are_enough(stage: Stage) -> None:
    police = stage.officer("刘警官", "dept-police")
    number = stage.reported_case(words="广场舞音响太吵，扰民")
    arrive(stage, [BEFORE])
    police.says(f"认领 {number}")
    police.photo()

    police.says(f"整改 {number} 已劝离并调低音量")
    refused(stage)

    assert stage.case(number).status is Status.RECTIFIED
    assert not stage.case(number).needs_look


def test_it_lets_the_command_centre_undo_what_was_closed_before_its_photos_were_seen(case: Case) -> None:
    case.officer.says(f"认领 {case.number}")
    case.officer.photo()
    case.officer.says(f"整改 {case.number} 已清运")
    case.command.says(f"通过 {case.number}")
    case.more_came(BEFORE)

    told = case.command.hears()[-1]
    answer = case.command.says(f"不通过 {case.number} 到场看了还在，弄虚作假")

    assert "上报人" not in told
    assert f"不通过 {case.number}" in told
    assert f"编号 {case.number}" in answer
    assert case.stage.case(case.number).status is Status.CLAIMED
    assert case.stage.events(case.number)[-1].data.get("fake")
    assert "弄虚作假" in case.officer.hears()[-1]
    assert {finding.what for finding in case.stage.findings()} <= {"outbound_stuck"}  # nobody delivers here


def test_it_leaves_closed_what_somebody_found_in_order_afterwards(case: Case) -> None:
    case.officer.says(f"认领 {case.number}")
    case.officer.photo()
    case.officer.says(f"整改 {case.number} 已清运")
    case.command.says(f"通过 {case.number}")
    case.more_came(BEFORE)

    hasty = case.command.says(f"通过 {case.number}")
    case.command.says(f"通过 {case.number} 现场看过，干净")
    undone = case.command.says(f"不通过 {case.number} 弄虚作假")

    assert "现场" in hasty
    assert case.stage.case(case.number).status is Status.CLOSED
    assert "已办结" in undone


def test_it_does_not_undo_what_was_passed_on_site(case: Case) -> None:
    case.solved(BEFORE)
    case.command.says(f"通过 {case.number} 现场看过，干净")

    case.command.says(f"不通过 {case.number} 还是不行")

    assert case.stage.case(case.number).status is Status.CLOSED


@pytest.mark.parametrize("words", ["12", "件", "吧。", "！"])
def test_it_wants_more_than_a_stray_character_from_who_looked(case: Case, words: str) -> None:
    case.solved(BEFORE)

    case.command.says(f"通过 {case.number} {words}")

    assert case.stage.case(case.number).status is Status.RECTIFIED


def test_it_keeps_the_photos_of_a_list_to_the_findings_they_show(stage: Stage) -> None:
    officer, command, wang = stage.officer(), stage.dispatcher(), stage.patrol()
    rubbish, stall = wang.reports(LIST, photos=2)
    arrive(stage, [BEFORE, street(ELSEWHERE, 1, False)])
    for one in (rubbish, stall):
        command.says(f"派单 {one.id} 甸柳新村街道")
    stage.now += timedelta(hours=1)
    taken = Case(stage, stall.id, officer, command)

    taken.solved(street(ELSEWHERE, 1, False))

    assert taken.doubts() == {"same_as_before"}


def test_it_sees_that_the_photo_shows_the_other_finding_of_the_list(stage: Stage) -> None:
    officer, command, wang = stage.officer(), stage.dispatcher(), stage.patrol()
    rubbish, stall = wang.reports(LIST, photos=2)
    arrive(stage, [BEFORE, street(ELSEWHERE, 1, False)])
    for one in (rubbish, stall):
        command.says(f"派单 {one.id} 甸柳新村街道")
    stage.now += timedelta(hours=1)
    taken = Case(stage, stall.id, officer, command)

    taken.solved(AFTER)

    assert taken.doubts() == {"other_scene"}


def test_it_calls_a_photo_in_doubt_only_where_the_rectification_is(case: Case) -> None:
    case.solved(AFTER, street(ELSEWHERE, 5, True))

    assert not case.in_doubt
    assert "存疑" not in case.command.says(f"详情 {case.number}")
