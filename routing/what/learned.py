"""学到的: a trained version beside the lexicon, and how far it is believed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from routing.confidence import Curve
from routing.what.lexicon import Guess, ranked, strength

# Less likely than this is noise among two hundred categories.
WORTH_SAYING = 0.01
# The stretches of text shown as its reasons.
REASONS = 2
# The label of what is no problem at all: thanks, questions, nonsense. Its chance is what the others lack.
NO_PROBLEM = "none"


class Model(Protocol):
    """模型: what routing needs of one."""

    @property
    def version(self) -> str:
        """Digest of what it learned."""

    def probabilities(self, text: str) -> list[tuple[str, float]]:
        """The categories with their probabilities, the likeliest first."""

    def reasons(self, text: str, label: str, count: int) -> list[str]:
        """The stretches of a text that spoke most for a category."""


@dataclass(frozen=True, slots=True)
class Learned:
    """学到的. `weight` (0..1) is how much of a chance is the model's; `curve` its own calibration."""

    model: Model
    weight: float
    curve: Curve

    @property
    def version(self) -> str:
        """What decisions are marked with."""
        return self.model.version

    def blend(self, guesses: Sequence[Guess], text: str) -> list[Guess]:
        """The lexicon's guesses about a normalised text with the model's mixed in, the likeliest first."""
        said = strength(guesses)
        # Where the lexicon has little to say the model is believed the more.
        lexicon = (1 - self.weight) / ((1 - self.weight) * said + self.weight)
        blended = {guess.category: replace(guess, chance=lexicon * guess.chance) for guess in guesses}
        for category, likely in self.model.probabilities(text):
            if likely < WORTH_SAYING:
                break
            if category != NO_PROBLEM:
                known = blended.get(category, Guess(category, 0.0, ()))
                blended[category] = replace(known, chance=known.chance + (1 - lexicon * said) * likely)
        return ranked(guess for guess in blended.values() if guess.chance > 0)

    def reasons(self, guess: Guess, text: str) -> Guess:
        """A guess with the stretches of text by which the model took it for the same."""
        return replace(guess, learned=tuple(self.model.reasons(text, guess.category, REASONS)))
