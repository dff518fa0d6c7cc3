"""The webhook on a real server with threads: what comes at the same moment is taken in once, and in order."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import requests
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from werkzeug.serving import make_server

from bot import intake, jobs
from bot.app import create_app
from bot.installation import Installation
from models.case import Case
from models.draft import Draft
from models.inbound import InboundMessage, Intake
from models.people import Identity
from simulator.wire import push_request
from tests.bot.conftest import Build
from tests.bot.inbox import make_messages_due
from tests.bot.pushes import ACCOUNT, SUCCESS, Fields, photo, place
from tests.bot.pushes import text as words

Served = Iterator[str]


@pytest.fixture
def url(installation: Installation) -> Served:
    server = make_server("127.0.0.1", 0, create_app(installation), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


def post(url: str, fields: Fields) -> requests.Response:
    request = push_request(ACCOUNT, str(fields["FromUserName"]), fields, datetime.now(UTC))
    return requests.post(url + request.url, data=request.body, timeout=20)


def at_once(url: str, *pushes: Fields) -> list[requests.Response]:
    with ThreadPoolExecutor(len(pushes)) as pool:
        return list(pool.map(lambda push: post(url, push), pushes))


def number_of(installation: Installation, table: type[object]) -> int:
    with installation.database.glance() as session:
        return session.scalars(select(func.count()).select_from(table)).one()


def test_it_takes_in_one_push_that_comes_eight_times_at_once(url: str, installation: Installation) -> None:
    push = photo()

    answers = {response.text for response in at_once(url, *[push] * 8)}

    assert len(answers - {SUCCESS}) <= 8
    assert number_of(installation, InboundMessage) == 1
    with installation.database.glance() as session:
        assert len(session.scalars(select(Draft)).one().photos) == 1


def test_it_meets_a_new_person_once_when_everything_comes_at_once(url: str, installation: Installation) -> None:
    pushes = [photo(media_id=f"m{n}") for n in range(4)] + [place(), words("垃圾桶满了没人清")]

    statuses = [response.status_code for response in at_once(url, *pushes)]

    take_in_the_rest(installation)
    assert set(statuses) == {200}
    assert number_of(installation, Identity) == 1
    with installation.database.glance() as session:
        draft = session.scalars(select(Draft)).one()
        assert (len(draft.photos), draft.text, draft.place) == (4, "垃圾桶满了没人清", "甸柳新村第三小区")


def take_in_the_rest(installation: Installation) -> None:
    """A webhook that lost the race for a lock left its message to the job."""
    make_messages_due(installation)
    jobs.take_in(installation)


def test_it_says_success_to_a_redelivery_while_the_first_is_at_work(url: str, installation: Installation) -> None:
    push = photo()
    intake.keep(installation, "jinan", "<xml/>", push, datetime.now(UTC))  # kept, and not understood yet

    response = post(url, push)

    assert response.text == SUCCESS
    assert number_of(installation, Draft) == 0


def test_it_leaves_a_message_alone_that_a_slow_webhook_holds(installation: Installation) -> None:
    """Neither waits for the other, nothing is done twice, and the failure of one does not undo the other."""
    now = datetime.now(UTC)
    kept = intake.keep(installation, "jinan", "<xml/>", photo(), now)
    if installation.database.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time: there is nobody to meet")
    with installation.database.story() as webhook:
        mine = webhook.scalars(select(InboundMessage).where(InboundMessage.id == kept.id).with_for_update()).one()

        answer = intake.take_in(installation, kept.id, now, lambda: False)
        intake.stumble(installation, kept.id, ValueError("too late"), now)
        mine.state, mine.next_try_at = Intake.DONE, None

    with installation.database.glance() as session:
        message = session.scalars(select(InboundMessage)).one()
    assert answer == ""
    assert (message.state, message.next_try_at, message.attempts) == (Intake.DONE, None, 0)


def test_it_does_not_stumble_over_what_is_done(installation: Installation) -> None:
    now = datetime.now(UTC)
    kept = intake.keep(installation, "jinan", json.dumps(photo()), photo(), now)
    intake.take_in(installation, kept.id, now, lambda: True)

    intake.stumble(installation, kept.id, ValueError("too late"), now)

    with installation.database.glance() as session:
        message = session.scalars(select(InboundMessage)).one()
    assert (message.state, message.next_try_at, message.attempts) == (Intake.DONE, None, 0)


def test_it_never_leaves_a_message_for_a_busy_database(installation: Installation) -> None:
    now = datetime.now(UTC)
    kept = intake.keep(installation, "jinan", json.dumps(photo()), photo(), now)
    busy = OperationalError("SELECT 1", {}, Exception("locked"))

    for _ in range(20):
        intake.stumble(installation, kept.id, busy, now)

    with installation.database.glance() as session:
        message = session.scalars(select(InboundMessage)).one()
    assert (message.state, message.attempts) == (Intake.KEPT, 20)
    assert message.next_try_at == now + timedelta(minutes=5)


def test_it_says_success_of_what_is_kept_even_while_everything_else_is_locked(build: Build) -> None:
    installation = build(lock_patience="0.2s")
    client = create_app(installation).test_client()
    request = push_request(ACCOUNT, "o-li", photo(), datetime.now(UTC))
    if installation.database.engine.dialect.name == "sqlite":
        pytest.skip("the one lock there is would keep the message from being kept")
    with installation.database.engine.begin() as other:
        other.execute(text("LOCK TABLE identities"))
        response = client.post(request.url, data=request.body)

    take_in_the_rest(installation)
    assert response.text == SUCCESS
    assert number_of(installation, Draft) == 1


def test_it_never_says_success_of_what_the_database_did_not_take(build: Build) -> None:
    """The disk is full, or the server is away: WeChat hears a failure and comes again, and then it is one case."""
    installation = build(lock_patience="0.2s")
    client = create_app(installation).test_client()
    push = photo()
    request = push_request(ACCOUNT, "o-li", push, datetime.now(UTC))
    rename(installation, "inbound_messages", "inbound_away")
    try:
        refused = client.post(request.url, data=request.body)
    finally:
        rename(installation, "inbound_away", "inbound_messages")

    answers = [client.post(request.url, data=request.body).status_code for _ in range(3)]

    assert (refused.status_code, SUCCESS in refused.text) == (503, False)
    assert answers == [200, 200, 200]
    assert number_of(installation, InboundMessage) == 1
    assert number_of(installation, Draft) == 1
    assert number_of(installation, Case) == 0


def test_it_says_success_of_what_is_kept_although_not_even_the_failure_can_be_noted(
    installation: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    """Messages can be added and not changed: the disk is full but for a page."""
    request = push_request(ACCOUNT, "o-li", photo(), datetime.now(UTC))
    forbid_changes(installation)
    try:
        response = create_app(installation).test_client().post(request.url, data=request.body)
    finally:
        allow_changes(installation)

    make_messages_due(installation)
    jobs.take_in(installation)
    assert response.text == SUCCESS
    assert "its lease will end by itself" in caplog.text
    assert number_of(installation, Draft) == 1


_FORBID = {
    "sqlite": ["CREATE TRIGGER full_disk BEFORE UPDATE ON inbound_messages BEGIN SELECT RAISE(ABORT, 'full'); END"],
    "postgresql": [
        "CREATE FUNCTION full_disk() RETURNS trigger AS $$ BEGIN RAISE 'full'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER full_disk BEFORE UPDATE ON inbound_messages EXECUTE FUNCTION full_disk()",
    ],
}
_ALLOW = {"sqlite": ["DROP TRIGGER full_disk"], "postgresql": ["DROP FUNCTION full_disk() CASCADE"]}


def forbid_changes(installation: Installation) -> None:
    with installation.database.engine.begin() as connection:
        for statement in _FORBID[connection.dialect.name]:
            connection.execute(text(statement))


def allow_changes(installation: Installation) -> None:
    with installation.database.engine.begin() as connection:
        for statement in _ALLOW[connection.dialect.name]:
            connection.execute(text(statement))


def rename(installation: Installation, old: str, new: str) -> None:
    with installation.database.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))
