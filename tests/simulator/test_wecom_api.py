"""企业微信接口: tokens, message/send with its silent limits, members, media, menus."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from simulator.client import Faults, Person, Records
from simulator.samples import draw
from simulator.settings import Limits
from tests.simulator.wechat_stage import ACCOUNT, Api, Webhook
from tests.simulator.wecom_stage import CORP, LI, WANG, ZHANG, StartWork, Work, card_of

MOMENT = datetime(2026, 6, 1, 8, tzinfo=UTC)


def test_it_gives_the_same_token_while_it_is_valid(work: Work) -> None:
    again = work.fetch_token()

    assert again["access_token"] == work.token
    assert 0 < again["expires_in"] <= 7200


@pytest.mark.parametrize(("given", "errcode"), [({"corp_id": "wwNOBODY"}, 40013), ({"secret": "wrong"}, 40001)])
def test_it_gives_no_token_to_a_stranger(work: Work, given: dict[str, str], errcode: int) -> None:
    assert work.fetch_token(**given)["errcode"] == errcode


def test_it_keeps_the_tokens_of_the_two_families_apart(work: Work) -> None:
    official = Api(work.url)
    official.token = official.fetch_token()["access_token"]

    assert official.post("/cgi-bin/message/send", {})["errcode"] == 40014
    assert (
        requests.get(f"{work.url}/cgi-bin/user/info?access_token={work.token}", timeout=5).json()["errcode"] == 40001
    )


@pytest.mark.parametrize(("token", "errcode"), [("", 41001), ("made-up", 40014)])
def test_it_refuses_a_call_without_a_good_token(work: Work, token: str, errcode: int) -> None:
    work.token = token

    assert work.says("在吗")["errcode"] == errcode


def test_it_lets_a_token_run_out(start_work: StartWork) -> None:
    work = start_work(Limits(token_seconds=0))

    assert work.get("/cgi-bin/getcallbackip")["errcode"] == 42001


def test_it_hints_where_to_read_about_an_error(work: Work) -> None:
    words = work.says("在吗", agentid=7)["errmsg"]

    assert words.startswith("invalid agentid, hint: [")
    assert words.endswith("e=40056")


def test_it_sends_a_text_whatever_the_case_of_the_userid(work: Work, zhang: Person) -> None:
    answer = work.says("有新任务", "zhangsan|ZHANGSAN|Nobody")

    assert (answer["errcode"], answer["invaliduser"]) == (0, "nobody")
    assert [(line.way, line.text) for line in zhang.lines()] == [("work", "有新任务")]


def test_it_cuts_a_long_text_without_a_word(work: Work, zhang: Person) -> None:
    answer = work.says("一" * 700)

    assert answer["errcode"] == 0
    assert zhang.last().text == "一" * 682


REFUSED = [
    ({"touser": "nobody|no-one"}, 81013),
    ({"touser": ""}, 82001),
    ({"touser": "|".join(f"u{n}" for n in range(1001))}, 40058),
    ({"agentid": "x"}, 40056),
    ({"msgtype": "video"}, 40008),
    ({"text": {}}, 44004),
    ({"msgtype": "image", "image": {"media_id": "unknown"}}, 40007),
]


@pytest.mark.parametrize(("changes", "errcode"), REFUSED)
def test_it_refuses_what_wecom_refuses(work: Work, changes: dict[str, Any], errcode: int) -> None:
    body = {"touser": ZHANG, "agentid": CORP.agent_id, "msgtype": "text", "text": {"content": "在吗"}}

    assert work.post("/cgi-bin/message/send", body | changes)["errcode"] == errcode


def test_it_refuses_another_corps_app(work: Work) -> None:
    Faults(work.url).add("app_no_right", count=1)

    assert [work.says("在吗")["errcode"], work.says("在吗")["errcode"]] == [301002, 0]


def test_it_shows_an_identical_text_once_when_asked_to(work: Work, zhang: Person) -> None:
    answers = [work.says("逾期提醒", enable_duplicate_check=1) for _ in range(2)]
    work.says("逾期提醒")

    assert answers[0] == answers[1]
    assert len(zhang.lines()) == 2


@pytest.mark.parametrize(("asked_at_first", "shown"), [(1, 1), (0, 2)])
def test_it_remembers_only_sends_that_asked_for_the_check(
    work: Work, zhang: Person, asked_at_first: int, shown: int
) -> None:
    work.says("逾期提醒", enable_duplicate_check=asked_at_first, duplicate_check_interval=60)
    work.says("逾期提醒", enable_duplicate_check=1, duplicate_check_interval=14400)

    assert len(zhang.lines()) == shown


def test_it_answers_a_repeated_card_as_the_first_time(work: Work, zhang: Person) -> None:
    body = {"touser": ZHANG, "agentid": CORP.agent_id, "msgtype": "template_card", "enable_duplicate_check": 1}

    answers = [work.post("/cgi-bin/message/send", {**body, "template_card": card_of()}) for _ in range(2)]

    assert (answers[0]["errcode"], answers[0]["response_code"]) == (0, answers[1]["response_code"])
    assert len(zhang.cards()) == 1


def test_it_drops_what_is_too_much_for_one_member_and_says_nothing(start_work: StartWork) -> None:
    work = start_work(Limits(member_minute_messages=3))

    codes = [work.says(f"第{n}条", f"{ZHANG}|{LI}" if n < 2 else ZHANG)["errcode"] for n in range(5)]

    assert codes == [0] * 5
    assert len(Person(work.url, "work", ZHANG).lines()) == 3
    assert [(one["userid"], one["text"]) for one in Records(work.url).dropped()] == [
        (ZHANG, "第3条"),
        (ZHANG, "第4条"),
    ]


def test_it_counts_the_hour_beside_the_minute(start_work: StartWork) -> None:
    work = start_work(Limits(member_hour_messages=0))

    work.says("在吗")

    assert len(Records(work.url).dropped()) == 1


def test_it_forgets_a_minute_that_is_over(start_work: StartWork) -> None:
    work = start_work(Limits(minute_seconds=0, member_minute_messages=1))

    for n in range(3):
        work.says(f"第{n}条")

    assert Records(work.url).dropped() == []


def test_it_refuses_an_api_called_too_often(start_work: StartWork) -> None:
    work = start_work(Limits(corp_calls_a_minute=1))

    assert [work.says("一")["errcode"], work.says("二")["errcode"]] == [0, 45009]


def test_it_says_who_is_gone_and_who_has_no_licence(work: Work, zhang: Person) -> None:
    faults = Faults(work.url)
    faults.add("member_gone", openid=LI)
    faults.add("unlicensed", openid="WangWu")

    answer = work.says("在吗", f"{ZHANG}|{LI}|{WANG}")

    assert (answer["errcode"], answer["invaliduser"], answer["unlicenseduser"]) == (0, "lisi", "wangwu")
    assert len(zhang.lines()) == 1


@pytest.mark.parametrize(("name", "errcode"), [("ip_not_trusted", 60020), ("wecom_rate", 45033), ("quota", 45009)])
def test_it_answers_with_wecoms_own_codes_for_a_fault(work: Work, name: str, errcode: int) -> None:
    Faults(work.url).add(name, count=1)

    assert [work.says("一")["errcode"], work.says("二")["errcode"]] == [errcode, 0]


def test_it_records_the_calls_of_an_app(work: Work) -> None:
    work.says("在吗", f"{ZHANG}|{LI}")

    (call,) = Records(work.url).calls("/cgi-bin/message/send")

    assert (call["account"], call["openid"], call["errcode"]) == ("work", f"{ZHANG}|{LI}", 0)


def test_it_names_the_members(work: Work) -> None:
    userids = [one["userid"] for one in work.get("/cgi-bin/user/simplelist", department_id=1)["userlist"]]

    assert userids == [ZHANG, LI, WANG]
    assert work.get("/cgi-bin/user/get", userid="lisi")["name"] == "李四"
    assert work.get("/cgi-bin/user/get", userid="nobody")["errcode"] == 60111
    assert work.get("/cgi-bin/department/list")["department"][0]["name"] == CORP.name


def test_it_keeps_pictures_of_both_directions(work: Work, zhang: Person, webhook: Webhook) -> None:
    photo = draw("pothole", MOMENT)
    url = f"{work.url}/cgi-bin/media/upload?type=image&access_token={work.token}"

    media_id = requests.post(url, files={"media": photo}, timeout=5).json()["media_id"]

    body = {"touser": ZHANG, "agentid": CORP.agent_id, "msgtype": "image", "image": {"media_id": media_id}}
    assert work.post("/cgi-bin/message/send", body)["errcode"] == 0
    query = {"access_token": work.token, "media_id": media_id}
    assert requests.get(work.url + "/cgi-bin/media/get", params=query, timeout=5).content == photo


def test_it_has_a_menu_for_each_app(work: Work) -> None:
    menu = {"button": [{"type": "click", "name": "我的任务", "key": "MINE"}]}
    before = work.get("/cgi-bin/menu/get", agentid=CORP.agent_id)["errcode"]

    work.post("/cgi-bin/menu/create", menu, agentid=CORP.agent_id)

    assert before == 46003
    assert work.get("/cgi-bin/menu/get", agentid=CORP.agent_id)["button"] == menu["button"]
    assert work.post("/cgi-bin/menu/create", menu, agentid=5)["errcode"] == 40056


def test_it_lists_the_official_accounts_templates_for_a_self_check(api: Api) -> None:
    first = api.get("/cgi-bin/template/get_all_private_template").json()["template_list"][0]
    notice = api.get("/wxaapi/newtmpl/gettemplate").json()["data"][0]

    assert (first["template_id"], first["title"]) == ("TASK", ACCOUNT.templates["TASK"].title)
    assert first["content"] == "地点:{{thing1.DATA}}\nphrase2:{{phrase2.DATA}}\n"
    assert (notice["priTmplId"], notice["content"]) == ("TASK", first["content"])
