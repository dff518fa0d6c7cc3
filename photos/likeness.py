"""Likenesses (相似照片): which of very many pictures is nearly this one, exactly, from memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from photos.fingerprint import EMPTY, SIZE, mirrored

_Words = NDArray[np.uint64]

# Rows looked at in one go: their distances stay in the processor's cache.
_BLOCK = 32_768
_FIRST_ROOM = 1024


@dataclass(frozen=True, slots=True)
class Match:
    """相似照片: a picture in the index, its distance (as `fingerprint.distance`), and whether a mirror is needed."""

    id: int
    distance: float
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What readers see: never changed below `count`, replaced as a whole when it grows."""

    ids: NDArray[np.int64]
    coarse: _Words
    fine: _Words
    count: int


class Likenesses:
    """相似索引: fingerprints of a million pictures, 48 bytes each.

    One thread adds while any number look up; a reader sees all that was added before it began.
    """

    def __init__(self) -> None:
        self._shelf = _empty(_FIRST_ROOM)
        self._writing = Lock()

    def __len__(self) -> int:
        return self._shelf.count

    def add(self, ids: Sequence[int], fingerprints: Sequence[bytes]) -> None:
        """Take pictures in; those that tell nothing (`EMPTY`) are left out.

        Raises `ValueError` when the two sequences differ in length or a fingerprint has not its `SIZE`.
        """
        if any(len(one) != SIZE for one in fingerprints):
            raise ValueError(f"a fingerprint has {SIZE} bytes")
        telling = [(id_, one) for id_, one in zip(ids, fingerprints, strict=True) if one != EMPTY]
        numbers = np.fromiter((id_ for id_, _ in telling), np.int64, len(telling))
        words = _words(b"".join(one for _, one in telling))
        with self._writing:
            self._shelf = _with(self._shelf, numbers, words)

    def nearest(self, fingerprint: bytes, within: float) -> list[Match]:
        """All pictures not farther than `within`, the nearest first, as they are or mirrored."""
        if fingerprint == EMPTY:
            return []
        shelf = self._shelf
        found = _search(shelf, fingerprint, within, turned=False)
        for match in _search(shelf, mirrored(fingerprint), within, turned=True).values():
            if match.id not in found or match.distance < found[match.id].distance:
                found[match.id] = match
        return sorted(found.values(), key=lambda match: (match.distance, match.id))


def _search(shelf: _Shelf, fingerprint: bytes, within: float, turned: bool) -> dict[int, Match]:
    wanted = _words(fingerprint)[0]
    rows = _candidates(shelf, wanted[0], int(within * 64))
    coarse = np.bitwise_count(shelf.coarse[rows] ^ wanted[0]) / 64
    fine = np.bitwise_count(shelf.fine[rows] ^ wanted[1:]).sum(axis=1) / 256
    distances = np.maximum(coarse, fine)
    near = np.flatnonzero(distances <= within)
    # The same id may have been added twice; backwards, so that the nearest is what stays.
    order = near[np.argsort(-distances[near], kind="stable")]
    pairs = zip(shelf.ids[rows[order]].tolist(), distances[order].tolist(), strict=True)
    return {id_: Match(id_, distance, turned) for id_, distance in pairs}


def _candidates(shelf: _Shelf, wanted: np.uint64, most: int) -> NDArray[np.intp]:
    """Rows whose coarse half alone does not rule them out: the distance is the larger of the two halves."""
    other, bits = np.empty(_BLOCK, np.uint64), np.empty(_BLOCK, np.uint8)
    found: list[NDArray[np.intp]] = [np.zeros(0, np.intp)]
    for start in range(0, shelf.count, _BLOCK):
        block = shelf.coarse[start : min(start + _BLOCK, shelf.count)]
        np.bitwise_xor(block, wanted, out=other[: block.size])
        np.bitwise_count(other[: block.size], out=bits[: block.size])
        found.append(np.flatnonzero(bits[: block.size] <= most) + start)
    return np.concatenate(found)


def _with(shelf: _Shelf, numbers: NDArray[np.int64], words: _Words) -> _Shelf:
    count = shelf.count + len(numbers)
    if count > len(shelf.ids):
        shelf = _moved(shelf, max(count, 2 * len(shelf.ids)))
    # Readers hold the old count, so they do not look at the rows written here.
    shelf.ids[shelf.count : count] = numbers
    shelf.coarse[shelf.count : count] = words[:, 0]
    shelf.fine[shelf.count : count] = words[:, 1:]
    return _Shelf(shelf.ids, shelf.coarse, shelf.fine, count)


def _moved(shelf: _Shelf, room: int) -> _Shelf:
    larger = _empty(room)
    larger.ids[: shelf.count] = shelf.ids[: shelf.count]
    larger.coarse[: shelf.count] = shelf.coarse[: shelf.count]
    larger.fine[: shelf.count] = shelf.fine[: shelf.count]
    return _Shelf(larger.ids, larger.coarse, larger.fine, shelf.count)


def _empty(room: int) -> _Shelf:
    return _Shelf(np.empty(room, np.int64), np.empty(room, np.uint64), np.empty((room, SIZE // 8 - 1), np.uint64), 0)


def _words(fingerprints: bytes) -> _Words:
    return np.frombuffer(fingerprints, np.uint64).reshape(-1, SIZE // 8)
