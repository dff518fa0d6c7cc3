"""案件页 in a real browser, on a phone: the officer's photo and the reporter's verdict."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Route, expect, sync_playwright
from werkzeug.serving import make_server

from handlers.case_pages import Side
from models.draft import Draft
from models.photo import Photo
from models.workflow import Status
from tests.console.chromium import CHROMIUM, barriers, needs_chromium, on_postgresql
from tests.console.phones import app_at, token_of
from tests.photos.drawing import baotu_spring, camera_notes, jpeg, picture, saved
from tests.stage import YAOJIA, Actor, Stage

pytestmark = [pytest.mark.slow, needs_chromium, on_postgresql]
Visit = Callable[..., Page]
HERE = {"latitude": 36.6585, "longitude": 117.0603, "accuracy": 12}


@pytest.fixture
def visit(stage: Stage) -> Iterator[Visit]:
    """Opens somebody's page; a complaint of the browser, or a request to another host, fails the test."""
    stage.now = datetime.now(UTC)  # the page counts down by the phone's clock
    server = make_server("127.0.0.1", 0, app_at(stage), threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    complaints: list[str] = []
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        def opened(who: Actor, number: int, side: Side, *, token: str = "") -> Page:
            context = _phone(browser.new_context, complaints, server.server_port)
            page = context.new_page()
            page.on("console", lambda said: complaints.append(said.text) if _is_wrong(said) else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            token = token or token_of(stage.installation, stage, who, number, side)
            page.goto(f"http://127.0.0.1:{server.server_port}/h5/{token}")
            return page

        yield opened
        browser.close()
    server.shutdown()
    thread.join()
    server.server_close()
    assert complaints == []


def _phone(make: Callable[..., BrowserContext], complaints: list[str], port: int) -> BrowserContext:
    context = make(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="zh-CN",
        timezone_id="Asia/Shanghai", geolocation=HERE, permissions=["geolocation"],
    )  # fmt: skip
    own = f"http://127.0.0.1:{port}/"
    context.on(
        "request", lambda one: None if one.url.startswith((own, "blob:", "data:")) else complaints.append(one.url)
    )
    return context


def _is_wrong(said: ConsoleMessage) -> bool:
    """What we refuse on purpose, or cut off, is told as well; a script or a policy that fails is wrong."""
    return said.type == "error" and not re.search("status of 40[03]|ERR_FAILED|ERR_INTERNET_DISCONNECTED", said.text)


def photo_file(folder: Path, name: str = "IMG_1.jpg", data: bytes = b"") -> Path:
    file = folder / name
    file.write_bytes(data or jpeg(picture(640, 480), exif=camera_notes(gps=baotu_spring())))
    return file


def choose(page: Page, *files: Path) -> None:
    page.locator("input[type=file]").set_input_files([str(file) for file in files])


def uploaded(page: Page) -> int:
    return page.locator("[data-files] [data-id]").count()


def photos(stage: Stage) -> list[tuple[Photo, Draft]]:
    """What was uploaded, and to which draft it belongs."""
    with stage.installation.database.glance() as session:
        rows = session.query(Photo, Draft).join(Draft, Draft.id == Photo.draft_id).filter(Photo.account == "h5")
        return [(photo, draft) for photo, draft in rows.order_by(Photo.id)]


def test_it_leads_from_the_task_to_the_verdict(visit: Visit, stage: Stage, tmp_path: Path) -> None:
    officer, citizen, verifier = stage.officer("张三"), stage.citizen(), stage.verifier()
    number = stage.reported_case(citizen)

    unit = visit(officer, number, Side.OFFICER)
    expect(unit.locator("[data-due]")).to_contain_text("剩11小时59分")
    unit.get_by_role("button", name="认领").tap()
    expect(unit.get_by_role("status").first).to_contain_text("已认领")
    choose(unit, photo_file(tmp_path))
    expect(unit.locator("[data-files] [data-id]")).to_have_count(1)
    unit.get_by_role("button", name="附上位置").tap()
    expect(unit.locator("[data-where]")).to_contain_text("误差约12米")
    unit.get_by_label("处理说明").fill("已清运，老王冲洗了地面")
    unit.get_by_role("button", name="提交整改").tap()
    expect(unit.locator(".told")).to_contain_text("整改已提交")

    mine = visit(citizen, number, Side.REPORTER)
    after = mine.get_by_alt_text("整改后照片1")
    expect(after).to_be_visible()
    assert after.evaluate("image => image.naturalWidth") > 0
    assert "老王" not in mine.content()
    mine.get_by_label("评价的话").fill("地上还有一袋")
    mine.get_by_role("button", name="不满意", exact=True).tap()
    expect(mine.locator(".told")).to_contain_text("不解决不办结")

    ((photo, draft),) = photos(stage)
    assert (photo.lat, photo.size) == (pytest.approx(36.6612, abs=1e-3), (tmp_path / "IMG_1.jpg").stat().st_size)
    assert draft.extra["place_from"]["accuracy"] == 12
    assert stage.case(number).rating == 3
    assert any("地上还有一袋" in text for text in verifier.hears())


def test_it_sends_nothing_twice_when_somebody_reloads(visit: Visit, stage: Stage) -> None:
    officer = stage.officer("张三")
    number = stage.reported_case()
    page = visit(officer, number, Side.OFFICER)
    address = page.url
    page.get_by_role("button", name="认领").tap()
    expect(page.locator(".told")).to_be_visible()

    assert page.url == address
    page.reload()

    expect(page.locator(".told")).to_have_count(0)
    assert [event.move.value for event in stage.events(number)].count("claim") == 1


def test_it_goes_on_after_a_lost_connection_and_keeps_each_photo_once(
    visit: Visit, stage: Stage, tmp_path: Path
) -> None:
    officer = stage.officer("张三")
    page = visit(officer, stage.reported_case(), Side.OFFICER)
    calls: list[str] = []

    def lose_answers(route: Route) -> None:
        """The photo arrives, and the answer does not, the first time."""
        calls.append(route.request.headers["x-upload"])
        if len(calls) == 1:
            route.fetch()
            route.abort("failed")
        else:
            route.continue_()

    page.route("**/photos", lose_answers)
    choose(page, photo_file(tmp_path), photo_file(tmp_path, "IMG_2.jpg", jpeg(picture(320, 200))))
    expect(page.locator("[data-files] [data-id]")).to_have_count(2, timeout=15_000)

    assert len(calls) == 3
    assert calls[0] == calls[1]
    assert len(photos(stage)) == 2


def test_it_lets_people_try_again_and_submits_nothing_half(visit: Visit, stage: Stage, tmp_path: Path) -> None:
    officer = stage.officer("张三")
    number = stage.reported_case()
    page = visit(officer, number, Side.OFFICER)
    page.clock.install()
    page.route("**/photos", lambda route: route.abort("failed"))
    choose(page, photo_file(tmp_path))
    again = page.locator(".again")
    for _ in range(8):
        page.clock.run_for(9000)
        page.wait_for_timeout(100)
    expect(again).to_be_visible()
    page.get_by_role("button", name="提交整改").tap()
    expect(page.locator("[data-hint]")).to_contain_text("有照片没有传上去")
    status = stage.case(number).status

    page.unroute("**/photos")
    again.tap()
    expect(page.locator("[data-files] [data-id]")).to_have_count(1)

    assert status is Status.ASSIGNED
    assert len(photos(stage)) == 1


def test_it_says_what_it_cannot_take(visit: Visit, stage: Stage, tmp_path: Path) -> None:
    page = visit(stage.officer("张三"), stage.reported_case(), Side.OFFICER)
    hint = page.locator("[data-hint]")
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1" + b"\0" * 500

    choose(page, photo_file(tmp_path, "huge.jpg", b"\xff\xd8" + b"\0" * 40_000_000))
    expect(hint).to_contain_text("超过10MB")
    choose(page, photo_file(tmp_path, "garbage.jpg", b"nothing at all"))
    expect(hint).to_contain_text("没能收下")
    choose(page, photo_file(tmp_path, "IMG.HEIC", heic))
    expect(hint).to_contain_text("没能收下")
    assert uploaded(page) == 0
    choose(page, photo_file(tmp_path, "shot.png", saved("PNG", picture(300, 200))))
    expect(page.locator("[data-files] [data-id]")).to_have_count(1)
    expect(hint).to_contain_text("没有拍摄时间和地点")

    assert [photo.mime for photo, _ in photos(stage)] == ["image/png"]


def test_it_takes_a_wrong_photo_out_again(visit: Visit, stage: Stage, tmp_path: Path) -> None:
    page = visit(stage.officer("张三"), stage.reported_case(), Side.OFFICER)
    choose(page, photo_file(tmp_path))
    expect(page.locator("[data-files] [data-id]")).to_have_count(1)

    page.get_by_role("button", name="去掉这张照片").tap()
    expect(page.locator("[data-files] li")).to_have_count(0)
    page.reload()

    expect(page.locator("[data-files] li")).to_have_count(0)


def test_it_opens_for_nobody_else(visit: Visit, stage: Stage) -> None:
    zhang, ma = stage.officer("张三"), stage.officer("马五", YAOJIA)
    number = stage.reported_case()
    good = token_of(stage.installation, stage, zhang, number, Side.OFFICER)
    forged = good[:-1] + ("0" if good[-1] != "0" else "1")

    for page in (visit(ma, number, Side.OFFICER), visit(zhang, number, Side.OFFICER, token=forged)):
        expect(page.get_by_role("heading")).to_have_text("打不开这个页面")
        assert "垃圾桶" not in page.content()


@pytest.mark.parametrize("side", Side)
def test_it_fits_a_phone_and_everybody(visit: Visit, stage: Stage, side: Side) -> None:
    officer, citizen = stage.officer("张三"), stage.citizen()
    number = stage.reported_case(citizen)
    officer.says(f"认领 {number}")

    if side is Side.REPORTER:
        officer.photo()
        officer.says(f"整改 {number} 已清运")

    page = visit(officer if side is Side.OFFICER else citizen, number, side)

    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert barriers(page) == []
    small = page.locator("button:visible, summary:visible, input[type=file]").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().height < 24).map(one => one.outerHTML)"
    )
    assert small == []
