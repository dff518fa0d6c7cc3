"""派单: python -m benchmarks.routing [LABELLED.tsv[.gz] [--test HELD_OUT.tsv[.gz]]...]: speed, size and learning."""

import csv
import logging
import resource
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import jieba
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from benchmarks.figures import percentile, show
from benchmarks.learner import measure
from routing.finding import Finding
from routing.pack import Pack, load
from routing.router import Router
from routing.what.learned import read_starter

_ROOT = Path(__file__).parents[1]
_JINAN = _ROOT / "data" / "jinan"
_TABLES = (*sorted((_JINAN / "reports").glob("*.tsv")), _ROOT / "tests" / "routing" / "reports.tsv")
_ROUNDS = 5
_STATM = Path("/proc/self/statm")


@click.command()
@click.argument("labelled", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--test", "tests", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(labelled: Path | None, tests: tuple[Path, ...]) -> None:
    """Measure the router on Jinan's reports, and, given labelled texts, the learner on those."""
    jieba.setLogLevel(logging.WARNING)
    measure_router()
    if labelled:
        measure(labelled, tests)


def measure_router() -> None:
    """Print how long a decision takes, what the pack costs in memory, and how long it takes to load."""
    texts = _texts()
    before, begun = _resident(), time.perf_counter()
    pack = load(_JINAN)
    router = Router(pack, read_starter(_JINAN))
    seconds = time.perf_counter() - begun
    _times(lambda text: router.decide(Finding(text=text)), texts)
    grown = _resident() - before
    ways = {
        "ours: what, where and whose, with reasons": lambda text: router.decide(Finding(text=text)),
        "jieba and a table of words: what": _keywords(pack),
        "scikit-learn (characters, TF-IDF, LinearSVC): what": _classifier(texts),
    }
    _show_times({name: _times(way, texts) for name, way in ways.items()}, len(texts))
    click.echo(f"Loading pack and model takes {seconds:.2f} s; with them memory grows {grown:.0f} MB.")


def _texts() -> list[str]:
    """The first column of the first table there is."""
    table = next(path for path in _TABLES if path.exists())
    with table.open(encoding="utf-8", newline="") as file:
        rows = [row[0] for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row]
    return [text for text in rows if text != "text" and not text.startswith("#")]


def _keywords(pack: Pack) -> Callable[[str], object]:
    """Cut into words by jieba, taught the pack's words; the category most of them belong to."""
    cutter = jieba.Tokenizer()
    owners = {word: max(weights) for word, weights in pack.lexicon.words.items() if weights}
    for word in owners:
        cutter.add_word(word)
    return lambda text: Counter(owners[word] for word in cutter.lcut(text) if word in owners).most_common(1)


def _classifier(texts: Sequence[str]) -> Callable[[str], object]:
    # Only its speed is asked for: any two labels will do, and more would be slower.
    labels = [len(text) % 2 for text in texts]
    pipeline = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3)), LinearSVC()).fit(texts, labels)
    return lambda text: pipeline.predict([text])


def _times(way: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """Microseconds for each text, after one text to warm up."""
    way(texts[0])
    times: list[float] = []
    for text in [*texts] * _ROUNDS:
        begun = time.perf_counter()
        way(text)
        times.append((time.perf_counter() - begun) * 1e6)
    return times


def _show_times(times: dict[str, list[float]], count: int) -> None:
    ours = percentile(next(iter(times.values())), 0.5)
    show(
        f"µs a message, {count} reports, {_ROUNDS} times each",
        ("way", "p50", "p99", "p50 to ours"),
        [
            (
                name,
                f"{percentile(each, 0.5):.0f}",
                f"{percentile(each, 0.99):.0f}",
                f"{percentile(each, 0.5) / ours:.2f}",
            )
            for name, each in times.items()
        ],
    )


def _resident() -> float:
    """Memory this process holds now, in MB; where that cannot be asked, the most it has held."""
    if _STATM.exists():
        return int(_STATM.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


if __name__ == "__main__":
    main()
