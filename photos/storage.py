"""Storage (照片存储): what every place that keeps photos can do, and how it names what it keeps."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

_HASH = re.compile(r"[0-9a-f]{64}")
_COPY_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_KEY = re.compile(r"([0-9a-f]{2})/([0-9a-f]{2})/([0-9a-f]{64})(?:/([a-z][a-z0-9_-]{0,31}))?")


class PhotoMissing(LookupError):
    """照片缺失: nothing is kept under this hash and name."""


class StorageTrouble(OSError):
    """存储故障: the place itself does not do what it should; what is asked may work later."""


class Tree(StrEnum):
    """照片目录: three trees, so that whoever serves one of them cannot reach the others."""

    ORIGINALS = "originals"  # 原图, for the command centre only
    COPIES = "copies"  # 工作副本, without metadata
    PUBLIC = "public"  # 公开照片, named by their own bytes: nothing tells which original they show


@dataclass(frozen=True, slots=True)
class Stored:
    """存件: one file of a tree.

    sha256: of the original, or of the public file itself; "" for what is none of ours.  name: of a copy, or the
    whole name of what is none of ours.  size: bytes.  written_at: when it was last kept, aware UTC.
    """

    sha256: str
    name: str
    size: int
    written_at: datetime


class Storage(Protocol):
    """照片存储: hashes are 64 lowercase hex digits, `where` names the place for people.

    A bad hash or name raises `ValueError`, a missing photo `PhotoMissing`, a place that fails `OSError`.
    """

    @property
    def where(self) -> str: ...

    def keep_original(self, data: bytes, sha256: str) -> None: ...

    def keep_copy(self, sha256: str, name: str, data: bytes) -> None: ...

    def keep_public(self, data: bytes) -> str: ...

    def original(self, sha256: str) -> bytes: ...

    def copy(self, sha256: str, name: str) -> bytes: ...

    def public(self, sha256: str) -> bytes: ...

    def has(self, sha256: str, name: str | None = None) -> bool: ...

    def has_public(self, sha256: str) -> bool: ...

    def remove(self, tree: Tree, sha256: str, unless_since: datetime | None = None) -> int:
        """Destroy what a tree has under this hash; all copies are one. Returns the bytes that are gone.

        unless_since: what was kept again at or after this moment stays: somebody new needs it.
        """

    def files(self, tree: Tree) -> Iterator[Stored]:
        """Everything in a tree, by hash and name, a little at a time: there may be millions."""

    def sweep_halves(self, before: datetime) -> int:
        """Clear away what writers that were killed left half done before this moment. Returns how many."""

    def try_out(self) -> None:
        """Write, read and remove something, or raise `OSError`."""


def key_of(tree: Tree, sha256: str, name: str | None = None) -> str:
    """The path of a file in any storage: two levels of folders, so that none holds more than a few thousand."""
    if not _HASH.fullmatch(sha256):
        raise ValueError(f"not a SHA-256 in lowercase hex: {sha256!r}")
    if name is not None and not _COPY_NAME.fullmatch(name):
        raise ValueError(f"not a name for a copy: {name!r}")
    folder = f"{tree}/{sha256[:2]}/{sha256[2:4]}/{sha256}"
    return folder if name is None else f"{folder}/{name}"


def stored(tree: Tree, path: str, size: int, written_at: datetime) -> Stored:
    """What a path below its tree stands for."""
    found = _KEY.fullmatch(path)
    named = found is not None and found[3].startswith(found[1] + found[2])
    if found is None or not named or (found[4] is not None) is not (tree is Tree.COPIES):
        return Stored("", path, size, written_at)
    return Stored(found[3], found[4] or "", size, written_at)


def digest(data: bytes) -> str:
    """The name bytes are kept under."""
    return hashlib.sha256(data).hexdigest()


def insist_on(data: bytes, sha256: str) -> None:
    """Refuse bytes that do not have this hash; raises `ValueError`."""
    if digest(data) != sha256:
        raise ValueError("the bytes do not have this SHA-256")
