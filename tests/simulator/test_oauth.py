"""网页授权 and 扫码登录: who may ask, and what a code is worth."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from simulator.settings import Limits
from tests.simulator.wechat_stage import ACCOUNT, LI, Start, connect
from tests.simulator.wecom_stage import CORP, ZHANG, StartWork

BACK = "https://city.example.cn/h5/back?x=1"
ASKED = {"appid": ACCOUNT.app_id, "redirect_uri": BACK, "response_type": "code", "scope": "snsapi_base"}
WORK_ASKED = {**ASKED, "appid": CORP.corp_id, "agentid": str(CORP.agent_id)}
SCAN = {"login_type": "CorpApp", "appid": CORP.corp_id, "agentid": str(CORP.agent_id), "redirect_uri": BACK}


def come_back(url: str, path: str, asked: dict[str, str], who: str = LI) -> dict[str, list[str]]:
    """What the browser brings back after somebody chose who to be."""
    query = {**asked, "state": "s1"}
    answer = requests.post(url + path, params=query, data={"as": who}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].startswith("https://city.example.cn/h5/back?")
    return parse_qs(urlsplit(answer.headers["Location"]).query)


def whose(url: str, code: str, **changes: str) -> dict[str, Any]:
    asked = {"appid": ACCOUNT.app_id, "secret": ACCOUNT.app_secret, "code": code, "grant_type": "authorization_code"}
    return dict(requests.get(url + "/sns/oauth2/access_token", params=asked | changes, timeout=5).json())


def test_it_tells_once_who_opened_an_accounts_page(start: Start) -> None:
    url = start(oauth_domain="city.example.cn").url

    told = come_back(url, "/connect/oauth2/authorize", ASKED)
    first, again = whose(url, told["code"][0]), whose(url, told["code"][0])

    assert (told["state"], told["x"]) == (["s1"], ["1"])
    assert first["openid"] == LI
    assert (again["errcode"], whose(url, "made-up")["errcode"]) == (40163, 40029)


def test_it_lets_people_choose_who_they_are(start: Start) -> None:
    url = start(oauth_domain="city.example.cn").url

    page = requests.get(url + "/connect/oauth2/authorize", params=ASKED, timeout=5)

    assert 'value="o-citizen-li"' in page.text
    assert "王经办" in page.text


def test_it_forgets_a_code_after_its_time(start: Start) -> None:
    url = start(limits=Limits(oauth_code_seconds=0), oauth_domain="city.example.cn").url

    told = come_back(url, "/connect/oauth2/authorize", ASKED)

    assert whose(url, told["code"][0])["errcode"] == 42003


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"secret": "wrong"}, 40125), ({"appid": "wx0"}, 40013), ({"grant_type": "client_credential"}, 40002)],
)
def test_it_tells_nobody_else(start: Start, changes: dict[str, str], code: int) -> None:
    url = start(oauth_domain="city.example.cn").url
    told = come_back(url, "/connect/oauth2/authorize", ASKED)

    assert whose(url, told["code"][0], **changes)["errcode"] == code


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example.com/"},
        {"redirect_uri": "https://city.example.cn.evil.example.com/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"response_type": "token"},
        {"scope": "everything"},
        {"appid": "wx-nobody"},
        {"state": "a&b"},
        {"state": "a" * 129},
    ],
)
def test_it_refuses_a_link_that_is_wrong(start: Start, changes: dict[str, str]) -> None:
    url = start(oauth_domain="city.example.cn").url

    answer = requests.get(url + "/connect/oauth2/authorize", params=ASKED | {"as": LI} | changes, timeout=5)

    assert answer.status_code == 400


def test_it_refuses_every_page_where_no_host_is_set(start: Start) -> None:
    answer = requests.get(start().url + "/connect/oauth2/authorize", params=ASKED, timeout=5)

    assert answer.status_code == 400


@pytest.mark.parametrize(("path", "asked"), [("/connect/oauth2/authorize", WORK_ASKED), ("/wwlogin/sso/login", SCAN)])
def test_it_tells_once_which_member_came(start_work: StartWork, path: str, asked: dict[str, str]) -> None:
    work = start_work(oauth_domain="city.example.cn")

    code = come_back(work.url, path, asked, ZHANG)["code"][0]

    assert work.get("/cgi-bin/auth/getuserinfo", code=code)["userid"] == ZHANG
    assert work.get("/cgi-bin/auth/getuserinfo", code=code)["errcode"] == 40029


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/connect/oauth2/authorize", WORK_ASKED | {"agentid": "7"}),
        ("/wwlogin/sso/login", SCAN | {"agentid": "7"}),
        ("/wwlogin/sso/login", SCAN | {"login_type": "ServiceApp"}),
        ("/wwlogin/sso/login", SCAN | {"appid": ACCOUNT.app_id}),
        ("/wwlogin/sso/login", SCAN | {"redirect_uri": "https://evil.example.com/"}),
    ],
)
def test_it_refuses_another_app(start_work: StartWork, path: str, asked: dict[str, str]) -> None:
    work = start_work(oauth_domain="city.example.cn")

    assert requests.get(work.url + path, params=asked | {"as": ZHANG}, timeout=5).status_code == 400


def test_it_keeps_the_codes_of_accounts_and_corps_apart(start_work: StartWork) -> None:
    work = start_work(oauth_domain="city.example.cn")

    code = come_back(work.url, "/connect/oauth2/authorize", WORK_ASKED, ZHANG)["code"][0]

    assert whose(work.url, code)["errcode"] == 40029


def test_it_wants_no_token_for_whose_code_it_is(start: Start) -> None:
    simulator = start(oauth_domain="city.example.cn")
    told = come_back(simulator.url, "/connect/oauth2/authorize", ASKED)

    assert whose(simulator.url, told["code"][0], access_token=connect(simulator).token)["openid"] == LI
