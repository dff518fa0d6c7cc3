"""A storage in a bucket: what is particular to a server far away."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from photos.bucket import Bucket, Place
from photos.storage import StorageTrouble, Tree

PHOTO = b"\xff\xd8\xff a photo as it came"
KEY = hashlib.sha256(PHOTO).hexdigest()

USES: dict[str, Callable[[Bucket], object]] = {
    "keep": lambda bucket: bucket.keep_original(PHOTO, KEY),
    "get": lambda bucket: bucket.original(KEY),
    "has": lambda bucket: bucket.has(KEY),
    "list": lambda bucket: list(bucket.files(Tree.ORIGINALS)),
    "remove": lambda bucket: bucket.remove(Tree.ORIGINALS, KEY),
    "remove_copies": lambda bucket: bucket.remove(Tree.COPIES, KEY),
    "try_out": lambda bucket: bucket.try_out(),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_it_shows_no_key_when_it_is_refused(place: Place, use: Callable[[Bucket], object]) -> None:
    stranger = Bucket(replace(place, secret_key="not-the-secret"))

    with pytest.raises(StorageTrouble) as trouble:
        use(stranger)

    assert "403" in str(trouble.value)
    assert not {"not-the-secret", place.access_key} & set(str(trouble.value).replace("/", " ").split())


def test_it_is_told_why_it_is_refused(place: Place) -> None:
    with pytest.raises(StorageTrouble, match="SignatureDoesNotMatch"):
        Bucket(replace(place, secret_key="not-the-secret")).original(KEY)


@pytest.mark.parametrize("use", [name for name in USES if name not in ("keep", "try_out")])
def test_it_does_not_take_a_missing_bucket_for_a_missing_photo(place: Place, use: str) -> None:
    with pytest.raises(StorageTrouble, match="NoSuchBucket"):
        USES[use](Bucket(replace(place, bucket="no-such-bucket")))


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_it_gives_up_in_time_where_nobody_answers(place: Place, use: Callable[[Bucket], object]) -> None:
    away = Bucket(replace(place, endpoint="http://127.0.0.1:1", patience=timedelta(seconds=1)))
    began = time.monotonic()

    with pytest.raises(StorageTrouble, match=r"127\.0\.0\.1:1"):
        use(away)

    assert time.monotonic() - began < 6


@pytest.mark.parametrize(
    ("name", "value"),
    [("AWS_ACCESS_KEY_ID", "another"), ("AWS_SESSION_TOKEN", "another"), ("AWS_SKIP_SIGNATURE", "true")],
)
def test_it_is_not_misled_by_another_programs_environment(
    place: Place, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    bucket = Bucket(place)
    bucket.keep_original(PHOTO, KEY)

    assert bucket.original(KEY) == PHOTO


def test_it_keeps_two_prefixes_apart(place: Place) -> None:
    one, other = Bucket(place), Bucket(replace(place, prefix=f"{place.prefix}-other/"))
    one.keep_original(PHOTO, KEY)

    assert not other.has(KEY)
    assert list(other.files(Tree.ORIGINALS)) == []


def test_it_lists_more_than_one_page(place: Place) -> None:
    bucket = Bucket(place)
    keys = sorted(bucket.keep_public(str(number).encode()) for number in range(1100))

    assert [one.sha256 for one in bucket.files(Tree.PUBLIC)] == keys


def test_it_can_put_the_bucket_into_the_hosts_name() -> None:
    place = Place("photos", "https://oss.example.com/", "a", "s", virtual_hosts=True)

    assert place.address() == "https://photos.oss.example.com"


def test_it_shows_no_secret_of_its_place(place: Place) -> None:
    assert place.secret_key not in f"{place!r} {Bucket(place)!r} {Bucket(place).where}"
