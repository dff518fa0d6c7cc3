"""Every row has its files and every file its row; what nobody knows is cleared away, and the log says so."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from bot import known_files
from bot.installation import Installation
from bot.inventory import Inventory, sweep
from bot.photo_commands import photos as command
from models.deletion import Destroyed
from models.photo import Fetch, Photo
from models.publication import Publication
from photos.bucket import Bucket, Place
from photos.storage import Tree
from tests.bot.album import Album
from tests.bot.conftest import Build
from tests.servers import S3_ACCESS_KEY, S3_BUCKET, S3_SECRET_KEY

NOW = datetime(2032, 3, 1, tzinfo=UTC)
JPEG = b"\xff\xd8 a picture \xff\xd9"
HASH = "ab" * 32


@pytest.fixture
def album(installation: Installation) -> Album:
    return Album(installation, NOW)


@pytest.fixture
def photo(album: Album) -> Photo:
    """Another photo stands before and one behind it, so that both sides of every pair are used."""
    draft = album.draft(album.case(None))
    kept = [album.photo(draft) for _ in range(3)]
    for name in ("thumb", "screen", "print"):
        for one in kept:
            album.installation.vault.keep_copy(one.sha256, name, JPEG)
    return sorted(kept, key=lambda one: one.sha256)[1]


def wrong(album: Album, *, deep: bool = False) -> list[tuple[str, str, str]]:
    faults = Inventory(album.installation, NOW, deep).faults()
    return [(fault.what, str(fault.tree), fault.sha256) for fault in faults]


def path(album: Album, key: str) -> Path:
    folder = album.installation.settings.photos
    assert isinstance(folder, Path)
    return next(file for file in folder.rglob("*") if file.as_posix().endswith(key))


def test_it_finds_nothing_wrong_where_nothing_is(album: Album, photo: Photo) -> None:
    album.publish(photo, album.case(None), JPEG)
    inventory = Inventory(album.installation, NOW, deep=True)

    assert list(inventory.faults()) == []
    assert inventory.counted["originals needed"] == inventory.counted["originals files"] == 3
    assert (inventory.counted["copies files"], inventory.counted["public files"]) == (9, 1)


def test_it_misses_an_original(album: Album, photo: Photo) -> None:
    album.installation.vault.remove(Tree.ORIGINALS, photo.sha256)

    assert wrong(album) == [("missing", "originals", photo.sha256)]


def test_it_misses_a_copy(album: Album, photo: Photo) -> None:
    path(album, f"{photo.sha256}/screen").unlink()

    [fault] = Inventory(album.installation, NOW).faults()

    assert (fault.what, fault.tree, fault.words) == ("missing", Tree.COPIES, "screen")


def test_it_does_not_miss_copies_that_were_never_made(album: Album, photo: Photo) -> None:
    album.change(photo, kept_at=None)
    album.installation.vault.remove(Tree.COPIES, photo.sha256)

    assert wrong(album) == []


def test_it_misses_a_public_file(album: Album, photo: Photo) -> None:
    public = album.publish(photo, album.case(None))
    album.installation.vault.remove(Tree.PUBLIC, public)

    assert wrong(album) == [("missing", "public", public)]


def test_it_sees_by_its_size_that_an_original_was_cut_short(album: Album, photo: Photo) -> None:
    path(album, photo.sha256).write_bytes(b"ph")

    assert wrong(album) == [("damaged", "originals", photo.sha256)]


@pytest.mark.parametrize(
    ("tree", "spoil"),
    [
        ("originals", lambda data: data[:-1] + b"x"),
        ("copies", lambda data: data[:-1]),
        ("public", lambda data: data[:-1] + b"x"),
    ],
)
def test_it_sees_other_bytes_only_when_it_reads_all(
    album: Album, photo: Photo, tree: str, spoil: Callable[[bytes], bytes]
) -> None:
    public = album.publish(photo, album.case(None))
    file = path(album, {"copies": f"{photo.sha256}/screen", "public": public, "originals": photo.sha256}[tree])
    file.write_bytes(spoil(file.read_bytes()))

    assert wrong(album) == []
    assert [fault[:2] for fault in wrong(album, deep=True)] == [("damaged", tree)]


def test_it_finds_files_that_no_row_knows_when_they_are_old_enough(album: Album, photo: Photo) -> None:
    vault = album.installation.vault
    old, young = vault.keep_public(b"old"), vault.keep_public(b"young")
    vault.keep_copy(HASH, "screen", JPEG)
    album.age(old)
    album.age(HASH)
    album.age(young, timedelta(hours=23))

    assert wrong(album) == [("unknown", "copies", HASH), ("unknown", "public", old)]


def test_it_finds_what_is_left_of_an_erased_photo(album: Album, photo: Photo) -> None:
    album.change(photo, state=Fetch.ERASED, erased_at=NOW)

    album.age(photo.sha256)

    assert wrong(album) == [("erased", "originals", photo.sha256), ("erased", "copies", photo.sha256)]


@pytest.mark.parametrize(("ago", "found"), [(timedelta(minutes=30), 0), (timedelta(hours=2), 1)])
def test_it_finds_what_was_withdrawn_and_is_still_there(
    album: Album, photo: Photo, ago: timedelta, found: int
) -> None:
    album.publish(photo, album.case(None))
    with album.installation.database.story() as session:
        session.execute(update(Publication).values(withdrawn_at=NOW - ago))

    assert [fault[:2] for fault in wrong(album)] == [("withdrawn", "public")] * found


def test_it_names_what_is_none_of_ours(album: Album, photo: Photo) -> None:
    (path(album, photo.sha256).parents[2] / "readme.txt").write_text("?")

    [fault] = Inventory(album.installation, NOW).faults()

    assert (fault.what, fault.words) == ("foreign", "readme.txt")


def test_it_finds_a_copy_by_a_name_that_no_copy_has(album: Album, photo: Photo) -> None:
    for sha256 in (HASH, photo.sha256):
        album.installation.vault.keep_copy(sha256, "raw", JPEG)
        album.age(sha256)

    found = {(fault.what, fault.sha256): fault for fault in Inventory(album.installation, NOW).faults()}

    assert sorted(found) == [("foreign", photo.sha256), ("unknown", HASH)]
    assert sweep(Inventory(album.installation, NOW), found["unknown", HASH]) == len(JPEG)


def test_it_asks_again_before_it_tells(album: Album, photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    read = known_files.known_files

    def late(*of: object) -> object:
        rows = list(read(*of))  # type: ignore[arg-type]
        album.change(photo, state=Fetch.ERASED)  # after the rows were read, before the files are
        for tree in (Tree.ORIGINALS, Tree.COPIES):
            album.installation.vault.remove(tree, photo.sha256)
        return iter(rows)

    monkeypatch.setattr("bot.inventory.known_files", late)

    assert wrong(album) == []


def test_it_reads_more_rows_than_one_page(album: Album, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_files, "_PAGE", 3)
    draft = album.draft(album.case(None))
    for _ in range(7):
        album.photo(draft, bare=True)

    assert [what for what, tree, _ in wrong(album) if tree == "originals"] == ["missing"] * 7


def test_it_sweeps_what_nobody_needs_and_writes_it_down(album: Album, photo: Photo) -> None:
    vault = album.installation.vault
    vault.keep_copy(HASH, "screen", JPEG)
    vault.keep_copy(HASH, "thumb", JPEG)
    album.age(HASH)
    inventory = Inventory(album.installation, NOW)

    gone = [sweep(inventory, fault) for fault in inventory.faults()]

    [entry] = album.deletions()
    assert gone == [2 * len(JPEG)]
    assert (entry.kind, entry.name, entry.size) == (Destroyed.ORPHAN, HASH, 2 * len(JPEG))
    assert wrong(album) == []


def test_it_sweeps_nothing_that_somebody_needs_by_now(album: Album, photo: Photo) -> None:
    album.change(photo, state=Fetch.ERASED)
    album.age(photo.sha256)
    inventory = Inventory(album.installation, NOW)
    faults = list(inventory.faults())
    album.change(photo, state=Fetch.KEPT)

    gone = [sweep(inventory, fault) for fault in faults]

    assert gone == [0, 0]
    assert (album.deletions(), wrong(album)) == ([], [])


def test_it_proves_a_bucket_as_well(album: Album, s3_url: str, tmp_path: Path) -> None:
    bucket = Bucket(Place(S3_BUCKET, s3_url, S3_ACCESS_KEY, S3_SECRET_KEY, prefix=tmp_path.name))
    far = Album(replace(album.installation, vault=bucket), NOW)
    draft = far.draft(far.case(None))
    lost, there = far.photo(draft), far.photo(draft)
    bucket.remove(Tree.ORIGINALS, lost.sha256)
    unknown = bucket.keep_public(JPEG)

    assert wrong(far) == [("missing", "originals", lost.sha256), ("unknown", "public", unknown)]
    assert bucket.has(there.sha256)


@pytest.fixture
def here(configure: Build, photo: Photo) -> Installation:
    return configure()


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_the_command_proves_and_counts(here: Installation) -> None:
    code, words = run("verify", "--deep")

    assert (code, words.splitlines()[-1].split()) == (0, ["0", "faults"])
    assert ["3", "originals", "files"] in [line.split() for line in words.splitlines()]


def test_the_command_fails_where_something_is_wrong(here: Installation, photo: Photo) -> None:
    here.vault.remove(Tree.ORIGINALS, photo.sha256)

    code, words = run("verify")

    assert (code, words.splitlines()[0]) == (1, f"missing: originals {photo.sha256}: no file")


def test_the_command_names_a_file_that_no_terminal_can_show(here: Installation, photo: Photo) -> None:
    folder = here.settings.photos
    assert isinstance(folder, Path)
    (folder / "originals" / os.fsdecode(b"\xff")).touch()

    code, words = run("verify")

    assert (code, words.splitlines()[0]) == (1, "foreign: originals : \\udcff")


def test_the_command_sweeps_only_when_told_to(here: Installation, album: Album) -> None:
    here.vault.keep_copy(HASH, "screen", JPEG)
    Album(here, datetime.now(UTC)).age(HASH)

    shown, done, again = run("sweep"), run("sweep", "--yes"), run("sweep")

    assert "1 to destroy" in shown[1]
    assert "1 destroyed" in done[1]
    assert "0 to destroy" in again[1]


def test_the_command_does_not_empty_a_folder_that_is_not_this_databases(here: Installation, album: Album) -> None:
    past = Album(here, datetime.now(UTC))
    keys = [here.vault.keep_public(str(number).encode()) for number in range(101)]
    for key in keys:
        past.age(key)

    code, words = run("sweep", "--yes")

    assert code == 1
    assert "is this the right database?" in words
    assert all(here.vault.has_public(key) for key in keys)
    assert "101 destroyed" in run("sweep", "--yes", "--many")[1]


def test_the_command_erases_only_when_told_to(here: Installation, album: Album) -> None:
    past = Album(here, datetime.now(UTC))
    past.photo(past.draft(past.case(timedelta(days=1100))))

    shown, done, again = run("erase"), run("erase", "--yes"), run("erase")

    assert shown[1].startswith("1 photos and 0 messages are due")
    assert done[1].startswith("1 destroyed")
    assert again[1].startswith("0 photos")
