"""Pushes (推送): what a thousand people send, signed and sealed beforehand so that nobody waits for it."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from simulator.settings import load
from simulator.wire import push_request

SENDERS = 1000
_WORDS = (
    "垃圾桶满了没人清",
    "甸柳新村第三小区门口占道经营,堵了好几天",
    "路灯不亮,晚上看不见路",
    "井盖坏了,很危险",
    "共享单车乱停乱放,把盲道都占了",
)


def http_requests(simulator_config: Path, how_many: int, seed: int) -> list[bytes]:
    """Whole HTTP requests in safe mode, each with a MsgId of its own; a seed gives the same people and words."""
    account = load(simulator_config).accounts[0]
    now = datetime.now(UTC)
    made = []
    for fields in _messages(how_many, seed, now):
        push = push_request(account, fields["FromUserName"], {"ToUserName": account.gh_id, **fields}, now)
        url = urlsplit(push.url)
        head = (
            f"POST {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\nContent-Type: {push.content_type}\r\n"
            f"User-Agent: Mozilla/4.0\r\nAccept: */*\r\nContent-Length: {len(push.body)}\r\n\r\n"
        )
        made.append(head.encode() + push.body)
    return made


def _messages(how_many: int, seed: int, now: datetime) -> Iterator[dict[str, Any]]:
    dice = random.Random(seed)
    first = seed * 10**9 + 1
    for number in range(first, first + how_many):
        content = dice.choice((_text, _text, _photo, _place))(dice)
        who = f"o-{seed}-{dice.randrange(SENDERS):026d}"
        yield {"FromUserName": who, "CreateTime": int(now.timestamp()), **content, "MsgId": number}


def _text(dice: random.Random) -> dict[str, Any]:
    return {"MsgType": "text", "Content": dice.choice(_WORDS)}


def _photo(dice: random.Random) -> dict[str, Any]:
    media = f"media-{dice.getrandbits(200):050x}"
    return {"MsgType": "image", "PicUrl": f"http://mmbiz.qpic.cn/{media}/0", "MediaId": media}


def _place(dice: random.Random) -> dict[str, Any]:
    lat, lon = 36.6 + dice.random() / 10, 117.0 + dice.random() / 10
    place = {"Location_X": f"{lat:.6f}", "Location_Y": f"{lon:.6f}", "Scale": 15}
    return {"MsgType": "location", **place, "Label": "山东省济南市历下区甸柳新村第三小区"}
