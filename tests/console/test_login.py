"""登录: who comes in, who stays out, and what is noted of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from console import accounts
from models.journal import JournalEntry
from models.login import ConsoleSession, Login
from models.people import Identity
from tests.console.browsers import Browser, Office, said
from tests.stage import Actor, Stage

SECRET, OTHER = "济南的清晨，七点半-7时", "护城河边的柳树下-33"


@pytest.fixture
def admin(stage: Stage) -> Actor:
    return stage.admin()


def account(stage: Stage, who: Actor, must_change: bool = False, is_demo: bool = False) -> None:
    """A login of the stage's person, whose password is SECRET."""
    with stage.installation.database.story() as session:
        person = session.scalars(select(Identity.person_id).where(Identity.openid == who.openid)).one()
        made = accounts.create(session, stage.now, person, "zhou", SECRET)
        made.must_change, made.is_demo = must_change, is_demo


def enter(browser: Browser, password: str = SECRET, username: str = "zhou", **more: str) -> str:
    return said(browser.post("/login", username=username, password=password, **more))


def token(stage: Stage, browser: Browser) -> None:
    """What a page of the console would have put into its forms."""
    cookie = browser.client.get_cookie("console", path="/console")
    assert cookie is not None
    with stage.installation.database.glance() as session:
        of_cookie = ConsoleSession.digest == accounts.digest(cookie.value)
        browser.csrf = session.scalars(select(ConsoleSession.csrf).where(of_cookie)).one()


def acts(stage: Stage) -> list[str]:
    with stage.installation.database.glance() as session:
        return list(session.scalars(select(JournalEntry.act).order_by(JournalEntry.id)))


def inside(browser: Browser) -> bool:
    return browser.get("/journal").status_code == 200


def test_it_lets_nobody_in_without_a_login(office: Office) -> None:
    answer = office.browser().get("/journal?act=case")

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/console/login?next=/console/journal?act%3Dcase"


def test_it_lets_in_who_knows_the_password_and_notes_it(office: Office, stage: Stage, admin: Actor) -> None:
    account(stage, admin)
    browser = office.browser()

    enter(browser, username=" ZHOU ", next="/console/journal")

    assert inside(browser)
    assert acts(stage) == ["login.enter"]


def test_it_says_the_same_for_a_wrong_password_and_a_wrong_name(office: Office, stage: Stage, admin: Actor) -> None:
    account(stage, admin)

    wrong, nobody = enter(office.browser(), "falsch-falsch"), enter(office.browser(), username="wang")

    assert "用户名或密码不对" in wrong
    assert "用户名或密码不对" in nobody
    assert acts(stage) == ["login.wrong"]


def test_it_locks_after_five_wrong_passwords_and_longer_each_time(office: Office, stage: Stage, admin: Actor) -> None:
    account(stage, admin)
    browser = office.browser()
    for _ in range(5):
        enter(browser, "nicht-das-richtige")

    locked = enter(browser)
    stage.now += timedelta(minutes=1)
    enter(browser, "nicht-das-richtige")
    stage.now += timedelta(minutes=1)
    longer = enter(browser)
    stage.now += timedelta(minutes=1)
    enter(browser)

    assert "锁定" in locked
    assert "锁定" in longer
    assert inside(browser)


def test_it_lets_nobody_in_who_has_no_role_here(office: Office, stage: Stage) -> None:
    account(stage, stage.volunteer())

    assert "没有可以进入指挥部的身份" in enter(office.browser())


def test_it_throws_out_whose_role_has_ended(office: Office, stage: Stage, admin: Actor) -> None:
    browser = office.browser(admin)
    assert inside(browser)

    stage.leave(admin)
    stage.now += timedelta(seconds=1)

    assert browser.get("/journal").status_code == 302


@pytest.mark.parametrize("quiet", [timedelta(hours=8, minutes=1), timedelta(hours=13)], ids=["idle", "too long"])
def test_it_ends_by_itself(office: Office, stage: Stage, admin: Actor, quiet: timedelta) -> None:
    browser = office.browser(admin)
    while quiet > timedelta(hours=9):  # somebody is there all the time, and it ends all the same
        stage.now += timedelta(hours=3)
        quiet -= timedelta(hours=3)
        browser.get("/journal")

    stage.now += quiet

    assert not inside(browser)


def test_it_does_not_take_a_page_that_asks_by_itself_for_a_person(office: Office, stage: Stage, admin: Actor) -> None:
    browser = office.browser(admin)
    for _ in range(9):
        stage.now += timedelta(hours=1)
        browser.get("/journal", headers={"X-Live": "1"})

    assert not inside(browser)


def test_it_leaves(office: Office, stage: Stage, admin: Actor) -> None:
    browser = office.browser(admin)

    browser.post("/leave")

    assert not inside(browser)
    assert acts(stage) == ["login.leave"]


@pytest.mark.parametrize("known", ["must_change", "is_demo"])
def test_it_wants_a_password_of_ones_own_before_anything_else(
    office: Office, stage: Stage, admin: Actor, known: str
) -> None:
    account(stage, admin, **{known: True})
    browser = office.browser()
    enter(browser)
    token(stage, browser)

    detour = browser.get("/journal").headers["Location"]
    browser.post("/password", old=SECRET, new=OTHER, again=OTHER)

    assert detour == "/console/password"
    assert inside(browser)
    assert "login.password" in acts(stage)


WEAK = {
    "short": ("柳树", "至少10个字符"),
    "with the name": ("zhou-und-noch-mehr", "不能有用户名"),
    "common": ("password-2026", "太常见"),
    "a row": ("abcdefghijkl", "太常见"),
    "one letter": ("aaaaaaaaaaaa", "太常见"),
    "the old one": (SECRET, "不能和原密码一样"),
}


@pytest.mark.parametrize("weak", WEAK)
def test_it_takes_no_weak_password(office: Office, stage: Stage, admin: Actor, weak: str) -> None:
    account(stage, admin)
    browser = office.browser(admin)
    new, words = WEAK[weak]

    assert words in said(browser.post("/password", old=SECRET, new=new, again=new))


def test_it_logs_the_other_browsers_out_with_a_new_password(office: Office, stage: Stage, admin: Actor) -> None:
    account(stage, admin)
    here, there = office.browser(admin), office.browser(admin)

    here.post("/password", old=SECRET, new=OTHER, again=OTHER)

    assert (inside(here), inside(there)) == (True, False)


def test_it_keeps_no_password_and_no_cookie_that_could_be_used(office: Office, stage: Stage, admin: Actor) -> None:
    account(stage, admin)
    browser = office.browser()
    enter(browser)

    cookie = browser.client.get_cookie("console", path="/console")
    with stage.installation.database.glance() as session:
        login, kept = session.scalars(select(Login)).one(), session.scalars(select(ConsoleSession)).one()
    assert SECRET not in login.password
    assert login.password.startswith("scrypt:32768:")
    assert cookie is not None
    assert cookie.value not in (kept.digest, kept.csrf)
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "/console/\\evil.example",
    "javascript:alert(1)",
    "/elsewhere",
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_it_leads_nobody_elsewhere(office: Office, stage: Stage, admin: Actor, address: str) -> None:
    account(stage, admin)
    browser = office.browser()

    answer = browser.client.post("/console/login", data={"username": "zhou", "password": SECRET, "next": address})

    assert answer.headers["Location"] == "/console/"


def test_it_lets_a_big_screen_show_the_wall_and_nothing_else(office: Office, stage: Stage, admin: Actor) -> None:
    browser = office.browser(admin, by=accounts.BY_WALL)

    assert browser.get("/journal").headers["Location"] == "/console/wall"


def test_it_lets_a_big_screen_be_logged_out(office: Office, stage: Stage, admin: Actor) -> None:
    browser = office.browser(admin, by=accounts.BY_WALL)

    browser.post("/leave")

    assert browser.get("/wall").headers["Location"].startswith("/console/login")


@pytest.mark.parametrize("known", ["must_change", "is_demo"])
def test_it_begins_no_big_screen_with_a_password_that_must_change(
    office: Office, stage: Stage, admin: Actor, known: str
) -> None:
    account(stage, admin, **{known: True})
    browser = office.browser()

    enter(browser, wall="on")

    assert browser.get("/wall").headers["Location"] == "/console/password"


def test_it_lets_no_page_without_an_origin_log_somebody_in(office: Office, stage: Stage, admin: Actor) -> None:
    account(stage, admin)
    form = {"username": "zhou", "password": SECRET}

    answer = office.browser().client.post("/console/login", data=form, headers={"Origin": "null"})

    assert answer.status_code == 400
