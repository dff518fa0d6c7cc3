"""Where photos are kept, and for how long: read strictly, without a secret in any complaint."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import BadSettings, Settings, load_settings
from bot.storage_settings import BucketSettings, open_storage
from photos.bucket import Bucket
from photos.vault import Vault
from tests.conftest import write_config

SECRET = "s3-secret-w0rds"
GOOD = {"bucket": "photos", "endpoint": "https://s3.example.cn", "access_key": "an-access-key", "secret_key": SECRET}


def loaded(folder: Path, **changes: Any) -> Settings:
    return load_settings(write_config(folder, "sqlite:///here.db", "redis://127.0.0.1:1/0", **changes))


def refusal(folder: Path, **changes: Any) -> str:
    with pytest.raises(BadSettings) as raised:
        loaded(folder, **changes)
    assert SECRET not in str(raised.value)
    return str(raised.value)


def test_it_keeps_photos_in_a_folder(tmp_path: Path) -> None:
    settings = loaded(tmp_path, photos="pictures")

    assert isinstance(open_storage(settings.photos), Vault)
    assert open_storage(settings.photos).where == f"folder {tmp_path / 'pictures'}"


def test_it_keeps_photos_in_a_bucket(tmp_path: Path) -> None:
    settings = loaded(tmp_path, photos=GOOD | {"prefix": "city"})

    storage = open_storage(settings.photos)

    assert isinstance(storage, Bucket)
    assert storage.where == "bucket photos/city/ at https://s3.example.cn/"


def test_it_reads_a_buckets_keys_from_files(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{SECRET}\n")
    keys = {"access_key_file": "key", "secret_key_file": "key"}

    settings = loaded(tmp_path, photos={"bucket": "photos", "endpoint": "https://s3.example.cn"} | keys)

    assert isinstance(settings.photos, BucketSettings)
    assert settings.photos.place().secret_key == SECRET


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"bucket": "Not A Bucket"}, "photos.bucket:"),
        ({"endpoint": "s3.example.cn"}, "photos.endpoint:"),
        ({"access_key": ""}, "photos.access_key:"),
        ({"prefix": "../other"}, "photos.prefix:"),
        ({"colour": "red"}, "photos.colour:"),
        ({"patience": "0"}, "photos.patience:"),
    ],
)
def test_it_names_what_is_wrong_with_a_bucket_once(tmp_path: Path, change: dict[str, str], where: str) -> None:
    words = refusal(tmp_path, photos=GOOD | change)

    assert words.count("\n") == 0
    assert where in words


@pytest.mark.parametrize("endpoint", [f"https://us:{SECRET}@s3.example.cn", f"https://s3.example.cn/?key={SECRET}"])
def test_it_takes_no_address_that_may_hold_a_key(tmp_path: Path, endpoint: str) -> None:
    assert "photos.endpoint" in refusal(tmp_path, photos=GOOD | {"endpoint": endpoint})


@pytest.mark.parametrize("missing", GOOD)
def test_it_needs_everything_that_leads_to_a_bucket(tmp_path: Path, missing: str) -> None:
    assert f"photos.{missing}:" in refusal(tmp_path, photos={key: GOOD[key] for key in GOOD if key != missing})


def test_it_shows_no_key_of_a_bucket(tmp_path: Path) -> None:
    settings = loaded(tmp_path, photos=GOOD)

    shown = f"{settings!r} {settings.photos} {settings.model_dump_json()} {open_storage(settings.photos)!r}"

    assert SECRET not in shown
    assert "an-access-key" not in shown


def test_it_is_generous_where_nothing_is_said(tmp_path: Path) -> None:
    retention = loaded(tmp_path, retention={}).retention

    assert (retention.photos, retention.raw) == (timedelta(days=1095), timedelta(days=180))


@pytest.mark.parametrize("words", ["off", False, None])
def test_it_keeps_for_ever_what_is_off(tmp_path: Path, words: object) -> None:
    assert loaded(tmp_path, retention={"photos": words, "raw": words}).retention.photos is None


@pytest.mark.parametrize(
    ("retention", "words"),
    [
        ({"photos": "1h"}, "a day or more"),
        ({"raw": "soon"}, "not a duration"),
        ({"raw": True}, "not a duration"),
        ({"photos": "71h"}, "longer than reopen_within"),
        ({"words": "1d"}, "retention.words"),
    ],
)
def test_it_refuses_what_would_destroy_too_early(tmp_path: Path, retention: dict[str, object], words: str) -> None:
    assert words in refusal(tmp_path, retention=retention)


def test_the_files_own_comment_is_a_bucket(tmp_path: Path) -> None:
    lines = (Path(__file__).parents[2] / "config.yaml").read_text(encoding="utf-8").splitlines()
    begin = lines.index("# photos:")
    block = [line.removeprefix("# ") for line in lines[begin : begin + 10] if line.startswith("# ")]
    photos = yaml.safe_load("\n".join(block))["photos"]
    for key in ("access_key_file", "secret_key_file"):
        (tmp_path / photos[key]).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / photos[key]).write_text(SECRET)

    assert isinstance(loaded(tmp_path, photos=photos).photos, BucketSettings)
