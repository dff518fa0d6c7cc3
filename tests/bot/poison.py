"""Poison (坏数据): rows as a bug or a hand in the database leaves them, on which a story stumbles."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, update

from bot.installation import Installation
from models.deadline import Deadline
from models.draft import Draft
from models.people import Identity
from models.question import Ask, Question


def spoil_answers_of(installation: Installation, openid: str) -> None:
    """From now on this person's "1" answers a question that has lost what it was about."""
    now = datetime.now(UTC)
    with installation.database.story() as session:
        person = session.scalars(select(Identity.person_id).where(Identity.openid == openid)).one()
        session.add(
            Question(person_id=person, ask=Ask.RATING, payload={}, asked_at=now, expires_at=now + timedelta(days=9))
        )


def cure_answers(installation: Installation) -> None:
    with installation.database.story() as session:
        session.execute(delete(Question))


def spoil_deadlines(installation: Installation, case_id: int) -> None:
    """The case's deadlines lose their policy and are due."""
    with installation.database.story() as session:
        live = update(Deadline).where(Deadline.case_id == case_id, Deadline.next_at.is_not(None))
        session.execute(live.values(policy={}, next_at=datetime.now(UTC) - timedelta(minutes=1)))


def spoilt_draft(installation: Installation, openid: str) -> int:
    """An open draft of a platform that does not exist, quiet long enough."""
    now = datetime.now(UTC)
    with installation.database.story() as session:
        owner = session.scalars(select(Identity).where(Identity.openid == openid)).one()
        draft = Draft(
            person_id=owner.person_id,
            account=owner.account,
            channel="nowhere",
            opened_at=now,
            touched_at=now,
            quiet_at=now - timedelta(minutes=1),
        )
        session.add(draft)
        session.flush()
        return draft.id
