"""训练: a trained version from sentences and labelled reports, believed as far as unseen reports bear it out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from routing.confidence import Curve, fit
from routing.evaluation import Evaluation, Judged, evaluate
from routing.pack import Pack
from routing.router import Router
from routing.scan import normalise
from routing.strict import PackError
from routing.table import Example, read_examples
from routing.what.learned import NO_PROBLEM, Learned
from routing.what.learner import Model, TooLittle, train
from routing.where.unnamed import unnamed

WEIGHTS = (0.3, 0.5, 0.6, 0.7, 0.8)
FOLDS = 4
# With fewer reports of its own a city learns nothing that the pack's own version does not know.
OWN_AT_LEAST = 50
REPORTS, SENTENCES = "reports", "sentences"
# What words and rules were tuned on may be learnt from; how sure to be must be measured on others.
LEARNING, CALIBRATION, HELD_OUT = "learning.tsv", "calibration.tsv", "held_out.tsv"
Sentence = tuple[str, str]  # text, label
Progress = Callable[[str], None]


class NothingLearned(ValueError):
    """There is too little to learn from, or it does not help; says which."""


@dataclass(frozen=True, slots=True)
class Trained:
    """训练结果: the version, and what it did on reports that were kept from it while it was judged."""

    learned: Learned
    unseen: Evaluation
    lexicon: Evaluation
    sentences: int
    reports: int


def read_sentences(folder: Path, pack: Pack) -> list[Sentence]:
    """All the pack has to learn from; raises PackError with file and line for a row that has no known label."""
    files = sorted((folder / REPORTS / SENTENCES).glob("*.tsv"))
    reports = read_examples(folder / REPORTS / LEARNING, pack)
    return [*(row for file in files for row in _rows(file, pack)), *map(_sentence, reports)]


def read_reports(folder: Path, pack: Pack, name: str) -> list[Example]:
    """One of the pack's tables of reports, by its file's name."""
    return read_examples(folder / REPORTS / name, pack)


def _rows(file: Path, pack: Pack) -> Iterator[Sentence]:
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        label, tab, text = line.partition("\t")
        if not tab or label not in (NO_PROBLEM, *pack.categories):
            raise PackError("/".join(file.parts[-2:]), number, f"'{label}' is no category")
        yield text, label


def train_version(
    pack: Pack, sentences: Sequence[Sentence], reports: Sequence[Example], progress: Progress
) -> Trained:
    """A version learnt from all of it, with weight and calibration measured on reports it had not seen.

    Raises NothingLearned where there is too little, or where the lexicon alone does as well.
    """
    if len(reports) < OWN_AT_LEAST:
        raise NothingLearned(f"{len(reports)} labelled reports are too few: at least {OWN_AT_LEAST} are needed")
    lexicon = evaluate(Router(pack), reports)
    models = list(_without_each_fold(pack, sentences, reports, progress))
    weight, unseen = max(_by_weight(pack, models), key=lambda one: _right(one[1]))
    if _right(unseen) <= _right(lexicon):
        raise NothingLearned("the lexicon alone does as well on reports the model has not seen")
    progress("learning from everything")
    model = _learn(pack, [*sentences, *map(_sentence, reports)])
    curve = fit(unseen.raw_outcomes)
    calibrated = replace(unseen, judged=tuple(_read_off(one, curve) for one in unseen.judged))
    return Trained(Learned(model, weight, curve), calibrated, lexicon, len(sentences), len(reports))


def fit_lexicon(pack: Pack, reports: Sequence[Example]) -> Curve:
    """The calibration of the lexicon alone: what a pack's confidence.yaml holds."""
    return fit(evaluate(Router(pack), reports).raw_outcomes)


def _without_each_fold(
    pack: Pack, sentences: Sequence[Sentence], reports: Sequence[Example], progress: Progress
) -> Iterator[tuple[Model, list[Example]]]:
    """A model for each fold that never saw its reports. The same words always fall into the same fold."""
    for fold in range(FOLDS):
        progress(f"judging: part {fold + 1} of {FOLDS}")
        asked = [example for example in reports if _fold(example) == fold]
        known = [_sentence(example) for example in reports if _fold(example) != fold]
        yield _learn(pack, [*sentences, *known]), asked


def _learn(pack: Pack, sentences: Sequence[Sentence]) -> Model:
    try:
        return train([(unnamed(pack, text), label) for text, label in sentences])
    except TooLittle as error:
        raise NothingLearned(str(error)) from error


def _fold(example: Example) -> int:
    return sha256(normalise(example.finding.text).encode()).digest()[0] % FOLDS


def _by_weight(pack: Pack, models: Sequence[tuple[Model, Sequence[Example]]]) -> Iterator[tuple[float, Evaluation]]:
    for weight in WEIGHTS:
        routers = ((Router(pack, Learned(model, weight, Curve())), asked) for model, asked in models)
        judged = (one for router, asked in routers for one in evaluate(router, asked).judged)
        yield weight, Evaluation(tuple(judged))


def _right(evaluation: Evaluation) -> float:
    return evaluation.unit_accuracy + evaluation.category_accuracy


def _sentence(example: Example) -> Sentence:
    return example.finding.text, example.category or NO_PROBLEM


def _read_off(judged: Judged, curve: Curve) -> Judged:
    return replace(judged, decision=replace(judged.decision, confidence=curve.at(judged.decision.raw)))
