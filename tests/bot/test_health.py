"""The health pages: alive, ready, and figures that any process tells alike."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text, update

from bot.app import create_app
from bot.installation import Installation
from bot.jobs import CHORES
from models.inbound import InboundMessage
from tests.bot.conftest import Build
from tests.bot.inbox import leave_half_done
from tests.bot.pushes import Postman, photo
from tests.stage import Stage


def figures(client: FlaskClient) -> dict[str, float]:
    lines = [line for line in client.get("/metrics").text.splitlines() if not line.startswith("#")]
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


def wait_for(installation: Installation, ago: timedelta) -> None:
    leave_half_done(installation, photo())
    with installation.database.story() as session:
        session.execute(update(InboundMessage).values(next_try_at=datetime.now(UTC) - ago))


def test_it_is_alive(post: Postman) -> None:
    response = post.client.get("/healthz")

    assert (response.status_code, response.text) == (200, "ok\n")


def test_it_is_ready_when_nothing_is_stuck(post: Postman) -> None:
    response = post.client.get("/readyz")

    assert response.status_code == 200
    assert response.json == {
        "problems": [],
        "notes": [],
        "redis": True,
        "lag_seconds": dict.fromkeys(CHORES, 0),
    }


@pytest.mark.parametrize(("ago", "status"), [(timedelta(seconds=50), 200), (timedelta(seconds=70), 503)])
def test_it_says_what_is_behind(post: Postman, installation: Installation, ago: timedelta, status: int) -> None:
    wait_for(installation, ago)

    response = post.client.get("/readyz")

    told = response.get_json()
    assert response.status_code == status
    assert told["lag_seconds"]["take_in"] == pytest.approx(ago.total_seconds(), abs=5)
    assert [problem.split()[0] for problem in told["problems"]] == (["take_in"] if status == 503 else [])


def test_it_is_ready_without_redis_and_says_so(build: Build) -> None:
    client = create_app(build(redis="redis://127.0.0.1:1/0")).test_client()

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.get_json()["redis"] is False
    assert figures(client)["supervision_redis_up"] == 0


def test_it_is_not_ready_without_the_database(post: Postman, installation: Installation) -> None:
    with installation.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE deadlines RENAME TO deadlines_away"))
    try:
        response, seen = post.client.get("/readyz"), figures(post.client)
    finally:
        with installation.database.engine.begin() as connection:
            connection.execute(text("ALTER TABLE deadlines_away RENAME TO deadlines"))

    assert response.status_code == 503
    assert "the database does not answer" in response.get_json()["problems"][0]
    assert seen["supervision_database_up"] == 0


def test_it_counts_what_waits_and_what_was_given_up(stage: Stage) -> None:
    stage.now = datetime.now(UTC)
    stage.officer()
    stage.reported_case()

    seen = figures(create_app(stage.installation).test_client())

    assert seen["supervision_database_up"] == 1
    assert seen['supervision_rows{what="cases_assigned"}'] == 1
    assert seen['supervision_rows{what="photos_waiting"}'] == 1
    assert seen['supervision_rows{what="outbound_waiting"}'] >= 1
    assert seen['supervision_rows{what="outbound_dead"}'] == 0
    assert seen['supervision_lag_seconds{chore="deliver"}'] < 60
