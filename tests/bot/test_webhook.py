"""The webhook: signatures, modes, redeliveries. `success` is only ever said of what is kept."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot import intake, jobs
from bot.app import create_app
from bot.installation import Installation
from bot.wechat.push import MAX_BODY
from models.inbound import Intake
from models.outbound import OutboundMessage
from reminders.audit import audit
from simulator.crypto import sign
from simulator.wire import push_request
from tests.bot.conftest import Build
from tests.bot.inbox import kept, leave_half_done, make_messages_due, states
from tests.bot.poison import cure_answers, spoil_answers_of
from tests.bot.pushes import ACCOUNT, SUCCESS, Fields, Postman, event, photo, text


def handshake(**query: str) -> dict[str, str]:
    stamp = query.get("timestamp", str(int(datetime.now(UTC).timestamp())))
    signature = sign(ACCOUNT.token, stamp, "nonce")
    return {"signature": signature, "timestamp": stamp, "nonce": "nonce", "echostr": "4921", **query}


def test_it_echoes_to_the_consoles_handshake(post: Postman) -> None:
    response = post.client.get("/wechat/jinan", query_string=handshake())

    assert (response.status_code, response.text) == (200, "4921")
    assert response.content_type == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/wechat/jinan", {"signature": "0" * 40}, 403),
        ("/wechat/jinan", {"signature": ""}, 403),
        ("/wechat/jinan", {"timestamp": "1400000000"}, 403),
        ("/wechat/jinan", {"timestamp": "soon"}, 403),
        ("/wechat/jinan", {"echostr": ""}, 403),
        ("/wechat/nobody", {}, 404),
    ],
)
def test_it_echoes_to_nobody_else(post: Postman, path: str, query: dict[str, str], status: int) -> None:
    response = post.client.get(path, query_string=handshake(**query))

    assert response.status_code == status
    assert "4921" not in response.text


@pytest.mark.parametrize("wire_format", ["xml", "json"])
@pytest.mark.parametrize("mode", ["compatible", "safe"])
def test_it_answers_in_the_form_it_was_asked_in(post: Postman, mode: str, wire_format: str) -> None:
    words = post.speaking(mode=mode, format=wire_format).hears(text("帮助"))

    assert "完成" in words


@pytest.mark.parametrize("wire_format", ["xml", "json"])
def test_it_answers_plainly_where_no_key_is_configured(build: Build, wire_format: str) -> None:
    post = Postman(create_app(build({"aes_key": None})).test_client())

    words = post.speaking(mode="plain", format=wire_format).hears(text("帮助"))

    assert "完成" in words


def test_it_takes_nothing_plain_once_a_key_is_configured(post: Postman, installation: Installation) -> None:
    response = post.speaking(mode="plain").send(text("帮助"))

    assert response.status_code == 403
    assert kept(installation) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("msg_signature=", "msg_signature=0"), ("msg_signature=", "x="), ("nonce=", "nonce=0"), ("timestamp=", "t=")],
)
def test_it_keeps_nothing_that_is_not_signed(post: Postman, installation: Installation, old: str, new: str) -> None:
    request = push_request(ACCOUNT, "o-li", text("帮助"), datetime.now(UTC))

    response = post.client.post(request.url.replace(old, new), data=request.body)

    assert response.status_code == 403
    assert kept(installation) == []


@pytest.mark.parametrize("age", [timedelta(minutes=11), timedelta(minutes=-11), timedelta(days=400)])
def test_it_refuses_a_replay(post: Postman, installation: Installation, age: timedelta) -> None:
    response = post.send(text("帮助"), at=datetime.now(UTC) - age)

    assert response.status_code == 403
    assert kept(installation) == []


def test_it_refuses_a_body_larger_than_any_push(post: Postman, installation: Installation) -> None:
    response = post.send(text("x" * MAX_BODY))

    assert response.status_code == 413
    assert kept(installation) == []


def test_it_knows_no_other_account(post: Postman) -> None:
    assert post.speaking(webhook="/wechat/qingdao").send(text("帮助")).status_code == 404


def test_it_gives_a_redelivery_the_same_answer_and_counts_it_once(post: Postman, installation: Installation) -> None:
    push = photo()

    answers = [post.hears(push), post.hears(push), post.hears(push)]

    assert "照片" in answers[0]
    assert len(set(answers)) == 1
    assert len(kept(installation)) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (text("帮助", "o-li", MsgId=7), text("帮助", "o-wang", MsgId=7)),
        (event("CLICK", EventKey="A", CreateTime=1), event("CLICK", EventKey="B", CreateTime=1)),
        (event("subscribe", CreateTime=1), event("unsubscribe", CreateTime=1)),
        (event("subscribe", "o-li", CreateTime=1), event("subscribe", "o-wang", CreateTime=1)),
    ],
)
def test_it_tells_alike_pushes_apart(
    post: Postman, installation: Installation, first: Fields, second: Fields
) -> None:
    post.send(first)
    post.send(second)

    assert len(kept(installation)) == 2


@pytest.mark.parametrize(
    "words",
    ["<b>&amp;</b>", "a ]]> b", "]]>]]>", "一\x00二\x08三\x0b", "\ufffe\uffff", "𠮷🚮", " ", "x" * 6000, "</xml>"],
)
@pytest.mark.parametrize("wire_format", ["xml", "json"])
def test_it_takes_whatever_people_type(
    post: Postman, installation: Installation, words: str, wire_format: str
) -> None:
    answer = post.speaking(format=wire_format).hears(text(words))

    assert answer
    assert [message.state for message in kept(installation)] == [Intake.DONE]


def test_it_answers_a_strange_message_by_keeping_it(post: Postman, installation: Installation) -> None:
    response = post.send("<xml><broken>")

    (message,) = kept(installation)
    assert response.text == SUCCESS
    assert (message.body, message.state) == ("<xml><broken>", Intake.DONE)


def test_it_has_no_answer_for_nobody(post: Postman, installation: Installation) -> None:
    response = post.send(text("帮助", ""))

    assert response.text == SUCCESS
    assert states(installation) == [Intake.DONE]


def test_it_lets_an_answer_that_is_too_late_go_out_as_a_message(build: Build) -> None:
    installation = build(web={"answer_within": "0.000001s"})
    post = Postman(create_app(installation).test_client())
    push = text("帮助")

    answers = [post.send(push).text, post.send(push).text]

    (waiting,) = outbound(installation)
    assert answers == [SUCCESS, SUCCESS]
    assert "完成" in waiting


def test_it_has_the_job_take_in_what_the_webhook_could_not(post: Postman, installation: Installation) -> None:
    post.send(text("帮助"))
    spoil_answers_of(installation, "o-li")
    response = post.send(text("1"))
    before = kept(installation)[-1]
    cure_answers(installation)
    make_messages_due(installation)

    jobs.take_in(installation)

    after = kept(installation)[-1]
    assert response.text == SUCCESS
    assert (before.state, before.attempts, before.error) == (Intake.KEPT, 1, "KeyError: 'case'")
    assert after.state is Intake.DONE
    assert len(outbound(installation)) == 1


def test_it_leaves_a_message_to_a_person_when_every_try_failed(post: Postman, installation: Installation) -> None:
    post.send(text("帮助"))
    spoil_answers_of(installation, "o-li")
    post.send(text("1"))
    for _ in range(intake.MAX_ATTEMPTS):
        make_messages_due(installation)
        jobs.take_in(installation)

    message = kept(installation)[-1]

    assert (message.state, message.attempts, message.next_try_at) == (Intake.SET_ASIDE, intake.MAX_ATTEMPTS, None)
    assert 'supervision_rows{what="inbound_set_aside"} 1.0' in post.client.get("/metrics").text
    with installation.database.glance() as session:
        assert [finding.what for finding in audit(session, datetime.now(UTC))] == ["inbound_set_aside"]


def test_it_does_not_let_one_poison_message_stop_the_others(post: Postman, installation: Installation) -> None:
    post.send(text("帮助"))
    spoil_answers_of(installation, "o-li")
    post.send(text("1"))
    later = leave_half_done(installation, text("帮助", "o-wang"))
    make_messages_due(installation)

    jobs.take_in(installation)

    states = {message.id: message.state for message in kept(installation)}
    assert states[later] is Intake.DONE
    assert Intake.KEPT in states.values()


def test_it_keeps_what_came_for_an_account_that_was_taken_out_of_the_settings(
    post: Postman, installation: Installation
) -> None:
    fields = text("帮助")
    message = intake.keep(installation, "jinan", json.dumps(fields), fields, datetime.now(UTC)).id
    make_messages_due(installation)
    installation.doors.official.clear()

    jobs.take_in(installation)

    (left,) = kept(installation)
    assert (left.id, left.state) == (message, Intake.KEPT)
    assert "no account jinan" in left.error


def outbound(installation: Installation) -> list[str]:
    with installation.database.glance() as session:
        return list(session.scalars(select(OutboundMessage.text)))
