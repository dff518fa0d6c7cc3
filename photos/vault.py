"""The vault (照片库): photos kept under the hash of their original."""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Protocol

_HASH = re.compile(r"[0-9a-f]{64}")
_COPY_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")


class PhotoMissing(LookupError):
    """照片缺失: nothing is kept under this hash and name."""


class Storage(Protocol):
    """照片存储: what every place that keeps photos can do; hashes are 64 lowercase hex digits.

    Originals are for the command centre only. A bad hash or name raises `ValueError`, a missing
    photo `PhotoMissing`.
    """

    def keep_original(self, data: bytes, sha256: str) -> None: ...

    def keep_copy(self, sha256: str, name: str, data: bytes) -> None: ...

    def original(self, sha256: str) -> bytes: ...

    def copy(self, sha256: str, name: str) -> bytes: ...

    def has(self, sha256: str, name: str | None = None) -> bool: ...


class Vault(Storage):
    """照片库: a `Storage` in a folder, for any number of processes at once.

    Originals and copies are two trees, so that a web server can be given the copies alone.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep_original(self, data: bytes, sha256: str) -> None:
        """Keep a photo as it came; keeping it again changes nothing. `ValueError` on a wrong hash."""
        path = self._original_path(sha256)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ValueError("the bytes do not have this SHA-256")
        # The size tells a whole file from one that a full disk or a bad restore cut short.
        if not path.is_file() or path.stat().st_size != len(data):
            _write(path, data)

    def keep_copy(self, sha256: str, name: str, data: bytes) -> None:
        """Keep a working copy such as `screen`; a newer one takes the place of the older."""
        _write(self._copy_path(sha256, name), data)

    def original(self, sha256: str) -> bytes:
        """The photo as it came; raises `PhotoMissing`."""
        return _read(self._original_path(sha256))

    def copy(self, sha256: str, name: str) -> bytes:
        """A working copy; raises `PhotoMissing`, and never falls back to the original."""
        return _read(self._copy_path(sha256, name))

    def has(self, sha256: str, name: str | None = None) -> bool:
        """Whether the original, or the named copy, is here."""
        path = self._original_path(sha256) if name is None else self._copy_path(sha256, name)
        return path.is_file()

    def _original_path(self, sha256: str) -> Path:
        return self._folder / "originals" / _place(sha256)

    def _copy_path(self, sha256: str, name: str) -> Path:
        if not _COPY_NAME.fullmatch(name):
            raise ValueError(f"not a name for a copy: {name!r}")
        return self._folder / "copies" / _place(sha256) / name


def _place(sha256: str) -> Path:
    if not _HASH.fullmatch(sha256):
        raise ValueError(f"not a SHA-256 in lowercase hex: {sha256!r}")
    return Path(sha256[:2], sha256[2:4], sha256)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise PhotoMissing(path.name) from error


def _write(path: Path, data: bytes) -> None:
    """Write so that a reader sees the whole file or none, also after a power cut."""
    _make_folder(path.parent)
    # Every writer has a file of its own, so two of them only race for the rename, and both are right.
    handle, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
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


def _sync_folder(folder: Path) -> None:
    # A name is on the disk only once its folder is.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
