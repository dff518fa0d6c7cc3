"""Who is let in at the doors of WeCom: the signed, the fresh, and only what was made for us; each once."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.installation import ROOT
from bot.wechat.codec import Codec
from bot.wechat.entrances import WorkEntrance
from bot.wechat.push import PushRefused
from simulator.aibot.wire import bot_push
from simulator.crypto import Envelope, sign
from simulator.wecom.wire import corp_push, signed
from simulator.wire import Request, to_xml, with_query
from tests.bot.entrances.company import Company
from tests.bot.entrances.doorstep import APP, BOT, Doorstep, app_text, bot_text, sealed_json

VECTORS_FILE = ROOT / "tests" / "fixtures" / "wechat_vectors.json"
VECTORS = {row["name"]: row for row in json.loads(VECTORS_FILE.read_text(encoding="utf-8"))["vectors"]}
AGE = timedelta(minutes=10)
OTHER_KEY = "ABCDEFGabcdefghijklmnopqrstuvwxyz0123456789"
OWNERS = pytest.mark.parametrize("owner", [APP, BOT], ids=["app", "bot"])


def at(vector: dict[str, Any]) -> tuple[WorkEntrance, dict[str, str], datetime]:
    """The entrance a published sample was made for, its query, and its moment."""
    entrance = WorkEntrance("work", "citizen_patrol", Codec(vector["token"], vector["aes_key"], vector["app_id"]))
    query = {name: vector[name] for name in ("timestamp", "nonce", "msg_signature")}
    return entrance, query, datetime.fromtimestamp(int(vector["timestamp"]), UTC)


def test_it_answers_the_published_handshake() -> None:
    vector = VECTORS["wecom_get"]
    entrance, query, moment = at(vector)

    echo = entrance.verify({**query, "echostr": vector["encrypted"]}, moment, AGE)

    assert echo == vector["plain"]


def test_it_opens_the_published_push() -> None:
    vector = VECTORS["wecom_post"]
    entrance, query, moment = at(vector)

    push = entrance.open(query, vector["body"].encode(), moment, AGE)

    assert (push.body, push.sealed) == (vector["plain"], True)
    assert [(said.sender, said.text) for said in entrance.understand(push.fields, moment)] == [("mycreate", "hello")]


@pytest.mark.parametrize("name", ["wecom_get", "wecom_post"])
def test_it_refuses_a_published_sample_with_one_letter_changed(name: str) -> None:
    entrance, query, moment = at(VECTORS[name])
    body = VECTORS[name].get("body", "<xml><Encrypt>x</Encrypt></xml>").replace("RypE", "RypF").encode()

    with pytest.raises(PushRefused, match="msg_signature"):
        entrance.open(query, body, moment, AGE)


@OWNERS
def test_it_shakes_hands_with_the_encrypted_echo(doorstep: Doorstep, owner: Any) -> None:
    response = doorstep.shakes_hands(owner, echo="5927481103")

    assert (response.status_code, response.data) == (200, b"5927481103")


@OWNERS
@pytest.mark.parametrize(
    ("change", "status"),
    [({"token": "another"}, 403), ({"aes_key": OTHER_KEY}, 400)],
    ids=["token", "key"],
)
def test_it_shakes_no_hands_with_a_stranger(
    doorstep: Doorstep, owner: Any, change: dict[str, str], status: int
) -> None:
    response = doorstep.shakes_hands(replace(owner, **change))

    assert response.status_code == status
    assert b"5927481103" not in response.data


@OWNERS
def test_it_shakes_no_hands_over_an_old_echo(doorstep: Doorstep, owner: Any) -> None:
    response = doorstep.shakes_hands(owner, at=datetime.now(UTC) - timedelta(hours=1))

    assert response.status_code == 403


def test_it_shakes_no_hands_over_an_echo_for_another_company(doorstep: Doorstep) -> None:
    response = doorstep.shakes_hands(replace(APP, corp_id="wwanother"))

    assert (response.status_code, b"another account" in response.data) == (400, True)


def now() -> datetime:
    return datetime.now(UTC)


def without_envelope(owner: Any, body: bytes, kind: str) -> Request:
    return Request(with_query(owner.webhook, signed(owner.token, "", now())), body, kind)


def plainly_signed() -> Request:
    """What an Official Account in plain mode would post; WeCom never does."""
    stamp, nonce = str(int(now().timestamp())), "1"
    query = {"signature": sign(APP.token, stamp, nonce), "timestamp": stamp, "nonce": nonce}
    return Request(with_query(APP.webhook, query), to_xml(app_text("认领 1")).encode(), "text/xml")


def for_the_bot_in_capitals() -> Request:
    sealed = Envelope(BOT.aes_key, "").seal(json.dumps(bot_text("逆行")))
    query = with_query(BOT.webhook, signed(BOT.token, sealed, now()))
    return Request(query, json.dumps({"Encrypt": sealed}).encode(), "application/json")


REFUSED: dict[str, tuple[Callable[[], Request], int]] = {
    "app, another token": (lambda: corp_push(replace(APP, token="x"), app_text("1"), now()), 403),
    "app, another key": (lambda: corp_push(replace(APP, aes_key=OTHER_KEY), app_text("1"), now()), 400),
    "app, another company": (lambda: corp_push(replace(APP, corp_id="wwanother"), app_text("1"), now()), 400),
    "app, no company": (lambda: corp_push(replace(APP, corp_id=""), app_text("1"), now()), 400),
    "app, an hour old": (lambda: corp_push(APP, app_text("1"), now() - timedelta(hours=1)), 403),
    "app, an hour ahead": (lambda: corp_push(APP, app_text("1"), now() + timedelta(hours=1)), 403),
    "app, not sealed": (lambda: without_envelope(APP, to_xml(app_text("1")).encode(), "text/xml"), 403),
    "app, signed but not sealed": (plainly_signed, 403),
    "app, too large": (lambda: without_envelope(APP, b"<xml>" + b"x" * 70_000, "text/xml"), 413),
    "app, no XML": (lambda: without_envelope(APP, b"{", "text/xml"), 400),
    "bot, another token": (lambda: bot_push(replace(BOT, token="x"), bot_text("1"), now()), 403),
    "bot, another key": (lambda: bot_push(replace(BOT, aes_key=OTHER_KEY), bot_text("1"), now()), 400),
    "bot, made for a company": (lambda: corp_push(replace(APP, webhook=BOT.webhook), app_text("1"), now()), 403),
    "bot, an hour old": (lambda: bot_push(BOT, bot_text("1"), now() - timedelta(hours=1)), 403),
    "bot, not sealed": (lambda: without_envelope(BOT, json.dumps(bot_text("1")).encode(), "application/json"), 403),
    "bot, its envelope in capitals": (for_the_bot_in_capitals, 403),
    "bot, no object": (lambda: without_envelope(BOT, b'["encrypt"]', "application/json"), 400),
    "bot, nothing": (lambda: without_envelope(BOT, b"", "application/json"), 400),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_keeps_nothing_it_refuses(doorstep: Doorstep, name: str) -> None:
    request, status = REFUSED[name]

    response = doorstep.post(request())

    assert (response.status_code, doorstep.kept()) == (status, [])


@pytest.mark.parametrize(
    "address", ["/wecom/crew", "/group/work", "/wechat/work", "/wecom/jinan", "/wecom/x", "/group/x"]
)
def test_it_knows_nobody_at_another_familys_door(doorstep: Doorstep, address: str) -> None:
    request = corp_push(replace(APP, webhook=address), app_text("认领 1"), now())

    assert doorstep.post(request).status_code == 404
    assert doorstep.client.get(request.url).status_code == 404


def test_it_answers_the_same_push_four_times_in_the_same_words(doorstep: Doorstep) -> None:
    fields = app_text("帮助")

    answers = [doorstep.app_hears(fields) for _ in range(4)]

    assert len(set(answers)) == 1
    assert answers[0]
    assert len(doorstep.kept()) == 1


def test_it_answers_a_groups_message_four_times_in_the_same_words(doorstep: Doorstep) -> None:
    # Only msgid tells: the address for answering later is another one each time.
    pushes = [bot_text("有电动车逆行", response_url=f"https://qyapi.weixin.qq.com/{n}") for n in range(4)]

    answers = [doorstep.bot_hears(fields) for fields in pushes]

    assert len(set(answers)) == 1
    assert answers[0]
    assert len(doorstep.kept()) == 1


def test_it_tells_two_members_with_one_number_apart(doorstep: Doorstep) -> None:
    for sender in ("ChenZhiyuan", "liu"):
        doorstep.to_app(app_text("帮助", sender))

    assert len(doorstep.kept()) == 2


def test_it_opens_what_it_seals_with_the_groups_own_key_only(doorstep: Doorstep) -> None:
    sealed = sealed_json(bot_push(BOT, bot_text("逆行"), now()))

    assert Codec(BOT.token, BOT.aes_key, "").decrypt(sealed) == json.dumps(bot_text("逆行"), ensure_ascii=False)


@pytest.mark.parametrize("key", ["work", "crew", "loose"])
def test_it_passes_the_consoles_check_over_the_net(company: Company, key: str) -> None:
    verdict = company.records.verify(key)

    assert verdict["ok"], verdict
