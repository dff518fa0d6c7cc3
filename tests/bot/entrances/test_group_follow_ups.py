"""What is said later goes into the group it is about, once and within its hour; else to the person alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot import jobs
from bot.app import create_app
from models.draft import Draft
from models.outbound import Delivery
from models.people import Allowance, Role, Way
from simulator.settings import Limits
from tests.bot.entrances.company import LIU, Company
from tests.bot.entrances.conftest import OpenCompany

PLACED = "甸柳新村三区垃圾桶满了没人清"
ASKED = "刘志愿：您的上报还没提交"


@pytest.fixture
def waiting(open_company: OpenCompany) -> Company:
    """刘志愿 has told half of something in the group, and fallen silent. Drafts are given up within the hour."""
    company = open_company(draft={"give_up": "10m"})
    company.binds(LIU, Role.PHOTOGRAPHER)
    company.crew.says(LIU, "垃圾桶满了没人清", ["pothole"])
    return company


def ways(company: Company) -> list[tuple[str, Delivery]]:
    return [(word.way, word.state) for word in company.words()]


def in_private(company: Company) -> list[str]:
    return [line.text for line in company.phone(LIU).lines() if line.way == "work"]


def test_it_asks_in_the_group_after_a_quiet_time(waiting: Company) -> None:
    waiting.fall_quiet()

    waiting.deliver()

    line = waiting.crew.last()
    assert (line.way, line.text.startswith(ASKED)) == ("group", True)
    assert ways(waiting) == [("group", Delivery.SENT)]
    assert in_private(waiting) == []


def test_it_says_one_thing_more_there_and_the_next_in_private(waiting: Company) -> None:
    waiting.fall_quiet()
    waiting.deliver()

    waiting.fall_quiet(minutes=20)
    waiting.deliver(minutes=21)

    assert [way for way, _ in ways(waiting)] == ["group", "work"]
    assert len(in_private(waiting)) == 1
    assert len([line for line in waiting.crew.lines() if line.way == "group"]) == 1


def test_it_may_say_one_thing_more_after_each_message(waiting: Company) -> None:
    waiting.fall_quiet()
    waiting.deliver()
    waiting.crew.says(LIU, "很多")

    waiting.fall_quiet(minutes=20)
    waiting.deliver(minutes=21)

    assert [way for way, _ in ways(waiting)] == ["group", "group"]


def test_it_says_it_in_the_group_it_is_about(waiting: Company) -> None:
    waiting.squad.says(LIU, "帮助")
    waiting.fall_quiet()

    waiting.deliver()

    assert waiting.crew.last().way == "group"
    assert [line.way for line in waiting.squad.lines() if line.sender == "account"] == ["passive"]


def test_it_speaks_in_private_when_the_hour_is_over(waiting: Company) -> None:
    waiting.fall_quiet()
    waiting.deliver(hours=1, minutes=1)

    assert ways(waiting) == [("work", Delivery.SENT)]
    assert [text.startswith(ASKED) for text in in_private(waiting)] == [True]


def test_it_speaks_in_private_when_wecom_takes_the_address_no_more(open_company: OpenCompany) -> None:
    company = open_company(Limits(response_url_seconds=0, stream_poll_seconds=0))
    company.binds(LIU, Role.PHOTOGRAPHER)
    company.crew.says(LIU, "垃圾桶满了没人清", ["pothole"])
    company.fall_quiet()

    company.deliver()

    assert ways(company) == [("work", Delivery.SENT)]
    assert company.crew.last().way == "passive"


def test_it_never_asks_a_foreign_address(waiting: Company) -> None:
    with waiting.installation.database.story() as session:
        foreign = waiting.gateway.url + "cgi-bin/aibot/response?response_code=x"
        session.execute(update(Allowance).where(Allowance.way == Way.GROUP).values(address=foreign))
    asked: list[str] = []
    waiting.gateway.app = lambda environ, start: asked.append(environ["PATH_INFO"]) or start("200 OK", []) or [b""]
    waiting.fall_quiet()

    waiting.deliver()

    assert asked == []
    assert ways(waiting) == [("work", Delivery.SENT)]


def test_it_submits_in_the_group_what_was_enough(company: Company) -> None:
    company.binds(LIU, Role.PHOTOGRAPHER)
    company.crew.says(LIU, PLACED)
    company.fall_quiet()

    company.deliver()

    assert company.crew.last().text.startswith(f"刘志愿：已受理，编号 {company.number}")


def test_it_says_the_answer_in_the_group_when_it_came_too_late(company: Company) -> None:
    company.volunteer(LIU, post="dianliu")
    settings = company.installation.settings
    impatient = settings.web.model_copy(update={"answer_within": timedelta(0)})
    late = replace(company.installation, settings=settings.model_copy(update={"web": impatient}))
    company.gateway.app = create_app(late)

    outcome = company.crew.says(LIU, "有电动车逆行")
    company.deliver()

    said = [line.text for line in company.crew.lines() if line.way == "group"]
    assert outcome.outcome == "accepted"
    assert [text.startswith(f"刘志愿：已受理，编号 {company.number}") for text in said] == [True]


def test_it_notes_one_address_for_each_group_and_none_for_a_talk_alone(waiting: Company) -> None:
    waiting.squad.says(LIU, "帮助")
    waiting.crew.says(LIU, "很多")
    waiting.crew.says_alone(LIU, "帮助")

    rows = waiting.read(select(Allowance).where(Allowance.way == Way.GROUP))

    assert sorted(row.slot.partition(":")[0] for row in rows if row.slot) == ["crew", "squad"]


def test_it_is_the_job_that_asks(waiting: Company) -> None:
    with waiting.installation.database.story() as session:
        session.execute(update(Draft).values(quiet_at=waiting.now))

    closed = jobs.close_drafts(waiting.installation)
    waiting.deliver()

    assert closed == 1
    assert waiting.crew.last().text.startswith(ASKED)
