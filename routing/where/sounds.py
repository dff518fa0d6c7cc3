"""同音字与错别字: putting right a misspelt name, so that it can be found like any other."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from routing.scan import Scanner
from routing.where.evidence import ONE_WRONG, SAME_SOUND

Key = TypeVar("Key", str, tuple[int, str])
Like = Callable[[str], Iterable[str]]
Found = tuple[int, int, str, float]  # where, the right name, what it is still worth
SHORTEST, SHORTEST_PIECE = 3, 2
# Names in full end like this; only they are long enough to bear a wrong character.
OFFICES = re.compile("街道|街办|办事处")
COMMUNITIES = re.compile("社区|居委会")
LONGEST = 8
# Private characters, of which no text is made: one for each syllable.
FIRST_CLASS = 0xE000


@dataclass(frozen=True, slots=True)
class Correction:
    """更正: the right word at start:end of the corrected text, what was written, and what it is still worth."""

    start: int
    end: int
    written: str
    fit: float


def read_sounds(text: str) -> dict[int, int]:
    """Each character's class of sound, as a table to translate texts by: one line for each syllable."""
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {ord(one): FIRST_CLASS + number for number, (_, chars) in enumerate(lines) for one in chars}


SOUNDS = read_sounds(Path(__file__).with_name("sounds.tsv").read_text("utf-8"))


def fold(text: str) -> str:
    """A text with each character replaced by its class of sound; of the same length."""
    return text.translate(SOUNDS)


@dataclass(frozen=True)
class Speller:
    """正字: the names that are recognised misspelt.

    `names` are unmistakable alone; `offices` are streets' names and `communities` communities' names
    without their kind, which are recognised with it.
    """

    names: frozenset[str]
    offices: frozenset[str]
    communities: frozenset[str]
    sounds: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)
    scanner: Scanner = field(init=False, repr=False, compare=False)
    lengths: Mapping[tuple[int, str], tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the names by their sound, and the communities by length and first character."""
        whole = [one for one in self.names if len(one) >= SHORTEST]
        sounds = _grouped((fold(one), one) for one in whole)
        lengths = _grouped(((len(one), one[0]), one) for one in self.communities)
        object.__setattr__(self, "sounds", {sound: frozenset(found) for sound, found in sounds.items()})
        object.__setattr__(self, "scanner", Scanner(self.sounds))
        object.__setattr__(self, "lengths", {key: tuple(found) for key, found in lengths.items()})

    def corrected(self, text: str) -> tuple[str, tuple[Correction, ...]]:
        """A normalised text with misspelt names put right, and what was put right in it."""
        found = [*self._by_sound(text), *self._by_one_wrong(text)]
        # From the left, the surer first; what overlaps one already taken is left alone.
        found.sort(key=lambda one: (one[0], -one[3], -one[1], one[2]))
        pieces, corrections, done, grown = [], [], 0, 0
        for start, end, word, fit in found:
            if start < done:
                continue
            pieces += [text[done:start], word]
            corrections.append(Correction(start + grown, start + grown + len(word), text[start:end], fit))
            done, grown = end, grown + len(word) - (end - start)
        return "".join([*pieces, text[done:]]), tuple(corrections)

    def _by_sound(self, text: str) -> Iterator[Found]:
        for hit in self.scanner.hits(fold(text)):
            written = text[hit.start : hit.end]
            near = [name for name in self.sounds[hit.word] if _mostly_same(written, name)]
            # Two names of one sound: nobody can tell which was meant.
            if written not in near and len(near) == 1:
                yield hit.start, hit.end, near[0], SAME_SOUND

    def _by_one_wrong(self, text: str) -> Iterator[Found]:
        for kind in OFFICES.finditer(text):
            yield from _fitting(text, kind.start(), self._offices_like, first_may_differ=True)
        for kind in COMMUNITIES.finditer(text):
            yield from _fitting(text, kind.start(), self._communities_like, first_may_differ=False)

    def _offices_like(self, piece: str) -> Iterable[str]:
        return self.offices

    def _communities_like(self, piece: str) -> Iterable[str]:
        # Hundreds of villages are alike but for one character of three.
        lengths = [length for length in (len(piece), len(piece) + 1) if length > SHORTEST]
        return (name for length in lengths for name in self.lengths.get((length, piece[0]), ()))


def _fitting(text: str, end: int, like: Like, first_may_differ: bool) -> Iterator[Found]:
    """The one name that, but for one character, ends at `end`; none when several do or one does exactly."""
    for start in range(max(0, end - LONGEST), end - SHORTEST_PIECE + 1):
        piece = text[start:end]
        names = [name for name in like(piece) if name == piece or _one_wrong(piece, name, first_may_differ)]
        if piece in names:
            return
        if len(set(names)) == 1:
            yield start, end, names[0], ONE_WRONG
            return


def _one_wrong(piece: str, name: str, first_may_differ: bool) -> bool:
    """Whether a piece of text is a name with one character wrong or missing."""
    first_may_differ = first_may_differ and len(name) > SHORTEST
    if len(name) < SHORTEST or not (first_may_differ or name[0] == piece[0]):
        return False
    if len(name) == len(piece):
        return sum(one != other for one, other in zip(name, piece, strict=True)) == 1
    missing = range(len(name)) if len(name) == len(piece) + 1 else range(0)
    return any(name[:at] + name[at + 1 :] == piece for at in missing)


def _mostly_same(written: str, name: str) -> bool:
    # Who types by sound gets a character wrong, hardly ever all of them.
    wrong = sum(one != other for one, other in zip(written, name, strict=True))
    return wrong <= max(1, len(name) // 3)


def _grouped(pairs: Iterable[tuple[Key, str]]) -> dict[Key, list[str]]:
    groups: dict[Key, list[str]] = {}
    for key, name in sorted(pairs):
        groups.setdefault(key, []).append(name)
    return groups
