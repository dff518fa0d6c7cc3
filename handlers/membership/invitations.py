"""绑定码: codes that give their bearer a role."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.people import Invitation, Role
from models.unit import Unit

# Without the letters and digits people mix up when they read a code aloud.
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 8
_ACT_FOR_A_UNIT = (Role.OFFICER, Role.LEADER)


class NoSuchCode(LookupError):
    """No code that can still be used has this number."""


class UnknownUnit(LookupError):
    """No unit has this code; says which."""


def new_code() -> str:
    """A code nobody can guess, easy to read aloud."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def invite(
    session: Session,
    role: Role,
    unit: str | None,
    name: str,
    now: datetime,
    valid: timedelta,
    uses: int = 1,
    **more: str,
) -> Invitation:
    """绑定码: whoever sends 绑定 CODE, or scans it, holds the role. Raises UnknownUnit.

    more: post, shift, areas, outlet and deputy, as Membership keeps them.
    """
    if role is Role.DISPATCHER:
        unit = None
    elif (unit or role in _ACT_FOR_A_UNIT) and (unit is None or session.get(Unit, unit) is None):
        raise UnknownUnit(f"no unit has the code {unit!r}; see data/*/units.yaml, or run `run.py load` first")
    invitation = Invitation(
        code=new_code(),
        name=name,
        role=role,
        unit_code=unit,
        created_at=now,
        expires_at=now + valid,
        uses_left=uses,
        **more,
    )
    session.add(invitation)
    session.flush()
    return invitation


def usable(session: Session, now: datetime) -> list[Invitation]:
    """可用的绑定码, the newest first; what joins two accounts of one person is nobody else's business."""
    query = select(Invitation).where(
        Invitation.role.is_not(None), Invitation.uses_left > 0, Invitation.expires_at > now
    )
    return list(session.scalars(query.order_by(Invitation.id.desc())))


def withdraw(session: Session, invitation_id: int, now: datetime) -> Invitation:
    """收回: nobody can use the code from now on. Raises NoSuchCode."""
    found = session.get(Invitation, invitation_id, with_for_update=True)
    if found is None or found.role is None or found.uses_left == 0 or found.expires_at <= now:
        raise NoSuchCode(f"no code with the number {invitation_id} can still be used")
    found.expires_at = now
    return found
