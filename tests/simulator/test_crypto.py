"""加解密, checked against an independent implementation."""

from __future__ import annotations

import base64

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from simulator.crypto import Envelope, EnvelopeError, sign
from simulator.wire import to_xml
from tests.simulator.wechat_stage import ACCOUNT, ENVELOPE

OTHER = WeChatCrypto(ACCOUNT.token, ACCOUNT.aes_key, ACCOUNT.app_id)


@given(st.text(max_size=200))
def test_it_opens_what_it_sealed(text: str) -> None:
    assert ENVELOPE.open(ENVELOPE.seal(text)) == text


def test_it_is_understood_by_another_implementation() -> None:
    sealed = ENVELOPE.seal("<xml><Content>泉城</Content></xml>")

    body = to_xml({"ToUserName": "gh_1", "Encrypt": sealed})
    opened = OTHER.decrypt_message(body, sign(ACCOUNT.token, "1", "2", sealed), "1", "2")

    assert opened == "<xml><Content>泉城</Content></xml>"


def test_it_understands_another_implementation() -> None:
    outer = xmltodict.parse(OTHER.encrypt_message("<xml>泉城</xml>", "nonce", "1"))["xml"]

    assert ENVELOPE.open(outer["Encrypt"]) == "<xml>泉城</xml>"
    assert outer["MsgSignature"] == sign(ACCOUNT.token, "1", "nonce", outer["Encrypt"])


@pytest.mark.parametrize(
    "broken",
    ["", "not base64!", base64.b64encode(b"x" * 15).decode(), base64.b64encode(b"x" * 64).decode()],
)
def test_it_refuses_a_damaged_envelope(broken: str) -> None:
    with pytest.raises(EnvelopeError):
        ENVELOPE.open(broken)


def test_it_refuses_an_envelope_of_another_account() -> None:
    with pytest.raises(EnvelopeError):
        ENVELOPE.open(Envelope(ACCOUNT.aes_key, "wx-other").seal("x"))
