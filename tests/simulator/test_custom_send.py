"""客服消息: windows, counts and contents."""

from __future__ import annotations

import time
from typing import Any

import pytest

from simulator.client import Person, Records
from simulator.settings import Limits
from tests.simulator.wechat_stage import LI, WANG, Api, Start, Webhook, connect

SEND = "/cgi-bin/message/custom/send"


def test_it_answers_ok_and_shows_the_line_in_the_conversation(api: Api, li: Person) -> None:
    li.says("在吗")

    answer = api.post(SEND, {"touser": LI, "msgtype": "text", "text": {"content": "收到，已派单"}})

    assert answer == {"errcode": 0, "errmsg": "ok"}
    assert li.hears("已派单").way == "custom"


def test_it_refuses_without_a_window_and_says_so_in_wechats_words(api: Api) -> None:
    answer = api.post(SEND, {"touser": LI, "msgtype": "text", "text": {"content": "催办"}})

    assert answer["errcode"] == 45015
    assert answer["errmsg"].startswith("response out of time limit or subscription is canceled rid: ")


def test_it_allows_five_after_a_message_and_five_more_after_the_next(api: Api, li: Person) -> None:
    li.says("一")
    first = [api.say("答") for _ in range(6)]

    li.says("二")

    assert first == [0, 0, 0, 0, 0, 45047]
    assert [api.say("答") for _ in range(6)] == [0, 0, 0, 0, 0, 45047]


@pytest.mark.parametrize(("event", "key"), [("CLICK", "MINE"), ("SCAN", "bind-1"), ("subscribe", "")])
def test_it_allows_three_after_a_tap(api: Api, li: Person, event: str, key: str) -> None:
    li.does(event, key)

    assert [api.say("答") for _ in range(4)] == [0, 0, 0, 45047]


def test_it_closes_the_window_of_a_tap_after_its_minute(start: Start) -> None:
    simulator = start(Limits(tap_window_seconds=0.1))
    api, li = connect(simulator), Person(simulator.url, "jinan", LI)

    li.clicks("MINE")
    time.sleep(0.15)

    assert api.say("太晚") == 45015


def test_it_says_nothing_more_to_someone_who_left(api: Api, li: Person) -> None:
    li.says("再见")

    li.does("unsubscribe")

    assert api.say("别走") == 45015


CONTENTS = [
    ({"msgtype": "text", "text": {"content": "济" * 682}}, 0),
    ({"msgtype": "text", "text": {"content": "济" * 683}}, 45002),
    ({"msgtype": "text", "text": {"content": ""}}, 44004),
    ({"msgtype": "text"}, 47001),
    ({"msgtype": "poem", "poem": {}}, 40008),
    ({"msgtype": "image", "image": {"media_id": "never-uploaded"}}, 40007),
    ({"msgtype": "news", "news": {"articles": [{"title": "前后对比", "url": "https://example.org"}]}}, 0),
    ({"msgtype": "news", "news": {"articles": [{"title": "一"}, {"title": "二"}]}}, 45008),
    ({"msgtype": "msgmenu", "msgmenu": {"head_content": "满意吗", "list": [{"id": "1", "content": "满意"}]}}, 0),
]


@pytest.mark.parametrize(("body", "errcode"), CONTENTS)
def test_it_judges_the_content(api: Api, li: Person, body: dict[str, Any], errcode: int) -> None:
    li.says("在吗")

    assert api.post(SEND, {"touser": LI, **body})["errcode"] == errcode


def test_it_does_not_charge_for_a_content_it_refused(api: Api, li: Person) -> None:
    li.says("在吗")

    api.say("济" * 683)

    assert [api.say("答") for _ in range(5)] == [0] * 5


def test_it_does_not_know_people_of_other_accounts(api: Api) -> None:
    assert api.say("喂", "o-nobody") == 40003


def test_it_says_a_repeated_clientmsgid_only_once(api: Api, li: Person) -> None:
    li.says("在吗")
    body = {"touser": LI, "msgtype": "text", "text": {"content": "一次"}, "clientmsgid": "row-7"}

    codes = [api.post(SEND, body)["errcode"] for _ in range(2)]

    assert codes == [0, 45065]


def test_it_keeps_a_tapped_menu_choice_with_its_id(li: Person, webhook: Webhook) -> None:
    li.says("满意", choice="1")

    (fields,) = webhook.opened(1)
    assert (fields["Content"], fields["bizmsgmenuid"]) == ("满意", "1")


def test_it_stops_at_the_daily_quota_until_it_is_cleared(start: Start) -> None:
    simulator = start(Limits(quotas={"custom": 1}))
    api = connect(simulator)
    Person(simulator.url, "jinan", WANG).says("待办")

    codes = [api.say("答", WANG), api.say("答", WANG)]
    api.post("/cgi-bin/clear_quota", {"appid": "wx5823bf96d3bd56c7"})

    assert codes == [0, 45009]
    assert api.say("答", WANG) == 0


def test_it_records_every_call_without_its_token(api: Api) -> None:
    api.say("催办")

    (call,) = Records(api.url).calls("/cgi-bin/message/custom/send")

    assert (call["openid"], call["errcode"]) == (LI, 45015)
    assert api.token not in str(call)
