"""The whole system, started once for each database and then ill-treated by one test after another."""

import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from _pytest.capture import CaptureManager

from demo.config import choose_places
from demo.system import System
from tests.system.databases import Postgres, Server, Sqlite
from tests.system.house import EXTRAS, HOUR, House, Story, Tell
from tests.system.proofs import prove


@pytest.fixture(scope="session")
def tell(request: pytest.FixtureRequest) -> Tell:
    """Say what is going on, past pytest's capture: a log that is silent for minutes helps nobody."""
    capture = request.config.pluginmanager.get_plugin("capturemanager")
    assert isinstance(capture, CaptureManager)

    def say(words: str) -> None:
        with capture.global_and_fixture_disabled():
            print(f"    {words}", file=sys.stderr, flush=True)

    return say


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if request.param == "sqlite":
        yield Sqlite(tmp_path_factory.mktemp("database"))
        return
    postgres = Postgres()
    yield postgres
    postgres.stop()


@pytest.fixture(scope="session")
def house(server: Server, tmp_path_factory: pytest.TempPathFactory, tell: Tell) -> Iterator[House]:
    """The running system. Whoever breaks it mends it, so that the next test finds it whole."""
    places = choose_places(tmp_path_factory.mktemp("house"), server.first_port)
    system = System(replace(places, database=server.url), HOUR, EXTRAS)
    house = House(system, server, tell)
    house.tell(f"the whole system, an hour lasts {HOUR.total_seconds():g} s")
    try:
        system.start()
        yield house
        # Once more for all of them: the reminders of the first test's case came while the last one ran.
        prove(house)
    finally:
        system.stop()
        house.database.engine.dispose()


@pytest.fixture(scope="session")
def forgotten(house: House) -> Story:
    """A case nobody claims, from the first minute on, whatever happens around it."""
    story = house.story()
    story.reports()
    return story


@pytest.fixture
def story(house: House, forgotten: Story) -> Story:
    """A citizen and an officer who have not met yet."""
    return house.story()
