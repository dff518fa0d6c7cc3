"""微信确认: with the account's 网页授权, a link opens for the person it names and for nobody else."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from console.premises import EXTENSION
from handlers.case_pages import CaseGrant, Side
from models.people import Identity
from simulator.people import Person as Phone
from simulator.server import Simulator, running
from simulator.settings import Limits
from tests.bot.company_office import company_settings, company_world
from tests.bot.conftest import Build, build
from tests.bot.pushes import ACCOUNT
from tests.console.browsers import said
from tests.console.phones import app_at, person_of
from tests.stage import Actor, Stage

__all__ = ["build"]

CITY = "https://city.example.cn"
WECHAT = {"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50"}
WECOM = {"User-Agent": "Mozilla/5.0 (iPhone) wxwork/4.1 MicroMessenger/7.0"}


@pytest.fixture
def wechat() -> Iterator[Simulator]:
    domain = {"oauth_domain": "city.example.cn"}
    world = company_world(replace(ACCOUNT, mode="safe", **domain), Limits())
    with running(replace(world, corps=(replace(world.corps[0], **domain),))) as simulator:
        yield simulator


@pytest.fixture
def stage(build: Build, wechat: Simulator) -> Stage:
    """A stage whose account and app let WeChat tell who opens a page."""
    work: dict[str, Any] = company_settings(wechat.url)
    work["wecom"][0]["oauth"] = True
    account = {"app_id": ACCOUNT.app_id, "app_secret": ACCOUNT.app_secret, "api_base_url": wechat.url, "oauth": True}
    return Stage(build(account, web={"public_url": CITY}, quiet_hours=None, **work))


@pytest.fixture
def officer(stage: Stage, wechat: Simulator) -> Actor:
    return known(wechat, stage.officer("张三"))


def known(wechat: Simulator, who: Actor) -> Actor:
    """Somebody whom the simulator's WeChat knows as well."""
    wechat.world.people.add(Phone(account="jinan", openid=who.openid, name=who.name))
    return who


def member(stage: Stage, wechat: Simulator, who: Actor, userid: str) -> None:
    """The same person at the company."""
    wechat.world.people.add(Phone(account="work", openid=userid, name=who.name))
    person = person_of(stage, who)
    with stage.installation.database.story() as session:
        identity = Identity(account="work", openid=userid.lower(), person_id=person, last_heard_at=stage.now)
        session.add(identity)


def link(stage: Stage, who: Actor, number: int) -> str:
    until = stage.now + stage.installation.settings.console.link_good_for
    return "/h5/" + stage.installation.case_pages.sign(CaseGrant(number, person_of(stage, who), Side.OFFICER, until))


def goes(client: FlaskClient, address: str, chooser: str, agent: dict[str, str] = WECHAT) -> TestResponse:
    """Open an address in WeChat and follow it through WeChat's own page, as whoever holds the phone."""
    answer = client.get(address, headers=agent, base_url=CITY)
    while answer.status_code == 302:
        there = answer.headers["Location"]
        if not there.startswith(("/", CITY)):
            told = requests.get(there, params={"as": chooser}, timeout=5, allow_redirects=False)
            there = told.headers.get("Location", "")
        parts = urlsplit(there)
        answer = client.get(f"{parts.path}?{parts.query}", headers=agent, base_url=CITY)
    return answer


def test_it_opens_for_the_person_it_names(stage: Stage, officer: Actor) -> None:
    number = stage.reported_case()
    client = app_at(stage).test_client()

    first = goes(client, link(stage, officer, number), officer.openid)
    again = client.get(link(stage, officer, number), headers=WECHAT, base_url=CITY)

    assert "垃圾桶满了" in said(first)
    assert again.status_code == 200  # nobody is asked twice


def test_it_stays_shut_for_somebody_else(stage: Stage, wechat: Simulator, officer: Actor) -> None:
    number = stage.reported_case()
    colleague = known(wechat, stage.officer("李四"))
    client = app_at(stage).test_client()

    answer = goes(client, link(stage, officer, number), colleague.openid)

    assert answer.status_code == 403
    assert "这个链接是发给别人的" in said(answer)
    assert "垃圾桶" not in answer.text


def test_it_opens_nowhere_but_in_wechat(stage: Stage, officer: Actor) -> None:
    number = stage.reported_case()
    client = app_at(stage).test_client()
    address = link(stage, officer, number)

    page = client.get(address, headers={"User-Agent": "Mozilla/5.0 Firefox/130"}, base_url=CITY)
    act = client.post(f"{address}/claim", data={"page": "x"}, base_url=CITY)

    assert page.status_code == 403
    assert "请在微信" in said(page)
    assert act.status_code == 400
    assert client.get(f"{address}/photo/1/thumb.jpg", base_url=CITY).status_code == 400


def test_it_is_asked_where_the_person_is(stage: Stage, wechat: Simulator, officer: Actor) -> None:
    number = stage.reported_case()
    member(stage, wechat, officer, "ZhangSan")

    by_work = goes(app_at(stage).test_client(), link(stage, officer, number), "ZhangSan", WECOM)
    by_wechat = goes(app_at(stage).test_client(), link(stage, officer, number), officer.openid, WECHAT)

    assert (by_work.status_code, by_wechat.status_code) == (200, 200)


def test_it_opens_each_members_own_page_from_a_card(stage: Stage, wechat: Simulator, officer: Actor) -> None:
    number = stage.reported_case()
    member(stage, wechat, officer, "ZhangSan")
    stranger = stage.citizen()
    stranger.says("帮助")
    member(stage, wechat, stranger, "Stranger")

    own = goes(app_at(stage).test_client(), f"/h5/open/work/{number}", "ZhangSan", WECOM)
    other = goes(app_at(stage).test_client(), f"/h5/open/work/{number}", "Stranger", WECOM)

    assert "垃圾桶满了" in said(own)
    assert other.status_code == 403
    assert "垃圾桶" not in other.text


def test_it_believes_no_answer_it_has_not_asked_for(stage: Stage, wechat: Simulator, officer: Actor) -> None:
    """A code of one's own, put under somebody else's browser, opens nothing there."""
    number = stage.reported_case()
    code = wechat.world.oauth.issue("jinan", officer.openid, wechat.world.clock())
    client = app_at(stage).test_client()
    client.get(link(stage, officer, number), headers=WECHAT, base_url=CITY)

    forged = client.get(f"/h5/back/jinan?code={code}&state=made0up", headers=WECHAT, base_url=CITY)
    fresh = app_at(stage).test_client().get(f"/h5/back/jinan?code={code}&state=x", headers=WECHAT, base_url=CITY)

    assert (forged.status_code, fresh.status_code) == (403, 403)


def test_it_says_so_when_wechat_is_silent(stage: Stage, wechat: Simulator, officer: Actor) -> None:
    number = stage.reported_case()
    wechat.world.faults.add("api_500", path="/sns/oauth2/access_token")

    answer = goes(app_at(stage).test_client(), link(stage, officer, number), officer.openid)

    assert answer.status_code == 503


def test_it_needs_no_wechat_where_the_account_cannot_tell(stage: Stage, officer: Actor) -> None:
    number = stage.reported_case()
    app = app_at(stage)
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], authorizations={})

    assert app.test_client().get(link(stage, officer, number)).status_code == 200
