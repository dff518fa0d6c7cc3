"""智能机器人: what it hears of a group, pictures for five minutes, answers within their limits."""

from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from werkzeug.wrappers import Request, Response

from simulator.client import Faults, Group, Person, Records, SimulatorError
from simulator.samples import draw
from simulator.settings import Limits
from tests.simulator.wechat_stage import Webhook
from tests.simulator.wecom_stage import GROUP, LI, WANG, ZHANG, StartWork, Work, bot_pushes, bot_reply, stream

PHOTO = draw("pothole", datetime(2026, 6, 1, 8, tzinfo=UTC))


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "pothole.jpg"
    file.write_bytes(PHOTO)
    return file


def decrypted(content: bytes) -> bytes:
    key = base64.b64decode(GROUP.aes_key + "=")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = decryptor.update(content) + decryptor.finalize()
    return plain[: -plain[-1]]


def test_it_hears_a_text_that_mentions_it(crew: Group, webhook: Webhook) -> None:
    outcome = crew.says("zhangsan", "泉城路有人闯红灯")

    (body,) = bot_pushes(webhook, 1)
    assert body["text"] == {"content": "@创城督导 泉城路有人闯红灯"}
    assert (body["aibotid"], body["chatid"], body["chattype"]) == ("aibSAMPLE", GROUP.chat_id, "group")
    assert (body["from"], body["msgid"]) == ({"userid": ZHANG}, str(outcome.msg_id))
    assert "create_time" not in body


def test_it_hears_nothing_that_does_not_mention_it(crew: Group, webhook: Webhook, photo: Path) -> None:
    words = crew.says(ZHANG, "大家好", mentions=False)
    bare = crew.says(ZHANG, photos=[photo], mentions=False)
    crew.says(ZHANG, "这里")

    assert (words.outcome, bare.outcome) == ("unheard", "unheard")
    assert len(bot_pushes(webhook, 1)) == 1
    assert [line.type for line in crew.lines()] == ["text", "image", "text"]


def test_it_gets_words_and_photos_in_one_message(crew: Group, webhook: Webhook, photo: Path) -> None:
    crew.says(LI, "护栏坏了", [photo, "pothole"])

    (body,) = bot_pushes(webhook, 1)
    items = body["mixed"]["msg_item"]
    assert (body["msgtype"], items[0]["text"]["content"]) == ("mixed", "@创城督导 护栏坏了")
    assert [item["msgtype"] for item in items] == ["text", "image", "image"]


def test_it_gets_an_encrypted_photo(crew: Group, webhook: Webhook, photo: Path) -> None:
    crew.says(LI, "护栏坏了", [photo])
    url = bot_pushes(webhook, 1)[0]["mixed"]["msg_item"][1]["image"]["url"]

    content = requests.get(url, timeout=5).content

    assert content != PHOTO
    assert decrypted(content) == PHOTO


def test_it_gets_no_photo_after_its_time(start_work: StartWork, webhook: Webhook, photo: Path) -> None:
    work = start_work(Limits(bot_media_seconds=0))
    Group(work.url, "crew").says(LI, "护栏坏了", [photo])
    url = bot_pushes(webhook, 1)[0]["mixed"]["msg_item"][1]["image"]["url"]

    assert requests.get(url, timeout=5).status_code == 403
    assert requests.get(work.url + "/aibot/media/unknown", timeout=5).status_code == 404


def test_it_gets_no_photo_while_the_fault_is_on(work: Work, crew: Group, webhook: Webhook, photo: Path) -> None:
    crew.says(LI, "护栏坏了", [photo])
    url = bot_pushes(webhook, 1)[0]["mixed"]["msg_item"][1]["image"]["url"]
    Faults(work.url).add("bot_media_gone", count=1)

    assert [requests.get(url, timeout=5).status_code for _ in range(2)] == [403, 200]


def test_it_gets_a_quoted_photo_with_a_fresh_address(crew: Group, webhook: Webhook, photo: Path) -> None:
    crew.says(ZHANG, photos=[photo], mentions=False)

    crew.says(LI, "就是这里", quote=crew.last())

    (body,) = bot_pushes(webhook, 1)
    assert (body["msgtype"], body["quote"]["msgtype"]) == ("text", "image")
    assert decrypted(requests.get(body["quote"]["image"]["url"], timeout=5).content) == PHOTO


def test_it_gets_quoted_words_and_mixed_quotes(crew: Group, webhook: Webhook, photo: Path) -> None:
    crew.says(ZHANG, "在解放桥", mentions=False)
    words = crew.last()
    crew.says(ZHANG, "看图", [photo], mentions=False)
    crew.says(LI, "收到", quote=words)
    crew.says(LI, "收到", quote=words.n + 1)

    first, second = bot_pushes(webhook, 2)

    assert first["quote"] == {"msgtype": "text", "text": {"content": "在解放桥"}}
    assert [one["msgtype"] for one in second["quote"]["mixed"]["msg_item"]] == ["text", "image"]


def test_it_lets_everybody_see_everybodys_lines(crew: Group) -> None:
    crew.says(ZHANG, "早", mentions=False)
    crew.says(LI, "早", mentions=False)

    assert [line.extra["speaker"] for line in crew.lines()] == [ZHANG, LI]


def test_it_lets_only_members_speak(crew: Group) -> None:
    with pytest.raises(SimulatorError, match="不在群里"):
        crew.says(WANG, "我也在")


def test_it_answers_in_the_group_by_a_finished_stream(crew: Group, webhook: Webhook) -> None:
    webhook.says(stream("还差地点"))

    outcome = crew.says(ZHANG, "垃圾满了")

    assert (outcome.outcome, outcome.reply) == ("answered", "还差地点")
    assert crew.hears("还差地点").way == "passive"


def test_it_asks_again_until_a_stream_is_finished(crew: Group, webhook: Webhook) -> None:
    webhook.says(stream("正在", finish=False), stream("正在看", finish=False), stream("已受理"))

    crew.says(ZHANG, "垃圾满了")

    crew.hears("已受理")
    polls = bot_pushes(webhook, 3)[1:]
    assert [(one["msgtype"], one["stream"]["id"]) for one in polls] == [("stream", "s1")] * 2
    assert [line.text for line in crew.lines() if line.sender == "account"] == ["已受理"]


def test_it_shows_a_stream_that_never_ends_as_far_as_it_came(crew: Group, webhook: Webhook) -> None:
    webhook.says(stream("正在看", finish=False))

    crew.says(ZHANG, "垃圾满了")

    crew.hears("正在看")
    assert len(bot_pushes(webhook, 4)) == 4


REFUSED = [
    stream("长" * 6827),
    bot_reply({"msgtype": "text", "text": {"content": "只给进入会话"}}),
    bot_reply({"msgtype": "markdown", "markdown": {"content": "只给回复地址"}}),
    bot_reply({"msgtype": "stream", "stream": {"finish": True, "content": "没有id"}}),
    bot_reply({"msgtype": "stream", "stream": {"id": "s", "finish": True, "content": "x"}}, token="wrong"),
    json.dumps({"encrypt": "x"}),
    "success",
    "[]",
]


@pytest.mark.parametrize("answer", REFUSED)
def test_it_shows_nothing_of_an_answer_that_is_not_allowed(crew: Group, webhook: Webhook, answer: str) -> None:
    webhook.says(answer)

    outcome = crew.says(ZHANG, "垃圾满了")

    assert outcome.outcome == "failed"
    assert [line.sender for line in crew.lines()] == ["user"]


def test_it_takes_a_stream_at_its_limit(crew: Group, webhook: Webhook) -> None:
    webhook.says(stream("长" * 6826))

    assert crew.says(ZHANG, "垃圾满了").outcome == "answered"


def respond(url: str, content: str = "已立案", msgtype: str = "markdown") -> int:
    body = {"msgtype": msgtype, msgtype: {"content": content}}
    return int(requests.post(url, json=body, timeout=5).json()["errcode"])


def test_it_takes_one_answer_by_the_response_url(work: Work, crew: Group, webhook: Webhook) -> None:
    crew.says(ZHANG, "垃圾满了")
    url = bot_pushes(webhook, 1)[0]["response_url"]

    codes = [respond(url, msgtype="text"), respond(url, "长" * 6827), respond(url), respond(url)]

    assert codes == [40008, 45002, 0, 42022]
    assert crew.hears("已立案").way == "group"
    assert {one["account"] for one in Records(work.url).calls("/cgi-bin/aibot/response")} == {"crew"}


def test_it_lets_the_response_url_expire(start_work: StartWork, webhook: Webhook) -> None:
    work = start_work(Limits(response_url_seconds=0))
    Group(work.url, "crew").says(ZHANG, "垃圾满了")

    assert respond(bot_pushes(webhook, 1)[0]["response_url"]) == 42022


def test_it_can_break_the_response_url(work: Work, crew: Group, webhook: Webhook) -> None:
    crew.says(ZHANG, "垃圾满了")
    url = bot_pushes(webhook, 1)[0]["response_url"]
    Faults(work.url).add("answer_url_dead", count=1)

    assert [respond(url), respond(url)] == [42022, 0]


def test_it_talks_to_one_member_alone(work: Work, crew: Group, webhook: Webhook) -> None:
    webhook.says(stream("请发照片"))

    crew.says_alone(ZHANG, "怎么上报")
    crew.says_alone(ZHANG, photos=["pothole"])
    crew.says_alone(ZHANG, "护栏坏了", kind="voice")

    bodies = bot_pushes(webhook, 3)
    assert [body["msgtype"] for body in bodies] == ["text", "image", "voice"]
    assert {body["chattype"] for body in bodies} == {"single"}
    assert "chatid" not in bodies[0]
    assert Person(work.url, "crew", ZHANG).lines()[1].text == "请发照片"
    assert crew.lines() == []


def test_it_welcomes_whoever_opens_the_private_chat(work: Work, crew: Group, webhook: Webhook) -> None:
    webhook.says(bot_reply({"msgtype": "text", "text": {"content": "您好"}}))

    outcome = crew.says_alone(ZHANG, kind="enter_chat")

    (body,) = bot_pushes(webhook, 1)
    assert (outcome.reply, body["event"]["eventtype"]) == ("您好", "enter_chat")
    assert body["create_time"] > 0


def test_it_pushes_again_after_silence_with_the_same_msgid(start_work: StartWork, webhook: Webhook) -> None:
    crew = Group(start_work(Limits(push_timeout_seconds=0.1, push_retry_pause_seconds=0)).url, "crew")

    def slow_once(_request: Request) -> Response:
        time.sleep(0.3 if len(webhook.got) == 1 else 0)
        return Response("")

    webhook.answer = slow_once

    outcome = crew.says(ZHANG, "垃圾满了")

    assert outcome.outcome == "accepted"
    assert len({body["msgid"] for body in bot_pushes(webhook, 2)}) == 1


def test_it_sends_a_group_push_twice_for_the_fault(work: Work, crew: Group, webhook: Webhook) -> None:
    Faults(work.url).add("duplicate_push", count=1, openid=ZHANG)

    crew.says(ZHANG, "垃圾满了")

    assert len({body["msgid"] for body in bot_pushes(webhook, 2)}) == 1


def test_it_tells_the_page_who_is_in_the_group(work: Work) -> None:
    (group,) = Records(work.url).state()["groups"]

    members: list[dict[str, Any]] = group["members"]

    assert [one["userid"] for one in members] == [ZHANG, LI]
