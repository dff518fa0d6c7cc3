"""关联账号: one person writes from several accounts, and is one person."""

from datetime import timedelta

from sqlalchemy import select, update

from handlers.desk import Desk
from handlers.membership.invitations import new_code
from handlers.people.caller import Caller
from models.absence import Absence
from models.assignment import Assignment
from models.draft import Draft, DraftState
from models.exposure import Pledge
from models.outbound import Delivery, OutboundMessage
from models.patrol import Round
from models.people import Identity, Invitation, Membership, Person
from models.petition import Petition
from models.question import Question
from models.report import Report

WORDS = ("关联账号", "关联帐号")
_CODE_VALID = timedelta(minutes=30)
# All that is somebody's; what happened (CaseEvent) stays as it was written.
_WHOSE = (Identity, Report, Membership, Question, Petition, Pledge, Absence, Round, Draft)


def answer(desk: Desk, caller: Caller, text: str) -> str | None:
    """关联账号: a code to be sent from the other account; None for everything else."""
    if text not in WORDS:
        return None
    code = new_code()
    desk.session.add(
        Invitation(
            code=code,
            joins_id=caller.person.id,
            name=caller.person.name,
            created_at=desk.now,
            expires_at=desk.now + _CODE_VALID,
        )
    )
    return desk.texts("account.code", code=code, minutes=round(_CODE_VALID.total_seconds() / 60))


def join(desk: Desk, caller: Caller, person_id: int) -> str:
    """The caller's account becomes the other person's too, with all it reported and holds."""
    if person_id == caller.person.id:
        return desk.texts("account.same")
    _end_unfinished(desk, caller.person.id)
    for table in _WHOSE:
        desk.session.execute(update(table).where(table.person_id == caller.person.id).values(person_id=person_id))
    _rename(desk, caller.person.id, person_id)
    waiting = OutboundMessage.person_id == caller.person.id, OutboundMessage.state == Delivery.WAITING
    desk.session.execute(update(OutboundMessage).where(*waiting).values(person_id=person_id))
    return desk.texts("account.joined")


def _rename(desk: Desk, was: int, person_id: int) -> None:
    """Those who name the person from elsewhere; a name that only one of the two had is kept."""
    for column in (Membership.deputy_id, Assignment.claimed_by, Invitation.joins_id):
        desk.session.execute(update(column.class_).where(column == was).values({column.key: person_id}))
    one, other = desk.session.get_one(Person, person_id), desk.session.get_one(Person, was)
    one.name = one.name or other.name


def _end_unfinished(desk: Desk, person_id: int) -> None:
    """What is under way here would stand beside what is under way there."""
    desk.session.execute(
        update(Round).where(Round.person_id == person_id, Round.ended_at.is_(None)).values(ended_at=desk.now)
    )
    query = select(Draft).where(Draft.person_id == person_id, Draft.state == DraftState.OPEN)
    for draft in desk.session.scalars(query):
        draft.close(DraftState.CANCELLED, desk.now)
