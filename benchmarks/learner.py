"""学习器: how well the learner labels texts it never saw, beside what a user would take instead."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from statistics import mean

import click
import jieba
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from benchmarks.figures import show
from benchmarks.labelled import Example, first_line, read, split
from routing.what.learner import Model, train

SEEDS = (1, 2, 3)
OURS = "ours"
_BINS = 10

Answer = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Result:
    """成绩: one contender on one set of held-out texts; F1 and accuracy from 0 to 1."""

    contender: str
    texts: str
    f1: float
    accuracy: float
    seconds: float


def _ours(examples: Sequence[Example]) -> Callable[[Sequence[str]], list[str]]:
    model = train(examples)
    return lambda texts: [model.probabilities(text)[0][0] for text in texts]


def _pipeline(*steps: object) -> Callable[[Sequence[Example]], Callable[[Sequence[str]], list[str]]]:
    def fitted(examples: Sequence[Example]) -> Callable[[Sequence[str]], list[str]]:
        pipeline = make_pipeline(*steps).fit(*zip(*examples, strict=True))
        return lambda texts: list(pipeline.predict(texts))

    return fitted


def words(text: str) -> list[str]:
    """A text's words: those between its blanks, or, where it has hardly any, those jieba finds."""
    parts = text.split()
    return parts if len(text) < 6 * len(parts) else jieba.lcut(text)


CONTENDERS = {
    "characters 1-3, TF-IDF, LinearSVC": _pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True), LinearSVC()
    ),
    "words, TF-IDF, logistic regression": _pipeline(
        TfidfVectorizer(analyzer=words, min_df=2, sublinear_tf=True), LogisticRegression(C=10, max_iter=500)
    ),
    OURS: _ours,
}


def measure(train_file: Path, test_files: Sequence[Path] = (), seeds: Sequence[int] = SEEDS) -> list[Result]:
    """Measure every contender and print what came out; with test files there is nothing to draw, so once."""
    rounds = list(_rounds(read(train_file), test_files, seeds))
    results: list[Result] = []
    for learnt, asked in rounds:
        results += [one for name in CONTENDERS for one in _results(name, learnt, asked)]
    _show_results(results)
    _show_calibration(*rounds[0])
    return results


def _rounds(
    examples: Sequence[Example], test_files: Sequence[Path], seeds: Sequence[int]
) -> Iterator[tuple[Sequence[Example], Mapping[str, Sequence[Example]]]]:
    if test_files:
        labels = {label for _, label in examples}
        yield examples, {path.name: read(path, labels) for path in test_files}
        return
    for seed in seeds:
        learnt, held_out = split(examples, seed)
        lines = [(first_line(text), label) for text, label in held_out]
        yield learnt, {"whole texts": held_out, "one line": lines}


def _results(name: str, learnt: Sequence[Example], asked: Mapping[str, Sequence[Example]]) -> Iterator[Result]:
    begun = time.process_time()
    answer = CONTENDERS[name](learnt)
    seconds = time.process_time() - begun
    for title, examples in asked.items():
        texts, truth = zip(*examples, strict=True)
        given = answer(texts)
        yield Result(name, title, f1_score(truth, given, average="macro"), accuracy_score(truth, given), seconds)


def _show_results(results: Sequence[Result]) -> None:
    for title in dict.fromkeys(one.texts for one in results):
        named = {name: [one for one in results if (one.texts, one.contender) == (title, name)] for name in CONTENDERS}
        best = max(mean(one.f1 for one in named[name]) for name in CONTENDERS if name != OURS)
        show(
            f"Labels of {title}",
            ("contender", "macro-F1", "to the best baseline", "accuracy", "training, CPU"),
            [_line(name, ones, best) for name, ones in named.items()],
        )


def _line(name: str, ones: Sequence[Result], best: float) -> tuple[str, ...]:
    f1 = mean(one.f1 for one in ones)
    each = f" ({' '.join(f'{one.f1:.3f}' for one in ones)})" if len(ones) > 1 else ""
    accuracy, seconds = mean(one.accuracy for one in ones), mean(one.seconds for one in ones)
    return name, f"{f1:.3f}{each}", f"{f1 / best:.3f}", f"{accuracy:.3f}", f"{seconds:.0f} s"


def _show_calibration(learnt: Sequence[Example], asked: Mapping[str, Sequence[Example]]) -> None:
    """How far the learner's probabilities are from the truth, before and after they were made honest."""
    model = train(learnt)
    blunt = replace(model, sharpness=(1.0, 1.0))
    rows = [
        (title, f"{_error(blunt, examples):.3f}", f"{_error(model, examples):.3f}")
        for title, examples in asked.items()
    ]
    show("Expected calibration error", ("texts", "distances as they are", "calibrated"), rows)
    size = len(model.to_bytes()) / 1e6
    click.echo(f"{len(model.labels)} labels, {len(model.vocabulary.words)} pieces, {size:.1f} MB, {model.version}")


def _error(model: Model, examples: Sequence[Example]) -> float:
    """The expected calibration error: the mean gap between how sure the model was and how often right."""
    answers = [(*model.probabilities(text)[0], truth) for text, truth in examples]
    pairs = sorted((sure, label == truth) for label, sure, truth in answers)
    gaps = 0.0
    for _, group in groupby(pairs, key=lambda pair: int(pair[0] * _BINS)):
        sure, right = np.array(list(group)).T
        gaps += abs(float(sure.sum() - right.sum()))
    return gaps / len(pairs)
