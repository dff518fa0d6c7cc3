"""Jinan's own pack and a router on it, read once."""

from pathlib import Path

import pytest

from routing.pack import Pack, load
from routing.router import Router

JINAN = Path(__file__).parents[2] / "data" / "jinan"


@pytest.fixture(scope="session")
def jinan() -> Pack:
    return load(JINAN)


@pytest.fixture(scope="session")
def router(jinan: Pack) -> Router:
    return Router(jinan)
