"""模板卡片: what WeCom refuses, who sees what, and codes that work once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from simulator.client import NotHeard, Person, SimulatorError
from simulator.settings import Limits
from simulator.wecom import card_rules
from tests.simulator.wechat_stage import Webhook
from tests.simulator.wecom_stage import (
    LI,
    LIMITS,
    WANG,
    ZHANG,
    StartWork,
    Work,
    app_pushes,
    app_reply,
    card_of,
)


def test_it_shows_a_card_to_everybody_named(work: Work, zhang: Person) -> None:
    answer = work.deals(f"zhangsan|{LI}")

    (card,) = zhang.cards()

    assert answer["errcode"] == 0
    assert [button["text"] for button in card["buttons"]] == ["认领", "退回"]
    assert zhang.hears("编号：LX-0001").way == "card"


BAD = [
    ({"button_list": []}, "button_list"),
    ({"button_list": ["认领"]}, "holds objects"),
    ({"main_title": "待认领"}, "main_title"),
    ({"button_list": [{"text": "甲", "key": str(n)} for n in range(7)]}, "button_list"),
    ({"button_list": [{"text": "十一个字的按钮实在太长", "key": "a"}]}, "button_list.text"),
    ({"button_list": [{"text": "甲", "key": "a" * 1025}]}, "button_list.key"),
    ({"button_list": [{"text": "甲", "key": "a"}, {"text": "乙", "key": "a"}]}, "must differ"),
    ({"task_id": ""}, "task_id"),
    ({"task_id": "案件-1"}, "task_id"),
    ({"task_id": "a" * 129}, "task_id"),
    ({"horizontal_content_list": [{"keyname": "编号", "value": "1"}] * 7}, "horizontal_content_list"),
    ({"horizontal_content_list": [{"keyname": "太长的名字", "value": "一" * 31}]}, "value"),
    ({"horizontal_content_list": [{"keyname": "六个字的名字", "value": "1"}]}, "keyname"),
    ({"main_title": {"title": "一" * 37}}, "title"),
    ({"main_title": {"title": "好", "desc": "一" * 45}}, "desc"),
    ({"sub_title_text": "一" * 161}, "sub_title_text"),
    ({"main_title": {}}, "main_title"),
    ({"card_type": "text_notice"}, "card_action"),
    ({"card_type": "vote_interaction"}, "card_type"),
]


@pytest.mark.parametrize(("changes", "reason"), BAD)
def test_it_refuses_a_card_that_breaks_a_rule(work: Work, changes: dict[str, Any], reason: str) -> None:
    answer = work.deals(**changes)

    assert answer["errcode"] == 40058
    assert reason in answer["errmsg"]


def test_it_takes_a_card_at_every_limit() -> None:
    buttons = [{"text": "一二三四五六七八九十", "key": f"{n}" + "k" * 1023} for n in range(6)]
    fields = [{"keyname": "五个字名字", "value": "一" * 30}] * 6
    changes = {"button_list": buttons, "horizontal_content_list": fields, "sub_title_text": "一" * 160}

    card = card_rules.read_card(
        {**card_of("a" * 128), **changes, "main_title": {"title": "一" * 36, "desc": "二" * 44}}
    )

    assert (len(card["buttons"]), len(card["fields"]), card["state"]) == (6, 6, "open")


def test_it_refuses_a_task_id_used_before(work: Work) -> None:
    codes = [work.deals(ZHANG)["errcode"], work.deals(LI)["errcode"], work.deals(LI, "case-1-2")["errcode"]]

    assert codes == [0, 40058, 0]


def test_it_needs_a_webhook_for_buttons(start_work: StartWork) -> None:
    work = start_work(webhook="")

    assert work.deals()["errcode"] == 43012


def test_it_tells_the_webhook_of_a_press(work: Work, zhang: Person, webhook: Webhook) -> None:
    sent = work.deals()

    zhang.presses("认领", "LX-0001")

    (fields,) = app_pushes(webhook, 1)
    assert (fields["FromUserName"], fields["Event"], fields["EventKey"]) == (ZHANG, "template_card_event", "claim")
    assert (fields["TaskId"], fields["CardType"], fields["AgentID"]) == ("case-1-1", "button_interaction", "1000002")
    assert fields["ResponseCode"] not in ("", sent["response_code"])


def test_it_changes_the_card_of_everybody_named_by_the_code_of_a_press(
    work: Work, zhang: Person, webhook: Webhook
) -> None:
    work.deals(f"{ZHANG}|{LI}|{WANG}")
    zhang.presses("claim")
    code = app_pushes(webhook, 1)[0]["ResponseCode"]

    answer = work.updates(code, ["zhangsan", "LISI", "nobody"], "已由张三认领")

    assert (answer["errcode"], answer["invaliduser"]) == (0, ["nobody"])
    states = [Person(work.url, "work", userid).cards()[0]["replaced"] for userid in (ZHANG, LI, WANG)]
    assert states == ["已由张三认领", "已由张三认领", ""]
    assert zhang.hears("已由张三认领").type == "card_update"


def test_it_takes_a_code_once_only(work: Work) -> None:
    code = work.deals()["response_code"]

    answers = [work.updates(code, [ZHANG])["errcode"], work.updates(code, [LI])["errcode"]]

    assert answers == [0, 42022]


def test_it_does_not_spend_a_code_on_a_request_that_is_wrong(work: Work) -> None:
    code = work.deals()["response_code"]

    answers = [work.updates(code, [ZHANG], "")["errcode"], work.updates(code, [ZHANG])["errcode"]]

    assert answers == [40058, 0]


def test_it_lets_a_code_expire(start_work: StartWork) -> None:
    work = start_work(Limits(response_code_seconds=-1))

    assert work.updates(work.deals()["response_code"], [ZHANG])["errcode"] == 42022


@pytest.mark.parametrize(("userids", "errcode"), [([], 82001), (["a"] * 1001, 40058)])
def test_it_wants_to_know_whose_card(work: Work, userids: list[str], errcode: int) -> None:
    code = work.deals()["response_code"]

    assert work.updates(code, userids)["errcode"] == errcode


def test_it_replaces_a_whole_card_for_all(work: Work, zhang: Person) -> None:
    code = work.deals()["response_code"]
    notice = {
        "card_type": "text_notice",
        "main_title": {"title": "张三已认领"},
        "card_action": {"type": 1, "url": "https://e.cn"},
    }

    work.updates(code, [], atall=1, template_card=notice)

    (card,) = zhang.cards()
    assert (card["title"], card["buttons"], card["task_id"]) == ("张三已认领", [], "case-1-1")


def test_it_lets_nobody_press_a_changed_card(work: Work, zhang: Person) -> None:
    work.updates(work.deals()["response_code"], [ZHANG])

    with pytest.raises(SimulatorError, match="不能再点"):
        zhang.acts({"type": "press", "task_id": "case-1-1", "key": "claim"})
    with pytest.raises(NotHeard, match="no open card"):
        zhang.presses("认领")


def test_it_changes_only_the_pressers_card_by_the_answer(work: Work, zhang: Person, webhook: Webhook) -> None:
    work.deals()
    webhook.says(app_reply({"MsgType": "update_button", "Button": {"ReplaceName": "处理中"}}))

    outcome = zhang.presses("认领")

    assert outcome.outcome == "answered"
    assert (zhang.cards()[0]["replaced"], Person(work.url, "work", LI).cards()[0]["state"]) == ("处理中", "open")


def test_it_takes_update_button_as_the_answer_to_a_press_only(zhang: Person, webhook: Webhook) -> None:
    webhook.says(app_reply({"MsgType": "update_button", "Button": {"ReplaceName": "处理中"}}))

    assert zhang.says("你好").outcome == "failed"


def test_it_presses_by_the_number_of_the_line(work: Work, zhang: Person, webhook: Webhook) -> None:
    work.deals()
    n = zhang.hears("LX-0001").n

    zhang.acts({"type": "press", "n": n, "key": "退回"})

    assert app_pushes(webhook, 1)[0]["EventKey"] == "return"


def test_it_remembers_cards_and_codes_over_a_restart(start_work: StartWork, tmp_path: Path) -> None:
    first = start_work(data=tmp_path)
    code = first.deals()["response_code"]
    first.updates(first.deals(ZHANG, "case-2-1")["response_code"], [ZHANG])
    start_work.stop()

    second = start_work(data=tmp_path)

    states = {card["task_id"]: card["state"] for card in Person(second.url, "work", ZHANG).cards()}
    assert states == {"case-1-1": "open", "case-2-1": "updated"}
    assert (second.deals()["errcode"], second.updates(code, [ZHANG])["errcode"]) == (40058, 0)


def test_it_measures_a_codes_life_in_hours() -> None:
    assert timedelta(seconds=LIMITS.response_code_seconds) == timedelta(hours=72)
