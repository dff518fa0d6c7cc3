"""The console's stage: everybody of the chat's stage, with a browser."""

import pytest

from tests.console.browsers import Office
from tests.stage import Stage


@pytest.fixture
def office(stage: Stage) -> Office:
    return Office(stage)
