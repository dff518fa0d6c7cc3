"""Nothing a sender can post gives a 500, and nothing that is not kept is acknowledged."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.app import create_app
from bot.installation import Installation
from models.inbound import InboundMessage
from simulator.wire import push_request
from tests.bot.pushes import ACCOUNT, Fields, Postman, message

ANYTHING = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
KINDS = ("text", "image", "voice", "video", "location", "link", "event", "kf", "")
EVENTS = ("subscribe", "unsubscribe", "SCAN", "CLICK", "VIEW", "LOCATION", "subscribe_msg_popup_event", "x", "")
NAMES = (
    "Content",
    "MediaId",
    "PicUrl",
    "Location_X",
    "Location_Y",
    "Label",
    "EventKey",
    "MsgId",
    "CreateTime",
    "Title",
)

words = st.text(max_size=40)
odd = st.one_of(words, st.integers(), st.floats(), st.booleans(), st.none(), st.lists(words, max_size=3))
odder = st.one_of(odd, st.dictionaries(words, odd, max_size=3))


def count(installation: Installation) -> int:
    with installation.database.glance() as session:
        return session.scalars(select(func.count()).select_from(InboundMessage)).one()


def check(installation: Installation, status: int, answer: str, before: int) -> None:
    assert status < 500
    assert (status == 200) <= bool(answer)
    assert count(installation) - before in ((0, 1) if status == 200 else (0,))


@ANYTHING
@given(body=st.binary(max_size=200), query=st.dictionaries(st.sampled_from(["signature", "timestamp", "nonce",
       "msg_signature", "encrypt_type", "echostr"]), words))  # fmt: skip
def test_it_survives_any_bytes_from_anybody(installation: Installation, body: bytes, query: dict[str, str]) -> None:
    before = count(installation)

    response = create_app(installation).test_client().post("/wechat/jinan", data=body, query_string=query)

    check(installation, response.status_code, response.text, before)
    assert response.status_code != 200


@ANYTHING
@given(said=st.one_of(words, words.map(lambda text: f"<xml>{text}</xml>"), words.map(lambda text: "{" + text)))
def test_it_survives_any_signed_text(installation: Installation, said: str) -> None:
    before = count(installation)

    response = Postman(create_app(installation).test_client()).send(said.encode("utf-8", "replace").decode())

    check(installation, response.status_code, response.text, before)


@ANYTHING
@given(kind=st.sampled_from(KINDS), name=st.sampled_from(EVENTS), more=st.dictionaries(st.sampled_from(NAMES), odder))
def test_it_survives_any_signed_fields(installation: Installation, kind: str, name: str, more: Fields) -> None:
    before = count(installation)
    fields: dict[str, Any] = {**message(kind), "Event": name, **more}
    post = Postman(create_app(installation).test_client()).speaking(format="json")

    response = post.send(fields)

    check(installation, response.status_code, response.text, before)
    assert response.status_code == 200


@ANYTHING
@given(flip=st.integers(min_value=0, max_value=10_000), by=st.integers(min_value=1, max_value=255))
def test_it_survives_any_damage_on_the_way(installation: Installation, flip: int, by: int) -> None:
    before = count(installation)
    request = push_request(ACCOUNT, "o-li", message("text", Content="垃圾桶满了"), datetime.now(UTC))
    body = bytearray(request.body)
    body[flip % len(body)] ^= by

    response = create_app(installation).test_client().post(request.url, data=bytes(body))

    check(installation, response.status_code, response.text, before)
