"""学到的: a trained version beside the lexicon, and how far it is believed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from routing.confidence import Curve
from routing.what.lexicon import Guess, ranked

# What a model that is certain weighs, in the lexicon's units: as much as one unmistakable word.
CERTAIN = 4.0
# Less likely than this is noise among two hundred categories.
WORTH_SAYING = 0.05
# The stretches of text shown as its reasons.
REASONS = 2


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
    """学到的. `weight` (0..1) is how much of a category's score is the model's; `curve` its own calibration."""

    model: Model
    weight: float
    curve: Curve

    @property
    def version(self) -> str:
        """What decisions are marked with."""
        return self.model.version

    def blend(self, guesses: Sequence[Guess], text: str) -> list[Guess]:
        """The lexicon's guesses about a normalised text with the model's mixed in, the likeliest first."""
        blended = {guess.category: replace(guess, score=(1 - self.weight) * guess.score) for guess in guesses}
        for category, likely in self.model.probabilities(text):
            if likely < WORTH_SAYING:
                break
            known = blended.get(category, Guess(category, 0.0, ()))
            pieces = tuple(self.model.reasons(text, category, REASONS))
            score = known.score + self.weight * CERTAIN * likely
            blended[category] = replace(known, score=score, learned=pieces)
        return ranked(blended.values())
