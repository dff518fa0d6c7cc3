"""图片对应: which file is which picture of a conversation."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import PurePosixPath

_NUMBER = re.compile(r"(?:图片|照片|图|image|img|photo|picture)?[\s_-]?\(?0*([0-9]{1,4})\)?", re.IGNORECASE)
# 微信图片_20261123081205.jpg, IMG_20261123_081205.jpg · mmexport1795392725000.jpg
_STAMP = re.compile(r"(20[0-9]{2})[-_]?([01][0-9])[-_]?([0-3][0-9])[-_ ]?([0-2][0-9])[-_.]?([0-5][0-9])")
_EPOCH = re.compile(r"(?<![0-9])(1[0-9]{9})[0-9]{3}(?![0-9])")
# A file is named when it is saved, a message when it arrives.
_NEAR = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Mention:
    """提到的图片: what the conversation calls it ("" for nothing), and when it was sent."""

    name: str
    sent_at: datetime | None


def matched(mentions: Sequence[Mention], files: Sequence[str], zone: tzinfo, may_guess: bool) -> dict[int, str]:
    """The file of each mention, by the mention's place in the list; what cannot be told has none.

    may_guess: the files are this conversation's alone, so that times in names and their mere order say something.
    """
    by_name = _by_name(files)
    found = {n: file for n, mention in enumerate(mentions) if (file := by_name.get(_key(mention.name)))}
    if may_guess:
        found |= _by_number(mentions, files, found)
        found |= _by_time(mentions, files, zone, found)
        found |= _by_order(mentions, files, found)
    return found


def _key(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name.casefold()


def _by_name(files: Sequence[str]) -> dict[str, str]:
    """Files by their bare names, with and without suffix; a name that two files have tells nothing."""
    named: dict[str, set[str]] = defaultdict(set)
    for file in files:
        for key in (_key(file), PurePosixPath(_key(file)).stem):
            named[key].add(file)
    return {key: next(iter(those)) for key, those in named.items() if key and len(those) == 1}


def _by_number(mentions: Sequence[Mention], files: Sequence[str], found: dict[int, str]) -> dict[int, str]:
    """图片3 is 3.jpg or image3.jpg."""
    numbered = {match[1]: file for file in files if (match := _NUMBER.fullmatch(PurePosixPath(_key(file)).stem))}
    numbers = {n: _NUMBER.fullmatch(mention.name) for n, mention in enumerate(mentions) if n not in found}
    taken = set(found.values())
    named = {n: numbered.get(match[1], "") for n, match in numbers.items() if match}
    return {n: file for n, file in named.items() if file and file not in taken}


def _by_time(
    mentions: Sequence[Mention], files: Sequence[str], zone: tzinfo, found: dict[int, str]
) -> dict[int, str]:
    """Each to the first file that was saved when it was sent; both go in the order of time."""
    free = [(at, file) for file in _free(files, found) if (at := _saved_at(file, zone))]
    free.sort()
    made: dict[int, str] = {}
    for n, mention in enumerate(mentions):
        sent_at = mention.sent_at
        if n in found or sent_at is None:
            continue
        near = next((entry for entry in free if abs(entry[0] - sent_at) <= _NEAR), None)
        if near:
            free.remove(near)
            made[n] = near[1]
    return made


def _by_order(mentions: Sequence[Mention], files: Sequence[str], found: dict[int, str]) -> dict[int, str]:
    """The rest one by one, where there are as many files as pictures without one; else nobody knows."""
    free = sorted(_free(files, found), key=_natural)
    left = [n for n in range(len(mentions)) if n not in found]
    # A name that no file has is that of a file which is not here.
    if len(free) != len(left) or any(PurePosixPath(mentions[n].name).suffix for n in left):
        return {}
    return dict(zip(left, free, strict=True))


def _free(files: Sequence[str], found: dict[int, str]) -> list[str]:
    taken = set(found.values())
    return [file for file in files if file not in taken]


def _saved_at(file: str, zone: tzinfo) -> datetime | None:
    name = _key(file)
    epoch, stamp = _EPOCH.search(name), _STAMP.search(name)
    if epoch:
        return datetime.fromtimestamp(int(epoch[1]), UTC)
    try:
        return datetime(*map(int, stamp.groups()), tzinfo=zone) if stamp else None  # type: ignore[misc, arg-type]
    except ValueError:
        return None


def _natural(file: str) -> list[tuple[int, str]]:
    """图片2 before 图片10."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"([0-9]{1,18})", file)]
