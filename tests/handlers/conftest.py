"""After every story on the stage the auditor must have nothing to say."""

from collections.abc import Iterator

import pytest

from tests.stage import Stage


@pytest.fixture(autouse=True)
def _nothing_is_lost(request: pytest.FixtureRequest) -> Iterator[None]:
    stage: Stage | None = request.getfixturevalue("stage") if "stage" in request.fixturenames else None
    yield
    if stage is not None:
        # What still waits for a job that no test runs (a picture, a word) is not what a handler can lose.
        lost = [f for f in stage.findings() if f.what not in ("outbound_stuck", "photo_stuck", "inbound_stuck")]
        assert lost == []
