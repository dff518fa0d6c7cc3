"""去信: every word about a case that was said or tried, to whom, by which way, and what WeChat answered."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from console.visitor import Visitor
from handlers.desk import Desk
from handlers.people.contacting import way_in_words
from models.case import Case
from models.outbound import Delivery, OutboundMessage
from models.people import Person
from models.report import Report

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """一条去信. answer: the last answer of WeChat, where it was no success."""

    id: int
    at: datetime
    to: str
    text: str
    state: Delivery
    way: str
    sent_at: datetime | None
    attempts: int
    answer: str
    is_picture: bool


def letters(desk: Desk, who: Visitor, case: Case) -> list[Letter]:
    """去信, the newest first; for the command centre only. Reporters have no name here."""
    if who.units is not None:
        return []
    reports = exists().where(Report.case_id == case.id, Report.person_id == OutboundMessage.person_id)
    query = (
        select(OutboundMessage, Person.name, reports)
        .join(Person, Person.id == OutboundMessage.person_id)
        .where(OutboundMessage.case_id == case.id)
        .order_by(OutboundMessage.id.desc())
        .limit(_SHOWN)
    )
    return [_letter(desk, row, "" if reporter else name) for row, name, reporter in desk.session.execute(query)]


def _letter(desk: Desk, row: OutboundMessage, name: str) -> Letter:
    tries = row.history.get("tries", []) if row.history else []
    last = tries[-1] if tries and row.state is not Delivery.SENT else {}
    return Letter(
        id=row.id,
        at=row.created_at,
        to=name,
        text=row.text,
        state=row.state,
        way=way_in_words(desk, row.way) if row.state is Delivery.SENT else "",
        sent_at=row.sent_at,
        attempts=row.attempts,
        answer=str(last.get("reason", "")),
        is_picture=row.is_picture,
    )
