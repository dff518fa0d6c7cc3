"""Labelled texts (标注): read from a TSV, told apart from their near-copies, split for measuring."""

import gzip
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from random import Random

Example = tuple[str, str]

LINE = 19  # characters in the titles people write, on average
_SHINGLE = 5
# A shingle of more texts than this is a phrase everybody uses, and no sign of copying.
_SHARED_AT_MOST = 12
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
    draw = Random(seed)
    held_out = {family: draw.random() < _HELD_OUT for family in dict.fromkeys(families)}
    sides: tuple[list[Example], list[Example]] = ([], [])
    for example, family in zip(examples, families, strict=True):
        sides[held_out[family]].append(example)
    return sides


def _families(texts: Sequence[str]) -> list[int]:
    """The number of the first text of each text's family: near-copies, and copies of those."""
    shingles = [_shingles(text) for text in texts]
    families = list(range(len(texts)))
    for (one, other), shared in _shared(shingles).items():
        if shared >= _COPIED * min(len(shingles[one]), len(shingles[other])):
            first, second = sorted((_head(families, one), _head(families, other)))
            families[second] = first
    return [_head(families, number) for number in range(len(texts))]


def _head(families: list[int], number: int) -> int:
    while families[number] != number:
        number = families[number]
    return number


def _shingles(text: str) -> set[str]:
    bare = "".join(text.split())
    return {bare[at : at + _SHINGLE] for at in range(max(len(bare) - _SHINGLE, 0) + 1)}


def _shared(shingles: Sequence[set[str]]) -> Counter[tuple[int, int]]:
    """How many shingles two texts share, for those that share any that few have."""
    owners: dict[str, list[int]] = {}
    for number, each in enumerate(shingles):
        for shingle in each:
            owners.setdefault(shingle, []).append(number)
    few = (numbers for numbers in owners.values() if len(numbers) <= _SHARED_AT_MOST)
    return Counter(pair for numbers in few for pair in combinations(numbers, 2))
