"""经过: what happened to a case, as its visitor may read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from console.premises import premises
from console.visitor import Right, Visitor
from handlers import discretion
from handlers.desk import Desk
from models.case import Case
from models.event import CaseEvent
from models.people import Person
from models.workflow import Move, Part

# What a unit never learns: that somebody re-checks it covertly, and how its case and others hang together.
_NOT_FOR_UNITS = frozenset({Move.REVIEW, Move.JOIN, Move.SPLIT})
# Whose words say who they are, however they are masked, and what only the command centre may read.
_OWN_WORDS = frozenset({Part.OFFICER, Part.LEADER, Part.HELPER, Part.DISPATCHER, Part.VERIFIER})
# 同意重办 takes over what the reporter wrote, although it is a dispatcher's.
_REPORTERS_WORDS = frozenset({Move.REOPEN})
_SILENT_FOR_UNITS = frozenset({Move.DOUBT, Move.UNREACHED, Move.CORRECT})
_BAD = frozenset({Move.BREACH, Move.FAIL, Move.OBJECT, Move.DOUBT, Move.UNREACHED, Move.REOPEN})
_GOOD = frozenset({Move.PASS, Move.CONFIRM, Move.CLEAR})


@dataclass(frozen=True, slots=True)
class Happening:
    """一条经过. tone: late, good or "".  recorded_at: when it was written, where that is not when it happened."""

    at: datetime
    title: str
    who: str
    words: str
    tone: str
    recorded_at: datetime | None


def story(desk: Desk, who: Visitor, case: Case) -> list[Happening]:
    """经过, the oldest first."""
    query = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.at, CaseEvent.id)
    events = [event for event in desk.session.scalars(query) if _may_read(who, event)]
    names = _names(desk, events)
    return [_happening(desk, who, case, event, names) for event in events]


def _may_read(who: Visitor, event: CaseEvent) -> bool:
    return who.units is None or (event.move not in _NOT_FOR_UNITS and event.part is not Part.ASSESSOR)


def _names(desk: Desk, events: Iterable[CaseEvent]) -> Mapping[int, str]:
    people = {event.person_id for event in events if event.person_id}
    rows = desk.session.execute(select(Person.id, Person.name).where(Person.id.in_(people))) if people else ()
    return {row.id: row.name for row in rows}


def _happening(desk: Desk, who: Visitor, case: Case, event: CaseEvent, names: Mapping[int, str]) -> Happening:
    late = event.recorded_at if event.recorded_at != event.at else None
    return Happening(
        at=event.at,
        title=_title(event),
        who=_who(who, event, names),
        words=_words(desk, who, case, event),
        tone="late" if event.move in _BAD else "good" if event.move in _GOOD else "",
        recorded_at=late,
    )


def _title(event: CaseEvent) -> str:
    """What happened; a 补充 of a dispatcher may be a question, or a word to hurry."""
    texts = premises().texts
    said = next((name for name in ("asked", "urged") if event.move is Move.NOTE and event.data.get(name)), None)
    return texts(f"noted.{said}") if said else texts(f"move.{event.move}")


def _who(who: Visitor, event: CaseEvent, names: Mapping[int, str]) -> str:
    """The part, and the name where the visitor may know it. Who reported is asked for by itself, and noted."""
    part = premises().texts(f"part.{event.part}")
    name = names.get(event.person_id or 0, "")
    return f"{part} {name}".strip() if event.part in _OWN_WORDS else part


def _words(desk: Desk, who: Visitor, case: Case, event: CaseEvent) -> str:
    if event.move in (Move.ASSIGN, Move.ENLIST, Move.DISMISS):
        return _given(desk, who, event)
    if event.move is Move.BREACH:
        return premises().texts(f"duty.{event.why}")
    if event.move is Move.CORRECT:
        return _corrected(desk, event)
    if who.units is not None and event.move in _SILENT_FOR_UNITS:
        return ""
    is_own = (event.part in _OWN_WORDS or event.part is Part.SYSTEM) and event.move not in _REPORTERS_WORDS
    if is_own or who.may(Right.REPORTERS):
        return event.why
    return discretion.about(desk, case, event.why, event.person_id or 0)


def _given(desk: Desk, who: Visitor, event: CaseEvent) -> str:
    """派给 whom, and why; a rule's file and line is for the command centre."""
    unit = desk.unit_name(str(event.data.get("unit", "")))
    why = event.why if who.units is None and event.why != unit else ""
    forced = premises().texts("story.forced") if event.data.get("forced") else ""
    return "\n".join(filter(None, (f"{unit}{forced}", why)))


def _corrected(desk: Desk, event: CaseEvent) -> str:
    before, after = event.data.get("before", {}), event.data.get("after", {})
    return "；".join(f"{_fact(desk, key, before.get(key))} → {_fact(desk, key, after[key])}" for key in after)


def _fact(desk: Desk, key: str, value: Any) -> str:
    category = desk.router.pack.categories.get(str(value)) if key == "category" else None
    return category.name if category else desk.unit_name(str(value or "")) or premises().texts("story.nothing")
