"""创城媒体监督: an article is a public exposure; the unit owes a promise, the follow-up report closes the case."""

from datetime import date

import pytest
from sqlalchemy import select

from models.clock import Duty
from models.exposure import Exposure, Pledge
from models.workflow import Move, Status
from tests.stage import Actor, Stage

URL = "https://jnrb.e23.cn/2026/11/22/1.html"
SPOT = "历下区甸柳新村街道甸柳新村第三小区"


def exposes(who: Actor, title: str = f"{SPOT}垃圾桶满了没人清", url: str = URL) -> int:
    """An article shared and submitted; the number of its case."""
    who.link(title, "记者走访看到的一幕", url)
    who.says("完成")
    return who.stage.reports()[-1].case_id


def exposures(stage: Stage) -> list[Exposure]:
    with stage.installation.database.glance() as session:
        return list(session.scalars(select(Exposure).order_by(Exposure.id)))


def pledges(stage: Stage) -> list[Pledge]:
    with stage.installation.database.glance() as session:
        return list(session.scalars(select(Pledge).order_by(Pledge.id)))


def with_the_unit(stage: Stage, command: Actor) -> int:
    """An exposed case that 甸柳新村街道 holds."""
    number = exposes(stage.journalist())
    command.says(f"派单 {number} 甸柳新村街道")
    return number


def test_it_leads_an_article_from_exposure_and_promise_to_the_follow_up_report(stage: Stage) -> None:
    officer, command, wei = stage.officer(), stage.dispatcher(), stage.journalist()

    number = exposes(wei)
    command.says(f"派单 {number} 甸柳新村街道")
    task = officer.hears()[-1]
    promised = officer.says(f"承诺 {number} 李主任负责，11月25日前整改完")
    stage.solve(number, officer)
    answer = wei.says(f"跟踪 {number} 已整改")

    assert "【媒体曝光】" in task
    assert "已登记" in promised
    assert any("整改承诺（甸柳新村街道）" in words for words in wei.hears())
    assert f"编号 {number} 已据此办结" in answer
    assert stage.case(number).status is Status.CLOSED


def test_it_keeps_outlet_date_and_link_of_an_exposure(stage: Stage) -> None:
    number = exposes(stage.journalist(outlet="舜网"))

    exposure = exposures(stage)[0]

    assert stage.case(number).exposed
    assert (exposure.outlet, exposure.published_on, exposure.url) == ("济南日报", date(2026, 11, 22), URL)
    assert exposure.nth == 1


def test_it_dates_what_is_sent_after_midnight_by_the_citys_calendar(stage: Stage) -> None:
    wei = stage.journalist()
    stage.wait(hours=16)  # one in the morning of the 24th in Jinan, the 23rd in Greenwich

    exposes(wei, url="https://jnrb.e23.cn/2026/11/24/1.html")

    assert exposures(stage)[0].published_on == date(2026, 11, 24)


def test_it_takes_words_and_photos_and_the_journalists_own_outlet(stage: Stage) -> None:
    wei = stage.journalist(outlet="舜网")

    case = wei.reports(f"{SPOT}垃圾桶满了没人清", photos=2)[0]

    assert exposures(stage)[0].outlet == "舜网"
    assert len(stage.pictures(case.id)) == 2


def test_it_has_a_person_decide_whose_an_exposure_is(stage: Stage) -> None:
    command = stage.dispatcher()

    number = exposes(stage.journalist())

    assert stage.case(number).status is Status.REPORTED
    assert "【待派单】" in command.hears()[-1]


def test_it_gives_the_promise_no_longer_than_the_claim(stage: Stage) -> None:
    stage.officer()
    number = with_the_unit(stage, stage.dispatcher())

    clocks = {clock.duty: clock for clock in stage.case(number).deadlines if clock.ended_at is None}

    assert clocks[Duty.PLEDGE].due_at == clocks[Duty.CLAIM].due_at


def test_it_reminds_of_a_promise_and_notes_that_it_was_not_given(stage: Stage) -> None:
    officer, command = stage.officer(), stage.dispatcher()
    number = with_the_unit(stage, command)
    officer.says(f"认领 {number}")

    stage.wait(hours=11)
    reminded = officer.hears()[-1]
    stage.wait(hours=2)
    late = [event for event in stage.events(number) if event.move is Move.BREACH]
    promise = next(clock for clock in stage.case(number).deadlines if clock.duty is Duty.PLEDGE)

    assert "【承诺提醒】" in reminded
    assert [event.at for event in late] == [promise.due_at]
    assert any("【承诺超时】" in words for words in officer.hears())


def test_it_keeps_who_promised_what_and_by_when(stage: Stage) -> None:
    officer, command = stage.officer(), stage.dispatcher()
    number = with_the_unit(stage, command)

    officer.says(f"承诺 {number} 李主任负责，11月25日前整改完")

    pledge = pledges(stage)[0]
    assert ("李主任" in pledge.who, pledge.by) == (True, date(2026, 11, 25))
    assert not [clock for clock in stage.case(number).deadlines if clock.duty is Duty.PLEDGE and not clock.ended_at]


@pytest.mark.parametrize("words", ["", "李主任负责", "11月25日前整改完", "我们高度重视"])
def test_it_asks_again_for_a_promise_that_lacks_who_or_when(stage: Stage, words: str) -> None:
    officer, command = stage.officer(), stage.dispatcher()
    number = with_the_unit(stage, command)

    answer = officer.says(f"承诺 {number} {words}")

    assert "请写明负责人和完成时间" in answer
    assert pledges(stage) == []


def test_it_takes_a_day_for_no_number(stage: Stage) -> None:
    officer, command = stage.officer(), stage.dispatcher()
    with_the_unit(stage, command)

    answer = officer.says("承诺 11月25日前整改完，李主任负责")

    assert "已登记" in answer
    assert pledges(stage)[0].by == date(2026, 11, 25)


def test_it_wants_no_promise_for_what_is_put_right(stage: Stage) -> None:
    officer, command = stage.officer(), stage.dispatcher()
    number = with_the_unit(stage, command)
    stage.solve(number, officer)

    assert "不用再承诺" in officer.says(f"承诺 {number} 李主任负责，11月25日前整改完")


def test_it_wants_a_promise_with_the_rework_of_what_was_exposed_while_it_waited(stage: Stage) -> None:
    officer, command = stage.officer(), stage.dispatcher()
    number = stage.reported_case()
    stage.solve(number, officer)
    exposes(stage.journalist())

    command.says(f"不通过 {number} 媒体已曝光")

    assert any("【媒体曝光】" in words for words in officer.hears())
    assert "已登记" in officer.says(f"承诺 {number} 李主任负责，11月25日前整改完")


def test_it_wants_no_second_promise_with_the_rework_of_what_was_promised(stage: Stage) -> None:
    officer, command = stage.officer(), stage.dispatcher()
    number = with_the_unit(stage, command)
    officer.says(f"承诺 {number} 李主任负责，11月25日前整改完")
    stage.solve(number, officer)

    command.says(f"不通过 {number} 还有一堆")

    assert not [clock for clock in stage.case(number).deadlines if clock.duty is Duty.PLEDGE and not clock.ended_at]


def test_it_makes_two_exposures_of_two_articles_shared_together(stage: Stage) -> None:
    wei = stage.journalist()
    wei.link(f"{SPOT}垃圾桶满了没人清", "", URL)
    wei.link(f"{SPOT}小广告贴得到处都是", "记者走访", "https://e23.cn/2026/11/20/2.html")

    wei.says("完成")

    assert [case.category for case in stage.cases()] == ["event:06042", "event:07001"]
    assert [exposure.outlet for exposure in exposures(stage)] == ["济南日报", "舜网"]
    assert "小广告" not in stage.cases()[0].text


def test_it_wants_no_promise_for_what_no_medium_published(stage: Stage) -> None:
    officer = stage.officer()
    number = stage.reported_case()

    assert "没有媒体曝光" in officer.says(f"承诺 {number} 李主任负责，11月25日前整改完")


def test_it_lets_only_the_exposures_own_journalist_follow_it_up(stage: Stage) -> None:
    officer, command = stage.officer(), stage.dispatcher()
    number = with_the_unit(stage, command)
    stage.solve(number, officer)

    answer = stage.journalist("蒋记者", "舜网").says(f"跟踪 {number} 已整改")

    assert f"您没有编号 {number} 的上报" in answer
    assert stage.case(number).status is Status.RECTIFIED


def test_it_asks_for_a_closed_case_to_be_done_again_when_the_follow_up_says_so(stage: Stage) -> None:
    officer, command, wei = stage.officer(), stage.dispatcher(), stage.journalist()
    number = exposes(wei)
    command.says(f"派单 {number} 甸柳新村街道")
    stage.close(number, officer, command)

    wei.says(f"跟踪 {number} 未整改 垃圾又堆起来了")

    assert "【重办申请】" in command.hears()[-1]


def test_it_counts_the_same_problem_by_place_and_kind_whoever_publishes_it(stage: Stage) -> None:
    first = exposes(stage.journalist())

    second = exposes(stage.journalist("蒋记者", "舜网"), f"{SPOT}垃圾桶又满了", "https://e23.cn/2.html")
    other = exposes(stage.journalist("沈记者", "鲁网"), f"{SPOT}小广告贴满单元门", "https://sdnews.com.cn/3.html")

    assert (first == second, first == other) == (True, False)
    assert [exposure.nth for exposure in exposures(stage)] == [1, 2, 1]


def test_it_goes_on_counting_after_the_case_was_closed(stage: Stage) -> None:
    officer, command, wei = stage.officer(), stage.dispatcher(), stage.journalist()
    first = exposes(wei)
    command.says(f"派单 {first} 甸柳新村街道")
    stage.close(first, officer, command)
    stage.wait(days=3)

    second = exposes(wei, url="https://jnrb.e23.cn/2026/11/26/9.html")

    assert second != first
    assert stage.case(second).recurrence_of == first
    assert exposures(stage)[-1].nth == 2


def test_it_asks_a_promise_of_the_unit_that_holds_the_case_already(stage: Stage) -> None:
    officer = stage.officer()
    number = stage.reported_case()

    joined = exposes(stage.journalist())

    assert joined == number
    assert stage.case(number).exposed
    assert "【媒体曝光】" in officer.hears()[-1]
    assert "已登记" in officer.says(f"承诺 {number} 李主任负责，11月25日前整改完")
