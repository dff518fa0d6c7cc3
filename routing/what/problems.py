"""几个问题: the parts of one text that speak of different things."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from routing.what.lexicon import CLEAR_SCORE, Guess, Lexicon

# Where people go on to the next thing. The text has been normalised: its punctuation is half-width.
CLAUSES = re.compile(r"[,。;!?\n、]+|还有|另外|同时|并且|而且|以及")


@dataclass(frozen=True, slots=True)
class Part:
    """一件事: a stretch of the text, and what it is about."""

    text: str
    guess: Guess


def parts(lexicon: Lexicon, text: str) -> list[Part]:
    """The things a normalised text speaks of, in its order, each category once."""
    found: dict[str, Part] = {}
    for clause in _clauses(text):
        guesses = lexicon.guesses(clause)
        # A hint in a subordinate clause is no second problem.
        if guesses and guesses[0].score >= CLEAR_SCORE:
            found.setdefault(guesses[0].category, Part(clause.strip(), guesses[0]))
    return list(found.values())


def further(lexicon: Lexicon, text: str, guesses: Iterable[Guess], main: str) -> list[Part]:
    """What a text speaks of besides its main category and those easily taken for it.

    `guesses` are the lexicon's about the whole text: most speak of one thing only and need no second look.
    """
    kin = lexicon.kin(main)
    if kin.issuperset(guess.category for guess in guesses):
        return []
    return [part for part in parts(lexicon, text) if part.guess.category not in kin]


def _clauses(text: str) -> Iterable[str]:
    return filter(None, CLAUSES.split(text))
