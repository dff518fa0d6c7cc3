"""What media published: promises by their day, repeated ones first, and the meeting's sheet."""

from datetime import timedelta

import pytest

from console.exposed import Promise, exposed
from models.case import Case
from models.journal import JournalEntry
from tests.console.browsers import Office
from tests.stage import Actor, Stage


@pytest.fixture
def command(stage: Stage) -> Actor:
    return stage.dispatcher()


@pytest.fixture
def officer(stage: Stage) -> Actor:
    return stage.officer()


def exposes(stage: Stage, command: Actor, words: str = "甸柳新村街道甸柳新村第三小区垃圾桶满了没人清") -> Case:
    case = stage.journalist().reports(f"《直击》{words}", photos=1)[0]
    command.says(f"派单 {case.id} 甸柳新村街道")
    return case


def promise(stage: Stage, days: int = 30) -> list[Promise]:
    today = stage.now.date()
    with stage.installation.database.glance() as session:
        zone = stage.installation.settings.timezone
        return [one.promise for one in exposed(session, today - timedelta(days=days), today, stage.now, zone)]


def puts_right(stage: Stage, officer: Actor, number: int) -> None:
    stage.now += timedelta(minutes=30)
    officer.photo()
    officer.says(f"整改 {number} 已处理")


def test_it_knows_what_became_of_a_promise(stage: Stage, command: Actor, officer: Actor) -> None:
    number = exposes(stage, command).id
    seen = [promise(stage)]
    officer.says(f"认领 {number}")
    officer.says(f"承诺 {number} 李主任负责，11月24日前整改完")
    seen.append(promise(stage))
    puts_right(stage, officer, number)
    seen.append(promise(stage))
    command.says(f"不通过 {number} 还有一袋")
    seen.append(promise(stage))
    stage.now += timedelta(days=2)
    seen.append(promise(stage))
    puts_right(stage, officer, number)
    seen.append(promise(stage))

    assert seen == [
        [one] for one in (Promise.OWED, Promise.GIVEN, Promise.KEPT, Promise.GIVEN, Promise.BROKEN, Promise.BROKEN)
    ]


def test_it_knows_who_promised_nothing(stage: Stage, command: Actor, officer: Actor) -> None:
    exposes(stage, command)

    stage.wait(hours=13)

    assert promise(stage) == [Promise.LATE]


def test_it_lists_what_was_published(office: Office, stage: Stage, command: Actor, officer: Actor) -> None:
    number = exposes(stage, command).id

    page = office.browser(command).text("/media")

    assert "济南日报" in page
    assert f"{number} " in page
    assert "甸柳新村街道" in page
    assert "卫记者" not in page
    assert "没有。" in office.browser(command).text("/media?first=2026-01-01&last=2026-01-31")


def test_it_puts_repeated_problems_first(office: Office, stage: Stage, command: Actor, officer: Actor) -> None:
    once = exposes(stage, command).id
    exposes(stage, command, "甸柳新村街道甸柳新村第三小区路灯不亮")
    stage.now += timedelta(minutes=20)
    stage.journalist(outlet="齐鲁晚报").reports("甸柳新村街道甸柳新村第三小区路灯不亮", photos=1)

    page = office.browser(command).text("/media/meeting")

    repeated, first = page.split("一、重复曝光的问题")[1].split("二、首次曝光的问题")
    assert "第2次" in repeated
    assert "齐鲁晚报" in repeated
    assert "为什么又被曝光" in repeated
    assert f"编号{once}" in first


def test_it_prints_before_and_after_and_notes_it(
    office: Office, stage: Stage, command: Actor, officer: Actor
) -> None:
    exposes(stage, command)
    browser = office.browser(command)

    answer = browser.get("/media/meeting.pdf")

    assert answer.data.startswith(b"%PDF")
    with stage.installation.database.glance() as session:
        assert session.query(JournalEntry).filter(JournalEntry.act == "media.photos").count() == 1
    assert browser.get("/media/meeting.pdf?first=2026-01-01&last=2026-01-02").status_code == 404


@pytest.mark.parametrize("days", ["first=x", "first=2026-12-01&last=2026-11-01", "first=2020-01-01&last=2026-11-01"])
def test_it_refuses_days_that_cannot_be_meant(office: Office, command: Actor, days: str) -> None:
    assert office.browser(command).get(f"/media/meeting?{days}").status_code == 400
