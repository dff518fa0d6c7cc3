"""Learner (学习): from texts with labels to a model that labels further ones, without any outside help.

1. A text becomes its pieces of one to three characters, weighed by TF-IDF and by how few labels use
   them. When a long text is asked about, its beginning counts once more (`features`).
2. The beginning of each long text is learnt from as an example of its own, with less trust, so that one
   model also understands a title or a single sentence. Rare labels' examples are trusted more.
3. Linear support vector machines, one for each label, draw the planes between labels (`separation`).
4. Each plane's weights are rounded to one byte, which costs nothing measurable and keeps a model small.
5. Parts of the texts are labelled by models that never saw them; the sharpness that makes those answers
   likeliest turns distances into honest probabilities (`calibration`).

Nothing depends on the order of the examples: they are sorted first, and chance is seeded.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.what.calibration import BLUNT, fit_sharpness
from routing.what.features import BEGINNING, Floats, Ids, Vocabulary, clean, is_long, learn_vocabulary
from routing.what.model import Model
from routing.what.separation import separate
from routing.what.storage import CELLS_AT_MOST, PIECES_AT_MOST, ModelError

__all__ = ["Model", "ModelError", "TooLittle", "train"]

# A beginning has lost what the rest says: it counts less than a whole text.
BEGINNING_TRUST = 0.3
# With 0 each example counts the same, with 1 each label does.
RARITY = 0.5
FOLDS = 3
# With so many examples one part in three tells enough, and two trainings are saved.
MANY_EXAMPLES = 5_000
# Copies of a report mostly begin alike; they must not stand on both sides of a fold.
_ALIKE = 12
_INT8_GREATEST = 127


class TooLittle(ValueError):
    """Examples a learner can make nothing of; says what is missing."""


@dataclass(frozen=True, slots=True)
class _Lesson:
    """Cleaned texts with their labels' numbers, in an order of their own."""

    texts: Sequence[str]
    owners: Ids
    labels: int

    def part(self, chosen: npt.NDArray[np.bool_]) -> "_Lesson":
        texts = [text for text, taken in zip(self.texts, chosen, strict=True) if taken]
        return _Lesson(texts, self.owners[chosen], self.labels)


def train(examples: Sequence[tuple[str, str]]) -> Model:
    """A model of (text, label) examples; the same for the same examples in any order.

    Raises TooLittle for fewer than two labels.
    """
    labels = tuple(sorted({label for _, label in examples}))
    if len(labels) < 2:
        raise TooLittle(f"a learner needs examples of at least two labels, these have {len(labels)}")
    lesson = _lesson(examples, labels)
    # First, because its models are gone when the real one, which may be as large, is made.
    sharpness = _sharpness(lesson)
    vocabulary, planes = _learn(lesson)
    rounded, scales = _rounded(planes[:-1])
    return Model(labels, vocabulary, rounded, scales, planes[-1], sharpness)


def _lesson(examples: Sequence[tuple[str, str]], labels: Sequence[str]) -> _Lesson:
    numbers = {label: number for number, label in enumerate(labels)}
    cleaned = sorted((clean(text), numbers[label]) for text, label in examples)
    return _Lesson([text for text, _ in cleaned], np.array([owner for _, owner in cleaned], np.intp), len(labels))


def _learn(lesson: _Lesson) -> tuple[Vocabulary, Floats]:
    at_most = min(PIECES_AT_MOST, CELLS_AT_MOST // lesson.labels)
    vocabulary = learn_vocabulary(lesson.texts, lesson.owners, lesson.labels, at_most)
    texts, owners = _with_beginnings(lesson)
    trust = _trust(lesson)[owners]
    trust[len(lesson.texts) :] *= BEGINNING_TRUST
    vectors = (vocabulary.vector(text) for text in texts)
    return vocabulary, separate(vectors, owners, trust, (len(vocabulary.words), lesson.labels))


def _with_beginnings(lesson: _Lesson) -> tuple[list[str], Ids]:
    """Every text and then the beginnings of the long ones, with the numbers of their labels."""
    long = [number for number, text in enumerate(lesson.texts) if is_long(text)]
    beginnings = [lesson.texts[number][:BEGINNING] for number in long]
    return [*lesson.texts, *beginnings], np.append(lesson.owners, lesson.owners[long])


def _trust(lesson: _Lesson) -> Floats:
    """How much an example of each label counts: the more the rarer it is, but not in full proportion."""
    counts = np.maximum(np.bincount(lesson.owners, minlength=lesson.labels), 1)
    return ((len(lesson.texts) / lesson.labels / counts) ** RARITY).astype(np.float32)


def _rounded(planes: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Each row in whole numbers up to 127, and what one of them is worth in that row."""
    scales = (np.abs(planes).max(axis=1, initial=0.0) / _INT8_GREATEST).astype(np.float32)
    safe = np.where(scales > 0, scales, np.float32(1))
    whole = planes / safe[:, None]
    return np.rint(whole, out=whole).astype(np.int8), scales


def _sharpness(lesson: _Lesson) -> tuple[float, float]:
    """The sharpness for short texts and for long ones, fitted on texts the asked model never saw."""
    folds = _folds(lesson)
    asked = range(1 if len(lesson.texts) > MANY_EXAMPLES else FOLDS)
    answers = [_answers(lesson, folds == fold) for fold in asked if 0 < (folds == fold).sum() < len(folds)]
    if not answers:
        return BLUNT, BLUNT
    distances, owners, long = (np.concatenate(parts) for parts in zip(*answers, strict=True))
    short_one = fit_sharpness(distances[~long], owners[~long])
    return short_one, fit_sharpness(distances[long], owners[long])


def _folds(lesson: _Lesson) -> Ids:
    """A fold for each text, in turn, the same for texts that begin alike."""
    starts = {start: number for number, start in enumerate(sorted({text[:_ALIKE] for text in lesson.texts}))}
    return np.array([starts[text[:_ALIKE]] % FOLDS for text in lesson.texts], np.intp)


def _answers(lesson: _Lesson, asked: npt.NDArray[np.bool_]) -> tuple[Floats, Ids, npt.NDArray[np.bool_]]:
    """Distances, true owners and length of the asked texts and beginnings, by a model of the others."""
    vocabulary, planes = _learn(lesson.part(~asked))
    texts, owners = _with_beginnings(lesson.part(asked))
    readings = [vocabulary.reading(text) for text in texts]
    distances = np.array([reading.weights @ planes[reading.ids] + planes[-1] for reading in readings])
    return distances, owners, np.array([is_long(text) for text in texts])
