"""一天: a dispatcher's and an officer's whole day in a real browser, by keyboard alone, and on a small screen."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from console import accounts
from models.workflow import Status
from tests.console.chromium import Chromium, barriers, needs_chromium, on_postgresql
from tests.stage import YAOJIA, Stage

pytestmark = [pytest.mark.slow, needs_chromium, on_postgresql]


def vague(stage: Stage, words: str) -> int:
    """A case that waits for a dispatcher."""
    citizen = stage.citizen()
    citizen.photo()
    for said in (words, "完成", "提交"):
        citizen.says(said)
    return stage.cases()[-1].id


def settled(page: Page) -> None:
    page.wait_for_load_state("networkidle")


def test_it_is_a_dispatchers_day_by_keyboard(real: Chromium, stage: Stage) -> None:
    command, officer = stage.dispatcher(), stage.officer()
    first, second, third = (vague(stage, words) for words in ("这里有点问题", "那边也有问题", "门口不太好"))
    sure = stage.reported_case()
    page = real.open(real.logged_in(command), "/console/triage")
    keys = page.keyboard

    keys.press("a")
    keys.type("姚家街道")
    keys.press("Enter")
    expect(page.get_by_role("status").filter(has_text="已派")).to_be_visible()
    keys.press("r")
    keys.type("照片看不出问题")
    keys.press("Enter")
    expect(page.get_by_text("不予立案").first).to_be_visible()
    settled(page)
    keys.press("c")
    keys.type("暴露垃圾")
    keys.press("Enter")
    expect(page.locator("h2").filter(has_text="暴露垃圾")).to_be_visible()

    assert stage.case(first).unit_code == YAOJIA
    assert stage.case(second).status is Status.REJECTED
    assert stage.case(third).category

    officer.says(f"退回 {sure} 不归我们管")
    page.goto(f"{real.address}/console/triage")
    keys.press("u")
    page.wait_for_url("**queue=ruling")
    keys.press("n")
    keys.type("就在你们街道")
    keys.press("Enter")
    expect(page.get_by_text("没有等您处理的案件")).to_be_visible()
    stage.solve(sure, officer)
    keys.press("v")
    page.wait_for_url("**queue=verify")
    keys.press("p")
    keys.type("现场看过，干净了")
    keys.press("Enter")
    expect(page.get_by_text("没有等您处理的案件")).to_be_visible()

    assert stage.case(sure).status is Status.CLOSED


def test_it_is_an_officers_day_on_a_small_screen(real: Chromium, stage: Stage) -> None:
    stage.dispatcher()
    officer = stage.officer()
    number = stage.reported_case()
    page = real.open(real.logged_in(officer, "phone"), f"/console/cases/{number}")

    page.get_by_role("button", name="认领").click()
    expect(page.get_by_text("整改中").first).to_be_visible()
    page.get_by_text("更多").click()
    page.get_by_label("申请延期：为什么延期").fill("等配件")
    page.get_by_role("button", name="申请延期").click()
    expect(page.get_by_text("已交指挥部裁定")).to_be_visible()

    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    assert stage.case(number).status is Status.CLAIMED


PAGES = [
    "/",
    "/wall",
    "/triage",
    "/cases",
    "/cases/{case}",
    "/map",
    "/statistics",
    "/brief",
    "/units",
    "/people",
    "/rules",
]


@pytest.mark.parametrize("size", ["pc", "phone"])
def test_it_puts_no_barrier_before_anybody(real: Chromium, stage: Stage, size: str) -> None:
    command = stage.dispatcher()
    stage.officer()
    for words in ("这里有点问题", "那边也有问题"):
        vague(stage, words)
    number = stage.reported_case()
    stage.wait(hours=13)
    window = real.logged_in(command, size)

    found, wide = {}, {}
    for path in PAGES:
        page = real.open(window, f"/console{path.format(case=number)}")
        settled(page)
        found[path] = barriers(page)
        wide[path] = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        page.close()

    assert {path: barrier for path, barrier in found.items() if barrier} == {}
    assert {path: over for path, over in wide.items() if over > 0} == {}


def test_it_logs_in_and_is_led_back(real: Chromium, stage: Stage) -> None:
    browser = real.office.browser(stage.dispatcher())
    number = stage.reported_case()
    with stage.installation.database.story() as session:
        login = accounts.create(session, stage.now, browser.person_id, "zhou", "柳树下的泉水-七十二")
        login.must_change = False
    page = real.open(real.window(), f"/console/cases/{number}")

    page.get_by_label("用户名").fill("zhou")
    page.get_by_label("密码").fill("柳树下的泉水-七十二")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text(f"编号 {number}")
    stage.now += timedelta(minutes=1)
    page.get_by_role("banner").get_by_text("周调度").click()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("button", name="登录")).to_be_visible()
