"""The running program under test: installations with other settings, pushes as WeChat posts them, and a WeChat."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app import create_app
from bot.installation import CONFIG_VARIABLE, Installation, install, installed
from bot.settings import load_settings
from simulator.server import running
from simulator.settings import Limits
from simulator.settings import Settings as World
from tests.bot.company_office import CompanyOffice, company_settings, company_world
from tests.bot.post_office import PostOffice
from tests.bot.pushes import ACCOUNT, Postman
from tests.conftest import write_config

Build = Callable[..., Installation]


@pytest.fixture
def build(installation: Installation, loaded_database: str, valkey_url: str, tmp_path: Path) -> Iterator[Build]:
    """Installations on the test's own database with other settings; `installation` empties it afterwards."""
    made: list[Installation] = []

    def builder(account: dict[str, Any] | None = None, **changes: Any) -> Installation:
        file = write_config(tmp_path, loaded_database, changes.pop("redis", valkey_url), **changes)
        tree = yaml.safe_load(file.read_text(encoding="utf-8"))
        tree["accounts"][0] |= account or {}
        file.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
        made.append(install(load_settings(file), installation.router))
        return made[-1]

    yield builder
    for other in made:
        other.database.engine.dispose()
        other.redis.close()


@pytest.fixture
def configure(build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Build]:
    """Makes the installation that this process's jobs, workers and commands find by themselves."""

    def configured(account: dict[str, Any] | None = None, **changes: Any) -> Installation:
        build(account, **changes)
        monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path / "config.yaml"))
        installed.cache_clear()
        return installed()

    installed.cache_clear()
    yield configured
    if installed.cache_info().currsize:
        installed().database.engine.dispose()
        installed().redis.close()
    installed.cache_clear()


@pytest.fixture
def post(installation: Installation) -> Postman:
    """Posts sealed XML to the webhook of the test's installation."""
    return Postman(create_app(installation).test_client())


@pytest.fixture
def open_post_office(build: Build) -> Iterator[Callable[..., PostOffice]]:
    """Opens an installation whose WeChat is a simulator; account settings, limits and settings can be given."""
    with ExitStack() as stack:

        def opened(limits: Limits | None = None, account: dict[str, Any] | None = None, **changes: Any) -> PostOffice:
            world = World(accounts=(replace(ACCOUNT, mode="safe"),), limits=limits or Limits())
            simulator = stack.enter_context(running(world))
            address = {"api_base_url": simulator.url, "subscription": "S", "subscription_fields": {"thing1": "title"}}
            own = {"once_template": "O", **address, **(account or {})}
            # Time is real here, and the tests must also pass at night.
            return PostOffice(build(own, **{"quiet_hours": None, **changes}), simulator)

        yield opened


@pytest.fixture
def office(open_post_office: Callable[..., PostOffice]) -> PostOffice:
    return open_post_office()


@pytest.fixture
def open_company(build: Build) -> Iterator[Callable[..., CompanyOffice]]:
    """Opens an installation with an Official Account, a company's app and a group bot, and a WeChat for them."""
    with ExitStack() as stack:

        def opened(limits: Limits | None = None, **changes: Any) -> CompanyOffice:
            simulator = stack.enter_context(running(company_world(replace(ACCOUNT, mode="safe"), limits or Limits())))
            official = {"subscription": "S", "subscription_fields": {"thing1": "title"}, "once_template": "O"}
            own = {"api_base_url": simulator.url, **official}
            settings = {**company_settings(simulator.url), "quiet_hours": None, **changes}
            return CompanyOffice(build(own, **settings), simulator)

        yield opened


@pytest.fixture
def company(open_company: Callable[..., CompanyOffice]) -> CompanyOffice:
    return open_company()
