import json
import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat.codec import Codec
from bot.wechat.push import MAX_BODY, Push, PushRefused, dedupe_key, open_push, verify

FIXTURE = Path(__file__).parents[2] / "fixtures" / "wechat_vectors.json"
VECTORS = {row["name"]: row for row in json.loads(FIXTURE.read_text(encoding="utf-8"))["vectors"]}
PUSHES = [row for row in VECTORS.values() if row["kind"] == "push"]

TOKEN, APP_ID = "spamtest", "wx2c2769f8efd9abc2"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
SEALED, PLAIN = Codec(TOKEN, KEY, APP_ID), Codec(TOKEN, None, APP_ID)
NOW = datetime(2025, 5, 20, 8, 0, tzinfo=UTC)
STAMP, NONCE = str(int(NOW.timestamp())), "1320562132"
AGE = timedelta(minutes=10)
TEXT = (
    "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o1]]></FromUserName>"
    "<CreateTime>1747728000</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[路灯不亮]]></Content><MsgId>6054768590064713728</MsgId></xml>"
)
SAID = {
    "ToUserName": "gh_1",
    "FromUserName": "o1",
    "CreateTime": "1747728000",
    "MsgType": "text",
    "Content": "路灯不亮",
    "MsgId": "6054768590064713728",
}


def query(*parts: str, name: str = "signature", stamp: str = STAMP) -> dict[str, str]:
    return {"timestamp": stamp, "nonce": NONCE, name: PLAIN.signature(stamp, NONCE, *parts)}


def envelope(encrypted: str, beside: str = "") -> bytes:
    return f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt>{beside}</xml>".encode()


def sealed_push(plain: str, *, as_json: bool = False, beside: str = "") -> tuple[dict[str, str], bytes]:
    encrypted = SEALED.encrypt(plain)
    body = json.dumps({"Encrypt": encrypted}).encode() if as_json else envelope(encrypted, beside)
    return query(encrypted, name="msg_signature"), body


@pytest.mark.parametrize("vector", PUSHES, ids=lambda row: row["name"])
def test_it_opens_every_published_push(vector: dict[str, Any]) -> None:
    codec = Codec(vector["token"], vector["aes_key"], vector["app_id"])
    then = datetime.fromtimestamp(int(vector["timestamp"]), UTC)

    push = open_push(codec, vector, vector["body"].encode(), then, max_age=AGE)

    assert (push.body, push.sealed, push.is_json) == (vector["plain"], True, False)
    assert push.fields["MsgType"] in {"text", "event"}


def test_it_opens_a_plain_push() -> None:
    push = open_push(PLAIN, query(), TEXT.encode(), NOW, max_age=AGE)

    assert push == Push(TEXT, SAID, sealed=False, is_json=False)


def test_it_opens_a_sealed_push_in_json() -> None:
    address, body = sealed_push(json.dumps(SAID), as_json=True)

    push = open_push(SEALED, address, body, NOW, max_age=AGE)

    assert push == Push(json.dumps(SAID), SAID, sealed=True, is_json=True)


def test_it_believes_only_the_sealed_copy_in_compatible_mode() -> None:
    address, body = sealed_push(TEXT, beside="<Content>假的</Content><FromUserName>o666</FromUserName>")

    push = open_push(SEALED, address, body, NOW, max_age=AGE)

    assert push.fields == SAID


def test_it_accepts_a_byte_order_mark_and_blanks_before_the_body() -> None:
    push = open_push(PLAIN, query(), b"\xef\xbb\xbf \r\n" + TEXT.encode(), NOW, max_age=AGE)

    assert push.fields == SAID


@pytest.mark.parametrize("said", ["这不是 XML", "<xml><a>", "[1, 2]", "{" * 30_000, "", "<xml></xml>"])
def test_it_keeps_what_is_signed_even_if_nobody_can_read_it(said: str) -> None:
    address, body = sealed_push(said)

    push = open_push(SEALED, address, body, NOW, max_age=AGE)

    assert push.body == said
    assert dedupe_key("oa", push.fields) != dedupe_key("oa", {})


BAD_ENVELOPE = SEALED.encrypt("x")[:-8] + "AAAAAA=="
FOREIGN = Codec(TOKEN, KEY, "wxother").encrypt(TEXT)
REFUSED = {
    "too large": (413, SEALED, query(), b"x" * (MAX_BODY + 1), "larger"),
    "no query": (403, SEALED, {}, TEXT.encode(), "timestamp"),
    "no number": (403, PLAIN, query(stamp="soon"), TEXT.encode(), "timestamp"),
    "endless number": (403, PLAIN, query(stamp="9" * 5000), TEXT.encode(), "timestamp"),
    "too old": (403, PLAIN, query(stamp=str(int(STAMP) - 601)), TEXT.encode(), "601 s old"),
    "from the future": (403, PLAIN, query(stamp=str(int(STAMP) + 601)), TEXT.encode(), "clock"),
    "wrong signature": (403, PLAIN, {**query(), "signature": "0" * 40}, TEXT.encode(), "signature"),
    "wrong nonce": (403, PLAIN, {**query(), "nonce": "1"}, TEXT.encode(), "signature"),
    "odd signature": (403, PLAIN, {**query(), "signature": "é"}, TEXT.encode(), "signature"),
    "unsealed": (403, SEALED, query(), TEXT.encode(), "安全模式"),
    "signed for another": (403, SEALED, query("x", name="msg_signature"), envelope("eA=="), "msg_signature"),
    "plain signature": (403, SEALED, query("eA=="), envelope("eA=="), "msg_signature"),
    "not UTF-8": (400, PLAIN, query(), b"<xml>\xff</xml>", "UTF-8"),
    "unreadable": (400, SEALED, query(), b"<xml><Encrypt>", "cannot be read"),
    "not base64": (400, SEALED, query("???", name="msg_signature"), envelope("???"), "base64"),
    "damaged": (400, SEALED, query(BAD_ENVELOPE, name="msg_signature"), envelope(BAD_ENVELOPE), "wrong"),
    "foreign": (400, SEALED, query(FOREIGN, name="msg_signature"), envelope(FOREIGN), "another account"),
}


@pytest.mark.parametrize(("status", "codec", "address", "body", "words"), REFUSED.values(), ids=REFUSED)
def test_it_refuses_with_a_status_and_words(
    status: int, codec: Codec, address: dict[str, str], body: bytes, words: str
) -> None:
    with pytest.raises(PushRefused, match=words) as caught:
        open_push(codec, address, body, NOW, max_age=AGE)

    assert caught.value.status == status
    assert not {TOKEN, KEY} & set(str(caught.value).split())


def test_it_refuses_with_something_a_queue_can_carry() -> None:
    refused = pickle.loads(pickle.dumps(PushRefused(403, "late")))  # noqa: S301

    assert (refused.status, refused.reason) == (403, "late")


@given(
    st.binary(max_size=400),
    st.dictionaries(st.sampled_from(["timestamp", "nonce", "signature", "msg_signature"]), st.text()),
)
def test_it_answers_any_bytes_with_a_push_or_a_refusal(body: bytes, address: dict[str, str]) -> None:
    for codec, signed in ((SEALED, address), (PLAIN, address), (PLAIN, query())):
        try:
            push = open_push(codec, signed, body, NOW, max_age=AGE)
        except PushRefused:
            continue
        assert push.body.encode() == body.removeprefix(b"\xef\xbb\xbf")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_it_opens_whatever_text_was_sealed_and_signed(said: str) -> None:
    address, body = sealed_push(said)

    assert open_push(SEALED, address, body, NOW, max_age=AGE).body == said


def test_it_gives_the_console_its_echo() -> None:
    vector = VECTORS["oa_get"]
    then = datetime.fromtimestamp(int(vector["timestamp"]), UTC)

    assert verify(SEALED, vector, then, AGE) == "shr5ch"


@pytest.mark.parametrize(
    "address",
    [
        {},
        {**query(), "signature": "0" * 40, "echostr": "1"},
        {**query(stamp=str(int(STAMP) - 3600)), "echostr": "1"},
        query(),
    ],
    ids=["nothing", "unsigned", "stale", "no echo"],
)
def test_it_gives_nobody_else_an_echo(address: dict[str, str]) -> None:
    with pytest.raises(PushRefused) as caught:
        verify(SEALED, address, NOW, AGE)

    assert caught.value.status == 403


EVENT = {
    "FromUserName": "o1",
    "CreateTime": "1747728000",
    "MsgType": "event",
    "Event": "CLICK",
    "EventKey": "help",
}
OTHERS = {
    "another person": {**SAID, "FromUserName": "o2"},
    "another number": {**SAID, "MsgId": "6054768590064713729"},
    "another type": {**SAID, "MsgType": "voice"},
    "an event": EVENT,
    "another key in the same second": {**EVENT, "EventKey": "todo"},
    "another event in the same second": {**EVENT, "Event": "VIEW"},
    "a place in the same second": {**EVENT, "Event": "LOCATION", "Latitude": "36.6"},
    "the next second": {**EVENT, "CreateTime": "1747728001"},
    "a zero number": {**SAID, "MsgId": "0"},
    "nothing": {},
}


def test_it_gives_different_pushes_different_keys() -> None:
    keys = {dedupe_key("oa", fields) for fields in (SAID, *OTHERS.values())}

    assert len(keys) == 1 + len(OTHERS)
    assert dedupe_key("oa", SAID) != dedupe_key("oa2", SAID)


@pytest.mark.parametrize("fields", [SAID, EVENT])
def test_it_gives_a_second_delivery_the_same_key(fields: dict[str, str]) -> None:
    reordered = dict(reversed(fields.items()))

    assert dedupe_key("oa", reordered) == dedupe_key("oa", fields)


def test_it_takes_a_number_in_json_and_in_xml_for_the_same() -> None:
    assert dedupe_key("oa", {**SAID, "MsgId": 6054768590064713728}) == dedupe_key("oa", SAID)


FIELDS = st.dictionaries(st.sampled_from([*SAID, "Event", "EventKey", "Ticket"]), st.text(max_size=6))


@given(FIELDS)
def test_it_gives_any_fields_one_steady_key_of_64_characters(fields: dict[str, str]) -> None:
    key = dedupe_key("oa", fields)

    assert key == dedupe_key("oa", dict(fields))
    assert len(key) == 64


@given(FIELDS, FIELDS)
def test_it_never_mixes_two_people(one: dict[str, str], two: dict[str, str]) -> None:
    assert dedupe_key("oa", {**one, "FromUserName": "a"}) != dedupe_key("oa", {**two, "FromUserName": "b"})
