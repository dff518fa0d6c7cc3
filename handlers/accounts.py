"""关联账号: one person writes from several accounts, and is one person."""

from datetime import timedelta

from sqlalchemy import select, update

from handlers.desk import Desk
from handlers.membership.invitations import new_code
from handlers.people import Caller
from models.draft import Draft, DraftState
from models.outbound import Delivery, OutboundMessage
from models.people import Identity, Invitation, Membership
from models.question import Question
from models.report import Report

WORDS = ("关联账号", "关联帐号")
_CODE_VALID = timedelta(minutes=30)


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
    _close_drafts(desk, caller.person.id)
    for table in (Identity, Report, Membership, Question):
        desk.session.execute(update(table).where(table.person_id == caller.person.id).values(person_id=person_id))
    waiting = OutboundMessage.person_id == caller.person.id, OutboundMessage.state == Delivery.WAITING
    desk.session.execute(update(OutboundMessage).where(*waiting).values(person_id=person_id))
    return desk.texts("account.joined")


def _close_drafts(desk: Desk, person_id: int) -> None:
    """What was being written here would stand beside what is being written there."""
    query = select(Draft).where(Draft.person_id == person_id, Draft.state == DraftState.OPEN)
    for draft in desk.session.scalars(query):
        draft.close(DraftState.CANCELLED, desk.now)
