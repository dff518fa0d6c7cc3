"""Which case is meant (选案): by its number, its last digits, the only one there is, or a numbered menu."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from handlers import questions
from handlers.desk import Desk
from handlers.people.caller import Caller
from models.actor import Actor
from models.assignment import Assignment, Hand
from models.case import Case
from models.question import Ask
from models.workflow import Status

MENU_OPEN_FOR = timedelta(minutes=30)
MENU_LENGTH = 9


@dataclass(frozen=True, slots=True)
class Wish:
    """所求: what an officer wants done. verb: as texts and menus name it; rest: further words.

    by: in which part towards the case they may; as a rule as one of the unit that holds it.
    """

    verb: str
    number: int | None
    rest: str = ""
    by: Callable[[Caller, Case], Actor | None] = Caller.acts_for


@dataclass(frozen=True, slots=True)
class Choice:
    """The case meant, or the text that says why none is."""

    case: Case | None
    answer: str = ""


def held(desk: Desk, caller: Caller, *statuses: Status) -> list[Case]:
    """The cases the caller's units hold now, in the states named, the most urgent first."""
    return _with_units(desk, caller, Hand.LEAD, statuses)


def helped(desk: Desk, caller: Caller, *statuses: Status) -> list[Case]:
    """协办: the cases the caller's units help with now, in the states named (any when none is)."""
    return _with_units(desk, caller, Hand.CO, statuses or tuple(Status))


def _with_units(desk: Desk, caller: Caller, hand: Hand, statuses: tuple[Status, ...]) -> list[Case]:
    query = (
        select(Case)
        .join(Assignment, Assignment.case_id == Case.id)
        .where(
            Assignment.unit_code.in_(caller.units),
            Assignment.role == hand,
            Assignment.ended_at.is_(None),
            Case.status.in_(statuses),
        )
        .order_by(Assignment.claim_due_at, Case.id)
    )
    return list(desk.session.scalars(query))


def in_work(desk: Desk, caller: Caller) -> list[Case]:
    """What a 整改 can be about: what the caller claimed, else what colleagues claimed, else what nobody did."""
    claimed = held(desk, caller, Status.CLAIMED)
    mine = [case for case in claimed if case.lead and case.lead.claimed_by == caller.person.id]
    return mine or claimed or held(desk, caller, Status.ASSIGNED)


def choose(desk: Desk, caller: Caller, wish: Wish, candidates: list[Case]) -> Choice:
    """Find the one case a command is about; the case comes locked."""
    if wish.number is not None:
        return _numbered(desk, caller, wish, wish.number, candidates)
    if not candidates:
        return Choice(None, desk.texts("choose.none", verb=desk.texts(f"verb.{wish.verb}")))
    return _one_of(desk, caller, wish, candidates)


def _numbered(desk: Desk, caller: Caller, wish: Wish, number: int, candidates: list[Case]) -> Choice:
    exact = desk.session.get(Case, number)
    if exact is not None and (_was_ours(caller, exact) or wish.by(caller, exact)):
        return _locked(desk, caller, wish, number)
    short = [case for case in candidates if str(case.id).endswith(str(number))]
    if short:
        return _one_of(desk, caller, wish, short)
    return Choice(None, desk.texts("choose.not_yours", number=number))


def _was_ours(caller: Caller, case: Case) -> bool:
    """Whoever names a case by its full number means that one, even when it has gone elsewhere since."""
    return any(lead.unit_code in caller.units for lead in case.assignments)


def _one_of(desk: Desk, caller: Caller, wish: Wish, cases: list[Case]) -> Choice:
    if len(cases) == 1:
        return _locked(desk, caller, wish, cases[0].id)
    return Choice(None, menu(desk, caller, wish, cases))


def _locked(desk: Desk, caller: Caller, wish: Wish, number: int) -> Choice:
    """The case, held; looked at once more, because it may have been moved on while we waited for it."""
    case = Case.locked(desk.session, number)
    if case is None or wish.by(caller, case) is None:
        status = desk.texts(f"status.{case.status}") if case else ""
        return Choice(None, desk.texts("choose.gone", number=number, status=status))
    return Choice(case)


def menu(desk: Desk, caller: Caller, wish: Wish, cases: list[Case]) -> str:
    """Ask which one, by a small number that stays valid for half an hour."""
    shown = cases[:MENU_LENGTH]
    payload = {"verb": wish.verb, "rest": wish.rest, "cases": [case.id for case in shown]}
    questions.put(desk, caller.person.id, Ask.WHICH_CASE, payload, MENU_OPEN_FOR)
    lines = [
        desk.texts("choose.line", n=n, number=case.id, category=desk.category_name(case), place=case.place[:20])
        for n, case in enumerate(shown, start=1)
    ]
    return desk.texts(
        "choose.menu", verb=desk.texts(f"verb.{wish.verb}"), lines="\n".join(lines), more=more(desk, cases)
    )


def more(desk: Desk, cases: list[Case]) -> str:
    """How many did not fit into the menu, in words."""
    return desk.texts("choose.more", count=len(cases) - MENU_LENGTH) if len(cases) > MENU_LENGTH else ""
