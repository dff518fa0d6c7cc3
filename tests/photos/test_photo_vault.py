"""The vault keeps whole photos, under their hash, whoever writes at the same time."""

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from photos.vault import PhotoMissing, Vault

PHOTO = b"\xff\xd8\xff a photo as it came"
KEY = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault")


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_it_gives_an_original_back(vault: Vault) -> None:
    vault.keep_original(PHOTO, KEY)

    assert vault.original(KEY) == PHOTO


def test_it_keeps_originals_and_copies_in_two_trees(vault: Vault, tmp_path: Path) -> None:
    vault.keep_original(PHOTO, KEY)
    vault.keep_copy(KEY, "screen", b"copy")

    place = f"{KEY[:2]}/{KEY[2:4]}/{KEY}"
    assert files(tmp_path / "vault") == [f"copies/{place}/screen", f"originals/{place}"]


def test_it_survives_a_restart(vault: Vault, tmp_path: Path) -> None:
    vault.keep_original(PHOTO, KEY)

    assert Vault(tmp_path / "vault").original(KEY) == PHOTO


def test_it_keeps_a_photo_once_however_often_it_comes(vault: Vault, tmp_path: Path) -> None:
    vault.keep_original(PHOTO, KEY)
    first = next(path for path in tmp_path.rglob("*") if path.is_file()).stat()

    vault.keep_original(PHOTO, KEY)

    second = next(path for path in tmp_path.rglob("*") if path.is_file()).stat()
    assert (first.st_ino, first.st_mtime_ns) == (second.st_ino, second.st_mtime_ns)


def test_it_mends_an_original_that_was_cut_short(vault: Vault, tmp_path: Path) -> None:
    vault.keep_original(PHOTO, KEY)
    next(path for path in tmp_path.rglob("*") if path.is_file()).write_bytes(PHOTO[:5])

    vault.keep_original(PHOTO, KEY)

    assert vault.original(KEY) == PHOTO


def test_it_refuses_bytes_under_a_hash_that_is_not_theirs(vault: Vault) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        vault.keep_original(b"another photo", KEY)

    assert not vault.has(KEY)


def test_it_puts_a_newer_copy_in_the_place_of_the_older(vault: Vault) -> None:
    vault.keep_copy(KEY, "screen", b"faces seen")

    vault.keep_copy(KEY, "screen", b"faces blurred")

    assert vault.copy(KEY, "screen") == b"faces blurred"


def test_it_never_gives_the_original_for_a_missing_copy(vault: Vault) -> None:
    vault.keep_original(PHOTO, KEY)

    assert not vault.has(KEY, "screen")
    with pytest.raises(PhotoMissing):
        vault.copy(KEY, "screen")


def test_it_says_what_is_missing(vault: Vault) -> None:
    assert not vault.has(KEY)
    with pytest.raises(PhotoMissing, match=KEY):
        vault.original(KEY)


def test_it_knows_what_it_has(vault: Vault) -> None:
    vault.keep_original(PHOTO, KEY)
    vault.keep_copy(KEY, "thumb", b"copy")

    assert (vault.has(KEY), vault.has(KEY, "thumb"), vault.has(KEY, "screen")) == (True, True, False)


@pytest.mark.parametrize(
    "key", ["", "..", "../../etc/passwd", KEY.upper(), KEY[:63], KEY + "0", KEY + "\n", "/" + KEY[1:]]
)
@pytest.mark.parametrize(
    "use",
    [
        lambda vault, key: vault.keep_original(PHOTO, key),
        lambda vault, key: vault.keep_copy(key, "screen", b"copy"),
        lambda vault, key: vault.original(key),
        lambda vault, key: vault.copy(key, "screen"),
        lambda vault, key: vault.has(key),
    ],
    ids=["keep_original", "keep_copy", "original", "copy", "has"],
)
def test_it_takes_nothing_but_a_hash_for_a_key(
    vault: Vault, tmp_path: Path, key: str, use: Callable[[Vault, str], object]
) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        use(vault, key)

    assert files(tmp_path) == []


@pytest.mark.parametrize(
    "name", ["", "..", "../screen", "a/b", "a\\b", "/screen", ".new-x", "Screen", "a\0", "a" * 33, "a\n"]
)
def test_it_takes_only_plain_names_for_copies(vault: Vault, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        vault.keep_copy(KEY, name, b"copy")
    with pytest.raises(ValueError, match="not a name"):
        vault.copy(KEY, name)

    assert files(tmp_path) == []


def test_it_lets_two_writers_keep_the_same_photos(vault: Vault, tmp_path: Path) -> None:
    photos = [os.urandom(50_000) for _ in range(20)]
    keys = [hashlib.sha256(photo).hexdigest() for photo in photos]
    start = Barrier(2)

    def keep_all(_: int) -> None:
        for photo, key in zip(photos, keys, strict=True):
            start.wait(timeout=10)
            vault.keep_original(photo, key)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(keep_all, range(2)))

    assert [vault.original(key) for key in keys] == photos
    assert len(files(tmp_path)) == len(photos)


def test_it_shows_a_reader_a_whole_copy_or_none(vault: Vault) -> None:
    versions = [bytes([number]) * 200_000 for number in range(30)]
    vault.keep_copy(KEY, "screen", versions[0])

    def write_all() -> None:
        for version in versions:
            vault.keep_copy(KEY, "screen", version)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write_all)
        seen = {vault.copy(KEY, "screen")}
        while not writing.done():
            seen.add(vault.copy(KEY, "screen"))

    assert seen <= set(versions)
    assert writing.exception() is None


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
