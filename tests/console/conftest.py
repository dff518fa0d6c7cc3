"""The console's stage: everybody of the chat's stage, with a browser."""

from collections.abc import Iterator

import pytest

from tests.console.browsers import Office
from tests.console.chromium import Chromium, chromium
from tests.stage import Stage


@pytest.fixture
def office(stage: Stage) -> Office:
    return Office(stage)


@pytest.fixture
def real(office: Office) -> Iterator[Chromium]:
    """A real browser before the office's console."""
    with chromium(office) as browser:
        yield browser
