"""扫码登录: a browser comes in by WeCom's code, or by a word in WeChat, and by nothing else."""

import re
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from bot.console_logins import ConsoleLogins
from console.authorizing import WechatTrouble
from console.gate import COOKIE
from console.premises import EXTENSION, Premises
from handlers.message import Kind
from models.journal import JournalEntry
from models.login import ConsoleSession, Login
from models.people import Identity
from tests.console.browsers import Office, said
from tests.stage import Actor, Stage

SCRIPT = {"HX-Request": "true"}


def begin(office: Office) -> tuple[FlaskClient, str]:
    """A browser at the page with the code, and that code."""
    client = office.app.test_client()
    page = client.post("/console/scan/code", headers={"User-Agent": "Firefox/130 <b>Linux</b>"})
    found = re.search(r'data-code="(\d{6})"', page.text)
    assert found, page.text
    return client, found[1]


def is_in(client: FlaskClient) -> bool:
    return client.get("/console/password").status_code == 200


def wait(client: FlaskClient, **headers: str) -> TestResponse:
    return client.post("/console/scan/wait", headers=headers)


def test_it_lets_in_who_confirms_in_chat(office: Office, stage: Stage) -> None:
    command = stage.dispatcher()
    client, code = begin(office)

    before = wait(client, **SCRIPT)
    asked = command.says(f"登录 {code}")
    done = command.says("确认登录")
    after = wait(client, **SCRIPT)

    assert before.status_code == 204
    assert "Firefox/130" in asked
    assert "<b>" not in asked
    assert "127.0.0.1" in asked
    assert "已确认" in done
    assert after.headers["HX-Redirect"] == "/console/"
    assert is_in(client)
    with stage.installation.database.glance() as session:
        assert session.scalars(select(ConsoleSession.by)).all() == ["wechat"]
        assert session.scalars(select(JournalEntry.act)).all() == ["login.enter"]


def test_it_works_without_a_script(office: Office, stage: Stage) -> None:
    command = stage.dispatcher()
    client, code = begin(office)
    early = wait(client)
    client, code = begin(office)
    command.says(f"登录{code}")
    command.says("确认登录")

    assert early.status_code == 409
    assert wait(client).headers["Location"] == "/console/"
    assert is_in(client)


def test_it_lets_in_who_scans(office: Office, stage: Stage) -> None:
    command = stage.dispatcher()
    client, code = begin(office)

    asked = command.scans(f"login-{code}")
    command.says("确认登录")
    wait(client)

    assert "登录创城指挥部" in asked
    assert is_in(client)


def test_it_lets_in_one_browser_once(office: Office, stage: Stage) -> None:
    command = stage.dispatcher()
    mine, code = begin(office)
    other, _ = begin(office)
    command.says(f"登录 {code}")
    command.says("确认登录")
    stolen = office.app.test_client()
    stolen.set_cookie("console_scan", f"{code}.guessed", path="/console/scan")

    wait(stolen)
    wait(other)
    wait(mine)
    again = office.app.test_client()
    again.set_cookie("console_scan", f"{code}.guessed", path="/console/scan")
    wait(again)

    assert [is_in(client) for client in (mine, other, stolen, again)] == [True, False, False, False]
    assert "已过期" in command.says(f"登录 {code}")


def test_it_lets_nobody_in_without_a_word(office: Office, stage: Stage) -> None:
    command = stage.dispatcher()
    client, code = begin(office)
    command.says(f"登录 {code}")

    wait(client)

    assert not is_in(client)


def test_it_lets_in_nobody_without_a_role(office: Office, stage: Stage) -> None:
    citizen = stage.citizen()
    client, code = begin(office)

    told = citizen.says(f"登录 {code}")
    citizen.says("确认登录")
    wait(client)

    assert "没有可以进入" in told
    assert not is_in(client)


def test_it_lets_in_nobody_whose_role_has_ended_since(office: Office, stage: Stage) -> None:
    command = stage.dispatcher()
    client, code = begin(office)
    command.says(f"登录 {code}")
    command.says("确认登录")
    stage.leave(command)

    told = wait(client)

    assert told.status_code == 403
    assert not is_in(client)


def test_it_lets_in_nobody_whose_account_is_disabled(office: Office, stage: Stage) -> None:
    command = stage.dispatcher()
    disable(stage, command)
    client, code = begin(office)
    command.says(f"登录 {code}")
    command.says("确认登录")

    wait(client)

    assert not is_in(client)


def disable(stage: Stage, who: Actor) -> None:
    with stage.installation.database.story() as session:
        person = session.scalars(select(Identity.person_id).where(Identity.openid == who.openid)).one()
        login = Login(person_id=person, username="zhou", created_at=stage.now, disabled_at=stage.now)
        session.add(login)


def test_it_knows_no_code_but_its_own(office: Office, stage: Stage) -> None:
    command = stage.dispatcher()
    _, code = begin(office)
    wrong = f"{(int(code) + 1) % 10**6:06d}"

    assert "不对，或已过期" in command.says(f"登录 {wrong}")
    assert "现在没有等您确认的登录" in command.says("确认登录")


def test_it_forgets_the_question_after_three_minutes(office: Office, stage: Stage) -> None:
    command = stage.dispatcher()
    client, code = begin(office)
    command.says(f"登录 {code}")
    stage.wait(minutes=4)

    assert "现在没有等您确认的登录" in command.says("确认登录")
    assert not is_in(client)


def test_it_keeps_codes_for_three_minutes(office: Office, stage: Stage) -> None:
    _, code = begin(office)
    left = stage.installation.redis.ttl(f"console-login:{code}")

    assert 170 <= int(left) <= 180  # type: ignore[arg-type]


def test_it_takes_a_report_for_a_report(office: Office, stage: Stage) -> None:
    citizen = stage.citizen()

    assert "登录" not in citizen.says("登录大厅门口有垃圾")


def test_it_gives_one_address_only_so_many_codes(office: Office) -> None:
    client = office.app.test_client()

    answers = [client.post("/console/scan/code").status_code for _ in range(31)]

    assert answers == [200] * 30 + [503]


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example.com"}])
def test_it_hears_no_other_site(office: Office, stage: Stage, headers: dict[str, str]) -> None:
    command = stage.dispatcher()
    client, code = begin(office)
    command.says(f"登录 {code}")
    command.says("确认登录")

    assert client.post("/console/scan/wait", headers=headers).status_code == 400
    assert not is_in(client)


@dataclass(frozen=True)
class Wecom:
    """WeCom as the console knows it: codes and whose they are, each told once."""

    codes: dict[str, str]

    def page(self, back: str, state: str) -> str:
        return f"https://wecom.example/page?back={back}&state={state}"

    def scan_page(self, back: str, state: str) -> str:
        return f"https://wecom.example/scan?redirect_uri={back}&state={state}"

    def whose(self, code: str) -> str:
        if code == "silence":
            raise WechatTrouble
        return self.codes.pop(code, "")


@pytest.fixture
def company(office: Office, stage: Stage) -> Office:
    """An office whose dispatcher is the member `zhou`; `li` has no role."""
    premises: Premises = office.app.extensions[EXTENSION]
    codes = {"good": "zhou", "nobody": "stranger", "plain": "li"}
    for name, who in (("zhou", stage.dispatcher()), ("li", stage.citizen())):
        who.says("帮助")
        with stage.installation.database.story() as session:
            values = {"account": "work", "openid": name}
            session.execute(update(Identity).where(Identity.openid == who.openid).values(values))
    own = {"authorizations": {"work": Wecom(codes)}, "public_url": "https://city.example.cn/"}
    office.app.extensions[EXTENSION] = replace(premises, **own)
    return office


def state_of(answer: TestResponse) -> str:
    return parse_qs(urlsplit(answer.headers["Location"]).query)["state"][0]


def test_it_lets_in_who_scans_in_wecom(company: Office) -> None:
    client = company.app.test_client()

    away = client.get("/console/scan/work", base_url="https://city.example.cn")
    back = client.get(f"/console/scan/work/back?code=good&state={state_of(away)}", base_url="https://city.example.cn")

    there = parse_qs(urlsplit(away.headers["Location"]).query)["redirect_uri"]
    assert there == ["https://city.example.cn/console/scan/work/back"]
    assert back.headers["Location"] == "/console/"
    assert any(COOKIE + "=" in cookie and "Secure" in cookie for cookie in back.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize(
    ("code", "status"), [("nobody", 403), ("plain", 403), ("", 403), ("x", 403), ("silence", 503)]
)
def test_it_lets_in_no_other_member(company: Office, code: str, status: int) -> None:
    client = company.app.test_client()
    state = state_of(client.get("/console/scan/work", base_url="https://city.example.cn"))

    back = client.get(f"/console/scan/work/back?code={code}&state={state}", base_url="https://city.example.cn")

    assert back.status_code == status
    assert COOKIE + "=" not in "".join(back.headers.getlist("Set-Cookie")).replace("console_scan=", "")


def test_it_takes_nobody_back_whom_it_has_not_sent(company: Office) -> None:
    """Somebody else's code and state, put under the browser of a third: nobody is logged in as a stranger."""
    attacker, victim = company.app.test_client(), company.app.test_client()
    state = state_of(attacker.get("/console/scan/work", base_url="https://city.example.cn"))
    victim.get("/console/scan/work", base_url="https://city.example.cn")

    back = victim.get(f"/console/scan/work/back?code=good&state={state}", base_url="https://city.example.cn")

    assert back.status_code == 403
    assert "重新开始" in said(back)


def test_it_comes_back_once(company: Office) -> None:
    client = company.app.test_client()
    state = state_of(client.get("/console/scan/work", base_url="https://city.example.cn"))
    client.get(f"/console/scan/work/back?code=good&state={state}", base_url="https://city.example.cn")

    again = client.get(f"/console/scan/work/back?code=good&state={state}", base_url="https://city.example.cn")

    assert again.status_code == 403


def test_it_offers_only_what_is_set_up(office: Office) -> None:
    page = said(office.app.test_client().get("/console/scan"))

    assert "企业微信扫码登录" not in page
    assert office.app.test_client().get("/console/scan/work").status_code == 403


def test_it_says_so_when_redis_is_away(office: Office, stage: Stage) -> None:
    gone = type(stage.installation.redis).from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.1)
    premises: Premises = office.app.extensions[EXTENSION]
    office.app.extensions[EXTENSION] = replace(premises, logins=ConsoleLogins(gone))

    answer = office.app.test_client().post("/console/scan/code")

    assert answer.status_code == 503
    assert "暂时不能用微信登录" in said(answer)


def test_it_hears_the_code_from_a_menu_too(office: Office, stage: Stage) -> None:
    command = stage.dispatcher()
    _, code = begin(office)

    assert "登录创城指挥部" in command.does(Kind.MENU, scene=f"登录 {code}")
