"""The entrances under test: the running web app, and a simulated WeCom with members, officers and groups."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from bot.app import create_app
from bot.installation import Installation
from simulator.server import running
from simulator.settings import Limits, Settings
from tests.bot.entrances.company import PEOPLE, Company, corp, groups, public_account, settings_for
from tests.bot.entrances.doorstep import Doorstep
from tests.bot.gateway import open_gateway

Build = Callable[..., Installation]
OpenCompany = Callable[..., Company]
NOBODY = "http://127.0.0.1:1/"


@pytest.fixture
def doorstep(build: Build) -> Doorstep:
    """Posts to an app and a bot of the test's installation; nobody is behind them."""
    installation = build(**settings_for(NOBODY, {}))
    return Doorstep(create_app(installation).test_client(), installation)


@pytest.fixture
def open_company(build: Build) -> Iterator[OpenCompany]:
    """Opens a company whose WeCom is a simulator; limits, the bots' settings and others can be given."""
    with ExitStack() as stack:

        def opened(limits: Limits | None = None, bot: dict[str, Any] | None = None, **changes: Any) -> Company:
            gateway = stack.enter_context(open_gateway())
            world = Settings(
                accounts=(public_account(),),
                people=PEOPLE,
                corps=(corp(gateway.url),),
                groups=groups(gateway.url),
                limits=limits or Limits(stream_poll_seconds=0),
            )
            simulator = stack.enter_context(running(world))
            ours = {**settings_for(simulator.url, bot or {}), "quiet_hours": None, **changes}
            return Company(build(**ours), simulator, gateway)

        yield opened


@pytest.fixture
def company(open_company: OpenCompany) -> Company:
    return open_company()
