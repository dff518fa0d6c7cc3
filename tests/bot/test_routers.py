"""Which trained version a process routes with: kept, chosen, gone back from, and taken up without a restart."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from bot import routers
from bot.checks import check_installation
from bot.installation import Installation
from bot.routers import LEXICON, LOOK_EVERY, STARTER, Routers, UnknownVersion
from models.learning import TrainedModel
from routing.what.learned import ModelError
from tests.bot.conftest import Build
from tests.learnt import small_training, small_version
from tests.stage import MORNING

AT_ONCE = timedelta(0)


def keep(installation: Installation, weight: float = 0.5) -> str:
    with installation.database.story() as session:
        return routers.keep(session, small_training(weight), installation.router.pack, MORNING)


def use(installation: Installation, version: str) -> None:
    with installation.database.story() as session:
        routers.use(session, version, installation.router.pack, MORNING)


def rows(installation: Installation) -> list[TrainedModel]:
    with installation.database.glance() as session:
        return routers.kept(session)


def in_use(installation: Installation) -> str:
    with installation.database.glance() as session:
        return routers.in_use(session)


def current(installation: Installation, after: timedelta = AT_ONCE) -> str:
    """The version of the router that a story beginning so long after morning gets."""
    with installation.database.glance() as session:
        return installation.desk(session, MORNING + after).router.version


def spoil(installation: Installation, version: str, content: bytes = b"no version at all") -> None:
    with installation.database.story() as session:
        session.execute(update(TrainedModel).where(TrainedModel.version == version).values(content=content))


def test_it_routes_with_the_pack_s_own_version_until_one_is_chosen(installation: Installation) -> None:
    keep(installation)

    assert (in_use(installation), current(installation)) == (STARTER, installation.router.version)
    assert [row.in_use for row in rows(installation)] == [False]


def test_it_keeps_a_version_whole_with_what_it_was_trained_on(installation: Installation) -> None:
    version = keep(installation)

    (row,) = rows(installation)
    assert (row.version, version) == (small_version().version, small_version().version)
    assert (row.pack_version, row.trained_at) == (installation.router.pack.version, MORNING)
    assert (row.measures["sentences"], row.measures["reports"]) == (9, 0)
    with installation.database.glance() as session:
        learned = installation.routers.of(session, version).learned
    assert learned is not None
    assert learned.to_bytes() == small_version().to_bytes()


def test_it_keeps_the_same_version_once(installation: Installation) -> None:
    assert keep(installation) == keep(installation)
    assert len(rows(installation)) == 1


def test_it_has_one_version_in_use_however_often_one_is_chosen(installation: Installation) -> None:
    first, second = keep(installation), keep(installation, weight=0.7)
    chosen = []

    for version in (first, second, second, LEXICON, first):
        use(installation, version)
        chosen.append([row.version for row in rows(installation) if row.in_use])

    assert chosen == [[first], [second], [second], [LEXICON], [first]]


def test_it_goes_back_to_the_pack_s_own_version(installation: Installation) -> None:
    use(installation, keep(installation))

    use(installation, STARTER)

    assert in_use(installation) == STARTER
    assert not any(row.in_use for row in rows(installation))


def test_it_notes_since_when_a_version_is_used(installation: Installation) -> None:
    version = keep(installation)
    before = [row.used_from for row in rows(installation)]

    use(installation, version)

    assert before == [None]
    assert [row.used_from for row in rows(installation)] == [MORNING]


def test_it_keeps_the_newest_version_first(installation: Installation) -> None:
    first, second = keep(installation), keep(installation, weight=0.7)

    assert [row.version for row in rows(installation)] == [second, first]


def test_it_refuses_a_version_nobody_has_kept(installation: Installation) -> None:
    version = keep(installation)
    use(installation, version)

    with pytest.raises(UnknownVersion, match="no version 'abc'"):
        use(installation, "abc")
    assert in_use(installation) == version


def test_it_lets_no_two_versions_be_in_use_even_by_hand(installation: Installation) -> None:
    use(installation, keep(installation))
    second = keep(installation, weight=0.7)

    with pytest.raises(IntegrityError), installation.database.story() as session:
        session.execute(update(TrainedModel).where(TrainedModel.version == second).values(in_use=True))
    assert in_use(installation) != second


@pytest.mark.parametrize("name", [STARTER, LEXICON])
def test_it_gives_a_router_with_any_version_by_name(installation: Installation, name: str) -> None:
    starter = small_version(0.9)
    known = Routers(installation.router.pack, starter)

    with installation.database.glance() as session:
        router = known.of(session, name)

    assert router.version == (starter.version if name == STARTER else "")


def test_it_takes_up_what_was_chosen_within_half_a_minute(installation: Installation) -> None:
    started = current(installation)
    version = keep(installation)
    use(installation, version)

    soon, later = current(installation, LOOK_EVERY - timedelta(seconds=1)), current(installation, LOOK_EVERY)

    assert (soon, later) == (started, version)


def test_it_takes_up_in_one_process_what_was_chosen_in_another(installation: Installation, build: Build) -> None:
    other = build()
    started = current(other)
    version = keep(installation)

    use(installation, version)

    assert [current(other, n * LOOK_EVERY / 2) for n in (1, 2)] == [started, version]
    use(installation, LEXICON)
    assert [current(other, n * LOOK_EVERY / 2) for n in (3, 4)] == [version, ""]
    use(installation, STARTER)
    assert [current(other, n * LOOK_EVERY / 2) for n in (5, 6)] == ["", started]


def test_it_looks_again_when_the_clock_was_set_back(installation: Installation) -> None:
    current(installation)
    version = keep(installation)
    use(installation, version)

    assert current(installation, -LOOK_EVERY) == version


@pytest.mark.parametrize("cut", [True, False], ids=["cut off", "something else"])
def test_it_goes_on_with_the_version_before_when_one_is_broken(
    installation: Installation, caplog: pytest.LogCaptureFixture, cut: bool
) -> None:
    first, second = keep(installation), keep(installation, weight=0.7)
    use(installation, first)
    current(installation)
    spoil(installation, second, small_version(0.7).to_bytes()[:200] if cut else b"no version at all")

    use(installation, second)
    with caplog.at_level(logging.ERROR):
        routed = current(installation, LOOK_EVERY)

    assert routed == first
    assert f"the trained version {second} cannot be read: routing goes on with {first}" in caplog.text


def test_it_says_in_the_check_that_the_version_in_use_is_broken(installation: Installation) -> None:
    version = keep(installation)
    use(installation, version)
    before = routing_line(installation)

    spoil(installation, version)

    assert before == (True, f"version {version}")
    assert routing_line(installation) == (False, f"{version}: these bytes are no trained version")


def routing_line(installation: Installation) -> tuple[bool, str]:
    (line,) = [line for line in check_installation(installation, online=False) if line.what == "routing"]
    return line.ok, line.words


def test_it_takes_up_a_version_that_was_mended(installation: Installation) -> None:
    started, version = current(installation), keep(installation)
    spoil(installation, version)
    use(installation, version)
    broken = current(installation, LOOK_EVERY)

    spoil(installation, version, small_version().to_bytes())

    assert (broken, current(installation, 2 * LOOK_EVERY)) == (started, version)


@pytest.mark.parametrize("name", ["", "abc"])
def test_it_says_when_a_version_is_asked_for_that_is_not_there(installation: Installation, name: str) -> None:
    with installation.database.glance() as session, pytest.raises(UnknownVersion):
        installation.routers.of(session, name)


def test_it_does_not_hand_out_a_broken_version(installation: Installation) -> None:
    version = keep(installation)
    spoil(installation, version)

    with installation.database.glance() as session, pytest.raises(ModelError):
        installation.routers.of(session, version)
