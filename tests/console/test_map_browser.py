"""地图 in a real browser, on a big screen and on a phone: pan, zoom, click, keys; nothing from another host."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from models.workflow import Status
from tests.console.browsers import Office
from tests.console.chromium import SIZES, barriers, chromium, needs_chromium, on_sqlite
from tests.console.pinned import HOME, Pins, around
from tests.stage import Stage

pytestmark = [pytest.mark.slow, needs_chromium, on_sqlite]


@dataclass
class Visit:
    """A browser window of a dispatcher, and how wide it is."""

    page: Page
    size: str
    root: str

    def go(self, query: str = "") -> None:
        self.page.goto(f"{self.root}/console/map{query}")
        self.settle()

    def settle(self) -> None:
        """Until what was asked for is drawn."""
        self.page.wait_for_timeout(500)
        self.page.wait_for_selector('#map[aria-busy="false"]')

    def total(self) -> int:
        return int(self.page.locator("[data-total]").inner_text().replace(",", ""))


@pytest.fixture
def pins(stage: Stage) -> Pins:
    return Pins(stage.installation)


@pytest.fixture(params=SIZES)
def visit(request: pytest.FixtureRequest, office: Office, stage: Stage) -> Iterator[Visit]:
    """Whatever the browser complains about, and whatever it asks another host for, fails the test."""
    with chromium(office) as browser:
        window = browser.logged_in(stage.dispatcher(), request.param)
        yield Visit(window.new_page(), request.param, browser.address)


def test_a_dispatcher_looks_around(visit: Visit, pins: Pins, stage: Stage) -> None:
    late = pins.put(HOME[0] + 0.03, HOME[1] - 0.03, due=-5)
    pins.many(list(around(12)))
    heap = pins.many([(HOME[0] - 0.03, HOME[1])] * 3, due=1)
    number = stage.reported_case()
    page = visit.page

    # Everything at first, in clusters; a click looks nearer.
    visit.go("?at=36.66,117.06,12")
    assert visit.total() == 17
    assert barriers(page) == []
    expect(page.locator(".map-lines li").first).to_contain_text(f"#{late}")
    page.locator('.pin-many[title="13件"]').click()
    visit.settle()
    assert not page.url.endswith(",12")

    # A point opens its card, the card leads to the case.
    visit.go(f"?at={HOME[0] + 0.03},{HOME[1] - 0.03},17")
    assert visit.total() == 1
    page.locator(f'.pin[title^="#{late} "]').click()
    card = page.locator(".map-card")
    expect(card).to_contain_text("甸柳新村第三小区")
    expect(card.get_by_role("link", name="打开案件")).to_have_attribute("href", f"/console/cases/{late}")

    # Cases on one spot are a list, however near one looks.
    visit.go(f"?at={HOME[0] - 0.03},{HOME[1]},19")
    page.locator(".pin-many").click()
    expect(page.locator(".leaflet-popup .map-lines li")).to_have_count(3)
    page.locator(".leaflet-popup [data-open]").first.click()
    expect(page.locator(".map-card")).to_contain_text(f"#{max(heap)}")

    # By dragging and by the arrow keys the map moves, and what is asked for moves with it.
    visit.go("?at=36.66,117.06,14")
    before = page.url
    page.locator("#map").focus()
    page.keyboard.press("ArrowRight")
    visit.settle()
    moved = page.url
    page.keyboard.press("+")
    visit.settle()
    assert len({before, moved, page.url}) == 3
    assert re.search(r"at=[0-9.]+,[0-9.]+,15", page.url)
    assert number > late


def test_what_is_shown_can_be_chosen_and_sent_on(visit: Visit, pins: Pins) -> None:
    pins.many(list(around(6, 0.0004)), due=-1)
    old = pins.put(HOME[0] + 0.001, status=Status.CLOSED)
    pins.many([(HOME[0] + 0.002, HOME[1])] * 2, due=5, recurrence_of=old)
    page = visit.page

    visit.go("?at=36.6585,117.0603,15")
    page.locator('[data-lamp="overdue"]').click()
    visit.settle()
    assert visit.total() == 6

    page.locator('[data-lamp="overdue"]').click()
    page.locator('[data-layer="recurrence"]').click()
    visit.settle()
    expect(page.locator(".again-times")).to_have_text("×2")
    expect(page.locator(".map-lines li")).to_have_count(2)

    page.locator('[data-layer="heat"]').click()
    visit.settle()
    assert "layer=heat" in page.url
    drawn = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((one) => one > 0)"
    assert page.locator(".map-heat").evaluate(drawn)

    # A colleague who opens the address sees the same.
    visit.go(page.url.split("/console/map")[1])
    assert visit.total() == 8
    expect(page.locator('[data-layer="heat"]')).to_have_attribute("aria-pressed", "true")


def test_closed_cases_are_shown_for_a_period(visit: Visit, pins: Pins) -> None:
    pins.put(status=Status.CLOSED)
    page = visit.page
    visit.go("?at=36.6585,117.0603,15")
    assert visit.total() == 0

    if visit.size == "phone":
        page.locator("[data-filters] summary").click()
    page.get_by_label("状态").select_option("closed")
    visit.settle()

    assert visit.total() == 1
    assert page.get_by_label("上报日期").input_value() == "2026-10-25"


def test_the_keyboard_is_enough(visit: Visit, pins: Pins) -> None:
    first, second = pins.put(due=-3), pins.put(HOME[0] + 0.001, due=-2)
    page = visit.page
    visit.go("?at=36.6585,117.0603,16")

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(f'[data-open="{second}"]')).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(f'[data-open="{first}"]')).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".map-card")).to_contain_text(f"#{first}")
    expect(page.locator(".map-card a.button")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".map-card")).to_have_count(0)
    expect(page.locator(f'[data-open="{first}"]')).to_be_focused()


@pytest.mark.parametrize("path", ["cases/{}", "triage?case={}"])
def test_a_case_shows_its_place_and_what_is_open_around_it(visit: Visit, pins: Pins, stage: Stage, path: str) -> None:
    pins.put(HOME[0] + 0.0005)
    pins.put(HOME[0] + 0.01)
    number = stage.reported_case(words="这里有一个说不清楚的问题")
    page = visit.page

    page.goto(f"{visit.root}/console/{path.format(number)}")
    small = page.locator("[data-minimap]")
    small.scroll_into_view_if_needed()

    expect(small.locator(".minimap-words")).to_have_text("200米内另有1件未结")
    expect(small.locator(".minimap-here")).to_be_visible()
    expect(small.locator(".pin")).to_have_count(1)
    assert barriers(page) == []
