"""模板消息、订阅通知、一次性订阅."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.client import Person
from tests.simulator.wechat_stage import LI, Api, Webhook

TEMPLATE = "/cgi-bin/message/template/send"
NOTICE = "/cgi-bin/message/subscribe/bizsend"
ONCE = "/cgi-bin/message/template/subscribe"


def task(place: str = "甸柳新村", phrase: str = "待认领", **more: Any) -> dict[str, Any]:
    values = {"thing1": {"value": place}, "phrase2": {"value": phrase}}
    return {"touser": LI, "template_id": "TASK", "data": values, **more}


def test_it_sends_a_template_without_a_window_and_reports_back(api: Api, li: Person, webhook: Webhook) -> None:
    answer = api.post(TEMPLATE, task())

    (report,) = webhook.opened(1)
    assert (answer["errcode"], str(answer["msgid"])) == (0, report["MsgID"])
    assert (report["Event"], report["Status"]) == ("TEMPLATESENDJOBFINISH", "success")
    assert li.hears("甸柳新村").extra["card"]["fields"][0]["name"] == "地点"


def test_it_tells_what_was_tapped_in_the_subscription_popup(li: Person, webhook: Webhook) -> None:
    li.allows(template="TASK", accept=False)

    (popup,) = webhook.opened(1)

    assert popup["Event"] == "subscribe_msg_popup_event"
    assert popup["SubscribeMsgPopupEvent"]["List"]["SubscribeStatusString"] == "reject"


def test_it_cuts_long_fields_and_boxes_emoji_without_a_word(api: Api, li: Person) -> None:
    api.post(TEMPLATE, task(place="历下区甸柳新村三区东门外人行道上垃圾很多🗑", phrase="等待你来认领"))

    values = [one["value"] for one in li.hears("任务提醒").extra["card"]["fields"]]

    assert values == ["历下区甸柳新村三区东门外人行道上垃圾很多"[:20], "等待你来认"]


REFUSALS = [
    ({"template_id": "GONE"}, 40037),
    ({"data": {"thing1": {"value": "x"}}}, 47003),
    ({"data": {"thing1": {"value": "x"}, "phrase2": {"value": ""}}}, 47003),
    ({"data": {"thing1": {"value": "x"}, "phrase2": {"value": "y"}, "thing9": {"value": "z"}}}, 47003),
    ({"touser": "o-nobody"}, 40003),
]


@pytest.mark.parametrize(("change", "errcode"), REFUSALS)
def test_it_refuses_a_template_that_does_not_fit(api: Api, change: dict[str, Any], errcode: int) -> None:
    assert api.post(TEMPLATE, {**task(), **change})["errcode"] == errcode


def test_it_sends_no_template_to_someone_who_left(api: Api, li: Person) -> None:
    li.does("unsubscribe")

    assert api.post(TEMPLATE, task())["errcode"] == 43004


def test_it_sends_one_notice_for_each_authorisation_even_without_a_follow(api: Api, li: Person) -> None:
    before = api.post(NOTICE, task())["errcode"]
    li.allows(template="TASK")
    li.does("unsubscribe")

    after = [api.post(NOTICE, task())["errcode"] for _ in range(2)]

    assert (before, after) == (43101, [0, 43101])


def test_it_refuses_a_long_field_of_a_notice_and_keeps_the_authorisation(api: Api, li: Person) -> None:
    li.allows(template="TASK")

    too_long = api.post(NOTICE, task(place="济" * 21))["errcode"]

    assert too_long == 47003
    assert api.post(NOTICE, task())["errcode"] == 0


def test_it_does_not_use_up_a_long_term_authorisation(api: Api, li: Person) -> None:
    li.allows(template="CIVIC")
    body = {"touser": LI, "template_id": "CIVIC", "data": {"thing1": {"value": "已办结"}}}

    assert [api.post(NOTICE, body)["errcode"] for _ in range(3)] == [0, 0, 0]


def test_it_counts_nothing_when_the_person_refuses(api: Api, li: Person) -> None:
    li.allows(template="TASK", accept=False)

    assert api.post(NOTICE, task())["errcode"] == 43101


def once(**change: Any) -> dict[str, Any]:
    content = {"content": {"value": "距整改到期还有 2 小时"}}
    return {"touser": LI, "template_id": "x", "scene": "7", "title": "督办提醒", "data": content, **change}


def test_it_does_not_add_up_two_taps_on_the_same_scene(api: Api, li: Person) -> None:
    li.allows(scene=7)
    li.allows(scene=7)
    li.allows(scene=8)

    codes = [api.post(ONCE, once(scene=scene))["errcode"] for scene in (7, 7, 8)]

    assert codes == [0, 43101, 0]


@pytest.mark.parametrize(
    "change", [{"title": "督" * 16}, {"scene": 10_001}, {"data": {"content": {"value": "字" * 201}}}]
)
def test_it_refuses_a_one_time_message_that_is_too_long(api: Api, li: Person, change: dict[str, Any]) -> None:
    li.allows(scene=7)

    assert api.post(ONCE, once(**change))["errcode"] == 47003
