"""联机自检: each thing that can be wrong between WeChat and us, and the line that says so."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from bot.app import create_app
from bot.callback_checks import address_trouble, check_callbacks, door_trouble, echo_trouble, time_trouble
from bot.installation import Installation
from bot.menu import WORK_FILE, read_menu
from bot.online_checks import app_trouble, check_clock, check_online
from bot.registry import put_menu
from bot.settings import Account
from bot.template_checks import check_templates
from bot.wechat.probe import Answer, NoAnswer, Obstacle, look
from models.inbound import InboundMessage, Intake
from models.people import Identity
from simulator.server import Simulator, running
from simulator.settings import Settings as World
from simulator.settings import Template
from simulator.wecom.settings import Corp
from tests.bot.conftest import Build
from tests.bot.gateway import Gateway, open_gateway
from tests.bot.post_office import PostOffice
from tests.bot.pushes import ACCOUNT

KEY = "0123456789abcdefghijABCDEFGHIJ0123456789abA"
WORK = {
    "key": "work", "platform": "citizen_patrol", "corp_id": "wwtest", "agent_id": 1000002, "secret": "work-secret",
    "token": "work-token", "aes_key": KEY, "api_base_url": "http://127.0.0.1:1/",
}  # fmt: skip
CREW = {
    "key": "crew", "platform": "traffic_volunteer", "name": "创城督导", "wecom": "work", "token": "crew-token",
    "aes_key": KEY, "api_base_url": "http://127.0.0.1:1/",
}  # fmt: skip
Open = Callable[..., PostOffice]
Town = Callable[..., PostOffice]


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with open_gateway() as gateway:
        yield gateway


@pytest.fixture
def settle(gateway: Gateway, open_post_office: Open) -> Town:
    """An office whose web process is behind the gateway, with its menu in place."""

    def settled(account: dict[str, Any] | None = None, **changes: Any) -> PostOffice:
        office = open_post_office(account=account, **{"web": {"public_url": gateway.url}, **changes})
        gateway.app = create_app(office.installation)
        office.simulator.world.menus["jinan"] = read_menu(office.installation.settings.data)
        return office

    return settled


@pytest.fixture
def town(settle: Town) -> PostOffice:
    return settle()


def bad(installation: Installation) -> dict[str, str]:
    return {line.what: line.words for line in check_online(installation) if not line.ok}


def test_it_finds_nothing_wrong_where_nothing_is(town: PostOffice) -> None:
    lines = {line.what: line for line in check_online(town.installation)}

    assert {what: line.words for what, line in lines.items() if not line.ok} == {}
    assert set(lines) == {
        "clock for jinan", "token of jinan", "WeChat for jinan", "menu of jinan", "template of jinan",
        "subscription of jinan", "public address", "callback of jinan", "pushes to jinan",
    }  # fmt: skip


def test_it_leaves_nobody_and_nothing_open_behind(town: PostOffice) -> None:
    assert bad(town.installation) == {}

    with town.installation.database.glance() as session:
        rows = session.execute(select(InboundMessage.state, InboundMessage.next_try_at, InboundMessage.answer)).all()
        people = session.scalars(select(func.count()).select_from(Identity)).one()
    assert [tuple(row) for row in rows] == [(Intake.DONE, None, "")]
    assert people == 0


# Asking WeChat


def test_it_names_the_address_that_is_missing_in_the_whitelist(town: PostOffice) -> None:
    town.faults.add("ip_not_listed")

    words = bad(town.installation)["token of jinan"]

    assert words.startswith("40164 ")
    assert "add 127.0.0.1 to the IP whitelist" in words


@pytest.mark.parametrize(
    ("account", "todo"),
    [
        ({"app_secret": "another"}, "app_secret is wrong"),
        ({"app_id": "wx-nobody"}, "app_id is no account's"),
    ],
)
def test_it_says_where_the_right_one_is_found(settle: Town, account: dict[str, str], todo: str) -> None:
    words = bad(settle(account).installation)["token of jinan"]

    assert todo in words
    assert "设置与开发 → 基本配置" in words


def test_it_asks_for_a_token_afresh(settle: Town) -> None:
    """One that was got with the old secret works for two hours more."""
    before, after = settle(), settle({"app_secret": "another"})
    before.installation.doors.official["jinan"].api.callback_ips()

    assert "app_secret is wrong" in bad(after.installation)["token of jinan"]


def test_it_leaves_the_one_classic_token_in_use(settle: Town) -> None:
    town = settle({"stable_token": False})
    town.installation.doors.official["jinan"].api.callback_ips()

    assert bad(town.installation) == {}
    assert len([call for call in town.simulator.world.calls.after(0) if call["path"] == "/cgi-bin/token"]) == 1


def test_it_says_that_wechat_cannot_be_reached(settle: Town) -> None:
    words = bad(settle({"api_base_url": "http://127.0.0.1:1/"}).installation)

    assert "may this machine reach it?" in words["clock for jinan"]
    assert "token of jinan" in words


@pytest.mark.parametrize(("off", "words"), [(-90, "90 s behind"), (90, "90 s ahead")])
def test_it_says_how_far_off_the_clock_is(town: PostOffice, off: int, words: str) -> None:
    wrong = datetime.now(UTC) + timedelta(seconds=off)

    line = check_clock("jinan", town.simulator.url, lambda: wrong)

    assert not line.ok
    assert words.split()[1] in line.words
    assert "NTP" in line.words


def test_it_says_that_there_is_no_menu(town: PostOffice) -> None:
    town.simulator.world.menus.clear()

    assert bad(town.installation) == {"menu of jinan": "there is none: run `run.py menu jinan`"}


def test_it_says_that_the_menu_is_another(town: PostOffice) -> None:
    town.simulator.world.menus["jinan"]["button"].pop()

    assert bad(town.installation) == {"menu of jinan": "another than in menu.yaml: run `run.py menu jinan`"}


def test_it_takes_the_empty_fields_wechat_adds_for_no_difference(town: PostOffice) -> None:
    for button in town.simulator.world.menus["jinan"]["button"]:
        button["sub_button"] = [{**one, "sub_button": []} for one in button["sub_button"]]

    assert bad(town.installation) == {}


@pytest.mark.parametrize(
    ("account", "what", "words"),
    [
        ({"template": "GONE"}, "template of jinan", "GONE is not among this account's templates (O, S, T)"),
        ({"template_fields": {}}, "template of jinan", "thing1 is filled with nothing"),
        ({"template_fields": {"thing1": "title", "thing2": "due"}}, "template of jinan", "take it out"),
        ({"subscription": "GONE"}, "subscription of jinan", "copy its id again"),
        ({"subscription_fields": {"thing9": "due"}}, "subscription of jinan", "thing9 is not one of its fields"),
    ],
)
def test_it_says_what_is_wrong_with_a_template(settle: Town, account: dict[str, Any], what: str, words: str) -> None:
    assert words in bad(settle(account).installation)[what]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("thing1", "headline", ""),
        ("character_string2", "number", ""),
        ("character_string2", "title", "no Chinese, and title may be something else: fill it with number"),
        ("number3", "due", "digits only"),
        ("time4", "due", ""),
        ("time4", "headline", "fill it with due"),
        ("date5", "due", ""),
        ("phrase6", "headline", "choose a template without such a field"),
        ("keyword1", "unit", ""),
    ],
)
def test_it_knows_what_fits_into_a_field(build: Build, name: str, value: str, words: str) -> None:
    settings = build({"template": "T", "template_fields": {name: value}}).settings
    account: Account = settings.accounts[0]

    (line,) = check_templates(account, {"T": f"第一项:{{{{{name}.DATA}}}}\n"}, {})

    assert line.ok is (words == "")
    assert words in line.words


def test_it_asks_for_no_field_that_wechat_no_longer_shows(build: Build) -> None:
    (line,) = check_templates(
        build().settings.accounts[0], {"T": "{{first.DATA}}\n{{thing1.DATA}}{{remark.DATA}}"}, {}
    )

    assert line.ok


def test_it_reads_the_templates_of_the_simulator(settle: Town) -> None:
    town = settle({"template_fields": {"thing1": "headline", "time2": "due"}})
    account = town.simulator.world.accounts["jinan"]
    fields = Template(fields=("thing1", "time2"), labels={"thing1": "提醒", "time2": "截止时间"})
    town.simulator.world.accounts["jinan"] = replace(account, templates={**account.templates, "T": fields})  # type: ignore[index]

    assert bad(town.installation) == {}


# Being WeChat


def test_it_says_how_to_name_the_public_address(settle: Town) -> None:
    assert "set web.public_url" in bad(settle(web={"public_url": ""}).installation)["public address"]


@pytest.mark.parametrize(
    ("public_url", "words"),
    [
        ("https://bot.example.cn/", ""),
        ("http://bot.example.cn/", ""),
        ("https://bot.example.cn:8443/", "80 and 443 only"),
        ("http://127.0.0.1/", "of this network only"),
        ("http://192.168.1.4/", "of this network only"),
        ("http://localhost/", "of this network only"),
    ],
)
def test_it_knows_where_wechat_pushes_to(public_url: str, words: str) -> None:
    trouble = address_trouble(public_url, "https://api.weixin.qq.com/")

    assert (trouble == "") is (words == "")
    assert words in trouble


def test_it_lets_a_simulator_push_anywhere() -> None:
    assert address_trouble("http://127.0.0.1:8000/", "http://127.0.0.1:8089/") == ""


def _text(answer: Response, words: str) -> Response:
    answer.set_data(words)
    return answer


def _around(before: str, after: str, answer: Response) -> Response:
    return _text(answer, f"{before}{answer.get_data(as_text=True)}{after}")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (partial(_around, "\ufeff", ""), "a BOM"),
        (partial(_around, '"', '"'), "quotes"),
        (partial(_around, "", "\r\n"), "blanks or line breaks"),
        (lambda _: Response("", 301, {"Location": "/wechat/jinan/"}), "redirects to /wechat/jinan/"),
        (lambda _: Response("<html>请登录</html>", content_type="text/html"), "a web page answers"),
        (lambda _: Response("<html>502 Bad Gateway</html>", 502), "does not reach `run.py web`"),
        (lambda _: Response("no such page", 404), "another program answers"),
        (lambda _: Response("hello"), "another word than WeChat's echostr"),
    ],
)
def test_it_tells_apart_what_comes_back(
    town: PostOffice, gateway: Gateway, change: Callable[[Response], Response], words: str
) -> None:
    gateway.change = change

    assert words in bad(town.installation)["callback of jinan"]


@pytest.mark.parametrize(
    ("there", "words"),
    [
        ({"token": "another"}, "callback of jinan: another token is in use there"),
        ({"aes_key": KEY}, "pushes to jinan: another aes_key"),
        ({"app_id": "wx-other"}, "pushes to jinan: another aes_key, app_id or corp_id is in use there"),
        ({"aes_key": None}, "pushes to jinan: the push is accepted, but does not come into our database"),
        ({"key": "elsewhere"}, "callback of jinan: `run.py web` does not know this key"),
    ],
)
def test_it_says_that_the_web_process_has_other_settings(
    settle: Town, build: Build, gateway: Gateway, there: dict[str, Any], words: str
) -> None:
    town = settle()
    gateway.app = create_app(build(there))

    found = "\n".join(f"{what}: {told}" for what, told in bad(town.installation).items())

    what, _, told = words.partition(": ")
    assert found.startswith(what)
    assert told in found


def test_it_says_that_the_address_leads_to_another_installation(
    settle: Town, build: Build, gateway: Gateway, tmp_path_factory: pytest.TempPathFactory
) -> None:
    town = settle()
    gateway.change = lambda answer: Response("success") if answer.get_data() == b"success" else answer
    gateway.app = _swallowing(gateway.app)

    assert "another installation" in bad(town.installation)["pushes to jinan"]


def _swallowing(app: Any) -> Any:
    """Says success to every push and keeps none."""

    def swallow(environ: Any, start: Any) -> Any:
        return (Response("success") if environ["REQUEST_METHOD"] == "POST" else app)(environ, start)

    return swallow


def test_it_says_that_nobody_listens(settle: Town) -> None:
    town = settle(web={"public_url": f"http://127.0.0.1:{_free_port()}/"})

    assert "the connection is refused" in bad(town.installation)["callback of jinan"]


def test_it_says_that_the_name_is_nobodys(settle: Town) -> None:
    town = settle(web={"public_url": "http://nobody.invalid/"})

    assert "cannot be resolved" in bad(town.installation)["callback of jinan"]


def test_it_says_that_tls_fails(settle: Town, gateway: Gateway) -> None:
    town = settle(web={"public_url": gateway.url.replace("http:", "https:")})

    assert "TLS fails" in bad(town.installation)["callback of jinan"]


def test_it_gives_up_on_who_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NoAnswer) as caught:
        look(f"http://127.0.0.1:{silent.getsockname()[1]}/", 0.1)

    assert caught.value.obstacle is Obstacle.SLOW


@pytest.mark.parametrize(("seconds", "limit", "late"), [(4.9, 5, False), (5.1, 5, True), (1.2, 1, True)])
def test_it_counts_the_seconds_wechat_waits(seconds: float, limit: float, late: bool) -> None:
    trouble = time_trouble(Answer(200, b"", seconds=seconds), limit)

    assert ("WeChat hangs up" in trouble) is late


@pytest.mark.parametrize("body", [b"123", b""])
def test_it_takes_the_echo_alone(body: bytes) -> None:
    assert (echo_trouble(Answer(200, body), b"123") == "") is (body == b"123")


def test_it_takes_a_plain_answer_for_ours() -> None:
    assert door_trouble(Answer(200, b"success", "text/plain; charset=utf-8")) == ""


def test_it_shows_no_secret(town: PostOffice) -> None:
    town.faults.add("token_invalid_for_ever")

    told = str(list(check_online(town.installation)))

    assert "test-app-secret" not in told
    assert "test-token" not in told


# 企业微信 and its groups


@pytest.fixture
def company(build: Build, gateway: Gateway) -> Installation:
    installation = build(web={"public_url": gateway.url}, wecom=[WORK], groups=[CREW])
    gateway.app = create_app(installation)
    return installation


def test_it_is_wecom_for_a_moment_as_well(company: Installation) -> None:
    lines = {line.what: line.words for line in check_callbacks(company, datetime.now(UTC)) if line.ok}

    assert {"callback of work", "pushes to work", "callback of crew", "pushes to crew"} <= set(lines)


def test_it_leaves_no_member_behind(company: Installation) -> None:
    lines = list(check_callbacks(company, datetime.now(UTC)))

    with company.database.glance() as session:
        assert session.scalars(select(func.count()).select_from(Identity)).one() == 0
        assert set(session.scalars(select(InboundMessage.state))) == {Intake.DONE}
    assert all(line.ok for line in lines)


@pytest.mark.parametrize("key", ["work", "crew"])
def test_it_says_that_wecoms_key_is_another(company: Installation, build: Build, gateway: Gateway, key: str) -> None:
    other = {"aes_key": KEY[::-1].replace("A", "B", 1)[:42] + "A"}
    there = {"work": WORK, "crew": CREW, key: {**{"work": WORK, "crew": CREW}[key], **other}}
    gateway.app = create_app(build(web={"public_url": gateway.url}, wecom=[there["work"]], groups=[there["crew"]]))

    found = {line.what: line.words for line in check_callbacks(company, datetime.now(UTC)) if not line.ok}

    assert list(found) == [f"callback of {key}"]
    assert "another aes_key is in use there" in found[f"callback of {key}"]


@pytest.fixture
def wecom() -> Iterator[Simulator]:
    corp = Corp(key="work", name="济南创城", corp_id="wwtest", agent_id=1000002, secret="work-secret")
    other = Corp(key="other", name="别的企业", corp_id="wwother", agent_id=1000003, secret="other-secret")
    with running(World(accounts=(ACCOUNT,), corps=(corp, other))) as simulator:
        yield simulator


def _app(build: Build, wecom: Simulator, **changes: Any) -> dict[str, str]:
    """What is found wrong with the app, of what only WeCom can tell."""
    installation = build(wecom=[{**WORK, "api_base_url": wecom.url, **changes}])
    found = {line.what: line.words for line in check_online(installation) if not line.ok}
    return {
        what: words for what, words in found.items() if what in ("token of work", "WeCom for work", "app of work")
    }


def test_it_finds_nothing_wrong_with_an_app(build: Build, wecom: Simulator) -> None:
    assert _app(build, wecom) == {}


@pytest.mark.parametrize(
    ("changes", "what", "words"),
    [
        ({"secret": "another"}, "token of work", "应用管理 → 自建 → the app → Secret"),
        ({"corp_id": "ww-nobody"}, "token of work", "我的企业 → 企业信息"),
        ({"agent_id": 7}, "app of work", "agent_id is no app's"),
        ({"agent_id": 1000003}, "app of work", "another app's than secret"),
    ],
)
def test_it_says_what_is_wrong_with_an_app(
    build: Build, wecom: Simulator, changes: dict[str, Any], what: str, words: str
) -> None:
    assert words in _app(build, wecom, **changes)[what]


def test_it_names_the_address_wecom_does_not_trust(build: Build, wecom: Simulator) -> None:
    wecom.world.faults.add("ip_not_trusted")

    words = _app(build, wecom)["token of work"]

    assert words.startswith("60020 ")
    assert "add 127.0.0.1 to 企业可信IP" in words


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ({"close": 0, "allow_partys": {"partyid": [1]}}, ""),
        ({"close": 0, "allow_userinfos": {"user": [{"userid": "chen"}]}}, ""),
        ({"close": 1, "allow_partys": {"partyid": [1]}}, "停用"),
        ({"close": 0, "allow_partys": {"partyid": []}, "allow_userinfos": {"user": []}}, "可见范围"),
    ],
)
def test_it_says_that_nobody_sees_the_app(agent: dict[str, Any], words: str) -> None:
    assert (app_trouble(agent) == "") is (words == "")
    assert words in app_trouble(agent)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def test_it_says_that_the_app_has_no_menu_until_it_is_put_there(build: Build, wecom: Simulator) -> None:
    installation = build(wecom=[{**WORK, "api_base_url": wecom.url}])
    before = bad(installation)["menu of work"]

    put_menu(installation, "work", read_menu(installation.settings.data, WORK_FILE))

    assert before == "there is none: run `run.py menu work`"
    assert "menu of work" not in bad(installation)
