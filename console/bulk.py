"""批量办理: one thing done to many cases, each in a story of its own, so that one that fails holds up no other.

What was done is noted in the journal with what it takes to undo it; undoing is offered for a short while, and only
for cases that nobody has touched since.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import acting
from console.acting import Outcome
from console.listing.wording import TEXTS
from console.noting import note
from console.premises import premises
from console.visitor import Right, Visitor
from models.case import Case
from models.journal import JournalEntry

AT_MOST = 200
UNDONE_WITHIN = timedelta(minutes=10)
DONE, UNDONE = "bulk.do", "bulk.undo"


@dataclass(frozen=True, slots=True)
class Kind:
    """批量动作. can_undo: whether there is a way back."""

    right: Right
    can_undo: bool = False


DEEDS: Mapping[str, Kind] = {
    "assign": Kind(Right.DISPATCH, can_undo=True),
    "category": Kind(Right.DISPATCH, can_undo=True),
    "reject": Kind(Right.DISPATCH, can_undo=True),
    "urge": Kind(Right.DISPATCH),
    "pass": Kind(Right.VERIFY),
    "fail": Kind(Right.VERIFY),
}


@dataclass(frozen=True, slots=True)
class Result:
    """一件的结果. version: the case's, when this was said of it."""

    number: int
    version: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Done:
    """批量办理的结果. entry: the journal's, by which it can be undone; None where nothing was done."""

    results: list[Result]
    entry: int | None


def preview(who: Visitor, cases: Sequence[int], deed: str, words: str) -> list[Result]:
    """先看结果: what would become of each."""
    return [Result(case.id, case.version, outcome) for case, outcome in acting.rehearse(who, cases, deed, words)]


def do(who: Visitor, versions: Mapping[int, int], deed: str, words: str) -> Done:
    """办理 each, if it is still as the preview showed it. versions: by case number."""
    here, results, undoing = premises(), [], []
    for number, version in versions.items():
        before = _before(number)
        outcome = acting.do(who, number, deed, words, version)
        results.append(Result(number, outcome.version, outcome))
        if outcome.ok:
            undoing.append({"case": number, "version": outcome.version, "before": before})
    if not undoing:
        return Done(results, None)
    with here.story() as session:
        note(session, here.now(), DONE, words=words, deed=deed, cases=undoing)
        entry = session.scalars(select(JournalEntry.id).order_by(JournalEntry.id.desc()).limit(1)).one()
    return Done(results, entry if DEEDS[deed].can_undo else None)


def _before(number: int) -> dict[str, Any]:
    with premises().glance() as session:
        case = session.get(Case, number)
        if case is None:
            return {"version": 0}
        return {"version": case.version, "unit": case.unit_code, "category": case.category}


def undo(who: Visitor, entry: int) -> list[Result] | str:
    """撤销, as far as nobody has acted since; or why nothing can be undone any more, in words."""
    here = premises()
    with here.story() as session:
        found = session.get(JournalEntry, entry)
        problem = _too_late(session, who, found, here.now())
        if found is None or problem:
            return problem
        note(session, here.now(), UNDONE, f"bulk:{entry}")
        data = dict(found.data)
    return [_undone(who, data["deed"], one) for one in data["cases"]]


def _too_late(session: Session, who: Visitor, found: JournalEntry | None, now: datetime) -> str:
    if found is None or found.act != DONE or found.person_id != who.person_id:
        return TEXTS("bulk.not_yours")
    if now - found.at > UNDONE_WITHIN:
        return TEXTS("bulk.too_late", minutes=UNDONE_WITHIN.seconds // 60)
    earlier = select(JournalEntry.id).where(JournalEntry.act == UNDONE, JournalEntry.subject == f"bulk:{found.id}")
    return TEXTS("bulk.already") if session.scalars(earlier.limit(1)).first() else ""


def _undone(who: Visitor, deed: str, one: Mapping[str, Any]) -> Result:
    number, version, before = one["case"], one["version"], one["before"]
    if _before(number)["version"] != version:
        return Result(number, version, Outcome(False, TEXTS("bulk.since", number=number)))
    back, words = _way_back(deed, before)
    if not back:
        return Result(number, version, Outcome(False, TEXTS("bulk.not_back", number=number)))
    return Result(number, version, acting.do(who, number, back, words, version))


def _way_back(deed: str, before: Mapping[str, Any]) -> tuple[str, str]:
    """What undoes it, and in which words; "" where there is no way."""
    if deed == "assign":
        return ("assign", before["unit"]) if before["unit"] else ("undo.assign", TEXTS("bulk.why"))
    if deed == "category":
        return ("category", before["category"]) if before["category"] else ("", "")
    return "undo.reject", TEXTS("bulk.why")


def chosen(numbers: Iterable[str]) -> list[int]:
    """The cases a form names, each once; what is no number is left out."""
    known = (int(said) for said in numbers if said.isascii() and said.isdecimal() and len(said) < 18)
    return list(dict.fromkeys(known))[:AT_MOST]
