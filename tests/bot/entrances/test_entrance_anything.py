"""Nothing that can be posted to the app or to a bot gives a 500, and no message is too odd to be understood."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.wechat import group_meaning
from bot.wechat.fields import Unreadable, read_fields
from tests.bot.entrances.doorstep import APP, BOT, Doorstep, app_text, bot_text
from tests.bot.entrances.test_entrance_fixtures import RECEIVED_AT

ANYTHING = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
OFTEN = settings(max_examples=400, deadline=None, derandomize=True)
TYPES = st.sampled_from(["text", "image", "mixed", "voice", "file", "video", "event", "stream", "quote", "link", ""])
NAMES = st.sampled_from(
    [
        *("msgid", "aibotid", "chatid", "chattype", "from", "userid", "corpid", "response_url", "msgtype", "quote"),
        *("text", "content", "mixed", "msg_item", "image", "url", "voice", "event", "eventtype", "stream", "id"),
    ]
)
words = st.text(max_size=30)
leaves = st.one_of(
    words, TYPES, st.sampled_from(["group", "single", "enter_chat"]), st.integers(), st.none(), st.booleans()
)
trees = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6), max_leaves=25
)
objects = st.dictionaries(NAMES, trees, max_size=8)
# Objects alone rarely come near a message, so half of them begin as one.
messages = objects.map(lambda odd: bot_text("有电动车逆行") | odd)


def troubles(doorstep: Doorstep) -> list[str]:
    """What was acknowledged and then could not be taken in."""
    return [kept.error for kept in doorstep.kept() if kept.error]


@OFTEN
@given(fields=objects | messages)
def test_it_makes_messages_of_any_object(fields: dict[str, Any]) -> None:
    try:
        told = read_fields(json.dumps(fields))
    except Unreadable:
        return

    said = group_meaning.to_messages("work", "crew", "创城督导", told, RECEIVED_AT)

    assert said
    assert [message.whole for message in said[:-1]] == [False] * (len(said) - 1)
    assert {len(message.chat) <= 64 for message in said} == {True}


@ANYTHING
@given(fields=messages)
def test_it_survives_any_object_posted_to_a_bot(doorstep: Doorstep, fields: dict[str, Any]) -> None:
    response = doorstep.to_bot(fields)

    assert response.status_code == 200
    assert troubles(doorstep) == []


@ANYTHING
@given(body=words | words.map(lambda text: "{" + text) | words.map(lambda text: f"<xml>{text}</xml>"))
@pytest.mark.parametrize("door", ["app", "bot"])
def test_it_survives_any_sealed_text(doorstep: Doorstep, door: str, body: str) -> None:
    said = body.encode("utf-8", "replace").decode()

    response = doorstep.to_app(said) if door == "app" else doorstep.to_bot(said)

    assert response.status_code == 200
    assert troubles(doorstep) == []


@ANYTHING
@given(event=words, more=st.dictionaries(st.sampled_from(["Event", "EventKey", "TaskId", "MsgType", "MsgId"]), words))
def test_it_survives_any_event_posted_to_the_app(doorstep: Doorstep, event: str, more: dict[str, str]) -> None:
    odd = {name: value.replace("]]>", "") for name, value in {"Event": event, **more}.items()}
    fields = app_text("") | {"MsgType": "event"} | odd

    response = doorstep.to_app({name: value for name, value in fields.items() if value != ""})

    assert response.status_code == 200
    assert troubles(doorstep) == []


@ANYTHING
@given(body=st.binary(max_size=200), query=st.dictionaries(st.sampled_from(["timestamp", "nonce", "msg_signature",
       "echostr"]), words))  # fmt: skip
@pytest.mark.parametrize("webhook", [APP.webhook, BOT.webhook])
def test_it_lets_nothing_in_that_is_not_signed(
    doorstep: Doorstep, webhook: str, body: bytes, query: dict[str, str]
) -> None:
    posted = doorstep.client.post(webhook, data=body, query_string=query)
    asked = doorstep.client.get(webhook, query_string=query)

    assert {posted.status_code, asked.status_code} <= {400, 403, 413}


@pytest.mark.parametrize("who", [{"userid": "x" * 300}, {"userid": "chen", "corpid": "w" * 300}])
def test_it_takes_in_a_sender_with_a_name_longer_than_any(doorstep: Doorstep, who: dict[str, str]) -> None:
    response = doorstep.to_bot(bot_text("有电动车逆行") | {"from": who})

    assert (response.status_code, troubles(doorstep)) == (200, [])
