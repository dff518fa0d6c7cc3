"""The vault (照片库): a storage in a folder."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from photos.storage import PhotoMissing, Storage, StorageTrouble, Stored, Tree, digest, insist_on, key_of, stored

__all__ = ["PhotoMissing", "Storage", "StorageTrouble", "Stored", "Tree", "Vault"]

_HALF = ".new-"
_TRIES = 3


class Vault(Storage):
    """照片库: a `Storage` in a folder, for any number of processes at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def where(self) -> str:
        return f"folder {self._folder}"

    def keep_original(self, data: bytes, sha256: str) -> None:
        """Keep a photo as it came; keeping it again only notes that it is needed. `ValueError` on a wrong hash."""
        path = self._path(Tree.ORIGINALS, sha256)
        insist_on(data, sha256)
        _keep(path, data)

    def keep_copy(self, sha256: str, name: str, data: bytes) -> None:
        """Keep a working copy such as `screen`; a newer one takes the place of the older."""
        _write(self._path(Tree.COPIES, sha256, name), data)

    def keep_public(self, data: bytes) -> str:
        """Keep what the public may see. Returns the hash it is published under."""
        sha256 = digest(data)
        _keep(self._path(Tree.PUBLIC, sha256), data)
        return sha256

    def original(self, sha256: str) -> bytes:
        """The photo as it came; raises `PhotoMissing`."""
        return _read(self._path(Tree.ORIGINALS, sha256))

    def copy(self, sha256: str, name: str) -> bytes:
        """A working copy; raises `PhotoMissing`, and never falls back to the original."""
        return _read(self._path(Tree.COPIES, sha256, name))

    def public(self, sha256: str) -> bytes:
        """What is published under this hash; raises `PhotoMissing`."""
        return _read(self._path(Tree.PUBLIC, sha256))

    def has(self, sha256: str, name: str | None = None) -> bool:
        """Whether the original, or the named copy, is here."""
        return self._path(Tree.ORIGINALS if name is None else Tree.COPIES, sha256, name).is_file()

    def has_public(self, sha256: str) -> bool:
        """Whether something is published under this hash."""
        return self._path(Tree.PUBLIC, sha256).is_file()

    def remove(self, tree: Tree, sha256: str, unless_since: datetime | None = None) -> int:
        """Destroy what a tree has under this hash. Returns the bytes that are gone."""
        path = self._path(tree, sha256)
        if tree is not Tree.COPIES:
            return _remove(path, unless_since)
        gone = sum(_remove(Path(entry), unless_since) for entry in _entries(path))
        _drop_folder(path)
        return gone

    def files(self, tree: Tree) -> Iterator[Stored]:
        """Everything in a tree, in the order of the hashes."""
        root = self._folder / tree
        for path in _below(root):
            try:
                found = path.stat()
            except FileNotFoundError:
                continue  # removed since its folder was read
            written_at = datetime.fromtimestamp(found.st_mtime, UTC)
            yield stored(tree, path.relative_to(root).as_posix(), found.st_size, written_at)

    def sweep_halves(self, before: datetime) -> int:
        """Clear away the half-written files of killed writers. Returns how many."""
        swept = 0
        for tree in Tree:
            for path in _below(self._folder / tree, halves=True):
                swept += _drop_half(path, before)
        return swept

    def try_out(self) -> None:
        """Write and remove a file where photos would go, or raise `OSError`."""
        folder = self._folder / Tree.ORIGINALS
        _make_folder(folder)
        with tempfile.NamedTemporaryFile(prefix=_HALF, dir=folder) as file:
            file.write(b"photos")
            file.flush()
            os.fsync(file.fileno())

    def _path(self, tree: Tree, sha256: str, name: str | None = None) -> Path:
        return self._folder / key_of(tree, sha256, name)


def _keep(path: Path, data: bytes) -> None:
    try:
        # The size tells a whole file from one that a full disk or a bad restore cut short.
        if path.stat().st_size == len(data):
            # Whoever is about to remove it must see that it is needed again; see `_remove`.
            os.utime(path)
            return
    except FileNotFoundError:
        pass
    _write(path, data)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise PhotoMissing(path.name) from error


def _remove(path: Path, unless_since: datetime | None) -> int:
    """Remove a file unless it was kept again. Returns its size, 0 where nothing is gone."""
    try:
        if _is_since(path, unless_since):
            return 0
        # Out of everybody's way first: who keeps it again from here on writes a file of its own, and what was
        # kept again a moment ago is seen below and put back.
        aside = path.with_name(f"{_HALF}{uuid4().hex}")
        path.rename(aside)
    except FileNotFoundError:
        return 0
    if _is_since(aside, unless_since):
        _put_back(aside, path)
        return 0
    size = aside.stat().st_size
    aside.unlink()
    _sync_folder(path.parent)
    return size


def _is_since(path: Path, moment: datetime | None) -> bool:
    return moment is not None and path.stat().st_mtime >= moment.timestamp()


def _put_back(aside: Path, path: Path) -> None:
    with suppress(FileExistsError):  # written anew meanwhile: the same bytes
        os.link(aside, path)
    aside.unlink()


def _drop_half(path: Path, before: datetime) -> bool:
    try:
        if _is_since(path, before):
            return False
        path.unlink()
    except FileNotFoundError:
        return False  # it became whole, or somebody else swept it
    return True


def _below(folder: Path, *, halves: bool = False) -> Iterator[Path]:
    """The files below a folder by name, or the half-written ones alone."""
    for entry in sorted(_entries(folder), key=lambda entry: entry.name):
        if entry.is_dir(follow_symlinks=False):
            yield from _below(Path(entry), halves=halves)
        elif entry.name.startswith(_HALF) is halves:
            yield Path(entry)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except FileNotFoundError:
        return []


def _write(path: Path, data: bytes) -> None:
    """Write so that a reader sees the whole file or none, also after a power cut."""
    for left in reversed(range(_TRIES)):
        _make_folder(path.parent)
        try:
            _write_in(path, data)
            return
        except FileNotFoundError:
            if not left:  # somebody who removes copies may take the empty folder away under our hands
                raise


def _write_in(path: Path, data: bytes) -> None:
    # Every writer has a file of its own, so two of them only race for the rename, and both are right.
    handle, name = tempfile.mkstemp(prefix=_HALF, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _make_folder(folder: Path) -> None:
    new = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for one in new:
        _sync_folder(one.parent)


def _drop_folder(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return  # never there, or somebody keeps a copy in it just now
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    # A name is on the disk only once its folder is.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
