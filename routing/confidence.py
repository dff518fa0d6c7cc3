"""把握: from what the parts of a decision are worth together to how often such a decision is right."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from routing.strict import Entry

# An outcome: what the parts were worth together (0..1), and whether the unit was the right one.
Outcome = tuple[float, bool]
# Three digits are more than is known; more would only differ between machines.
DIGITS = 3


@dataclass(frozen=True, slots=True)
class Curve:
    """校准曲线: corners (raw, right), both 0..1 and never falling; straight between them."""

    corners: tuple[tuple[float, float], ...] = ((0.0, 0.0), (1.0, 1.0))

    def at(self, raw: float) -> float:
        """How often a decision whose parts are worth `raw` together is right, 0..1."""
        index = bisect_right(self.corners, (raw, 2.0))
        if index in (0, len(self.corners)):
            return round(self.corners[min(index, len(self.corners) - 1)][1], DIGITS)
        (left, low), (right, high) = self.corners[index - 1 : index + 1]
        return round(low + (high - low) * (raw - left) / (right - left), DIGITS)


@dataclass(frozen=True, slots=True)
class Step:
    """门槛: sending from this confidence on, what share goes out by itself and what share of that is right."""

    threshold: float
    coverage: float
    accuracy: float


def is_curve(corners: Sequence[tuple[float, float]]) -> bool:
    """Whether corners make a curve: two at least, inside 0..1, each right of and not below the one before."""
    inside = all(0 <= raw <= 1 and 0 <= right <= 1 for raw, right in corners)
    rising = all(one[0] < two[0] and one[1] <= two[1] for one, two in pairwise(corners))
    return len(corners) >= 2 and inside and rising


def read_curve(root: Entry) -> Curve:
    """The curve of a pack's confidence.yaml; raises PackError for one that falls or leaves 0..1."""
    root.only("corners")
    corners: list[tuple[float, float]] = [(-1.0, 0.0)]
    for text in root.texts("corners"):
        corner = _corner(root, text)
        if corner[0] <= corners[-1][0] or corner[1] < corners[-1][1]:
            raise root.fault(f"'{text}' must lie right of and not below the corner before it", "corners")
        corners.append(corner)
    if len(corners) < 3:
        raise root.fault("a curve has at least two corners", "corners")
    return Curve(tuple(corners[1:]))


def _corner(root: Entry, text: str) -> tuple[float, float]:
    try:
        raw, right = (float(part) for part in text.split())
    except ValueError as error:
        raise root.fault(f"'{text}' is not two numbers like '0.8 0.95'", "corners") from error
    if not (0 <= raw <= 1 and 0 <= right <= 1):
        raise root.fault(f"'{text}' does not lie between 0 and 1", "corners")
    return raw, right


def fit(outcomes: Iterable[Outcome], prior: Curve | None = None, trust: float = 4.0) -> Curve:
    """The never-falling curve nearest to what happened (isotonic regression by pooling neighbours).

    `prior` is what is believed without data; each pool weighs it like `trust` outcomes of its own, so that
    three lucky decisions make no certainty.
    """
    believed = prior or Curve()
    pools: list[list[float]] = []  # [right, count, sum of raw]
    for raw, rights in _together(outcomes):
        pools.append([sum(rights), len(rights), raw * len(rights)])
        while len(pools) > 1 and pools[-2][0] * pools[-1][1] >= pools[-1][0] * pools[-2][1]:
            last = pools.pop()
            pools[-1] = [a + b for a, b in zip(pools[-1], last, strict=True)]
    corners = [_pooled(pool, believed, trust) for pool in pools]
    return Curve(tuple(_rising([(0.0, 0.0), *corners, (1.0, max([right for _, right in corners], default=1.0))])))


def _together(outcomes: Iterable[Outcome]) -> list[tuple[float, list[bool]]]:
    """Outcomes of equal worth as one: in any order among themselves they say the same."""
    rights: dict[float, list[bool]] = {}
    for raw, right in outcomes:
        rights.setdefault(raw, []).append(right)
    return sorted(rights.items())


def _pooled(pool: Sequence[float], believed: Curve, trust: float) -> tuple[float, float]:
    right, count, raws = pool
    middle = raws / count
    return round(middle, DIGITS), round((right + trust * believed.at(middle)) / (count + trust), DIGITS)


def _rising(corners: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Only corners right of the one before; the belief mixed in may have made a pool fall a little."""
    rising: list[tuple[float, float]] = []
    for raw, right in corners:
        height = max(right, rising[-1][1]) if rising else right
        if rising and raw <= rising[-1][0]:
            rising[-1] = (rising[-1][0], height)
        else:
            rising.append((raw, height))
    return rising


def steps(outcomes: Sequence[Outcome], thresholds: Sequence[float]) -> list[Step]:
    """Coverage against accuracy: what sending from each threshold on would have come to."""
    table = []
    for threshold in thresholds:
        sent = [right for confidence, right in outcomes if confidence >= threshold]
        accuracy = sum(sent) / len(sent) if sent else 1.0
        table.append(Step(threshold, len(sent) / max(1, len(outcomes)), accuracy))
    return table


def lowest_for(table: Iterable[Step], accuracy: float) -> Step | None:
    """The threshold that sends most while at least this share of what is sent is right; None when none does."""
    good = [step for step in table if step.coverage and step.accuracy >= accuracy]
    return max(good, key=lambda step: (step.coverage, step.threshold), default=None)


def miscalibration(outcomes: Sequence[Outcome], bins: int = 10) -> float:
    """校准误差 (expected calibration error): how far confidence and success lie apart on average, 0..1."""
    apart = 0.0
    for number in range(bins):
        inside = [o for o in outcomes if min(int(o[0] * bins), bins - 1) == number]
        if inside:
            said = sum(confidence for confidence, _ in inside)
            apart += abs(said - sum(right for _, right in inside))
    return apart / max(1, len(outcomes))
