"""词库: from how people speak to what it is, by weighed words, exclusions and negation."""

from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import product

from routing.scan import Hit, Scanner, normalise
from routing.strict import Entry
from routing.what.confusions import Confusion, kin, read_confusions

WEIGHTS = ("4", "3", "2", "1")
# A thing alone may only be where something else is; with a trouble beside it, it is what is wrong.
THING, THING_IN_TROUBLE = 2, 4
# A further word of the same category says less than the one before it.
FADING = 0.5
# The weight of words that leaves nothing to ask: one clear word, or two ordinary ones.
CLEAR_SCORE = 3.0
# How far a telling word puts its category before those it is confused with.
TOLD = 1.0


@dataclass(frozen=True, slots=True)
class Guess:
    """A category a text may be about: its key, the weight of its words, and these.

    `chance` (0..1) is how likely it is beside the others; `learned` holds the stretches of the text by which a
    trained model took it for the same.
    """

    category: str
    score: float
    words: tuple[str, ...]
    chance: float = 0.0
    learned: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """词库. `words` gives each word its weight per category; an ignored word has none.

    `denials_before` and `denials_after` are what turns a word into its opposite when it stands right
    before or after it ("没有垃圾", "垃圾已清理").
    """

    words: Mapping[str, Mapping[str, int]]
    denials_before: tuple[str, ...]
    denials_after: tuple[str, ...]
    confusions: tuple[Confusion, ...] = ()
    scanner: Scanner = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the words once; a text is then read in one pass."""
        # A frozen value may still prepare itself while it is being made.
        object.__setattr__(self, "scanner", Scanner(self.words))

    def guesses(self, text: str) -> list[Guess]:
        """What a normalised text may be about, the likeliest first; ties in the order of the codes."""
        weights: dict[str, dict[str, int]] = {}
        for hit in self.scanner.hits(text):
            if not self._is_denied(text, hit):
                for category, weight in self.words[hit.word].items():
                    weights.setdefault(category, {})[hit.word] = weight
        guesses = {category: _guess(category, words) for category, words in weights.items()}
        for confusion in self._groups_of(guesses):
            _tell_apart(confusion, guesses, text)
        return weighed(guesses.values())

    def _groups_of(self, guesses: Collection[str]) -> list[Confusion]:
        """The groups that hold a guessed category, in their order."""
        return [one for one in self.confusions if not one.among.isdisjoint(guesses)] if guesses else []

    def kin(self, category: str) -> frozenset[str]:
        """A category with all it is easily taken for."""
        return kin(self.confusions, category)

    def _is_denied(self, text: str, hit: Hit) -> bool:
        return text.endswith(self.denials_before, 0, hit.start) or text.startswith(self.denials_after, hit.end)


def _guess(category: str, weights: Mapping[str, int]) -> Guess:
    heaviest = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    score = sum(weight * FADING**place for place, (_, weight) in enumerate(heaviest))
    return Guess(category, score, tuple(word for word, _ in heaviest))


def strength(guesses: Iterable[Guess]) -> float:
    """How much the words say at all, 0..1: nothing, or a hint, or all that can be said."""
    return min(1.0, max((guess.score for guess in guesses), default=0.0) / CLEAR_SCORE)


def weighed(guesses: Collection[Guess]) -> list[Guess]:
    """The guesses with their chances, the likeliest first; ties in the order of the codes."""
    said = strength(guesses)
    # Squared, because half the weight is already a good distance behind.
    whole = sum(guess.score**2 for guess in guesses)
    return ranked(replace(guess, chance=said * guess.score**2 / whole) for guess in guesses)


def ranked(guesses: Iterable[Guess]) -> list[Guess]:
    """The likeliest first; ties in the order of the codes."""
    return sorted(guesses, key=lambda guess: (-guess.chance, guess.category))


def _tell_apart(confusion: Confusion, guesses: dict[str, Guess], text: str) -> None:
    """Where a category of the group was guessed, a telling word puts its own one first in the group."""
    best = max((guesses[category].score for category in confusion.among & guesses.keys()), default=0.0)
    told = confusion.told(text) if best else None
    if told is None:
        return
    category, word = told
    known = guesses.get(category, Guess(category, 0.0, ()))
    guesses[category] = replace(known, score=best + TOLD, words=tuple(dict.fromkeys((*known.words, word))))


def read_lexicon(root: Entry, categories: Container[str]) -> Lexicon:
    """The lexicon of a file; raises PackError for an unknown category, weight or a doubled word."""
    root.only("denials", "troubles", "ignored", "confusions", "words")
    denials = root.entry("denials")
    denials.only("before", "after", "between")
    between = ("", *denials.texts("between"))
    # An ignored word weighs nothing, but being found it hides the shorter words inside it.
    words: dict[str, dict[str, int]] = {word: {} for word in root.texts("ignored")}
    troubles = root.texts("troubles")
    for category, entry in _sections(root.entry("words"), categories):
        for word, weight in _weighed(entry, troubles).items():
            words.setdefault(word, {})[category] = weight
    return Lexicon(
        words=words,
        denials_before=tuple(denial + gap for denial, gap in product(denials.texts("before"), between)),
        denials_after=tuple(gap + denial for denial, gap in product(denials.texts("after"), between)),
        confusions=read_confusions(root, categories),
    )


def _sections(words: Entry, categories: Container[str]) -> Iterable[tuple[str, Entry]]:
    for category in words.values:
        if category not in categories:
            raise words.fault(f"unknown category '{category}'", category)
        yield category, words.entry(category)


def _weighed(entry: Entry, troubles: Iterable[str]) -> dict[str, int]:
    """One category's words with their weights; a word written out wins over one made from a thing."""
    entry.only(*WEIGHTS, "things")
    words: dict[str, int] = {}
    for weight in (key for key in entry.values if key != "things"):
        for word in _findable(entry, weight):
            if word in words:
                raise entry.fault(f"the word '{word}' stands here twice", weight)
            words[word] = int(weight)
    for thing in _findable(entry, "things"):
        pairs = {f"{thing}…{trouble}": THING_IN_TROUBLE for trouble in troubles}
        words = {thing: THING, **pairs, **words}
    return words


def _findable(entry: Entry, key: str) -> Iterable[str]:
    for word in entry.texts(key):
        halves = word.split("…")
        if len(halves) > 2 or not all(half and half == normalise(half) for half in halves):
            raise entry.fault(f"'{word}' must be one word or a pair 首…尾, small and half-width", key)
        yield word
