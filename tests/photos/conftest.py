"""Storages under test: a folder, and a bucket on a real server."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from photos.bucket import Bucket, Place
from photos.storage import Storage
from photos.vault import Vault
from tests.servers import S3_ACCESS_KEY, S3_BUCKET, S3_SECRET_KEY

_numbers = count(1)


@pytest.fixture
def place(s3_url: str, tmp_path: Path) -> Place:
    """A part of the bucket that is this test's alone."""
    return Place(S3_BUCKET, s3_url, S3_ACCESS_KEY, S3_SECRET_KEY, prefix=f"{tmp_path.name}-{next(_numbers)}")


@pytest.fixture(params=["folder", "bucket"])
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Storage]:
    """Opens the same place, as every process does for itself."""
    if request.param == "folder":
        return lambda: Vault(tmp_path / "vault")
    place = request.getfixturevalue("place")
    return lambda: Bucket(place)


@pytest.fixture
def vault(reopen: Callable[[], Storage]) -> Storage:
    return reopen()
