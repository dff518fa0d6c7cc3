"""明细: from a figure back to its cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.figures.choice import Choice
from console.figures.facts import Fact
from console.figures.gathering import behind, measures
from console.figures.table import COUNTED
from models.case import Case

SHOWN_AT_MOST = 500
# Each figure and the statement that counts it.
FIGURES: Mapping[str, Fact] = {
    name: fact for fact in COUNTED for name in measures(fact(datetime(2000, 1, 1, tzinfo=UTC)).subquery())
}


@dataclass(frozen=True, slots=True)
class Traced:
    """明细: the cases behind a figure, the latest first; more: there are others besides."""

    cases: tuple[Case, ...]
    more: bool


def trace(session: Session, figure: str, choice: Choice, now: datetime) -> Traced:
    """The cases one figure counts. Raises KeyError for a figure there is not."""
    numbers = behind(session, FIGURES[figure], figure, choice, now, SHOWN_AT_MOST + 1)
    found = {case.id: case for case in session.scalars(select(Case).where(Case.id.in_(numbers[:SHOWN_AT_MOST])))}
    return Traced(tuple(found[number] for number in numbers[:SHOWN_AT_MOST]), len(numbers) > SHOWN_AT_MOST)
