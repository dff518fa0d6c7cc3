"""公开页 in a real browser, on a phone and on a PC: boxes are drawn by mouse, finger and keyboard."""

import os
import shutil
from collections.abc import Callable, Iterator
from threading import Thread

import pytest
import requests
from playwright.sync_api import ConsoleMessage, Page, expect, sync_playwright
from werkzeug.serving import make_server

from tests.bot.conftest import Build
from tests.bot.gallery import Gallery

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: install one, or name it in CHROMIUM"),
]
SIZES = {"phone": (390, 844), "pc": (1280, 800)}
Visit = Callable[..., Page]


@pytest.fixture
def gallery(build: Build) -> Gallery:
    return Gallery(build())


@pytest.fixture(params=SIZES)
def visit(request: pytest.FixtureRequest, gallery: Gallery) -> Iterator[Visit]:
    """Opens a link; whatever the browser complains about fails the test."""
    server = make_server("127.0.0.1", 0, gallery.browser.application, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    width, height = SIZES[request.param]
    complaints: list[str] = []
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(
            viewport={"width": width, "height": height}, has_touch=request.param == "phone", locale="zh-CN"
        )

        def opened(token: str = "") -> Page:
            page = context.new_page()
            page.on("console", lambda said: complaints.append(said.text) if _is_wrong(said) else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(f"http://127.0.0.1:{server.server_port}/publish/{token or gallery.token()}")
            page.wait_for_function("document.getElementById('picture').naturalWidth > 0")
            return page

        yield opened
        browser.close()
    server.shutdown()
    thread.join()
    server.server_close()
    assert complaints == []


def _is_wrong(said: ConsoleMessage) -> bool:
    """A refusal by the server is one we ask for; a script or a policy that fails is not."""
    return said.type == "error" and "403" not in said.text


def drag(page: Page, x: float, y: float, to_x: float, to_y: float) -> None:
    """Press, move and let go, in fractions of the picture."""
    area = page.locator("#stage").bounding_box()
    assert area is not None
    page.mouse.move(area["x"] + x * area["width"], area["y"] + y * area["height"])
    page.mouse.down()
    for part in (0.3, 0.7, 1.0):
        at_x, at_y = x + (to_x - x) * part, y + (to_y - y) * part
        page.mouse.move(area["x"] + at_x * area["width"], area["y"] + at_y * area["height"])
    page.mouse.up()


def swipe(page: Page, x: float, y: float, to_x: float, to_y: float) -> None:
    """The same with a finger."""
    area = page.locator("#stage").bounding_box()
    assert area is not None
    finger = page.context.new_cdp_session(page)
    for kind, at_x, at_y in (
        ("touchStart", x, y),
        ("touchMove", (x + to_x) / 2, (y + to_y) / 2),
        ("touchMove", to_x, to_y),
    ):
        point = {"x": area["x"] + at_x * area["width"], "y": area["y"] + at_y * area["height"]}
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def boxes(page: Page) -> list[list[float]]:
    """The boxes as they stand on the picture, as percentages of it."""
    script = "nodes => nodes.map(n => ['left','top','width','height'].map(side => parseFloat(n.style[side])))"
    found: list[list[float]] = page.locator(".box").evaluate_all(script)
    return found


def test_it_publishes_what_was_drawn_and_takes_it_back(visit: Visit, gallery: Gallery) -> None:
    page = visit()
    drag(page, 0.1, 0.2, 0.3, 0.4)
    page.get_by_role("button", name="预览").click()
    expect(page.locator("#result")).to_be_visible()
    page.get_by_role("button", name="确认公开").click()
    expect(page.locator("#public")).to_be_visible()
    address = page.locator("#address").input_value()

    shown = requests.get(address, timeout=5)
    page.get_by_role("button", name="撤回公开").click()
    page.get_by_role("button", name="再点一次，撤回公开").click()
    expect(page.locator("#withdrawn")).to_be_visible()
    after = requests.get(address, timeout=5)

    assert (shown.status_code, after.status_code) == (200, 404)
    assert shown.headers["Content-Type"] == "image/jpeg"
    (row,) = gallery.publications()
    assert row.boxes["boxes"][0] == pytest.approx([0.1, 0.2, 0.2, 0.2], abs=0.01)


def test_it_moves_widens_and_deletes_a_box(visit: Visit) -> None:
    page = visit()
    drag(page, 0.2, 0.2, 0.4, 0.4)
    drag(page, 0.3, 0.3, 0.5, 0.5)
    moved = boxes(page)
    drag(page, 0.6, 0.6, 0.8, 0.9)
    widened = boxes(page)
    page.get_by_role("button", name="删除").click()

    assert moved[0] == pytest.approx([40, 40, 20, 20], abs=1)
    assert widened[0] == pytest.approx([40, 40, 40, 50], abs=1)
    assert boxes(page) == []


def test_it_keeps_every_box_inside_the_picture(visit: Visit) -> None:
    page = visit()
    drag(page, 0.7, 0.7, 1.3, 1.3)
    drag(page, 0.8, 0.8, 1.2, 1.2)

    assert boxes(page)[0] == pytest.approx([70, 70, 30, 30], abs=1)


def test_it_takes_a_tap_for_no_box(visit: Visit) -> None:
    page = visit()
    drag(page, 0.5, 0.5, 0.502, 0.502)

    assert boxes(page) == []


def test_it_can_be_used_without_a_mouse(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="加一个框").focus()
    for key in ("Enter", "ArrowLeft", "ArrowLeft", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    placed = boxes(page)
    page.keyboard.press("Delete")

    assert placed[0] == pytest.approx([38, 39, 21, 16], abs=0.1)
    assert boxes(page) == []


def test_it_asks_for_a_word_where_nothing_is_hidden(visit: Visit, gallery: Gallery) -> None:
    page = visit()
    look = page.get_by_role("button", name="预览")
    expect(look).to_be_disabled()
    page.get_by_label("照片里没有需要遮挡的内容").check()
    look.click()
    page.get_by_role("button", name="确认公开").click()
    expect(page.locator("#public")).to_be_visible()

    assert [row.boxes for row in gallery.publications()] == [{"boxes": []}]


def test_it_shows_the_boxes_of_what_is_public_already(visit: Visit, gallery: Gallery) -> None:
    path = gallery.publishes([0.1, 0.2, 0.2, 0.2])

    page = visit()

    assert boxes(page) == [pytest.approx([10, 20, 20, 20])]
    assert page.locator("#address").input_value().endswith(path)


def test_it_tells_what_the_server_refuses(visit: Visit, gallery: Gallery) -> None:
    page = visit()
    drag(page, 0.1, 0.2, 0.3, 0.4)
    gallery.stage.leave(gallery.dispatcher)
    with page.expect_event("console"):  # the browser itself tells of a 403
        page.get_by_role("button", name="预览").click()

    expect(page.get_by_role("alert")).to_contain_text("您现在不能公开这张照片")


@pytest.mark.parametrize("visit", ["phone"], indirect=True)
def test_it_draws_with_a_finger_without_moving_the_page(visit: Visit) -> None:
    page = visit()
    swipe(page, 0.2, 0.3, 0.5, 0.8)

    assert boxes(page)[0] == pytest.approx([20, 30, 30, 50], abs=1)
    assert page.evaluate("window.scrollY") == 0
