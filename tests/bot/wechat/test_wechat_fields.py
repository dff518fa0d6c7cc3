import time
from contextlib import suppress
from typing import Any
from xml.parsers.expat import ExpatError

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat.fields import Unreadable, read_fields

BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><xml><C>&b;</C></xml>'
FILE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><C>&f;</C></xml>'
OUTSIDE = '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><xml><C>1</C></xml>'


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("<xml><A>1</A><B><![CDATA[二]]></B></xml>", {"A": "1", "B": "二"}),
        ("\n <xml>\n<A> 1 </A>\t<B></B>\n</xml>\n", {"A": "1", "B": ""}),
        ("<xml><A><![CDATA[a]b]]c]]></A></xml>", {"A": "a]b]]c"}),
        ("<xml><A><![CDATA[<B>&amp;]]></A></xml>", {"A": "<B>&amp;"}),
        ("<xml><A>a&amp;b &#36335;</A></xml>", {"A": "a&b 路"}),
        ("<xml><A/><B>1</B></xml>", {"A": "", "B": "1"}),
        ("<xml><A>a<![CDATA[b]]></A></xml>", {"A": "ab"}),
        ("<xml><A>1\r\n2</A></xml>", {"A": "1\n2"}),
        ('<?xml version="1.0" encoding="gbk"?><xml><A>路</A></xml>', {"A": "路"}),
        ("<xml><L><I>1</I><I>2</I></L></xml>", {"L": {"I": ["1", "2"]}}),
        ("<xml><A><![CDATA[控\x00制\x08符\ufffe]]></A></xml>", {"A": "控制符"}),
        ('{"A": 1, "B": " 二 ", "C": null}', {"A": 1, "B": "二", "C": ""}),
        ('{"A": "\\ud83d\x00\\u0008好"}', {"A": "好"}),
    ],
)
def test_it_reads_what_wechat_may_send(body: str, fields: dict[str, Any]) -> None:
    assert read_fields(body) == fields


@pytest.mark.parametrize(
    "body",
    [
        *("", " ", "hello", "<xml>", "<xml></xml>", "<foo/>", "<xml>text</xml>", "<xml><A>1</B></xml>"),
        *("<xml><A>1</A></xml><xml/>", "<xml><A>&nbsp;</A></xml>", "<xml><A>&#0;</A></xml>"),
        *("[]", "[1]", "{", '{"A": 1', '{"A": NaNa}', '{"A": ' + "9" * 5000 + "}"),
        *(BOMB, FILE, OUTSIDE),
        "<xml>" + "<a>" * 300 + "</a>" * 300 + "</xml>",
        "<xml>" + "<a>" * 20 + "</a>" * 20 + "</xml>",
        "<xml>" + "<a/>" * 10_000 + "</xml>",
        '{"A":' + "[" * 30 + "]" * 30 + "}",
        '{"A":' + "[" * 30_000,
    ],
)
def test_it_refuses_what_it_cannot_read_safely(body: str) -> None:
    with pytest.raises(Unreadable):
        read_fields(body)


@pytest.mark.parametrize(
    "body",
    [
        "<xml><A><![CDATA[" + "]" * 65_000,
        "<xml>" + "<A>" * 20_000,
        "<xml>" + "<A></A>" * 9_000,
        "<xml><A>" + "&amp;" * 12_000 + "</A></xml>",
        "<xml><A>" + " " * 65_000,
        "<xml>" + "<![CDATA[" * 7_000,
        "{" * 65_000,
        '{"A":"' + "\\u0000" * 10_000 + '"}',
    ],
)
def test_it_is_done_quickly_with_any_64_kilobytes(body: str) -> None:
    start = time.perf_counter()

    with suppress(Unreadable):
        read_fields(body)

    assert time.perf_counter() - start < 0.5


NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,5}", fullmatch=True)
SAFE = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=8)
PLAIN = SAFE.filter(lambda text: not set(text) & set("<&]>"))
ELEMENT = st.builds(
    lambda name, cdata, text: f"<{name}><![CDATA[{text}]]></{name}>" if cdata else f"<{name}>{text}</{name}>",
    NAMES,
    st.booleans(),
    PLAIN | SAFE,
)


def blank_for_none(value: Any) -> Any:
    return [inner or "" for inner in value] if isinstance(value, list) else value or ""


@given(st.lists(ELEMENT, min_size=1, max_size=6), st.sampled_from(["", "\n", " \t"]))
def test_it_reads_the_same_as_a_real_parser(elements: list[str], between: str) -> None:
    body = f"<xml>{between}{between.join(elements)}{between}</xml>"
    theirs: dict[str, Any] | None = None
    with suppress(ExpatError):
        theirs = {name: blank_for_none(value) for name, value in xmltodict.parse(body)["xml"].items()}

    ours: dict[str, Any] | None = None
    with suppress(Unreadable):
        ours = read_fields(body)

    assert ours == theirs


@given(st.text())
def test_it_answers_any_text_with_fields_or_unreadable(body: str) -> None:
    try:
        fields = read_fields(body)
    except Unreadable:
        return

    assert isinstance(fields, dict)
