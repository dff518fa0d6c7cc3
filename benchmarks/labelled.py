"""Labelled texts (标注): read from a TSV, told apart from their near-copies, split for measuring."""

import gzip
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import CountVectorizer

Example = tuple[str, str]

LINE = 19  # characters in the titles people write, on average
_SHINGLE = 5
# A shingle of more texts than this is a phrase everybody uses, and no sign of copying.
_SHARED_AT_MOST = 30
# Two texts are near-copies when the shorter one shares this part of its shingles with the other.
_COPIED = 0.25
_HELD_OUT = 0.2


def read(path: Path, known: Collection[str] = ()) -> list[Example]:
    """(text, label) of every record in a TSV of label and text, gzipped or not.

    A record begins with a known label and a tab; other lines go on with the record before, or are the
    header. Without known labels, those are taken that begin at least two lines.
    """
    data = path.read_bytes()
    lines = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8").split("\n")
    heads = Counter(line.partition("\t")[0] for line in lines if "\t" in line)
    labels = set(known) or {head for head, count in heads.items() if count > 1}
    return [("\n".join(texts).strip(), label) for label, texts in _records(lines, labels)]


def _records(lines: Sequence[str], labels: Collection[str]) -> Iterator[tuple[str, list[str]]]:
    label, texts = "", list[str]()
    for line in lines:
        head, tab, text = line.partition("\t")
        if tab and head in labels:
            if label:
                yield label, texts
            label, texts = head, [text]
        else:
            texts.append(line)
    if label:
        yield label, texts


def first_line(text: str) -> str:
    """A text's first words up to the length of a title; of a text without blanks, its first characters."""
    words, length = list[str](), 0
    for word in text.split():
        if length >= LINE:
            break
        words.append(word[: LINE if not words else None])
        length += len(word)
    return " ".join(words)


def split(examples: Sequence[Example], seed: int) -> tuple[list[Example], list[Example]]:
    """Examples to learn from and examples held out, no near-copy of one among the others."""
    families = _families([text for text, _ in examples])
    held_out = np.random.default_rng(seed).random(families.max() + 1) < _HELD_OUT
    sides: tuple[list[Example], list[Example]] = ([], [])
    for example, family in zip(examples, families, strict=True):
        sides[held_out[family]].append(example)
    return sides


def _families(texts: Sequence[str]) -> np.typing.NDArray[np.int32]:
    """A number for each text, the same for near-copies and for copies of those."""
    bare = ["".join(text.split()) for text in texts]
    counter = CountVectorizer(
        analyzer="char", ngram_range=(_SHINGLE, _SHINGLE), binary=True, max_df=_SHARED_AT_MOST, dtype=np.float32
    )
    shingles = counter.fit_transform(bare)
    sizes = np.maximum(np.asarray(shingles.sum(axis=1)).ravel(), 1)
    shared = (shingles @ shingles.T).tocoo()
    near = shared.data >= _COPIED * np.minimum(sizes[shared.row], sizes[shared.col])
    shared.data = near.astype(np.float32)
    shared.eliminate_zeros()
    families: np.typing.NDArray[np.int32] = connected_components(shared, directed=False)[1]
    return families
