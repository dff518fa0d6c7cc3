"""Model (模型): what was learnt, ready to say how likely each label is for a text, and why."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from routing.what import storage
from routing.what.calibration import chances
from routing.what.features import PIECE_LENGTHS, Floats, Ids, Vocabulary, clean, is_long
from routing.what.storage import ModelError, Stored

__all__ = ["Model", "ModelError"]

# A character speaks for a label when it says at least this share of what the loudest one says.
LOUD = 0.2
_VERSION_DIGITS = 12


@dataclass(frozen=True)
class Model:
    """模型: labels, pieces and the planes between labels; two models of equal bytes answer alike.

    `planes` holds small whole numbers, a row for each piece; `scales` brings each row back to its size.
    `sharpness` turns distances from the planes into probabilities, for short texts and for long ones.
    """

    labels: tuple[str, ...]
    vocabulary: Vocabulary
    planes: npt.NDArray[np.int8]
    scales: Floats
    bias: Floats
    sharpness: tuple[float, float]
    version: str = field(init=False)
    _common: Floats = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Name the model by its bytes, and note what each piece says for all labels alike."""
        object.__setattr__(self, "_common", self.planes.mean(axis=1, dtype=np.float32))
        digest = hashlib.sha256(self.to_bytes()).hexdigest()
        # A frozen value may still prepare itself while it is being made.
        object.__setattr__(self, "version", digest[:_VERSION_DIGITS])

    def probabilities(self, text: str) -> list[tuple[str, float]]:
        """Every label with its probability, the likeliest first; together they are 1."""
        shares = self._shares(text)
        order = np.argsort(-shares, kind="stable")
        return [(self.labels[number], float(shares[number])) for number in order]

    def likely(self, text: str, least: float) -> list[tuple[str, float]]:
        """The labels with at least this probability, the likeliest first."""
        shares = self._shares(text)
        (likely,) = np.nonzero(shares >= least)
        order = likely[np.argsort(-shares[likely], kind="stable")]
        return [(self.labels[number], float(shares[number])) for number in order]

    def reasons(self, text: str, label: str, count: int) -> list[str]:
        """The stretches of a text that spoke most for a label, at most `count`, the loudest first.

        They are taken from the normalised text; no stretch stands inside another. Raises KeyError for
        an unknown label.
        """
        if label not in self.labels:
            raise KeyError(label)
        cleaned = clean(text)
        loudness = self._loudness(cleaned, self.labels.index(label))
        return _loudest_stretches(cleaned, loudness, count)

    def to_bytes(self) -> bytes:
        """The model as bytes, to be kept anywhere."""
        return storage.pack(
            Stored(
                labels=self.labels,
                words=self.vocabulary.words,
                sharpness=self.sharpness,
                worth=self.vocabulary.worth,
                scales=self.scales,
                bias=self.bias,
                planes=self.planes,
            )
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> "Model":
        """The model that was kept; raises ModelError for bytes that are broken or of another version."""
        kept = storage.unpack(data)
        vocabulary = Vocabulary(kept.words, kept.worth)
        return cls(kept.labels, vocabulary, kept.planes, kept.scales, kept.bias, kept.sharpness)

    def _shares(self, text: str) -> npt.NDArray[np.float64]:
        cleaned = clean(text)
        return chances(self._distances(cleaned) * self.sharpness[is_long(cleaned)])

    def _distances(self, cleaned: str) -> Floats:
        """How far a text lies on each label's side."""
        vector = self.vocabulary.reading(cleaned)
        distances: Floats = (vector.weights * self.scales[vector.ids]) @ self.planes[vector.ids].astype(np.float32)
        return distances + self.bias

    def _loudness(self, cleaned: str, column: int) -> Floats:
        """How much each character of a text speaks for a label rather than for the others."""
        vector = self.vocabulary.reading(cleaned)
        # Beside what the piece says for all labels alike: that tells none from another.
        apart = self.planes[vector.ids, column] - self._common[vector.ids]
        said = vector.weights * self.scales[vector.ids] * apart
        return _spread(cleaned, self.vocabulary, vector.ids, said)


def _spread(cleaned: str, vocabulary: Vocabulary, ids: Ids, said: Floats) -> Floats:
    """What the pieces say, given in equal parts to the characters they stand on."""
    by_piece = dict(zip(ids.tolist(), said.tolist(), strict=True))
    loudness = np.zeros(len(cleaned), np.float32)
    for size in PIECE_LENGTHS:
        for at in range(len(cleaned) - size + 1):
            number = vocabulary.numbers.get(cleaned[at : at + size], -1)
            loudness[at : at + size] += by_piece.get(number, 0.0) / size
    return loudness


def _loudest_stretches(cleaned: str, loudness: Floats, count: int) -> list[str]:
    totals: dict[str, float] = {}
    for stretch, total in _stretches(cleaned, loudness):
        totals[stretch] = max(total, totals.get(stretch, 0.0))
    chosen: list[str] = []
    for stretch in sorted(totals, key=lambda one: (-totals[one], one)):
        if not any(stretch in other or other in stretch for other in chosen):
            chosen.append(stretch)
    return chosen[: max(count, 0)]


def _stretches(cleaned: str, loudness: Floats) -> Iterator[tuple[str, float]]:
    """The runs of loud characters between blanks and quiet characters, with what they say together."""
    bar = LOUD * float(loudness.max(initial=0.0))
    start = 0
    for at, loud in enumerate([*loudness.tolist(), 0.0]):
        if at == len(cleaned) or cleaned[at] == " " or loud <= bar:
            if start < at:
                first, last = _readable(cleaned, start, at)
                yield cleaned[first:last], float(loudness[first:last].sum())
            start = at + 1


def _readable(cleaned: str, start: int, end: int) -> tuple[int, int]:
    """A stretch's ends; a lone character takes in a neighbour, because one alone is hardly a word."""
    if end - start > 1:
        return start, end
    if cleaned[end : end + 1].strip():
        return start, end + 1
    return (start - 1, end) if start and cleaned[start - 1] != " " else (start, end)
