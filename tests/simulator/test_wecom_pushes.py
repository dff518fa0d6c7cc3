"""企业微信推送: sealed XML with the CorpID, retried on anything but 200, answered by sealed XML or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from simulator.client import Faults, Person, Records, SimulatorError
from simulator.crypto import Envelope, sign
from simulator.settings import parse
from simulator.strict import SettingsError
from tests.simulator.wechat_stage import Webhook
from tests.simulator.wecom_stage import APP, BOT, CORP, ZHANG, Work, app_pushes, app_reply

VECTORS = {
    one["name"]: one
    for one in json.loads((Path(__file__).parents[1] / "fixtures/wechat_vectors.json").read_text())["vectors"]
}


def test_it_opens_what_wecom_itself_has_sealed() -> None:
    sample = VECTORS["wecom_get"]

    opened = Envelope(sample["aes_key"], sample["app_id"]).open(sample["encrypted"])

    assert opened == sample["plain"]
    signature = sign(sample["token"], sample["timestamp"], sample["nonce"], sample["encrypted"])
    assert signature == sample["msg_signature"]


KINDS = [
    ({"type": "text", "text": "认领 LX-0001"}, "text", {"Content", "MsgId", "AgentID"}),
    ({"type": "image", "sample": "pothole"}, "image", {"PicUrl", "MediaId", "MsgId"}),
    ({"type": "voice"}, "voice", {"MediaId", "Format", "MsgId"}),
    ({"type": "location", "lat": 36.66, "lon": 117.02}, "location", {"Location_X", "Label", "AppType"}),
    ({"type": "event", "event": "enter_agent"}, "event", {"Event", "EventKey", "AgentID"}),
    ({"type": "event", "event": "CLICK", "key": "MINE"}, "event", {"Event", "EventKey"}),
]


@pytest.mark.parametrize(("words", "kind", "names"), KINDS)
def test_it_pushes_every_kind_with_wecoms_own_fields(
    zhang: Person, webhook: Webhook, words: dict[str, Any], kind: str, names: set[str]
) -> None:
    zhang.acts(words)

    (fields,) = app_pushes(webhook, 1)

    assert (fields["MsgType"], fields["FromUserName"], fields["ToUserName"]) == (kind, ZHANG, CORP.corp_id)
    assert names <= set(fields)
    assert "Recognition" not in fields
    assert fields.get("Event", "").islower() or "Event" not in fields


def test_it_shows_a_sealed_text_and_takes_silence_for_silence(zhang: Person, webhook: Webhook) -> None:
    silent = zhang.says("在吗")
    webhook.says(app_reply({"MsgType": "text", "Content": "已收到"}, to="zhangsan"))

    spoken = zhang.says("在吗")

    assert (silent.outcome, spoken.outcome, spoken.reply) == ("accepted", "answered", "已收到")
    assert zhang.hears("已收到").way == "passive"


@pytest.mark.parametrize("status", [201, 404, 503])
def test_it_tries_four_times_on_anything_but_200(zhang: Person, webhook: Webhook, status: int) -> None:
    webhook.says("", status=status)

    outcome = zhang.says("在吗")

    assert [one["status"] for one in outcome.attempts] == [status] * 4
    assert len({fields["MsgId"] for fields in app_pushes(webhook, 4)}) == 1


BAD_ANSWERS = [
    "success",
    app_reply({"MsgType": "text", "Content": "x"}, to="somebody"),
    app_reply({"MsgType": "text", "Content": "x"}, sender="wwOTHER"),
    app_reply({"MsgType": "text", "Content": "x"}, token="wrong"),
    app_reply({"MsgType": "text", "Content": ""}),
    app_reply({"MsgType": "news"}),
]


@pytest.mark.parametrize("answer", BAD_ANSWERS)
def test_it_shows_nothing_of_a_bad_answer_and_does_not_ask_again(
    zhang: Person, webhook: Webhook, answer: str
) -> None:
    webhook.says(answer)

    outcome = zhang.says("在吗")

    assert (outcome.outcome, len(outcome.attempts)) == ("failed", 1)
    assert [line.sender for line in zhang.lines()] == ["user"]


def test_it_repeats_a_push_whose_answer_was_lost(zhang: Person, work: Work, webhook: Webhook) -> None:
    Faults(work.url).add("drop_answer", count=1, openid="zhangsan")

    zhang.says("在吗")

    assert len(app_pushes(webhook, 2)) == 2


def test_it_checks_the_address_with_a_sealed_echo(work: Work, webhook: Webhook) -> None:
    webhook.answer = lambda request: Response(APP.open(request.args["echostr"]))
    app = Records(work.url).verify("work")["ok"]
    webhook.answer = lambda request: Response(BOT.open(request.args["echostr"]))
    bot = Records(work.url).verify("crew")["ok"]

    webhook.answer = _echo_as_it_came

    assert (app, bot, Records(work.url).verify("work")["ok"]) == (True, True, False)


def _echo_as_it_came(request: Request) -> Response:
    return Response(request.args["echostr"])


def test_it_takes_a_member_out_of_sight_and_back(work: Work, zhang: Person) -> None:
    zhang.does("unsubscribe")
    gone = work.says("在吗")["errcode"]
    with pytest.raises(SimulatorError, match="可见范围"):
        zhang.says("在吗")

    zhang.does("subscribe")

    assert (gone, work.says("在吗")["errcode"]) == (81013, 0)


def settings(**changes: Any) -> dict[str, Any]:
    corp = {"key": "work", "name": "济南创城", "corp_id": "ww1", "agent_id": 1, "secret": "s", "token": "t",
            "aes_key": "a" * 43, "webhook": "http://127.0.0.1/wecom/work"}  # fmt: skip
    group = {"key": "crew", "name": "群", "corp": "work", "bot": "督导", "bot_id": "aib", "token": "t",
             "aes_key": "a" * 43, "webhook": "http://127.0.0.1/group/crew", "members": ["chen"]}  # fmt: skip
    account = {"key": "jinan", "name": "泉城", "app_id": "wx1", "app_secret": "s", "token": "t", "mode": "plain",
               "webhook": "http://127.0.0.1/wechat"}  # fmt: skip
    tree = {"accounts": [account], "corps": [corp], "groups": [group],
            "people": [{"openid": "Chen", "name": "陈", "account": "work"}]}  # fmt: skip
    for name, change in changes.items():
        tree[name] = [{**tree[name][0], **change}]
    return tree


def test_it_reads_corps_groups_and_members(tmp_path: Path) -> None:
    read = parse(settings(), tmp_path)

    assert (read.corps[0].agent_id, read.groups[0].members) == (1, ("chen",))
    assert "'s'" not in repr(read)


WRONG = [
    ({"corps": {"key": "jinan"}}, "must differ"),
    ({"corps": {"aes_key": "short"}}, "43 characters"),
    ({"corps": {"agentid": 1}}, "agentid"),
    ({"groups": {"corp": "nowhere"}}, "nowhere"),
    ({"groups": {"members": ["ghost"]}}, "ghost"),
    ({"groups": {"aes_key": ""}}, "43 characters"),
    ({"people": {"account": "crew"}}, "crew"),
]


@pytest.mark.parametrize(("changes", "reason"), WRONG)
def test_it_refuses_settings_that_contradict(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        parse(settings(**changes), tmp_path)
