"""After every story on the stage the auditor must have nothing to say; spellings are played on one database."""

from collections.abc import Iterator

import pytest

from tests.stage import Stage


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "spelling: ways to say one thing; no database reads them, so one is enough")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    twice = [item for item in items if item.get_closest_marker("spelling") and "[postgresql" in item.name]
    if twice:
        config.hook.pytest_deselected(items=twice)
        items[:] = [item for item in items if item not in set(twice)]


@pytest.fixture(autouse=True)
def _nothing_is_lost(request: pytest.FixtureRequest) -> Iterator[None]:
    stage: Stage | None = request.getfixturevalue("stage") if "stage" in request.fixturenames else None
    yield
    if stage is not None:
        # What still waits for a job that no test runs (a picture, a word) is not what a handler can lose.
        jobs = ("outbound_stuck", "photo_stuck", "inbound_stuck", "photos_not_judged")
        lost = [f for f in stage.findings() if f.what not in jobs]
        assert lost == []
