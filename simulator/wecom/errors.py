"""WeCom's error codes (企业微信返回码): the same numbers as the Official Account's often mean something else."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from simulator.errors import Refused

WORDS: Mapping[int, str] = {
    -1: "system busy",
    40001: "invalid credential",
    40003: "invalid userid",
    40004: "invalid media type",
    40007: "invalid media_id",
    40008: "invalid msgtype",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40029: "invalid code",
    40056: "invalid agentid",
    40058: "invalid Request Parameter",
    40066: "invalid url",
    41001: "access_token missing",
    42001: "access_token expired",
    # Published only with the words "the code was used, it works once"; that a template card's response_code is
    # refused with it was not confirmed by anybody, nor which number an expired one gets.
    42022: "response_code expired or already used",
    43001: "require GET method",
    43002: "require POST method",
    43012: "callback url required",
    44001: "empty media data",
    44004: "empty content",
    45001: "media size out of limit",
    45002: "content size out of limit",
    45009: "api freq out of limit",
    45033: "api concurrent out of limit",
    46003: "menu not exist",
    47001: "data format error",
    60011: "no privilege to access/modify contact/party/agent",
    60020: "not allow to access from your ip",
    60111: "userid not found",
    81013: "user & party & tag all invalid",
    82001: "empty user & party & tag",
    301002: "not allow operate another agent with this accesstoken",
}


def words_of(refusal: Refused) -> str:
    """Return errmsg as WeCom writes it: the words, a hint that changes every time, and where to read more."""
    # A fault may ask for any code at all.
    said = f"{WORDS.get(refusal.errcode, 'unknown error')} {refusal.detail}".strip()
    hint = f"hint: [{secrets.randbelow(10**10)}_{secrets.token_hex(8)}], from ip: 127.0.0.1"
    return f"{said}, {hint}, more info at https://open.work.weixin.qq.com/devtool/query?e={refusal.errcode}"
