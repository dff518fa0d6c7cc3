"""登录与门禁: who comes in, who stays out, and what a browser is told."""

import pytest
from sqlalchemy import select

from console import accounts
from models.journal import JournalEntry
from models.people import Identity
from tests.console.browsers import Browser, Office, said
from tests.stage import Actor, Stage

SECRET = "济南的清晨-7时"


@pytest.fixture
def dispatcher(stage: Stage) -> Actor:
    return stage.dispatcher()


def account(stage: Stage, who: Actor, must_change: bool = False, is_demo: bool = False) -> None:
    with stage.installation.database.story() as session:
        person = session.scalars(select(Identity.person_id).where(Identity.openid == who.openid)).one()
        made = accounts.create(session, stage.now, person, "zhou", SECRET)
        made.must_change, made.is_demo = must_change, is_demo


def enter(browser: Browser, password: str = SECRET, username: str = "zhou", **more: str) -> str:
    return said(browser.post("/login", username=username, password=password, **more))


def acts(stage: Stage) -> list[str]:
    with stage.installation.database.glance() as session:
        return list(session.scalars(select(JournalEntry.act).order_by(JournalEntry.id)))


def test_it_lets_nobody_in_without_a_login(office: Office) -> None:
    answer = office.browser().get("/journal")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/console/login?next=")


def test_it_lets_in_who_knows_the_password_and_notes_it(office: Office, stage: Stage, dispatcher: Actor) -> None:
    account(stage, dispatcher)
    browser = office.browser()

    answer = enter(browser, username=" ZHOU ")

    assert "不对" not in answer
    assert browser.get("/password").status_code == 200
    assert "login.enter" in acts(stage)
