"""派单台: what waits for the command centre, one case after the other, by keyboard."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, render_template, request
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from console.acting import Outcome
from console.dossier.file import case_file
from console.gate import needs
from console.pages.case import asked
from console.premises import premises
from console.visitor import Right, visitor
from models.case import Case
from models.clock import Duty
from models.deadline import Deadline

triage = Blueprint("triage", __name__)

# What waits, and whose it is to settle.
QUEUES = {Duty.TRIAGE: Right.DISPATCH, Duty.RULING: Right.DISPATCH, Duty.VERIFY: Right.VERIFY}
_SHOWN = 60


@triage.get("/triage")
@needs(Right.DISPATCH, Right.VERIFY)
def page() -> Any:
    """派单台, at the case asked for or at the most urgent one."""
    return _drawn(_queue(), request.args.get("case", type=int))


@triage.post("/triage/<int:case_id>/<deed>")
@needs(Right.DISPATCH, Right.VERIFY)
def act(case_id: int, deed: str) -> Any:
    """办理, then on to the next one; where it did not come off, the case stays."""
    outcome = asked(case_id, deed)
    stays = not outcome.ok or deed in ("category", "place", "ask", "enlist", "split")
    following = case_id if stays else request.form.get("next", type=int)
    return _drawn(_queue(), following, outcome)


def _queue() -> Duty:
    wanted = request.args.get("queue") or _first_queue()
    if wanted not in QUEUES or not visitor().may(QUEUES[Duty(wanted)]):
        abort(HTTPStatus.NOT_FOUND)
    return Duty(wanted)


def _first_queue() -> str:
    return next(duty.value for duty, right in QUEUES.items() if visitor().may(right))


def _drawn(queue: Duty, case_id: int | None, outcome: Outcome | None = None) -> Any:
    here = premises()
    with here.glance() as session:
        desk = here.desk(session, here.now())
        waiting = session.execute(_waiting(queue)).all()
        numbers = [row.Case.id for row in waiting]
        chosen = session.get(Case, case_id) if case_id else None
        chosen = chosen or (waiting[0].Case if waiting else None)
        at = numbers.index(chosen.id) if chosen is not None and chosen.id in numbers else -1
        return render_template(
            "triage/page.html",
            queue=queue,
            queues=_counts(session),
            lines=[(row.Case, row.due_at, desk.category_name(row.Case)) for row in waiting],
            file=case_file(desk, visitor(), chosen) if chosen is not None else None,
            case=chosen,
            previous=numbers[at - 1] if at > 0 else None,
            following=numbers[at + 1] if at + 1 < len(numbers) and numbers[at + 1 :] else None,
            outcome=outcome,
        )


def _waiting(queue: Duty) -> Select[Any]:
    """The most urgent first; a case that waits for two rulings stands there once."""
    due = func.min(Deadline.due_at).label("due_at")
    owed = (
        select(Deadline.case_id, due)
        .where(Deadline.duty == queue, Deadline.ended_at.is_(None))
        .group_by(Deadline.case_id)
        .order_by(due, Deadline.case_id)
        .limit(_SHOWN)
        .subquery()
    )
    return select(Case, owed.c.due_at).join(owed, owed.c.case_id == Case.id).order_by(owed.c.due_at, Case.id)


def _counts(session: Session) -> dict[Duty, int]:
    query = (
        select(Deadline.duty, func.count(Deadline.case_id.distinct()))
        .where(Deadline.duty.in_(QUEUES), Deadline.ended_at.is_(None))
        .group_by(Deadline.duty)
    )
    counted = {duty: int(count) for duty, count in session.execute(query)}
    return {duty: counted.get(duty, 0) for duty, right in QUEUES.items() if visitor().may(right)}
