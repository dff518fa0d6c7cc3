"""操作日志页: who looked at personal data and who did what."""

from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.gate import needs
from console.h5.reporter import ACTS as REPORTERS_ACTS
from console.premises import premises
from console.visitor import Right, visitor
from models.journal import JournalEntry, head
from models.people import Person

journal = Blueprint("journal", __name__)

_LENGTH = 100


@journal.get("/journal")
@needs(Right.JOURNAL)
def page() -> Any:
    """The newest entries, of a person, an act or a subject where one is asked for."""
    here = premises()
    with here.glance() as session:
        entries = _entries(session)
        people = {entry.person_id for entry in entries if entry.person_id}
        named = session.execute(select(Person.id, Person.name).where(Person.id.in_(people))).all() if people else []
        return render_template(
            "journal/page.html",
            entries=entries[:_LENGTH],
            names={row.id: row.name for row in named},
            more=entries[_LENGTH - 1].id if len(entries) > _LENGTH else None,
            head=head(session),
            hidden=_hidden(),
            said=_said,
            asked={key: value for key, value in request.args.items() if value and key != "before"},
        )


def _hidden() -> frozenset[str]:
    """Acts whose person, words and address the visitor may not read, because only reporters do them."""
    return frozenset() if visitor().may(Right.REPORTERS) else REPORTERS_ACTS


def _said(act: str) -> str:
    """What was done, in words; "" for what the console has none for, such as the command line's."""
    texts = premises().texts
    return texts(f"journal.{act}") if f"journal.{act}" in texts.names else ""


def _entries(session: Session) -> list[JournalEntry]:
    query = select(JournalEntry).order_by(JournalEntry.id.desc()).limit(_LENGTH + 1)
    before, person = request.args.get("before", type=int), request.args.get("person", type=int)
    act, subject = request.args.get("act", ""), request.args.get("subject", "")
    if before:
        query = query.where(JournalEntry.id < before)
    if person:
        # Asked for a person, it would tell by what is there whose they are.
        query = query.where(JournalEntry.person_id == person, JournalEntry.act.not_in(_hidden()))
    if act:
        query = query.where(JournalEntry.act.startswith(act, autoescape=True))
    if subject:
        query = query.where(JournalEntry.subject == subject)
    return list(session.scalars(query))
