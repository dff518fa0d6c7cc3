"""规则编辑 and the pages about people in a real browser, on a phone and on a PC, without a complaint of its own."""

import os
import shutil
from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from werkzeug.serving import make_server

from bot.installation import ROOT
from console.gate import COOKIE
from models.people import Role
from routing.pack import CATEGORIES, shipped
from tests.console.browsers import Office
from tests.console.chromium import needs_chromium, on_sqlite
from tests.stage import DIANLIU, Stage

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [pytest.mark.slow, needs_chromium, on_sqlite]
SIZES = {"phone": (390, 844), "pc": (1920, 1080)}
LINES = shipped(ROOT / "data" / "jinan", CATEGORIES).splitlines()
RUBBISH = next(n for n, line in enumerate(LINES, start=1) if "name: 暴露垃圾" in line)
Visit = Callable[[str], Page]


@pytest.fixture(params=SIZES)
def visit(request: pytest.FixtureRequest, office: Office, stage: Stage) -> Iterator[Visit]:
    """Opens a page as an admin; whatever the browser complains about, and whatever is too wide, fails the test."""
    admin = office.browser(stage._bound("郑管理", Role.ADMIN, None))
    cookie = admin.client.get_cookie(COOKIE, path="/console")
    assert cookie is not None
    server = make_server("127.0.0.1", 0, office.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    base, complaints = f"http://127.0.0.1:{server.server_port}/console", list[str]()
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        width, height = SIZES[request.param]
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": base}])
        context.on("request", lambda sent: complaints.append(sent.url) if not sent.url.startswith(base) else None)

        def opened(address: str) -> Page:
            page = context.new_page()
            page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(f"{base}{address}")
            if page.evaluate("document.documentElement.scrollWidth") > width:
                complaints.append(f"{address} is wider than the screen")
            return page

        yield opened
        browser.close()
    server.shutdown()
    thread.join()
    server.server_close()
    assert complaints == []


def test_it_edits_a_file_by_line_and_puts_it_in_use(visit: Visit) -> None:
    page = visit(f"/rules/files/{CATEGORIES}/edit")
    expect(page.locator(".gutter b")).to_have_count(len(LINES) + 1)
    text = page.locator("#text")

    text.fill("\n".join(LINES).replace("name: 暴露垃圾,", "name: 暴露垃圾, lead: nobody,") + "\n")
    page.get_by_role("button", name="存草稿并检查").click()
    expect(page.get_by_role("alert")).to_contain_text(f"第{RUBBISH}行")
    page.get_by_role("link", name="接着改").click()
    expect(page.locator(".gutter .wrong")).to_have_text(str(RUBBISH))
    marked = page.evaluate("(t => t.value.slice(t.selectionStart, t.selectionEnd))(document.getElementById('text'))")
    assert "lead: nobody" in marked

    page.locator("#text").fill("\n".join(LINES).replace("name: 暴露垃圾,", "name: 露天垃圾,") + "\n")
    page.get_by_role("button", name="存草稿并检查").click()
    page.get_by_label("群众怎么说").fill("甸柳新村街道一堆垃圾没人管")
    page.get_by_role("button", name="看看派给谁").click()
    expect(page.locator("#tried")).to_contain_text("按草稿：甸柳新村街道")
    expect(page.get_by_text("没有一条派得不一样")).to_be_visible(timeout=30_000)  # it decides 765 reports twice

    page.get_by_label("为什么启用").fill("指挥部定的")
    page.get_by_role("button", name="启用").click()
    page.get_by_role("button", name="确认：全市按它派单").click()
    expect(page.get_by_role("status").first).to_contain_text("已启用")


ADDRESSES = [
    "/rules",
    "/rules/categories",
    "/rules/files",
    f"/rules/files/{CATEGORIES}",
    f"/rules/files/{CATEGORIES}/history",
    "/rules/try?text=垃圾",
    "/units",
    f"/units/{DIANLIU}",
    "/people",
    "/invitations",
    "/people/import",
]


def test_it_fits_every_page_on_every_screen(visit: Visit) -> None:
    for address in ADDRESSES:
        expect(visit(address).get_by_role("heading", level=1)).to_be_visible()


def test_it_prints_six_codes_on_a_page(visit: Visit, stage: Stage) -> None:
    for n in range(6):
        stage.code(Role.OFFICER, DIANLIU, f"张{'一二三四五六'[n]}", days=7)
    page = visit("/invitations")
    page.get_by_role("button", name="打印选中的").click()
    expect(page.locator(".slip")).to_have_count(6)

    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
