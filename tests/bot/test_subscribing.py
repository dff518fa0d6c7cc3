"""一次性订阅: what an officer is offered at 认领, buys at WeChat, and is reached by when the window is shut."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot.app import create_app
from bot.subscribing import ENOUGH, GOOD_FOR, SCENES, Offer, read_offer
from handlers.message import Kind
from models.people import Allowance, Identity, Way
from simulator.people import Person as Phone
from tests.bot.conftest import Build
from tests.bot.post_office import PostOffice
from tests.stage import Actor, Stage

WORK = {
    "key": "work", "platform": "citizen_patrol", "corp_id": "wwtest", "agent_id": 1000002, "secret": "work-secret",
    "token": "work-token", "aes_key": "0123456789abcdefghijABCDEFGHIJ0123456789abA",
}  # fmt: skip
PUBLIC = "https://chuangcheng.example.cn/"
_LINK = re.compile(r'<a href="([^"]+)">[^<]+</a>')
Open = Callable[..., PostOffice]


@dataclass
class Town:
    """Officers who can tap links: WeChat's page is the simulator's, the way back leads to our own app."""

    office: PostOffice
    stage: Stage
    browser: FlaskClient

    def officer(self) -> Actor:
        officer = self.stage.officer()
        self.office.simulator.world.people.add(Phone(account="jinan", openid=officer.openid, name=officer.openid))
        return officer

    def another_case(self) -> int:
        """A case of its own: what lies together and comes together is one."""
        self.stage.now += timedelta(minutes=1)
        return self.stage.reported_case()

    def claims(self, officer: Actor, number: int | None = None) -> str:
        """A case of theirs, claimed; returns the link in the answer, "" for none."""
        found = _LINK.search(officer.says(f"认领 {number or self.stage.reported_case()}"))
        return html.unescape(found[1]) if found else ""

    def decides(self, officer: Actor, link: str, action: str = "confirm") -> str:
        """Open WeChat's page and press one of its buttons; returns where it leads to."""
        asked = {**dict(parse_qsl(urlsplit(link).query)), "as": officer.openid}
        page = f"{self.office.simulator.url}/mp/subscribemsg"
        assert requests.get(page, params=asked, timeout=5).ok
        answer = requests.post(f"{page}/done", data={**asked, "action": action}, allow_redirects=False, timeout=5)
        return str(answer.headers["Location"])

    def returns(self, address: str, **other: str) -> TestResponse:
        """Follow WeChat's redirect, perhaps with something in it changed."""
        parts = urlsplit(address)
        return self.browser.get(parts.path, query_string={**dict(parse_qsl(parts.query)), **other})

    def subscribes(self, officer: Actor, link: str) -> TestResponse:
        return self.returns(self.decides(officer, link))

    def bought(self, officer: Actor) -> dict[str, int]:
        """Scene and how many are left of it, as our ledger has it."""
        with self.stage.installation.database.glance() as session:
            query = select(Allowance.slot, Allowance.left).join(Identity, Identity.id == Allowance.identity_id)
            rows = session.execute(query.where(Identity.openid == officer.openid, Allowance.way == Way.ONCE))
            return {slot: left for slot, left in rows if left}


def scene_of(number: int) -> str:
    """The scene a case's claim offers first."""
    return str(number % SCENES)


@pytest.fixture
def settle(open_post_office: Open) -> Callable[..., Town]:
    def settled(account: dict[str, str] | None = None, public_url: str = PUBLIC, **changes: object) -> Town:
        apart = {"duplicates": {"within": "30s"}}
        office = open_post_office(account=account, web={"public_url": public_url}, **apart, **changes)
        stage = Stage(office.installation)
        stage.now = office.now
        return Town(office, stage, create_app(office.installation).test_client())

    return settled


@pytest.fixture
def town(settle: Callable[..., Town]) -> Town:
    return settle()


def test_it_offers_a_link_to_wechats_page_at_claim(town: Town) -> None:
    link = town.claims(town.officer())

    asked = dict(parse_qsl(urlsplit(link).query))
    assert link.startswith("https://mp.weixin.qq.com/mp/subscribemsg?action=get_confirm&appid=wxtest&scene=")
    assert link.endswith("#wechat_redirect")
    assert asked["template_id"] == "O"
    assert asked["redirect_url"] == f"{PUBLIC}subscribed/jinan"
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,128}", asked["reserved"])


def test_it_enters_what_was_bought(town: Town) -> None:
    officer = town.officer()
    number = town.stage.reported_case()

    page = town.subscribes(officer, town.claims(officer, number))

    assert town.bought(officer) == {scene_of(number): 1}
    assert (page.status_code, "已订阅" in page.text, "可以关闭本页" in page.text) == (200, True, True)


def test_it_counts_a_page_that_is_loaded_again_only_once(town: Town) -> None:
    officer = town.officer()
    address = town.decides(officer, town.claims(officer))
    town.returns(address)
    _spend(town, officer)

    again = town.returns(address)

    assert town.bought(officer) == {}
    assert "已订阅" in again.text


def test_it_reaches_by_subscription_whom_no_window_reaches(settle: Callable[..., Town]) -> None:
    """A tap in the menu is all that was heard of this officer: its window is shut a minute later."""
    town = settle(account={"template": "", "subscription": ""})
    officer = town.officer()
    town.stage.reported_case()
    claimed = officer.does(Kind.MENU, scene="认领")
    link = _LINK.search(claimed)
    assert link is not None
    town.subscribes(officer, html.unescape(link[1]))

    town.stage.wait(hours=24)
    town.office.drain(town.stage.now)

    phone = town.office.simulator.world.conversations.of(("jinan", officer.openid))
    assert [line.way for line in phone] == ["subscribe"]
    assert town.bought(officer) == {}


def test_it_accumulates_over_several_claims(town: Town) -> None:
    officer = town.officer()
    numbers = [town.another_case() for _ in range(3)]

    for number in numbers:
        town.subscribes(officer, town.claims(officer, number))

    assert town.bought(officer) == {scene_of(number): 1 for number in numbers}


def test_it_moves_on_from_a_scene_that_is_not_used_up(town: Town) -> None:
    officer = town.officer()
    number = town.stage.reported_case()
    scenes = [scene_of(number + n) for n in range(3)]
    _hold(town, officer, *map(int, scenes[:2]))

    town.subscribes(officer, town.claims(officer, number))

    assert set(town.bought(officer)) == set(scenes)


def test_it_begins_again_at_the_first_scene_after_the_last(town: Town) -> None:
    officer = town.officer()
    number = town.stage.numbered_case(3 * SCENES - 1)
    _hold(town, officer, SCENES - 1)

    town.subscribes(officer, town.claims(officer, number))

    assert set(town.bought(officer)) == {str(SCENES - 1), "0"}


def test_it_asks_no_more_of_who_has_enough(town: Town) -> None:
    officer = town.officer()
    _hold(town, officer, *range(ENOUGH))

    assert town.claims(officer) == ""


@pytest.mark.parametrize(
    "how",
    [
        {"account": {"once_template": ""}},
        {"public_url": ""},
        {"delivery": {"ladder": ["custom", "template"]}},
    ],
    ids=["no template", "no address", "not on the ladder"],
)
def test_it_offers_no_link_where_there_is_none_to_follow(settle: Callable[..., Town], how: dict[str, object]) -> None:
    town = settle(**how)

    assert town.claims(town.officer()) == ""


def test_it_asks_nothing_of_who_is_reached_without_a_window(settle: Callable[..., Town]) -> None:
    town = settle(wecom=[WORK])
    officer = town.officer()
    _join_wecom(town, officer)

    assert town.claims(officer) == ""


def test_it_buys_nothing_for_a_refusal(town: Town) -> None:
    officer = town.officer()

    page = town.returns(town.decides(officer, town.claims(officer), "cancel"))

    assert town.bought(officer) == {}
    assert "没有订阅" in page.text


@pytest.mark.parametrize(
    "forged",
    [
        {"reserved": ""},
        {"reserved": "1_1_ffffffff_" + "0" * 64},
        {"reserved": "1_1_ffffffff_" + "é" * 64},
        {"scene": "77"},
        {"scene": "\0"},
        {"template_id": "T"},
        {"openid": "o-somebody-else"},
    ],
)
def test_it_buys_nothing_for_a_forged_redirect(town: Town, forged: dict[str, str]) -> None:
    officer = town.officer()

    page = town.returns(town.decides(officer, town.claims(officer)), **forged)

    assert town.bought(officer) == {}
    assert (page.status_code, "没有成功" in page.text) == (403, True)


def test_it_buys_nothing_for_a_link_that_was_passed_on(town: Town) -> None:
    officer, colleague = town.officer(), town.officer()

    page = town.subscribes(colleague, town.claims(officer))

    assert page.status_code == 403
    assert town.bought(officer) == town.bought(colleague) == {}


def test_it_buys_nothing_for_an_old_link(town: Town) -> None:
    town.stage.now -= GOOD_FOR + timedelta(hours=1)
    officer = town.officer()

    page = town.subscribes(officer, town.claims(officer))

    assert town.bought(officer) == {}
    assert (page.status_code, "已过期" in page.text) == (410, True)


def test_it_knows_no_other_account(town: Town) -> None:
    assert town.browser.get("/subscribed/elsewhere?action=confirm").status_code == 404


def test_it_signs_for_one_account_alone(build: Build) -> None:
    (account,) = build().settings.accounts
    (other,) = build({"app_id": "wx-other"}).settings.accounts
    offer = Offer(7, 12, Stage(build()).now)

    assert read_offer(account, offer.sign(account)) == offer
    assert read_offer(other, offer.sign(account)) is None


def test_it_lets_nothing_foreign_into_the_page(town: Town) -> None:
    page = town.browser.get("/subscribed/jinan", query_string={"reserved": "<script>", "scene": "<b>"})

    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "<script" not in page.text
    assert "<b>" not in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"


def _hold(town: Town, officer: Actor, *scenes: int) -> None:
    """What they bought before and have not used."""
    with town.stage.installation.database.story() as session:
        identity = session.scalars(select(Identity).where(Identity.openid == officer.openid)).one()
        held = [Allowance(identity_id=identity.id, way=Way.ONCE, slot=str(scene), left=1) for scene in scenes]
        session.add_all(held)


def _spend(town: Town, officer: Actor) -> None:
    with town.stage.installation.database.story() as session:
        query = select(Allowance).join(Identity, Identity.id == Allowance.identity_id)
        for allowance in session.scalars(query.where(Identity.openid == officer.openid, Allowance.way == Way.ONCE)):
            allowance.left = 0


def _join_wecom(town: Town, officer: Actor) -> None:
    """Give them an identity at 企业微信 as well."""
    with town.stage.installation.database.story() as session:
        own = session.scalars(select(Identity).where(Identity.openid == officer.openid)).one()
        session.add(Identity(account="work", openid="zhang", person_id=own.person_id, last_heard_at=town.stage.now))
