"""Features (特征): what a text looks like to the learner, as numbered pieces with weights.

A piece is a stretch of one to three characters; Chinese needs no more, and no word list has to be kept.
Signs and blanks become one blank, so that a text cut into words and one in raw sentences both work.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import numpy.typing as npt

from routing.scan import normalise

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.intp]

PIECE_LENGTHS = (1, 2, 3)
# People say what it is about first: a title, or the first clause, ends about here.
BEGINNING = 30
# What the beginning adds to the whole text, as a share of the whole text's own weight.
BEGINNING_SHARE = 0.5
# From here on a piece that was seen once is chance; below it every piece may be all there is.
MANY_TEXTS = 1000
# What a piece is worth that all labels use alike, where one label's own is worth 1 more.
LEAST_DISTINCTION = 0.3
# What every label is taken to have seen of every piece, so that a single sight proves little.
CHANCE = 2.0

_SIGNS = re.compile(r"[\W_]+")


def clean(text: str) -> str:
    """A text as pieces are cut from it: normalised, every run of signs and blanks one blank."""
    return _SIGNS.sub(" ", normalise(text)).strip()


def is_long(cleaned: str) -> bool:
    """Whether a cleaned text goes on well after its beginning."""
    return len(cleaned) > 1.5 * BEGINNING


def pieces(cleaned: str) -> list[str]:
    """All pieces of a cleaned text, as often as they stand in it."""
    return [cleaned[at : at + size] for size in PIECE_LENGTHS for at in range(len(cleaned) - size + 1)]


@dataclass(frozen=True, slots=True)
class Vector:
    """特征向量: the numbers of the known pieces and their weights, of length 1 together (0 without any)."""

    ids: Ids
    weights: Floats


@dataclass(frozen=True)
class Vocabulary:
    """特征表: the pieces a learner knows, and how much each one says wherever it stands (its worth, > 0)."""

    words: Sequence[str]
    worth: Floats
    numbers: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Number the pieces in the order given."""
        # A frozen value may still prepare itself while it is being made.
        object.__setattr__(self, "numbers", {word: number for number, word in enumerate(self.words)})

    def vector(self, cleaned: str) -> Vector:
        """The pieces of a cleaned text by their worth and the logarithm of their count."""
        known = self.numbers
        counts = Counter(known[piece] for piece in pieces(cleaned) if piece in known)
        ids = np.fromiter(counts, np.intp, len(counts))
        weights = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
        order = np.argsort(ids)
        ids = ids[order]
        return Vector(ids, _unit_length(weights[order] * self.worth[ids]))

    def reading(self, cleaned: str) -> Vector:
        """The vector a model is asked with: of a long text, the beginning counts once more."""
        whole = self.vector(cleaned)
        if not is_long(cleaned):
            return whole
        beginning = self.vector(cleaned[:BEGINNING])
        # Whatever stands in the beginning stands in the whole, whose numbers are sorted.
        whole.weights[np.searchsorted(whole.ids, beginning.ids)] += BEGINNING_SHARE * beginning.weights
        return Vector(whole.ids, _unit_length(whole.weights))


def _unit_length(weights: Floats) -> Floats:
    length = float(np.sqrt(weights @ weights))
    return weights / np.float32(length) if length else weights


def learn_vocabulary(cleaned: Sequence[str], owners: Ids, labels: int, at_most: int) -> Vocabulary:
    """The pieces that stand in most of the texts, `at_most` of them; the same whatever the texts' order.

    `owners` holds the number of each text's label. A piece is worth its IDF times its distinction.
    """
    seen = Counter(chain.from_iterable(set(pieces(text)) for text in cleaned))
    at_least = 2 if len(cleaned) >= MANY_TEXTS else 1
    kept = [(piece, count) for piece, count in seen.items() if count >= at_least]
    kept = sorted(kept, key=lambda item: (-item[1], item[0]))[:at_most]
    words = tuple(piece for piece, _ in kept)
    worth = _idf([count for _, count in kept], len(cleaned)) * _distinction(words, cleaned, owners, labels)
    return Vocabulary(words, worth.astype(np.float32))


def _idf(counts: Iterable[int], texts: int) -> Floats:
    # One text more than there are, holding every piece, keeps a piece of all texts above nothing.
    return (1 + np.log((1 + texts) / (1 + np.array(list(counts), np.float32)))).astype(np.float32)


def _distinction(words: Sequence[str], cleaned: Sequence[str], owners: Ids, labels: int) -> Floats:
    """From a little (a piece all labels use alike) to 1 more (one label's own): its labels' missing entropy."""
    numbers = {word: number for number, word in enumerate(words)}
    rates = np.zeros((len(words), labels), np.float32)
    for text, owner in zip(cleaned, owners, strict=True):
        rates[[numbers[piece] for piece in set(pieces(text)) if piece in numbers], owner] += 1
    # By a label's share of the texts, so that a frequent label does not look like the owner of everything.
    rates *= len(owners) / np.maximum(np.bincount(owners, minlength=labels), 1)
    rates += CHANCE
    rates /= rates.sum(axis=1, keepdims=True)
    rates *= np.log(rates)
    distinction: Floats = LEAST_DISTINCTION + 1 + rates.sum(axis=1) / np.float32(np.log(labels))
    return distinction
