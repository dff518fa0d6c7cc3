"""真浏览器: the console in Debian's Chromium. Whatever the browser complains about fails the test."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright
from werkzeug.serving import make_server

from console.gate import COOKIE
from tests.console.browsers import Office
from tests.stage import Actor

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
# In CI a missing browser is a failure; on a developer's machine it spares the tests that need one.
needs_chromium = pytest.mark.skipif(
    not CHROMIUM and not os.environ.get("CI"), reason="no Chromium here: install one, or name it in CHROMIUM"
)
# Whatever asks the database is tested on both; what a browser makes of the answer does not depend on it.
on_sqlite = pytest.mark.parametrize("loaded_database", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("loaded_database", ["postgresql"], indirect=True)
SIZES = {"phone": (390, 844), "pc": (1920, 1080)}
_ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]


@dataclass
class Chromium:
    """One browser, and what it complained about."""

    office: Office
    address: str
    browser: Browser
    complaints: list[str] = field(default_factory=list)

    def logged_in(self, who: Actor, size: str = "pc", **how: object) -> BrowserContext:
        """A window of somebody who is logged in."""
        cookie = self.office.browser(who).client.get_cookie(COOKIE, path="/console")
        assert cookie is not None
        window = self.window(size, **how)
        window.add_cookies([{"name": COOKIE, "value": cookie.value, "url": f"{self.address}/console/"}])
        return window

    def window(self, size: str = "pc", **how: object) -> BrowserContext:
        width, height = SIZES[size]
        screen = {"width": width, "height": height}
        window = self.browser.new_context(viewport=screen, locale="zh-CN", has_touch=size == "phone", **how)  # type: ignore[arg-type]
        window.set_default_timeout(15_000)
        window.on("page", self._watch)
        return window

    def open(self, window: BrowserContext, path: str) -> Page:
        page = window.new_page()
        page.goto(f"{self.address}{path}")
        return page

    def _watch(self, page: Page) -> None:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)

    def _heard(self, said: ConsoleMessage) -> None:
        """A refusal by the server is one we ask for; a script or a policy that fails is not."""
        if said.type in ("error", "warning") and "Failed to load resource" not in said.text:
            self.complaints.append(said.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"asked another host: {request.url}")


@contextmanager
def chromium(office: Office) -> Iterator[Chromium]:
    """The office's app behind a port of its own, and a browser for it."""
    server = make_server("127.0.0.1", 0, office.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        found = Chromium(office, f"http://127.0.0.1:{server.server_port}", browser)
        try:
            yield found
        finally:
            browser.close()
            server.shutdown()
            thread.join()
            server.server_close()
    assert found.complaints == []


def barriers(page: Page) -> list[str]:
    """无障碍: what axe finds that is serious or worse."""
    found = Axe().run(page).response["violations"]
    grave = [one for one in found if one["impact"] in ("serious", "critical")]
    return [f"{one['id']}: {node['html'][:160]}" for one in grave for node in one["nodes"]]
