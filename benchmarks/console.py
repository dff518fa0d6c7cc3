"""指挥部页面: python -m benchmarks.console [--quick] [--filled URL]: what its pages take among a million cases."""

import gzip
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape

import click
from flask.testing import FlaskClient
from sqlalchemy import select

from benchmarks.archive.filling import clocks_of_config, fill
from benchmarks.figures import percentile, show
from benchmarks.ground import Ground, ground
from bot.app import create_app
from bot.installation import Installation, install
from bot.settings import load_settings
from console import accounts
from console.gate import COOKIE
from models.people import Membership, Role

_AIM_MS, _AIM_KB = 200, 300
_DEEP = 200
_TRUNK = "/console"
_OWN = re.compile(r'(?:href|src)="(/console/static/[^"]+)"')
_NEXT = re.compile(r'rel="next"[^>]*href="([^"]*)"')
_WHOLE = ("/", "/cases", "/triage", "/wall", "/map", "/statistics", "/rules", "/people", "/units")


@dataclass(frozen=True, slots=True)
class Size:
    """规模: how many cases on which database, and how often each page is asked for."""

    cases: int
    rounds: int


FULL = {"postgresql": Size(1_000_000, 40), "sqlite": Size(100_000, 40)}
QUICK = {"postgresql": Size(3_000, 5), "sqlite": Size(3_000, 5)}


@click.command()
@click.option("--quick", is_flag=True, help="A few thousand cases; shows that it runs, its figures mean little.")
@click.option("--filled", help="A database that benchmarks.archive has filled already; only this one is measured.")
def main(quick: bool, filled: str | None) -> None:
    """Fill databases, ask for the pages as a dispatcher who is logged in, and print."""
    with ground() as place:
        if filled:
            _measure(place, filled, filled.partition(":")[0], FULL["postgresql"].rounds)
            return
        for kind, size in (QUICK if quick else FULL).items():
            url = place.database(kind)
            fill(url, size.cases, clocks_of_config(), datetime.now(UTC))
            _measure(place, url, f"{kind}, {size.cases:,} cases", size.rounds)
            place.drop(url)


def _measure(place: Ground, url: str, title: str, rounds: int) -> None:
    installation = install(load_settings(place.places(url).config))
    browser = _logged_in(installation)
    times = {name: _times(browser, asked, rounds) for name, asked in _pages(browser).items()}
    rows = [(name, *_row(taken)) for name, taken in times.items()]
    show(f"{title}: ms a page, {rounds} times", ("page", "p50", "p95", f"{_AIM_MS} ms to p95"), rows)
    show("First load in kB", ("page", "requests", "raw", "gzip", f"{_AIM_KB} kB to gzip"), _loads(browser))
    installation.database.engine.dispose()


def _logged_in(installation: Installation) -> FlaskClient:
    """The browser of a dispatcher."""
    now = datetime.now(UTC)
    with installation.database.story() as session:
        query = select(Membership.person_id).where(Membership.role == Role.DISPATCHER).limit(1)
        cookie = accounts.begin(session, now, session.scalars(query).one(), accounts.BY_PASSWORD, timedelta(days=1))
    client = create_app(installation).test_client()
    client.set_cookie(COOKIE, cookie, path=_TRUNK)
    return client


def _pages(browser: FlaskClient) -> dict[str, str]:
    """What is asked for, by what it is."""
    month = datetime.now(UTC).date() - timedelta(days=200)
    first = unescape(browser.get(f"{_TRUNK}/cases?status=open").text)
    number = (re.findall(r'/cases/(\d+)"', first) or ["1"])[0]
    return {
        "Today": "/",
        "Today, what changed": "/today/live",
        "wall": "/wall",
        "list": "/cases",
        "list: open, by deadline": "/cases?status=open&sort=due",
        "list: overdue in a district and below": "/cases?unit=370102&lamp=overdue&sort=due",
        "list: a street": "/cases?street=370102009",
        "list: a month, a category": f"/cases?category=event:06010&from={month}&to={month + timedelta(days=30)}",
        "list: discontent, a platform": "/cases?rating=3&channel=citizen_patrol",
        "search: a common word": "/cases?q=垃圾",
        "search: a rare word": "/cases?q=阳光房",
        "search: nothing": "/cases?q=紫禁城墙",
        "search: a word, open": "/cases?q=垃圾&status=open",
        f"list: page {_DEEP}": _deep(browser),
        "case": f"/cases/{number}",
        "triage": "/triage",
    }


def _deep(browser: FlaskClient) -> str:
    """The address after turning so many pages."""
    at = "/cases"
    for _ in range(_DEEP):
        following = _NEXT.search(browser.get(_TRUNK + at).text)
        if following is None:
            return at
        at = "/cases" + unescape(following[1])
    return at


def _times(browser: FlaskClient, address: str, rounds: int) -> list[float]:
    """Milliseconds, after one to warm up."""
    taken = []
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        answer = browser.get(_TRUNK + address)
        taken.append((time.perf_counter() - begun) * 1000)
        if answer.status_code >= 400:
            raise click.ClickException(f"{address}: {answer.status}")
    return taken[1:]


def _row(taken: Sequence[float]) -> tuple[str, str, str]:
    slow = percentile(taken, 0.95)
    return f"{percentile(taken, 0.5):.0f}", f"{slow:.0f}", f"{_AIM_MS / slow:.1f}"


def _loads(browser: FlaskClient) -> list[tuple[str, ...]]:
    """Every page with the files it names, as a browser that has never been here fetches them."""
    rows: list[tuple[str, ...]] = []
    for address in _WHOLE:
        page = browser.get(_TRUNK + address)
        if page.status_code != 200:
            continue
        bodies = [page.data, *(browser.get(unescape(file)).data for file in dict.fromkeys(_OWN.findall(page.text)))]
        raw, packed = sum(map(len, bodies)), sum(len(gzip.compress(body)) for body in bodies)
        rows.append(
            (address, str(len(bodies)), f"{raw / 1000:.0f}", f"{packed / 1000:.0f}", f"{_AIM_KB / packed * 1000:.1f}")
        )
    return rows


if __name__ == "__main__":
    main()
