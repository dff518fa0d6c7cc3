"""申请内容: what a petition asks, in words, and what a unit can 申诉 against."""

from sqlalchemy import select

from handlers.desk import Desk
from handlers.people.caller import Caller
from models.assignment import Assignment, Hand
from models.case import Case
from models.charges import Charge, Charged, charges, contested, lifted
from models.event import CaseEvent
from models.petition import Petition, Plea
from models.workflow import Move


def in_words(desk: Desk, case: Case, petition: Petition) -> str:
    """The reason, with the day of a 缓办 and the thing a 申诉 is about."""
    if petition.until is not None:
        return desk.texts("deferral.told", until=desk.clock_time(petition.until), reason=petition.reason)
    charged = appealed(desk, case) if petition.plea is Plea.APPEAL else None
    if charged is not None:
        return desk.texts("appeal.told", about=charge_in_words(desk, charged), reason=petition.reason)
    return petition.reason


def charge_in_words(desk: Desk, charged: Charged) -> str:
    """整改逾期（11月24日 09:00）."""
    duty = desk.texts(f"appeal.duty.{charged.duty}") if charged.duty else ""
    return desk.texts("appeal.of", what=duty + desk.texts(f"appeal.charge.{charged.charge}"), at=_when(desk, charged))


def _when(desk: Desk, charged: Charged) -> str:
    return desk.clock_time(charged.at)


def appealed(desk: Desk, case: Case) -> Charged | None:
    """What the latest 申诉 is about; only one can wait at a time."""
    asked = select(CaseEvent.data).where(CaseEvent.case_id == case.id, CaseEvent.move == Move.ASK_APPEAL)
    about = desk.session.scalars(asked.order_by(CaseEvent.id.desc()).limit(1)).first()
    key = (about["event"], Charge(about["charge"])) if about else None
    return next((charged for charged in charges(desk.session, case) if charged.key == key), None)


def contestable(desk: Desk, caller: Caller, case: Case) -> list[Charged]:
    """What counts against the caller's unit, came lately, and was neither lifted nor contested before."""
    since = desk.now - desk.rules.appeal_within
    spent = contested(desk.session, case, Move.ASK_APPEAL) | lifted(desk.session, case)
    return [
        charged
        for charged in charges(desk.session, case)
        if charged.unit_code in caller.units and charged.noted_at >= since and charged.key not in spent
    ]


def contestable_cases(desk: Desk, caller: Caller) -> list[Case]:
    """The cases of which that is true of anything."""
    since = desk.now - desk.rules.appeal_within
    query = (
        select(Case)
        .join(Assignment, Assignment.case_id == Case.id)
        .where(
            Assignment.unit_code.in_(caller.units),
            Assignment.role == Hand.LEAD,
            Assignment.ended_at.is_(None) | (Assignment.ended_at >= since),
        )
        .order_by(Case.id)
    )
    return [case for case in desk.session.scalars(query).unique() if contestable(desk, caller, case)]
