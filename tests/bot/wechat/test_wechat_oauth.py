"""网页授权: whose a code is, asked of a WeChat that gives it away once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from bot.wechat.errors import Fate, SendError
from bot.wechat.oauth import WorkAuthorization, not_known, official_authorization
from bot.wechat.token import TokenKeeper
from bot.wechat.token_source import work_source
from bot.wechat.work_app import WorkApp
from simulator.people import Person
from simulator.server import Simulator, running
from simulator.settings import Settings
from tests.bot.wechat.scripted_api import FakeApi, Valkey, says
from tests.simulator.wechat_stage import ACCOUNT, LI
from tests.simulator.wecom_stage import CAST, CORP, ZHANG

BACK = "https://city.example.cn/h5/back"
REAL = "https://api.weixin.qq.com/"


@pytest.fixture
def wechat() -> Iterator[Simulator]:
    domain = {"oauth_domain": "city.example.cn"}
    settings = Settings(accounts=(replace(ACCOUNT, **domain),), corps=(replace(CORP, **domain),), people=CAST)
    with running(settings) as simulator:
        simulator.world.people.add(Person("jinan", LI, "李群众"))
        yield simulator


@pytest.fixture
def work(wechat: Simulator, valkey: Valkey) -> WorkAuthorization:
    tokens = TokenKeeper(work_source(CORP.corp_id, CORP.agent_id, CORP.secret, wechat.url), valkey.client())
    app = WorkApp(CORP.corp_id, CORP.agent_id, CORP.secret, wechat.url, tokens)
    return WorkAuthorization(CORP.corp_id, CORP.agent_id, wechat.url, app)


def asked(page: str, who: str) -> str:
    """The code somebody brings back."""
    answer = requests.get(page, params={"as": who}, timeout=5, allow_redirects=False)
    told = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert told["state"] == ["s1"]
    return told["code"][0]


def test_it_knows_who_opened_a_page_of_the_official_account(wechat: Simulator) -> None:
    account = official_authorization(ACCOUNT.app_id, ACCOUNT.app_secret, wechat.url)

    code = asked(account.page(BACK, "s1"), LI)

    assert account.whose(code) == LI
    with pytest.raises(SendError) as again:
        account.whose(code)
    assert not_known(again.value)
    assert code not in str(again.value)


@pytest.mark.parametrize("page", ["page", "scan_page"])
def test_it_knows_which_member_came(work: WorkAuthorization, page: str) -> None:
    code = asked(getattr(work, page)(BACK, "s1"), ZHANG)

    assert work.whose(code) == ZHANG.lower()
    with pytest.raises(SendError) as again:
        work.whose(code)
    assert not_known(again.value)


def test_it_sends_browsers_to_wechats_own_pages() -> None:
    account = official_authorization("wx1", "secret", REAL)
    work = WorkAuthorization("ww1", 7, "https://qyapi.weixin.qq.com/", None)  # type: ignore[arg-type]

    assert account.page(BACK, "s").startswith("https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&")
    assert account.page(BACK, "s").endswith("#wechat_redirect")
    assert "agentid=7" in work.page(BACK, "s")
    assert work.scan_page(BACK, "s").startswith("https://login.work.weixin.qq.com/wwlogin/sso/login?")
    assert account.scan_page(BACK, "s") == ""


def test_it_takes_nobody_for_somebody_who_only_looks(api: FakeApi) -> None:
    api.plays("/sns/oauth2/access_token", says({"openid": "o-not-mine", "is_snapshotuser": 1}))

    assert official_authorization("wx1", "secret", api.url).whose("code") == ""


def test_it_hides_the_secret_when_wechat_fails(api: FakeApi) -> None:
    failure = {"errcode": -1, "errmsg": "system error of app-secret-9 for code-77"}
    api.plays("/sns/oauth2/access_token", says(failure))
    account = official_authorization("wx1", "app-secret-9", api.url, clock=lambda: datetime.now(UTC))

    with pytest.raises(SendError) as failed:
        account.whose("code-77")

    assert failed.value.fate is Fate.RETRY
    assert not not_known(failed.value)
    assert "app-secret-9" not in str(failed.value)
    assert "code-77" not in str(failed.value)
    assert "app-secret-9" not in repr(account)
