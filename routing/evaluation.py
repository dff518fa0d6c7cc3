"""评估: how often routing is right, and how many cases could go out without a person at which confidence."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from routing.confidence import Outcome, Step, lowest_for, miscalibration, steps
from routing.decision import Decision
from routing.router import Router
from routing.table import ASK, Example

THRESHOLDS = tuple(n / 100 for n in range(50, 100, 2))
# What the city wants right among the cases that go out by themselves.
WANTED = 0.95


@dataclass(frozen=True, slots=True)
class Judged:
    """An example with the decision it got."""

    example: Example
    decision: Decision

    @property
    def is_right(self) -> bool:
        """Whether the unit that would hear of it is the one that must act."""
        return self.decision.unit == self.example.unit

    @property
    def could_be_sent(self) -> bool:
        """Whether a decision has what sending needs besides confidence: without a category nothing is sent."""
        return self.decision.category is not None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """评估结果 over labelled examples; shares are 0..1."""

    judged: tuple[Judged, ...]

    @property
    def outcomes(self) -> list[Outcome]:
        """Confidence and rightness of each, 0 for what cannot be sent."""
        return [(one.decision.confidence if one.could_be_sent else 0.0, one.is_right) for one in self.judged]

    @property
    def raw_outcomes(self) -> list[Outcome]:
        """The same before calibration, of what could be sent: what a curve is fitted on."""
        return [(one.decision.raw, one.is_right) for one in self.judged if one.could_be_sent]

    @property
    def category_accuracy(self) -> float:
        """Share of the right categories, among all; none is right where there is none."""
        return _share(one.decision.category == (one.example.category or None) for one in self.judged)

    @property
    def street_accuracy(self) -> float:
        """Share of the right streets among the examples whose street can be known."""
        known = [one for one in self.judged if one.example.street]
        return _share(one.decision.street == one.example.street for one in known)

    @property
    def district_accuracy(self) -> float:
        """Share of the right districts among the examples whose district can be known."""
        known = [one for one in self.judged if one.example.district]
        return _share(one.decision.district == one.example.district for one in known)

    @property
    def unit_accuracy(self) -> float:
        """Share of the right units among the examples that have one."""
        return _share(one.is_right for one in self.judged if one.example.unit != ASK)

    @property
    def steps(self) -> list[Step]:
        """Coverage against accuracy, threshold by threshold."""
        return steps(self.outcomes, THRESHOLDS)

    @property
    def advised(self) -> Step | None:
        """The threshold that sends most while what is sent is right often enough; None when none does."""
        return lowest_for(self.steps, WANTED)

    @property
    def miscalibration(self) -> float:
        """How far confidence and success lie apart on average."""
        return miscalibration([one for one in self.outcomes if one[0] > 0])

    def confusions(self, most: int) -> list[tuple[tuple[str, str], int]]:
        """The categories most often taken for others: (right, taken) and how often; "" stands for none."""
        wrong = (one for one in self.judged if one.decision.category != (one.example.category or None))
        return Counter((one.example.category, one.decision.category or "") for one in wrong).most_common(most)

    def doubtful_rules(self, most: int) -> list[tuple[str, int]]:
        """The rules by which most units were wrong although the category was right."""
        wrong = (one for one in self.judged if not one.is_right and one.decision.category == one.example.category)
        return Counter(one.decision.rule for one in wrong).most_common(most)


def evaluate(router: Router, examples: Sequence[Example]) -> Evaluation:
    """Decide every example and keep both sides."""
    return Evaluation(tuple(Judged(example, router.decide(example.finding)) for example in examples))


def _share(rights: Iterable[bool]) -> float:
    flags = list(rights)
    return sum(flags) / len(flags) if flags else 1.0
