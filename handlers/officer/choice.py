"""Which case is meant (选案): by its number, its last digits, the only one there is, or a numbered menu."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from handlers import questions
from handlers.desk import Desk
from handlers.people import Caller
from models.assignment import Assignment, Hand
from models.case import Case
from models.question import Ask
from models.workflow import Status

MENU_OPEN_FOR = timedelta(minutes=30)
MENU_LENGTH = 9


@dataclass(frozen=True, slots=True)
class Choice:
    """The case meant, or the text that says why none is."""

    case: Case | None
    answer: str = ""


def held(desk: Desk, caller: Caller, *statuses: Status) -> list[Case]:
    """The cases the caller's units hold now, in the states named, the most urgent first."""
    query = (
        select(Case)
        .join(Assignment, Assignment.case_id == Case.id)
        .where(
            Assignment.unit_code.in_(caller.units),
            Assignment.role == Hand.LEAD,
            Assignment.ended_at.is_(None),
            Case.status.in_(statuses),
        )
        .order_by(Assignment.claim_due_at, Case.id)
    )
    return list(desk.session.scalars(query))


def choose(desk: Desk, caller: Caller, number: int | None, verb: str, rest: str, *statuses: Status) -> Choice:
    """Find the one case a command is about; the case comes locked."""
    candidates = held(desk, caller, *statuses)
    if number is not None:
        return _numbered(desk, caller, number, verb, rest, candidates)
    if not candidates:
        return Choice(None, desk.texts("choose.none", verb=desk.texts(f"verb.{verb}")))
    if len(candidates) == 1:
        return Choice(Case.locked(desk.session, candidates[0].id))
    return menu(desk, caller, verb, rest, candidates)


def _numbered(desk: Desk, caller: Caller, number: int, verb: str, rest: str, candidates: list[Case]) -> Choice:
    case = Case.locked(desk.session, number)
    if case is not None and caller.acts_for(case):
        return Choice(case)
    short = [c for c in candidates if str(c.id).endswith(str(number))]
    if len(short) == 1:
        return Choice(Case.locked(desk.session, short[0].id))
    if short:
        return menu(desk, caller, verb, rest, short)
    return Choice(None, desk.texts("choose.not_yours", number=number))


def menu(desk: Desk, caller: Caller, verb: str, rest: str, cases: list[Case]) -> Choice:
    """Ask which one, by a small number that stays valid for half an hour."""
    shown = cases[:MENU_LENGTH]
    payload = {"verb": verb, "rest": rest, "cases": [c.id for c in shown]}
    questions.put(desk, caller.person.id, Ask.WHICH_CASE, payload, MENU_OPEN_FOR)
    lines = [
        desk.texts("choose.line", n=n, number=c.id, category=desk.category_name(c), place=c.place[:20])
        for n, c in enumerate(shown, start=1)
    ]
    more = desk.texts("choose.more", count=len(cases) - len(shown)) if len(cases) > len(shown) else ""
    text = desk.texts("choose.menu", verb=desk.texts(f"verb.{verb}"), lines="\n".join(lines), more=more)
    return Choice(None, text)
