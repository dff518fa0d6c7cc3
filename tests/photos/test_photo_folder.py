"""A storage in a folder: what is particular to files."""

import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from photos.storage import Tree
from photos.vault import Vault

PHOTO = b"\xff\xd8\xff a photo as it came"
KEY = hashlib.sha256(PHOTO).hexdigest()
PLACE = f"{KEY[:2]}/{KEY[2:4]}/{KEY}"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def age(path: Path, by: timedelta) -> None:
    then = time.time() - by.total_seconds()
    os.utime(path, (then, then))


def test_it_spreads_files_over_folders(vault: Vault, tmp_path: Path) -> None:
    vault.keep_original(PHOTO, KEY)
    vault.keep_copy(KEY, "screen", b"copy")
    vault.keep_public(PHOTO)

    assert files(tmp_path) == [f"copies/{PLACE}/screen", f"originals/{PLACE}", f"public/{PLACE}"]


def test_it_does_not_write_again_what_is_there(vault: Vault, tmp_path: Path) -> None:
    vault.keep_original(PHOTO, KEY)
    first = (tmp_path / "originals" / PLACE).stat().st_ino

    vault.keep_original(PHOTO, KEY)

    assert (tmp_path / "originals" / PLACE).stat().st_ino == first


def test_it_mends_an_original_that_was_cut_short(vault: Vault, tmp_path: Path) -> None:
    vault.keep_original(PHOTO, KEY)
    (tmp_path / "originals" / PLACE).write_bytes(PHOTO[:5])

    vault.keep_original(PHOTO, KEY)

    assert vault.original(KEY) == PHOTO


def test_it_leaves_nothing_behind_when_the_disk_fails(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.keep_copy(KEY, "screen", b"older")

    def full(_: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="No space"):
        vault.keep_copy(KEY, "screen", b"newer")
    assert vault.copy(KEY, "screen") == b"older"
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize(("since", "stays"), [(timedelta(hours=2), False), (timedelta(hours=4), True)])
def test_it_destroys_only_what_nobody_has_kept_again(
    vault: Vault, tmp_path: Path, since: timedelta, stays: bool
) -> None:
    vault.keep_original(PHOTO, KEY)
    age(tmp_path / "originals" / PLACE, timedelta(hours=3))

    vault.remove(Tree.ORIGINALS, KEY, unless_since=datetime.now(UTC) - since)

    assert vault.has(KEY) is stays


def test_it_loses_nothing_that_comes_again_while_it_is_being_destroyed(vault: Vault, tmp_path: Path) -> None:
    path, yesterday = tmp_path / "originals" / PLACE, timedelta(days=1)

    for _ in range(60):
        vault.keep_original(PHOTO, KEY)
        age(path, yesterday)
        with ThreadPoolExecutor(2) as pool:
            removing = pool.submit(vault.remove, Tree.ORIGINALS, KEY, datetime.now(UTC) - timedelta(hours=1))
            keeping = pool.submit(vault.keep_original, PHOTO, KEY)

        assert (keeping.exception(), removing.exception()) == (None, None)
        assert vault.original(KEY) == PHOTO
    assert files(tmp_path) == [f"originals/{PLACE}"]


def test_it_removes_the_folder_of_copies_that_are_gone(vault: Vault, tmp_path: Path) -> None:
    vault.keep_copy(KEY, "screen", b"copy")

    vault.remove(Tree.COPIES, KEY)

    assert list((tmp_path / "copies" / KEY[:2] / KEY[2:4]).iterdir()) == []


def test_it_clears_away_what_killed_writers_left(vault: Vault, tmp_path: Path) -> None:
    vault.keep_original(PHOTO, KEY)
    old, young = (tmp_path / "originals" / KEY[:2] / KEY[2:4] / f".new-{name}" for name in ("old", "young"))
    for half in (old, young):
        half.write_bytes(b"half")
    age(old, timedelta(hours=2))

    swept = vault.sweep_halves(datetime.now(UTC) - timedelta(hours=1))

    assert (swept, old.exists(), young.exists(), vault.has(KEY)) == (1, False, True, True)
    assert [one.sha256 for one in vault.files(Tree.ORIGINALS)] == [KEY]


@pytest.mark.parametrize("name", ["originals/readme.txt", f"originals/aa/bb/{KEY}", f"copies/{PLACE}"])
def test_it_names_what_is_none_of_its_own(vault: Vault, tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_bytes(b"what is this")

    found = [one for tree in Tree for one in vault.files(tree)]

    assert [(one.sha256, one.name) for one in found] == [("", name.partition("/")[2])]


def test_it_cannot_be_tried_out_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(OSError, match="file"):
        Vault(tmp_path / "file" / "photos").try_out()
