"""聊天页、存档、设置."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import requests

from simulator.client import NotHeard, Person, Records
from simulator.server import running
from simulator.settings import Resident, Settings, load
from simulator.strict import SettingsError
from tests.simulator.wechat_stage import ACCOUNT, LI, WANG, Api, Start, connect
from tests.simulator.wecom_stage import CORP, Work

GOOD = """
accounts:
  - {key: jinan, name: 泉城督导, app_id: wx1, app_secret_file: secret.txt, token: t, mode: plain, webhook: "http://127.0.0.1/"}
people:
  - {openid: o-1, name: 李群众, role: 市民, account: jinan}
"""


@pytest.mark.parametrize("path", ["/?person=李群众", f"/?person={WANG}&alone", "/split", "/static/chat.js"])
def test_it_shows_its_pages(api: Api, path: str) -> None:
    page = requests.get(api.url + path, timeout=5)

    assert page.status_code == 200
    assert "微信模拟器" in page.text or path.endswith(".js")


def test_it_opens_the_first_persons_phone_by_default(api: Api) -> None:
    assert 'data-name="李群众"' in requests.get(api.url + "/", timeout=5).text


def test_it_lists_people_under_their_groups_and_offers_what_they_may_say() -> None:
    people = (
        Resident(openid="o-1", name="李群众", account="jinan", group="上报的人", phrases=("完成", "认领 编号")),
        Resident(openid="o-2", name="王经办", account="jinan", group="责任单位"),
        Resident(openid="o-3", name="孙群众", account="jinan", group="上报的人"),
    )

    with running(Settings(accounts=(ACCOUNT,), people=people)) as simulator:
        page = requests.get(simulator.url + "/", timeout=5).text
        state = Records(simulator.url).state()

    shown = re.findall("<(?:h2|strong)>(.*?)</(?:h2|strong)>", page)
    assert shown[:5] == ["上报的人", "李群众", "孙群众", "责任单位", "王经办"]
    assert state["people"][0]["phrases"] == ["完成", "认领 编号"]
    assert state["articles"]


LOOKS = [
    ("张三", 'data-family="wecom"', 'data-openid="ZhangSan"'),
    ("work/LiSi", 'data-family="wecom"', 'data-openid="LiSi"'),
    ("crew/LiSi", 'data-family="group"', 'data-userid="LiSi"'),
    ("crew/", 'data-family="group"', 'data-userid="ZhangSan"'),
]


@pytest.mark.parametrize(("who", "family", "identity"), LOOKS)
def test_it_opens_a_member_and_a_group_at_their_own_address(work: Work, who: str, family: str, identity: str) -> None:
    page = requests.get(work.url + "/", params={"person": who}, timeout=5).text

    assert family in page
    assert identity in page
    assert ('id="mention"' in page) == who.startswith("crew")


def test_it_lists_a_group_once_and_its_members_inside(work: Work) -> None:
    page = requests.get(work.url + "/?person=crew/", timeout=5).text

    assert page.count('data-key="crew/"') == 1
    assert re.findall('<option value="(.*?)"', page) == ["crew/ZhangSan", "crew/LiSi"]


def test_it_tells_two_people_of_one_name_apart_by_their_address() -> None:
    people = (
        Resident(openid="o-1", name="王经办", account="jinan"),
        Resident(openid="Wang", name="王经办", account="work"),
    )

    with running(Settings(accounts=(ACCOUNT,), people=people, corps=(CORP,))) as simulator:
        page = requests.get(simulator.url + "/?person=work/Wang", timeout=5).text

    assert re.findall(r'href="/\?person=(.*?)"', page) == ["jinan/o-1", "work/Wang"]
    assert 'data-userid="Wang"' in page


def test_it_asks_for_a_one_time_subscription_as_wechat_does(api: Api) -> None:
    link = {"appid": ACCOUNT.app_id, "scene": "7", "template_id": "x", "redirect_url": "/split?a=1", "as": LI}
    page = requests.get(api.url + "/mp/subscribemsg", params=link, timeout=5)

    answer = requests.post(
        api.url + "/mp/subscribemsg/done", data={**link, "action": "confirm"}, timeout=5, allow_redirects=False
    )

    assert "想给你发" in page.text
    assert f"openid={LI}" in answer.headers["Location"]
    assert Records(api.url).state()["people"][0]["scenes"] == [7]


def test_it_streams_new_lines_of_everybody(api: Api, li: Person) -> None:
    with requests.get(api.url + "/sim/events?after=0", stream=True, timeout=5) as stream:
        li.says("路灯坏了")
        rows = (row for row in stream.iter_lines() if row.startswith(b"data: "))

        line = json.loads(next(rows)[6:])

    assert (line["openid"], line["from"], line["text"]) == (LI, "user", "路灯坏了")


def test_it_hears_each_line_once_and_complains_with_the_conversation(api: Api, li: Person) -> None:
    li.says("在吗")
    api.say("催办：请认领")
    li.hears("催办")

    with pytest.raises(NotHeard, match="催办：请认领"):
        li.hears("催办", timeout=0.05)


def test_it_finds_everything_again_after_a_restart(start: Start, tmp_path: Path) -> None:
    first = start(data=tmp_path)
    li = Person(first.url, "jinan", LI)
    li.sends_photo("pothole")
    li.allows(scene=7)
    Records(first.url).add_person("jinan", "孙新人", "o-new")
    first.close()

    second = start(data=tmp_path)
    people = {one["openid"]: one for one in Records(second.url).state()["people"]}
    (photo, *_) = Person(second.url, "jinan", LI).lines()

    assert (people[LI]["scenes"], people["o-new"]["name"]) == ([7], "孙新人")
    assert requests.get(second.url + photo.picture, timeout=5).status_code == 200
    assert connect(second).say("还在窗口里") == 0


def test_it_reads_its_settings_with_secrets_from_files(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("hush\n")
    (tmp_path / "sim.yaml").write_text(GOOD, encoding="utf-8")

    (account,) = load(tmp_path / "sim.yaml").accounts

    assert account.app_secret == "hush"
    assert "hush" not in repr(account)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("role: 市民", "job: 市民", "unknown key"),
        ("mode: plain", "mode: safe", "43 characters"),
        ("account: jinan}", "account: qingdao}", "qingdao"),
        ("token: t, ", "", "missing"),
        ("app_secret_file: secret.txt", "app_secret: x, app_secret_file: secret.txt", "not both"),
    ],
)
def test_it_does_not_start_with_settings_it_cannot_use(tmp_path: Path, old: str, new: str, reason: str) -> None:
    (tmp_path / "secret.txt").write_text("hush")
    (tmp_path / "sim.yaml").write_text(GOOD.replace(old, new), encoding="utf-8")

    with pytest.raises(SettingsError, match=reason):
        load(tmp_path / "sim.yaml")
