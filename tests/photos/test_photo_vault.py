"""Every storage keeps whole photos, under their hash, whoever writes at the same time."""

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from photos.storage import PhotoMissing, Storage, Tree

PHOTO = b"\xff\xd8\xff a photo as it came"
KEY = hashlib.sha256(PHOTO).hexdigest()
OTHER = hashlib.sha256(b"another").hexdigest()


def names(vault: Storage) -> list[str]:
    return [f"{tree}/{one.sha256}/{one.name}".rstrip("/") for tree in Tree for one in vault.files(tree)]


def test_it_gives_an_original_back(vault: Storage) -> None:
    vault.keep_original(PHOTO, KEY)

    assert vault.original(KEY) == PHOTO


def test_it_keeps_three_trees(vault: Storage) -> None:
    vault.keep_original(PHOTO, KEY)
    vault.keep_copy(KEY, "screen", b"copy")
    public = vault.keep_public(b"blurred")

    assert names(vault) == [f"originals/{KEY}", f"copies/{KEY}/screen", f"public/{public}"]


def test_it_names_a_public_copy_by_its_own_bytes(vault: Storage) -> None:
    public = vault.keep_public(b"blurred")

    assert public == hashlib.sha256(b"blurred").hexdigest()
    assert (vault.public(public), vault.has_public(public)) == (b"blurred", True)


def test_it_never_gives_anything_private_for_a_public_name(vault: Storage) -> None:
    vault.keep_original(PHOTO, KEY)
    vault.keep_copy(KEY, "screen", b"copy")

    assert not vault.has_public(KEY)
    with pytest.raises(PhotoMissing):
        vault.public(KEY)


def test_it_survives_a_restart(vault: Storage, reopen: Callable[[], Storage]) -> None:
    vault.keep_original(PHOTO, KEY)

    assert reopen().original(KEY) == PHOTO


def test_it_keeps_a_photo_once_however_often_it_comes(vault: Storage) -> None:
    for _ in range(2):
        vault.keep_original(PHOTO, KEY)

    assert names(vault) == [f"originals/{KEY}"]


def test_it_refuses_bytes_under_a_hash_that_is_not_theirs(vault: Storage) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        vault.keep_original(b"another photo", KEY)

    assert not vault.has(KEY)


def test_it_puts_a_newer_copy_in_the_place_of_the_older(vault: Storage) -> None:
    vault.keep_copy(KEY, "screen", b"faces seen")

    vault.keep_copy(KEY, "screen", b"faces blurred")

    assert vault.copy(KEY, "screen") == b"faces blurred"


def test_it_never_gives_the_original_for_a_missing_copy(vault: Storage) -> None:
    vault.keep_original(PHOTO, KEY)

    assert not vault.has(KEY, "screen")
    with pytest.raises(PhotoMissing):
        vault.copy(KEY, "screen")


def test_it_says_what_is_missing(vault: Storage) -> None:
    assert not vault.has(KEY)
    with pytest.raises(PhotoMissing, match=KEY):
        vault.original(KEY)


def test_it_knows_what_it_has(vault: Storage) -> None:
    vault.keep_original(PHOTO, KEY)
    vault.keep_copy(KEY, "thumb", b"copy")

    assert (vault.has(KEY), vault.has(KEY, "thumb"), vault.has(KEY, "screen")) == (True, True, False)


def test_it_tells_size_and_time_of_what_it_has(vault: Storage) -> None:
    vault.keep_copy(KEY, "screen", b"copy")

    [found] = vault.files(Tree.COPIES)
    assert (found.sha256, found.name, found.size) == (KEY, "screen", 4)
    assert abs(datetime.now(UTC) - found.written_at) < timedelta(minutes=1)


def test_it_lists_in_the_order_of_the_hashes(vault: Storage) -> None:
    keys = [vault.keep_public(os.urandom(8)) for _ in range(40)]

    assert [one.sha256 for one in vault.files(Tree.PUBLIC)] == sorted(keys)


@pytest.mark.parametrize("tree", Tree)
def test_it_destroys_what_one_tree_has_and_nothing_else(vault: Storage, tree: Tree) -> None:
    for name in ("thumb", "screen"):
        vault.keep_copy(KEY, name, PHOTO)
        vault.keep_copy(OTHER, name, PHOTO)
    vault.keep_original(PHOTO, KEY)
    vault.keep_public(PHOTO)
    before = names(vault)

    gone = vault.remove(tree, KEY)

    assert names(vault) == [name for name in before if not name.startswith(f"{tree}/{KEY}")]
    assert gone == len(PHOTO) * (2 if tree is Tree.COPIES else 1)


@pytest.mark.parametrize("tree", Tree)
def test_it_destroys_nothing_twice(vault: Storage, tree: Tree) -> None:
    assert vault.remove(tree, KEY) == 0


def test_it_spares_what_was_kept_again(vault: Storage) -> None:
    vault.keep_original(PHOTO, KEY)
    vault.keep_copy(KEY, "screen", b"copy")
    recently = datetime.now(UTC) - timedelta(minutes=5)

    gone = [vault.remove(tree, KEY, unless_since=recently) for tree in Tree]

    assert gone == [0, 0, 0]
    assert (vault.original(KEY), vault.copy(KEY, "screen")) == (PHOTO, b"copy")


def test_it_can_keep_again_what_was_destroyed(vault: Storage) -> None:
    vault.keep_copy(KEY, "screen", b"copy")
    vault.remove(Tree.COPIES, KEY)

    vault.keep_copy(KEY, "screen", b"copy")

    assert vault.copy(KEY, "screen") == b"copy"


def test_it_can_be_tried_out_without_a_trace(vault: Storage) -> None:
    vault.try_out()

    assert names(vault) == []


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
        lambda vault, key: vault.public(key),
        lambda vault, key: vault.has(key),
        lambda vault, key: vault.has_public(key),
        lambda vault, key: vault.remove(Tree.COPIES, key),
    ],
    ids=["keep_original", "keep_copy", "original", "copy", "public", "has", "has_public", "remove"],
)
def test_it_takes_nothing_but_a_hash_for_a_key(
    vault: Storage, key: str, use: Callable[[Storage, str], object]
) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        use(vault, key)


@pytest.mark.parametrize(
    "name", ["", "..", "../screen", "a/b", "a\\b", "/screen", ".new-x", "Screen", "a\0", "a" * 33, "a\n"]
)
def test_it_takes_only_plain_names_for_copies(vault: Storage, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        vault.keep_copy(KEY, name, b"copy")
    with pytest.raises(ValueError, match="not a name"):
        vault.copy(KEY, name)

    assert names(vault) == []


def test_it_lets_two_writers_keep_the_same_photos(vault: Storage) -> None:
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
    assert len(names(vault)) == len(photos)


def test_it_shows_a_reader_a_whole_copy_or_none(vault: Storage) -> None:
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


def test_it_lets_copies_be_written_while_they_are_destroyed(vault: Storage) -> None:
    def destroy_all() -> None:
        for _ in range(40):
            vault.remove(Tree.COPIES, KEY)

    with ThreadPoolExecutor(1) as pool:
        destroying = pool.submit(destroy_all)
        while not destroying.done():
            vault.keep_copy(KEY, "screen", b"copy")
    vault.keep_copy(KEY, "screen", b"copy")

    assert destroying.exception() is None
    assert vault.copy(KEY, "screen") == b"copy"
