"""The self-check: what stands between an installation and its first message, and what to do about it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.checks import check_installation
from bot.installation import Installation
from tests.bot.conftest import Build
from tests.bot.post_office import PostOffice
from tests.stage import Stage

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def bad(installation: Installation, *, online: bool = False) -> dict[str, str]:
    return {line.what: line.words for line in check_installation(installation, online) if not line.ok}


def test_it_finds_nothing_wrong_where_nothing_is(stage: Stage) -> None:
    stage.dispatcher()

    lines = list(check_installation(stage.installation, online=False))

    assert [line for line in lines if not line.ok] == []
    assert {"settings", "data pack", "schema", "units", "dispatchers", "redis", "texts"} <= {
        line.what for line in lines
    }


def test_it_says_what_to_do_when_nobody_decides(installation: Installation) -> None:
    assert "run.py invite dispatcher" in bad(installation)["dispatchers"]


def test_it_says_when_officers_could_not_be_reached(build: Build) -> None:
    assert "48 hours" in bad(build({"template": ""}))["templates of jinan"]


def test_it_says_that_the_clock_works_alone_without_redis(build: Build) -> None:
    assert "the clock does the jobs itself" in bad(build(redis="redis://127.0.0.1:1/0"))["redis"]


def test_it_says_when_the_database_was_not_migrated(installation: Installation) -> None:
    with installation.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE memberships RENAME TO memberships_away"))
    try:
        words = bad(installation)["database"]
    finally:
        with installation.database.engine.begin() as connection:
            connection.execute(text("ALTER TABLE memberships_away RENAME TO memberships"))

    assert "run.py migrate" in words


def test_it_says_when_the_schema_is_not_the_models(installation: Installation) -> None:
    with installation.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE questions ADD COLUMN extra INTEGER"))
    try:
        words = bad(installation)["schema"]
    finally:
        with installation.database.engine.begin() as connection:
            connection.execute(text("ALTER TABLE questions DROP COLUMN extra"))

    assert "run.py migrate" in words


def test_it_asks_wechat_when_told_to(office: PostOffice) -> None:
    office.faults.add("ip_not_listed")

    offline, online = bad(office.installation), bad(office.installation, online=True)

    assert "token of jinan" not in offline
    assert "40164" in online["token of jinan"]


def test_it_says_where_photos_can_be_kept(installation: Installation) -> None:
    lines = {line.what: line.words for line in check_installation(installation, online=False)}

    assert lines["photos"] == f"folder {installation.settings.photos} can be written"


def test_it_says_when_photos_cannot_be_kept(build: Build, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    assert "see `photos` in the settings" in bad(build(photos=str(tmp_path / "file" / "photos")))["photos"]


def test_it_says_when_a_bucket_refuses_us(build: Build, s3_url: str) -> None:
    place = {"bucket": "photos", "endpoint": s3_url, "access_key": "test-access-key", "secret_key": "another"}

    words = bad(build(photos=place))["photos"]

    assert "SignatureDoesNotMatch" in words
    assert "test-access-key" not in words


@pytest.mark.parametrize("secret", ["test-app-secret", "test-token"])
def test_it_shows_no_secret(office: PostOffice, secret: str) -> None:
    office.faults.add("token_invalid_for_ever")

    assert secret not in str(list(check_installation(office.installation, online=True)))
