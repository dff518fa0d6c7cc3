"""Finding many words in a text at once, the longest first."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# WeChat stops a text at 2,048 bytes; a pasted article may be longer, and its end says nothing new.
CHARACTERS_READ = 3000
# How far apart the two halves of a pair ("垃圾桶…满") may stand.
PAIR_GAP = 8
SENTENCE_ENDS = frozenset("。!?;\n")


def normalise(text: str) -> str:
    """A text as the scanners expect it: one width of characters, small letters, no endless tail."""
    # Cut twice: a single character can become eighteen.
    return unicodedata.normalize("NFKC", text[:CHARACTERS_READ])[:CHARACTERS_READ].lower()


@dataclass(frozen=True, slots=True)
class Hit:
    """One word found at start:end; a pair's two halves stand at the two ends."""

    start: int
    end: int
    word: str

    def is_pair(self) -> bool:
        """Whether the word is written 首…尾."""
        return "…" in self.word

    def head_end(self) -> int:
        """Where a pair's first half ends; a plain word's own end."""
        return self.start + len(self.word.partition("…")[0])

    def positions(self) -> list[int]:
        """The characters the word itself takes, without a pair's gap."""
        head, pair, tail = self.word.partition("…")
        if not pair:
            return list(range(self.start, self.end))
        return [*range(self.start, self.start + len(head)), *range(self.end - len(tail), self.end)]


class Scanner:
    """A set of words, and pairs written "首…尾", to be found in texts."""

    def __init__(self, words: Iterable[str]) -> None:
        """Index the words by their first two characters; words of one are a step of their own."""
        self._by_start: dict[str, list[tuple[str, str, str]]] = {}
        # Hundreds of villages share a first character, hardly any a second one too.
        for word in sorted(set(words)):
            head, _, tail = word.partition("…")
            self._by_start.setdefault(head[:2], []).append((word, head, tail))

    def hits(self, text: str) -> list[Hit]:
        """The words in a normalised text, in its order, without those that stand inside longer ones."""
        found = list(self.all_hits(text))
        # Most texts name nothing at all, or one thing.
        if len(found) < 2:
            return found
        return sorted(_uncovered(_nearest_halves(found)), key=lambda hit: (hit.start, hit.end, hit.word))

    def all_hits(self, text: str) -> Iterable[Hit]:
        """Every word in a normalised text, those inside longer ones too, by where they start."""
        known = self._by_start
        for start, one in enumerate(text):
            two = text[start : start + 2]
            if two in known:
                yield from _at(text, start, known[two])
            if one in known and one != two:
                yield from _at(text, start, known[one])


def _at(text: str, start: int, words: Iterable[tuple[str, str, str]]) -> Iterable[Hit]:
    for word, head, tail in words:
        if text.startswith(head, start):
            end = _tail_end(text, start + len(head), tail)
            if end:
                yield Hit(start, end, word)


def _tail_end(text: str, at: int, tail: str) -> int:
    """Where a pair's second half ends, 0 when it does not follow in the same sentence."""
    if not tail:
        return at
    begin = text.find(tail, at, at + PAIR_GAP + len(tail))
    if begin < 0 or not SENTENCE_ENDS.isdisjoint(text[at:begin]):
        return 0
    return begin + len(tail)


def _nearest_halves(found: list[Hit]) -> Iterable[Hit]:
    """The hits, with each second half left to one pair only: the one whose first half stands nearest.

    In 公交站台公益广告破了 it is the 公益广告 that is broken.
    """
    nearest: dict[int, Hit] = {}
    for hit in filter(Hit.is_pair, found):
        rival = nearest.setdefault(hit.end, hit)
        if (hit.head_end(), len(hit.word)) > (rival.head_end(), len(rival.word)):
            nearest[hit.end] = hit
    return (hit for hit in found if not hit.is_pair() or nearest[hit.end] == hit)


def _uncovered(found: Iterable[Hit]) -> Iterable[Hit]:
    # Hidden only when covered whole: in 店外经营占道 the two words overlap and both are meant.
    taken: set[int] = set()
    for hit in sorted(found, key=lambda hit: (-len(hit.word), hit.start, hit.word)):
        positions = hit.positions()
        if not taken.issuperset(positions):
            taken.update(positions)
            yield hit
