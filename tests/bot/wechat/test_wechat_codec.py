import json
import os
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto
from wechatpy.utils import to_text

from bot.wechat.codec import Codec, CodecError
from bot.wechat.fields import read_fields

FIXTURE = Path(__file__).parents[2] / "fixtures" / "wechat_vectors.json"
VECTORS = json.loads(FIXTURE.read_text(encoding="utf-8"))["vectors"]
SEALED = [vector for vector in VECTORS if "aes_key" in vector]
FIXED = [vector for vector in VECTORS if "random" in vector]

TOKEN, APP_ID = "spamtest", "wx2c2769f8efd9abc2"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
CODEC = Codec(TOKEN, KEY, APP_ID)
# wechatpy gets the raw key: it has no way of taking a codec's settings apart.
THEIRS = PrpCrypto(b64decode(KEY + "="))


def codec_of(vector: dict[str, Any]) -> Codec:
    return Codec(vector["token"], vector["aes_key"], vector["app_id"])


def encrypted_of(vector: dict[str, Any]) -> str:
    return str(vector.get("encrypted") or read_fields(vector["body"])["Encrypt"])


@pytest.mark.parametrize("vector", SEALED, ids=lambda vector: vector["name"])
def test_it_opens_every_published_envelope(vector: dict[str, Any]) -> None:
    codec = codec_of(vector)

    plain = codec.decrypt(encrypted_of(vector))

    assert plain == vector["plain"]


@pytest.mark.parametrize("vector", [v for v in SEALED if "msg_signature" in v], ids=lambda vector: vector["name"])
def test_it_agrees_with_every_published_signature(vector: dict[str, Any]) -> None:
    codec = codec_of(vector)

    signature = codec.signature(vector["timestamp"], vector["nonce"], encrypted_of(vector))

    assert signature == vector["msg_signature"]


@pytest.mark.parametrize("vector", FIXED, ids=lambda vector: vector["name"])
def test_it_seals_exactly_as_published(vector: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "urandom", lambda size: vector["random"].encode()[:size])

    encrypted = codec_of(vector).encrypt(vector["plain"])

    assert encrypted == vector["encrypted"]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_it_gives_back_any_text_it_sealed(text: str) -> None:
    assert CODEC.decrypt(CODEC.encrypt(text)) == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_it_and_wechatpy_open_each_others_envelopes(text: str) -> None:
    ours_by_them = to_text(THEIRS.decrypt(CODEC.encrypt(text), APP_ID))
    theirs_by_us = CODEC.decrypt(to_text(THEIRS.encrypt(text, APP_ID)))

    assert (ours_by_them, theirs_by_us) == (text, text)


def test_it_never_seals_the_same_text_twice_alike() -> None:
    assert CODEC.encrypt("你好") != CODEC.encrypt("你好")


@given(st.text() | st.binary().map(lambda raw: raw.hex()))
def test_it_answers_any_broken_envelope_with_a_codec_error(cipher: str) -> None:
    with pytest.raises(CodecError):
        CODEC.decrypt(cipher)


@given(position=st.integers(0, 127), bit=st.integers(0, 7))
def test_it_never_gives_out_a_wrong_text_without_its_tail_intact(position: int, bit: int) -> None:
    sealed = bytearray(b64decode(CODEC.encrypt("x" * 70)))
    sealed[position] ^= 1 << bit

    # CBC lets a change inside the text through: that is what the signature is for.
    try:
        opened = CODEC.decrypt(b64encode(sealed).decode())
    except CodecError:
        return

    assert len(opened.encode()) == 70


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (Codec(TOKEN, KEY, "wxsomebodyelse"), "another account"),
        (Codec(TOKEN, "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", APP_ID), "wrong"),
        (Codec(TOKEN, None, APP_ID), "no EncodingAESKey"),
    ],
    ids=["app id", "key", "no key"],
)
def test_it_says_why_an_envelope_stays_shut(wrong: Codec, words: str) -> None:
    sealed = CODEC.encrypt("机密")

    with pytest.raises(CodecError, match=words):
        wrong.decrypt(sealed)


def test_it_checks_the_length_also_where_no_owner_is_named() -> None:
    # A WeCom group robot's envelopes end in no id, so only the length itself can be wrong.
    nobody = Codec(TOKEN, KEY, "")
    sealed = nobody._cipher.encryptor()  # type: ignore[union-attr]
    plain = b"r" * 16 + b"\x00\x00\x00\xff" + b"text" + b"\x08" * 8

    cipher = b64encode(sealed.update(plain) + sealed.finalize()).decode()

    with pytest.raises(CodecError, match="length"):
        nobody.decrypt(cipher)


def test_it_cannot_seal_without_a_key() -> None:
    with pytest.raises(CodecError, match="no EncodingAESKey"):
        Codec(TOKEN, None, APP_ID).encrypt("x")


@pytest.mark.parametrize("key", ["short", "!" * 43, KEY + "A", "é" * 43])
def test_it_refuses_a_wrong_key_at_once_and_does_not_repeat_it(key: str) -> None:
    with pytest.raises(ValueError, match="EncodingAESKey") as caught:
        Codec(TOKEN, key, APP_ID)

    assert key not in str(caught.value)


@pytest.mark.parametrize("signature", [None, "", "ü", "\ud800", 5, "0" * 40])
def test_it_takes_an_odd_signature_for_no_signature(signature: Any) -> None:
    assert not CODEC.is_signed(signature, "1", "2")


@pytest.mark.parametrize("part", [None, 7, "\ud800"])
def test_it_takes_an_odd_part_for_not_signed(part: Any) -> None:
    assert not CODEC.is_signed("0" * 40, "1", part)


def test_it_knows_its_own_signature_in_any_order_of_parts() -> None:
    assert CODEC.is_signed(CODEC.signature("1", "2", "3"), "3", "1", "2")
