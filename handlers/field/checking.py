"""核查员也被核查: of what was said to be done, how much a blind look found done, by verifier and by unit."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.event import CaseEvent
from models.people import Person
from models.score import FieldRound, FieldVisit
from models.workflow import Move

_CLOSING = (Move.PASS, Move.CONFIRM)
_AT_ONCE = 500


class Looked(NamedTuple):
    """一次回访: a drawn case, who had verified it (None: its reporter was content), and what was found."""

    visit: FieldVisit
    verifier: int | None
    verifier_name: str
    closed_words: str


@dataclass(frozen=True, slots=True)
class Tested:
    """抽查结果 of one verifier or unit: said done, found done, found not done, and not settled yet."""

    key: str
    name: str
    claimed: int = 0
    done: int = 0
    not_done: int = 0

    @property
    def unsettled(self) -> int:
        return self.claimed - self.done - self.not_done

    @property
    def rate(self) -> float | None:
        """属实率, of what is settled."""
        settled = self.done + self.not_done
        return self.done / settled if settled else None

    def counting(self, solved: bool | None) -> "Tested":
        """With one more."""
        done, not_done = self.done + (solved is True), self.not_done + (solved is False)
        return replace(self, claimed=self.claimed + 1, done=done, not_done=not_done)


def looked_at(session: Session, rounds: Sequence[int] | None = None) -> list[Looked]:
    """回访过的案件 of some rounds, of all where none are named."""
    query = (
        select(FieldVisit, FieldRound.made_at)
        .join(FieldRound, FieldRound.id == FieldVisit.round_id)
        .where(FieldVisit.case_id.is_not(None), FieldVisit.result.is_not(None))
        .order_by(FieldVisit.id)
    )
    rows = session.execute(query if rounds is None else query.where(FieldVisit.round_id.in_(rounds))).all()
    closings = _closings(session, sorted({visit.case_id or 0 for visit, _ in rows}))
    found = []
    for visit, made_at in rows:
        # Whoever closed it again later had not yet done so when it was drawn.
        before = [event for event in closings.get(visit.case_id or 0, []) if event.at <= made_at]
        last = before[-1] if before else None
        verifier = last.person_id if last is not None and last.move is Move.PASS else None
        found.append((visit, verifier, last.why if last is not None else ""))
    names = _names(session, {verifier for _, verifier, _ in found if verifier})
    return [Looked(visit, verifier, names.get(verifier or 0, ""), words) for visit, verifier, words in found]


def _closings(session: Session, cases: Sequence[int]) -> dict[int, list[CaseEvent]]:
    found = defaultdict[int, list[CaseEvent]](list)
    for at in range(0, len(cases), _AT_ONCE):
        some = CaseEvent.case_id.in_(cases[at : at + _AT_ONCE])
        query = select(CaseEvent).where(some, CaseEvent.move.in_(_CLOSING)).order_by(CaseEvent.at, CaseEvent.id)
        for event in session.scalars(query):
            found[event.case_id].append(event)
    return found


def _names(session: Session, people: Iterable[int]) -> dict[int, str]:
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(list(people)))).all()
    return {row.id: row.name for row in rows}


def by_verifier(looked: Iterable[Looked]) -> list[Tested]:
    """各核查员, the worst first; what its reporter was content with stands under the key "0"."""
    return _added((str(one.verifier or 0), one.verifier_name, one.visit.solved) for one in looked)


def by_unit(looked: Iterable[Looked]) -> list[Tested]:
    """各单位, the worst first."""
    return _added((one.visit.unit_code, "", one.visit.solved) for one in looked)


def _added(rows: Iterable[tuple[str, str, bool | None]]) -> list[Tested]:
    found: dict[str, Tested] = {}
    for key, name, solved in rows:
        found[key] = found.get(key, Tested(key, name)).counting(solved)
    return sorted(found.values(), key=lambda one: (-one.not_done, -one.claimed, one.key))
