import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat.codec import Codec
from bot.wechat.push import open_push, seal_reply

TOKEN, APP_ID = "spamtest", "wx2c2769f8efd9abc2"
CODEC = Codec(TOKEN, "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", APP_ID)
NOW = datetime(2025, 5, 20, 8, 0, tzinfo=UTC)
PUSH = {"ToUserName": "gh_1", "FromUserName": "o1"}
LETTER = {"ToUserName": "o1", "FromUserName": "gh_1", "MsgType": "text"}


def reply(text: str, *, is_json: bool = False) -> bytes:
    return seal_reply(CODEC, PUSH, text, NOW, sealed=False, is_json=is_json)


def content(text: str) -> str:
    """What WeChat's parser would show the person."""
    return str(xmltodict.parse(reply(text), strip_whitespace=False)["xml"]["Content"] or "")


def test_it_answers_in_xml() -> None:
    assert xmltodict.parse(reply("收到"))["xml"] == {**LETTER, "CreateTime": "1747728000", "Content": "收到"}


def test_it_answers_in_json() -> None:
    body = reply("收到", is_json=True)

    assert json.loads(body) == {**LETTER, "CreateTime": 1747728000, "Content": "收到"}
    assert "收到".encode() in body


@pytest.mark.parametrize("is_json", [False, True])
def test_it_seals_so_that_it_can_be_opened(is_json: bool) -> None:
    body = seal_reply(CODEC, PUSH, "收到", NOW, sealed=True, is_json=is_json)

    outer: dict[str, Any] = json.loads(body) if is_json else xmltodict.parse(body)["xml"]
    query = {
        "timestamp": str(outer["TimeStamp"]),
        "nonce": outer["Nonce"],
        "msg_signature": outer["MsgSignature"],
    }
    opened = open_push(CODEC, query, body, NOW, max_age=timedelta(minutes=1))
    assert opened.fields["Content"] == "收到"
    assert opened.is_json is is_json


def test_it_seals_no_two_answers_alike() -> None:
    one, two = (seal_reply(CODEC, PUSH, "收到", NOW, sealed=True, is_json=False) for _ in range(2))

    assert one != two


ATTACK = "]]></Content><ToUserName><![CDATA[o-victim]]></ToUserName><Content><![CDATA["


@pytest.mark.parametrize("text", [ATTACK, "]]>", "]]]]>>", "a]]>b]]>c", "<b>&amp;", "👍🏽"])
def test_it_lets_no_words_become_xml(text: str) -> None:
    assert content(text) == text
    assert xmltodict.parse(reply(text))["xml"]["ToUserName"] == "o1"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
def test_it_shows_any_words_as_they_are(text: str) -> None:
    assert content(text) == text


def test_it_leaves_out_what_xml_cannot_hold() -> None:
    assert content("a\x00b\ud800c\x0b") == "abc"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("字" * 682 + "ab", "字" * 682 + "ab"),
        ("字" * 683, "字" * 681 + "…"),
        ("a" * 2049, "a" * 2045 + "…"),
        ("😀" * 513, "😀" * 511 + "…"),
    ],
)
def test_it_cuts_between_characters_and_shows_that_it_cut(text: str, shown: str) -> None:
    assert content(text) == shown


@given(st.text(min_size=500))
def test_it_never_says_more_than_2048_bytes(text: str) -> None:
    assert len(content(text * 3).encode()) <= 2048


@pytest.mark.parametrize("fields", [{}, {"FromUserName": None}, {"FromUserName": "a]]>b\ud800", "ToUserName": 5}])
def test_it_makes_an_answer_whatever_the_push_held(fields: dict[str, Any]) -> None:
    body = seal_reply(CODEC, fields, "收到", NOW, sealed=False, is_json=False)

    assert xmltodict.parse(body)["xml"]["Content"] == "收到"
