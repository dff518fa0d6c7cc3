"""推送: signed, sealed, retried, and the answers judged as WeChat judges them."""

from __future__ import annotations

import time
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from simulator.client import Person, Records, SimulatorError
from simulator.crypto import sign
from simulator.push import FAILURE
from simulator.settings import Limits
from simulator.wire import to_xml
from tests.simulator.wechat_stage import ACCOUNT, ENVELOPE, LI, Start, Webhook


def reply(text: str, to: str = LI, sender: str = ACCOUNT.gh_id) -> str:
    return to_xml({"ToUserName": to, "FromUserName": sender, "CreateTime": 1, "MsgType": "text", "Content": text})


def sealed(plain: str, token: str = ACCOUNT.token) -> str:
    cipher = ENVELOPE.seal(plain)
    signature = sign(token, "1", "2", cipher)
    return to_xml({"Encrypt": cipher, "MsgSignature": signature, "TimeStamp": 1, "Nonce": "2"})


def test_it_seals_and_signs_a_push_in_safe_mode(li: Person, webhook: Webhook) -> None:
    outcome = li.says("路灯坏了 ]]> & <b>")

    (fields,) = webhook.opened(1)

    assert list(fields) == ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content", "MsgId"]
    assert (fields["FromUserName"], fields["Content"]) == (LI, "路灯坏了 ]]> & <b>")
    assert int(fields["MsgId"]) == outcome.msg_id
    assert webhook.got[0][0]["encrypt_type"] == "aes"


@pytest.mark.parametrize(
    ("mode", "form", "has_text", "has_sealed"),
    [
        ("plain", "xml", True, False),
        ("compatible", "xml", True, True),
        ("safe", "json", False, True),
        ("plain", "json", True, False),
    ],
)
def test_it_writes_the_accounts_mode_and_format(
    start: Start, webhook: Webhook, mode: str, form: str, has_text: bool, has_sealed: bool
) -> None:
    Person(start(mode=mode, format=form).url, "jinan", LI).says("路灯坏了")

    query, body = webhook.got[0]

    assert body.startswith("<xml>" if form == "xml" else "{")
    assert ("路灯坏了" in body, "Encrypt" in body, "msg_signature" in query) == (has_text, has_sealed, has_sealed)
    assert query["signature"] == sign(ACCOUNT.token, query["timestamp"], query["nonce"])


KINDS = [
    ({"type": "image", "sample": "pothole"}, "image", {"PicUrl", "MediaId", "MsgId"}),
    ({"type": "voice"}, "voice", {"MediaId", "Format", "MsgId"}),
    ({"type": "location", "lat": 36.66, "lon": 117.02}, "location", {"Location_X", "Location_Y", "Label"}),
    ({"type": "link", "title": "报道", "url": "https://example.org"}, "link", {"Title", "Url"}),
    ({"type": "event", "event": "SCAN", "key": "bind-1"}, "event", {"Event", "EventKey", "Ticket"}),
    ({"type": "event", "event": "CLICK", "key": "MINE"}, "event", {"Event", "EventKey"}),
    ({"type": "event", "event": "LOCATION", "lat": 36, "lon": 117}, "event", {"Latitude", "Precision"}),
]


@pytest.mark.parametrize(("words", "kind", "names"), KINDS)
def test_it_pushes_every_kind_with_wechats_own_fields(
    li: Person, webhook: Webhook, words: dict[str, Any], kind: str, names: set[str]
) -> None:
    li.acts(words)

    (fields,) = webhook.opened(1)

    assert fields["MsgType"] == kind
    assert names <= set(fields)


def test_it_turns_a_strangers_scan_into_a_follow_with_the_scene(li: Person, webhook: Webhook) -> None:
    li.does("unsubscribe")

    li.scans("bind-1")

    fields = webhook.opened(2)[1]
    assert (fields["Event"], fields["EventKey"]) == ("subscribe", "qrscene_bind-1")


def test_it_shows_a_sealed_passive_reply(li: Person, webhook: Webhook) -> None:
    webhook.says(sealed(reply("已受理")))

    outcome = li.says("路灯坏了")

    assert (outcome.outcome, outcome.reply) == ("answered", "已受理")
    assert li.hears("已受理").way == "passive"


BAD_ANSWERS = [
    "ok",
    '{"ok": true}',
    reply("not sealed"),
    sealed(reply("x", to="o-somebody-else")),
    sealed(reply("x", sender="gh_other")),
    sealed(reply("x"), token="wrong"),
    sealed("<xml><ToUserName>"),
    sealed(reply("")),
]


@pytest.mark.parametrize("answer", BAD_ANSWERS)
def test_it_shows_the_failure_for_an_answer_wechat_would_not_take(li: Person, webhook: Webhook, answer: str) -> None:
    webhook.says(answer)

    outcome = li.says("路灯坏了")

    assert outcome.outcome == "failed"
    assert li.hears(FAILURE).sender == "system"


def test_it_tries_four_times_with_the_same_message_and_then_shows_the_failure(li: Person, webhook: Webhook) -> None:
    webhook.says("broken", status=500)

    outcome = li.says("路灯坏了")

    assert [one["status"] for one in outcome.attempts] == [500] * 4
    assert len({fields["MsgId"] for fields in webhook.opened(4)}) == 1


def test_it_can_be_told_not_to_retry_an_error(start: Start, webhook: Webhook) -> None:
    webhook.says("broken", status=500)

    outcome = Person(start(Limits(retry_on_error=False)).url, "jinan", LI).says("路灯坏了")

    assert (outcome.outcome, len(outcome.attempts)) == ("failed", 1)


def test_it_drops_a_slow_connection_and_sends_again(start: Start, webhook: Webhook) -> None:
    def slow_once(_request: Request) -> Response:
        time.sleep(0.3 if len(webhook.got) == 1 else 0)
        return Response("success")

    webhook.answer = slow_once
    outcome = Person(start(Limits(push_timeout_seconds=0.1)).url, "jinan", LI).says("路灯坏了")

    assert [one["problem"] for one in outcome.attempts] == ["ReadTimeout", ""]


def test_it_keeps_each_persons_messages_in_order(li: Person, webhook: Webhook) -> None:
    for n in range(8):
        li.says(str(n), wait=n == 7)

    assert [fields["Content"] for fields in webhook.opened(8)] == [str(n) for n in range(8)]


def test_it_sends_a_raw_body_as_it_stands(start: Start, webhook: Webhook) -> None:
    Person(start(mode="plain").url, "jinan", LI).sends_raw("<xml><broken")

    assert webhook.got[0][1] == "<xml><broken"


def test_it_presses_the_consoles_button(api: Any, webhook: Webhook) -> None:
    webhook.answer = lambda request: Response(request.args["echostr"])
    good = Records(api.url).verify("jinan")["ok"]

    webhook.answer = lambda request: Response(f'"{request.args["echostr"]}"')

    assert (good, Records(api.url).verify("jinan")["ok"]) == (True, False)


def test_it_lets_nobody_speak_who_does_not_follow(li: Person) -> None:
    li.does("unsubscribe")

    with pytest.raises(SimulatorError, match="没有关注"):
        li.says("喂")
