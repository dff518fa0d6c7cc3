"""Which rules a process routes by: taken up without a restart, and never a reason not to start."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot import routers
from bot.app import create_app
from bot.checks import check_installation
from bot.installation import ROOT, Installation
from bot.routers import LOOK_EVERY
from handlers import editions
from handlers.editions import SHIPPED, Written, digest
from models.edition import Edition
from routing.pack import CATEGORIES, shipped
from tests.bot.conftest import Build
from tests.learnt import small_training
from tests.stage import MORNING

FOLDER = ROOT / "data" / "jinan"
RUBBISH, AT_ONCE = "event:06010", timedelta(0)


def put_in_use(installation: Installation, name: str) -> int:
    """An edition that calls 暴露垃圾 otherwise."""
    with installation.database.story() as session:
        now = editions.text_in_use(session, FOLDER, CATEGORIES)
        words = shipped(FOLDER, CATEGORIES).replace("name: 暴露垃圾,", f"name: {name},")
        number = editions.keep(session, Written(CATEGORIES, words, "", digest(now)), None, MORNING).id
    choose(installation, number)
    return number


def choose(installation: Installation, number: int) -> None:
    with installation.database.story() as session:
        plan = editions.plan(session, FOLDER, CATEGORIES, number)
        editions.use(session, plan, FOLDER, "", None, MORNING)


def spoil(installation: Installation, number: int, text: str = "events: 1\n") -> None:
    with installation.database.story() as session:
        session.execute(update(Edition).where(Edition.id == number).values(text=text))


def called(installation: Installation, after: timedelta = AT_ONCE) -> str:
    """What a story that begins so long after morning calls exposed rubbish."""
    with installation.database.glance() as session:
        return installation.desk(session, MORNING + after).router.pack.categories[RUBBISH].name


def rules_line(installation: Installation) -> tuple[bool, str]:
    (line,) = [line for line in check_installation(installation, online=False) if line.what == "rules"]
    return line.ok, line.words


def test_it_takes_up_rules_within_half_a_minute(installation: Installation) -> None:
    started = called(installation)
    put_in_use(installation, "露天垃圾")

    soon, later = called(installation, LOOK_EVERY - timedelta(seconds=1)), called(installation, LOOK_EVERY)

    assert (started, soon, later) == ("暴露垃圾", "暴露垃圾", "露天垃圾")
    assert installation.bell.categories[RUBBISH] == "露天垃圾"


def test_it_takes_up_in_one_process_what_was_put_in_use_in_another(installation: Installation, build: Build) -> None:
    other = build()
    called(other)
    put_in_use(installation, "露天垃圾")
    taken_up = called(other, LOOK_EVERY)

    choose(installation, SHIPPED)

    assert (taken_up, called(other, 2 * LOOK_EVERY)) == ("露天垃圾", "暴露垃圾")


def test_it_changes_rules_and_the_trained_version_apart_and_together(installation: Installation) -> None:
    with installation.database.story() as session:
        version = routers.keep(session, small_training(0.5), installation.router.pack, MORNING)
        routers.use(session, version, installation.router.pack, MORNING)
    called(installation)
    put_in_use(installation, "露天垃圾")

    name = called(installation, LOOK_EVERY)
    with installation.database.story() as session:
        routers.use(session, routers.LEXICON, installation.router.pack, MORNING)
    kept = called(installation, 2 * LOOK_EVERY)

    assert (name, kept, installation.router.version) == ("露天垃圾", "露天垃圾", "")


def test_it_starts_with_the_files_where_the_rules_in_use_no_longer_load(
    installation: Installation, build: Build, caplog: pytest.LogCaptureFixture
) -> None:
    spoil(installation, put_in_use(installation, "露天垃圾"))

    with caplog.at_level(logging.ERROR):
        restarted = build()
        name = called(restarted)

    assert name == "暴露垃圾"
    assert "the rules in use cannot be read: routing goes on with" in caplog.text
    assert rules_line(restarted)[0] is False
    assert "data/jinan/categories.yaml:" in rules_line(restarted)[1]
    assert "the files are in use instead: see `run.py pack list`" in rules_line(restarted)[1]


def test_it_goes_on_with_the_rules_before_when_the_next_are_broken(installation: Installation) -> None:
    put_in_use(installation, "露天垃圾")
    called(installation)
    spoil(installation, put_in_use(installation, "垃圾"))

    assert called(installation, LOOK_EVERY) == "露天垃圾"
    choose(installation, SHIPPED)
    assert called(installation, 2 * LOOK_EVERY) == "暴露垃圾"
    assert installation.routers.trouble == ""


def test_it_says_so_in_readyz_and_still_serves(installation: Installation, build: Build) -> None:
    spoil(installation, put_in_use(installation, "露天垃圾"))

    response = create_app(build()).test_client().get("/readyz")

    (note,) = response.get_json()["notes"]
    assert response.status_code == 200
    assert note.startswith("the rules in use cannot be read: data/jinan/categories.yaml:")


def test_it_names_the_editions_in_the_check(installation: Installation) -> None:
    before = rules_line(installation)
    number = put_in_use(installation, "露天垃圾")

    assert before == (True, "the files as they came")
    assert rules_line(installation) == (True, f"categories.yaml edition {number}")
