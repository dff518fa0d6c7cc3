"""照片核对: proves that every row has its files and every file its row, and clears away what nobody knows.

Rows and files are read side by side in the order of their hashes, so that a million of each take no memory. What
looks wrong is looked at again before it is told: both may have changed since they were read.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import merge
from itertools import groupby
from operator import attrgetter
from typing import Literal

from bot.expiry import ROW_FOLLOWS
from bot.installation import Installation
from bot.known_files import Known, known_file, known_files
from models.deletion import Deletion, Destroyed
from photos.intake import COPIES
from photos.storage import PhotoMissing, Storage, StorageTrouble, Stored, Tree, digest

What = Literal["missing", "damaged", "unknown", "erased", "withdrawn", "foreign"]
SWEPT: tuple[What, ...] = ("unknown", "erased", "withdrawn")
HALF_WRITTEN_FOR = timedelta(hours=1)
_CLEARED_WITHIN = timedelta(hours=1)  # what is withdrawn goes within seconds, where anybody works at all
_JPEG_BEGINS, _JPEG_ENDS = b"\xff\xd8", b"\xff\xd9"


@dataclass(frozen=True, slots=True)
class Fault:
    """照片问题: something that is not as it should be.

    missing, damaged: what must be there.  unknown, erased, withdrawn: there, and nobody needs it.  foreign: a file
    that is none of ours.  size: bytes of what is there.  names: of the copies that are there and should not be.
    """

    what: What
    tree: Tree
    sha256: str
    size: int
    words: str
    names: tuple[str, ...] = ()


@dataclass
class Inventory:
    """照片核对: one look at everything. counted: figures by name, complete when all faults have been told."""

    installation: Installation
    now: datetime
    deep: bool = False
    counted: Counter[str] = field(default_factory=Counter)

    def faults(self) -> Iterator[Fault]:
        """Everything that is wrong, tree by tree. Raises `OSError` where the storage fails."""
        for tree in Tree:
            foreign: list[Stored] = []
            for known, files in self._pairs(tree, foreign):
                self._count(tree, known, files)
                yield from (fault for fault in self._wrong(tree, known, files) if self.is_still(fault))
            yield from (Fault("foreign", tree, "", one.size, one.name) for one in foreign)

    def _pairs(self, tree: Tree, foreign: list[Stored]) -> Iterator[tuple[Known | None, list[Stored]]]:
        by_hash = attrgetter("sha256")
        rows = known_files(self.installation.database, tree)
        both: Iterator[Known | Stored] = merge(rows, _ours(self._vault.files(tree), foreign), key=by_hash)
        for _, group in groupby(both, key=by_hash):
            found = list(group)
            known = next((one for one in found if isinstance(one, Known)), None)
            yield known, [one for one in found if isinstance(one, Stored)]

    @property
    def _vault(self) -> Storage:
        return self.installation.vault

    def _count(self, tree: Tree, known: Known | None, files: list[Stored]) -> None:
        self.counted[f"{tree} needed"] += bool(known and known.needed)
        self.counted[f"{tree} files"] += len(files)
        self.counted[f"{tree} bytes"] += sum(one.size for one in files)

    def _wrong(self, tree: Tree, known: Known | None, files: list[Stored]) -> Iterator[Fault]:
        if known is None or not known.needed:
            yield from self._needless(tree, known, files)
        elif tree is Tree.COPIES:
            yield from self._wrong_copies(known, files)
        elif not files:
            yield Fault("missing", tree, known.sha256, 0, "no file")
        else:
            yield from self._damaged(tree, known, files[0])

    def _needless(self, tree: Tree, known: Known | None, files: list[Stored]) -> Iterator[Fault]:
        old = [one for one in files if one.written_at < self.now - ROW_FOLLOWS]
        size, is_public = sum(one.size for one in files), tree is Tree.PUBLIC
        names = tuple(one.name for one in old) if tree is Tree.COPIES else ()
        if known and is_public and files and known.since and known.since < self.now - _CLEARED_WITHIN:
            yield Fault("withdrawn", tree, known.sha256, size, "nobody publishes it any more")
        elif known and not is_public and old:
            yield Fault("erased", tree, known.sha256, size, "its photo was erased", names)
        elif known is None and old:
            yield Fault("unknown", tree, old[0].sha256, size, "no row knows it", names)

    def _wrong_copies(self, known: Known, files: list[Stored]) -> Iterator[Fault]:
        lacking = sorted(set(COPIES) - {one.name for one in files})
        if lacking and known.since is None:
            self.counted["photos whose copies are made when they are first shown"] += 1
        elif lacking:
            yield Fault("missing", Tree.COPIES, known.sha256, 0, ", ".join(lacking))
        for one in (one for one in files if one.name not in COPIES):
            yield Fault("foreign", Tree.COPIES, known.sha256, one.size, one.name, (one.name,))
        for one in files if self.deep else ():
            if not self._is_whole_jpeg(one):
                yield Fault("damaged", Tree.COPIES, known.sha256, one.size, one.name)

    def _is_whole_jpeg(self, one: Stored) -> bool:
        try:
            data = self._vault.copy(one.sha256, one.name)
        except PhotoMissing:
            return True  # destroyed since
        return data.startswith(_JPEG_BEGINS) and data.endswith(_JPEG_ENDS)

    def _damaged(self, tree: Tree, known: Known, file: Stored) -> Iterator[Fault]:
        if known.size and known.size != file.size:
            yield Fault("damaged", tree, known.sha256, file.size, f"{file.size} bytes instead of {known.size}")
        elif self.deep and not self._has_its_hash(tree, known.sha256):
            yield Fault("damaged", tree, known.sha256, file.size, "other bytes than were kept")

    def _has_its_hash(self, tree: Tree, sha256: str) -> bool:
        try:
            return (
                digest(self._vault.public(sha256) if tree is Tree.PUBLIC else self._vault.original(sha256)) == sha256
            )
        except PhotoMissing:
            return True  # destroyed since

    def is_still(self, fault: Fault) -> bool:
        """Look again at this moment: whether the row still needs the file, or still does not."""
        with self.installation.database.glance() as session:
            known = known_file(session, fault.tree, fault.sha256)
        needed = known is not None and known.needed
        if fault.what in SWEPT:
            return not needed and self._is_there(fault)
        if fault.what == "foreign":
            return self._is_there(fault)
        return needed and (fault.what == "damaged" or not self._is_there(fault))

    def _is_there(self, fault: Fault) -> bool:
        if fault.tree is Tree.PUBLIC:
            return self._vault.has_public(fault.sha256)
        if fault.tree is Tree.ORIGINALS:
            return self._vault.has(fault.sha256)
        wanted = any if fault.names else all
        return wanted(self._vault.has(fault.sha256, name) for name in fault.names or COPIES)


def _ours(files: Iterator[Stored], foreign: list[Stored]) -> Iterator[Stored]:
    """The files that are ours; the others are put aside. Raises `StorageTrouble` where they come in no order."""
    last = ""
    for one in files:
        if not one.sha256:
            foreign.append(one)
            continue
        if one.sha256 < last:
            raise StorageTrouble("the storage does not list its files in order; nothing can be proved like this")
        last = one.sha256
        yield one


def sweep(inventory: Inventory, fault: Fault) -> int:
    """Destroy what nobody needs, if that is still so. Returns the bytes that are gone; raises `OSError`."""
    if fault.what not in SWEPT or not inventory.is_still(fault):
        return 0
    here, now = inventory.installation, inventory.now
    # Written down first: killed in between, the next sweep finds the file and writes it down once more.
    why = f"{fault.tree}: {fault.words}"
    with here.database.story() as session:
        session.add(Deletion(kind=Destroyed.ORPHAN, name=fault.sha256, size=fault.size, why=why, deleted_at=now))
    since = now if fault.what == "withdrawn" else now - ROW_FOLLOWS
    return here.vault.remove(fault.tree, fault.sha256, unless_since=since)
