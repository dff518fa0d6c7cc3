"""The bucket (对象存储): a storage on any server that speaks S3. The only user of obstore."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from photos.storage import (
    PhotoMissing,
    Storage,
    StorageTrouble,
    Stored,
    Tree,
    digest,
    insist_on,
    key_of,
    stored,
)

if TYPE_CHECKING:  # types alone: the library has no such names when it runs
    from obstore import ObjectMeta
    from obstore.store import S3Credential

_PAGE = 1000  # what one answer of S3 holds at most
_MOST_WORDS = 200
_ASKED = re.compile(r"Error performing ([A-Z]+ \S{1,500})")
_CODE = re.compile(r"<Code>([A-Za-z0-9]{1,64})</Code>")


@dataclass(frozen=True, slots=True)
class Place:
    """存储位置: a bucket, and the part of it that is ours.

    prefix: what all names begin with, "" for the whole bucket.  virtual_hosts: the bucket is part of the host's
    name, as Alibaba's and Tencent's stores want it.  patience: for one request; it is tried three times at most.
    """

    bucket: str
    endpoint: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    region: str = "us-east-1"
    prefix: str = ""
    virtual_hosts: bool = False
    patience: timedelta = timedelta(seconds=20)

    def address(self) -> str:
        """Where requests go."""
        endpoint = self.endpoint.rstrip("/")
        if not self.virtual_hosts:
            return endpoint
        parts = urlsplit(endpoint)
        return f"{parts.scheme}://{self.bucket}.{parts.netloc}"


class Bucket(Storage):
    """对象存储: a `Storage` in a bucket. A file is there whole or not at all, by the nature of S3.

    Must be made in the process that uses it: the client has threads, which do not survive a fork.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._prefix = place.prefix.strip("/") + "/" if place.prefix.strip("/") else ""
        self._store = _open(place)

    @property
    def where(self) -> str:
        return f"bucket {self._place.bucket}/{self._prefix} at {self._place.endpoint}"

    def keep_original(self, data: bytes, sha256: str) -> None:
        """Keep a photo as it came. `ValueError` on a wrong hash."""
        key = self._key(Tree.ORIGINALS, sha256)
        insist_on(data, sha256)
        self._put(key, data)

    def keep_copy(self, sha256: str, name: str, data: bytes) -> None:
        """Keep a working copy such as `screen`; a newer one takes the place of the older."""
        self._put(self._key(Tree.COPIES, sha256, name), data)

    def keep_public(self, data: bytes) -> str:
        """Keep what the public may see. Returns the hash it is published under."""
        sha256 = digest(data)
        self._put(self._key(Tree.PUBLIC, sha256), data)
        return sha256

    def original(self, sha256: str) -> bytes:
        """The photo as it came; raises `PhotoMissing`."""
        return self._get(self._key(Tree.ORIGINALS, sha256))

    def copy(self, sha256: str, name: str) -> bytes:
        """A working copy; raises `PhotoMissing`, and never falls back to the original."""
        return self._get(self._key(Tree.COPIES, sha256, name))

    def public(self, sha256: str) -> bytes:
        """What is published under this hash; raises `PhotoMissing`."""
        return self._get(self._key(Tree.PUBLIC, sha256))

    def has(self, sha256: str, name: str | None = None) -> bool:
        """Whether the original, or the named copy, is here."""
        key = self._key(Tree.ORIGINALS if name is None else Tree.COPIES, sha256, name)
        return self._head(key) is not None

    def has_public(self, sha256: str) -> bool:
        """Whether something is published under this hash."""
        return self._head(self._key(Tree.PUBLIC, sha256)) is not None

    def remove(self, tree: Tree, sha256: str, unless_since: datetime | None = None) -> int:
        """Destroy what a tree has under this hash. Returns the bytes that are gone."""
        key = self._key(tree, sha256)
        found = [self._head(key)] if tree is not Tree.COPIES else list(self._listed(f"{key}/"))
        return sum(self._remove(one, unless_since) for one in found if one is not None)

    def files(self, tree: Tree) -> Iterator[Stored]:
        """Everything in a tree, in the order of the hashes, as S3 tells it."""
        root = f"{self._prefix}{tree}/"
        for found in self._listed(root):
            yield stored(tree, found["path"].removeprefix(root), found["size"], found["last_modified"])

    def sweep_halves(self, before: datetime) -> int:
        """Nothing: what was not written to its end is not there."""
        return 0

    def try_out(self) -> None:
        """Write, read and remove something beside the photos, or raise `StorageTrouble`."""
        key, words = f"{self._prefix}trial-{uuid4().hex}", b"photos"
        self._put(key, words)
        with _told():
            if obstore.get(self._store, key).bytes() != words:
                raise StorageTrouble(f"{self.where}: gives back something else than was written")
            obstore.delete(self._store, key)

    def _key(self, tree: Tree, sha256: str, name: str | None = None) -> str:
        return self._prefix + key_of(tree, sha256, name)

    def _put(self, key: str, data: bytes) -> None:
        with _told():
            # The signature covers the SHA-256 of what is sent, so a server refuses what was damaged on its way.
            tag = (obstore.put(self._store, key, data, use_multipart=False)["e_tag"] or "").strip('"')
            # And what it kept is what it hashed; where it encrypts, its tag is no MD5 and it is asked for the bytes.
            md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
            if tag != md5 and obstore.get(self._store, key).bytes() != data:
                raise StorageTrouble(f"{self.where}: {key} was kept damaged")

    def _get(self, key: str) -> bytes:
        with _told(key):
            return obstore.get(self._store, key).bytes().to_bytes()

    def _head(self, key: str) -> "ObjectMeta | None":
        try:
            with _told(key):
                return obstore.head(self._store, key)
        except PhotoMissing:
            # The answer to HEAD has no words: a bucket that is not there looks like a photo that is not.
            next(self._listed(key), None)
            return None

    def _listed(self, prefix: str) -> "Iterator[ObjectMeta]":
        with _told():
            for page in obstore.list(self._store, prefix, chunk_size=_PAGE):
                yield from page

    def _remove(self, found: "ObjectMeta", unless_since: datetime | None) -> int:
        if unless_since is not None and found["last_modified"] >= unless_since:
            return 0
        with _told():
            obstore.delete(self._store, found["path"])
        return found["size"]


def _open(place: Place) -> S3Store:
    # Everything that could come from the environment is said here: another program's AWS_… variables must not
    # send photos unsigned or under somebody else's name. Hence also the provider instead of plain keys.
    return S3Store(
        place.bucket,
        endpoint=place.address(),
        region=place.region,
        virtual_hosted_style_request=place.virtual_hosts,
        skip_signature=False,
        unsigned_payload=False,
        credential_provider=lambda: _credential(place),
        client_options={
            "allow_http": place.endpoint.startswith("http://"),
            "connect_timeout": min(place.patience, timedelta(seconds=3)),
            "timeout": place.patience,
        },
        retry_config={
            "max_retries": 2,
            "retry_timeout": 2 * place.patience,
            "backoff": {"init_backoff": timedelta(milliseconds=200), "max_backoff": timedelta(seconds=2)},
        },
    )


def _credential(place: Place) -> "S3Credential":
    return {
        "access_key_id": place.access_key,
        "secret_access_key": place.secret_key,
        "token": None,
        "expires_at": None,
    }


@contextmanager
def _told(key: str = "") -> Iterator[None]:
    """Turn what the client throws into our errors. key: of a photo that may be missing, "" where none may."""
    try:
        yield
    except FileNotFoundError as error:
        if key and "NoSuchBucket" not in str(error):
            raise PhotoMissing(key) from None
        raise StorageTrouble(_words(error)) from None
    except BaseError as error:
        raise StorageTrouble(_words(error)) from None


def _words(error: Exception) -> str:
    """What was asked and what came of it, without what the server's answer repeats of our signature and keys."""
    told = re.split(r"[<\n]", str(error), maxsplit=1)[0].rstrip(" :")
    asked, code = _ASKED.search(told), _CODE.search(str(error))
    ended = told.rpartition(" - ")[2][:_MOST_WORDS]
    return " ".join(filter(None, [asked and asked[1], ended, code and f"({code[1]})"]))
