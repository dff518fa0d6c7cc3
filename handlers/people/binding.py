"""绑定: an invitation honoured, by its code or by scanning it."""

from sqlalchemy import select, update

from handlers.desk import Desk
from handlers.membership.register import link_deputies
from handlers.people import accounts
from handlers.people.caller import Caller, Held
from models.people import Identity, Invitation, Membership, Person, Role


def bind(desk: Desk, caller: Caller, code: str) -> str | None:
    """绑定: give the caller the role an invitation carries; None when there is no such code."""
    code = code.strip().upper()
    invitation = desk.session.scalars(select(Invitation).where(Invitation.code == code)).one_or_none()
    if invitation is None:
        return None
    role = invitation.role
    if role is not None and any(_same_role(held, invitation) for held in caller.memberships):
        return desk.texts("bind.already", role=desk.router.pack.roles[role.value].name)
    if desk.now >= invitation.expires_at or not _use_up(desk, invitation):
        return desk.texts("bind.spent")
    if role is None:
        return accounts.join(desk, caller, invitation.joins_id or caller.person.id)
    person = desk.session.get_one(Person, caller.person.id)
    person.name = invitation.name or person.name
    _give(desk, person, role, invitation)
    return _welcome(desk, person, role, invitation.unit_code or "")


def _same_role(held: Held, invitation: Invitation) -> bool:
    there = (held.role, held.unit_code, held.post, held.shift)
    return there == (invitation.role, invitation.unit_code, invitation.post, invitation.shift)


def _give(desk: Desk, person: Person, role: Role, invitation: Invitation) -> None:
    """The role itself, with all the invitation says of it."""
    facts = {name: getattr(invitation, name) for name in ("post", "shift", "areas", "outlet", "deputy")}
    membership = Membership(
        role=role, unit_code=invitation.unit_code, since=desk.now, until=invitation.ends_at, **facts
    )
    person.memberships.append(membership)
    desk.session.flush()
    platform = desk.router.pack.roles[role.value].platform
    if platform:  # what was scanned or chosen before somebody was registered counts no longer
        desk.session.execute(update(Identity).where(Identity.person_id == person.id).values(platform=platform))
    link_deputies(desk.session, membership)


def _welcome(desk: Desk, person: Person, role: Role, unit: str) -> str:
    """What the new role is for. A reporter hears how their platform wants its reports."""
    named = desk.router.pack.roles[role.value]
    platform = desk.router.pack.platforms.get(named.platform or "")
    if platform is None:
        return desk.texts(f"bind.done.{role}", unit=desk.unit_name(unit), name=person.name)
    return desk.texts(
        "bind.reporter", name=person.name, role=named.name, platform=platform.name, welcome=platform.welcome
    )


def _use_up(desk: Desk, invitation: Invitation) -> bool:
    """Take one use of the code; False when somebody else took the last one."""
    taken = desk.session.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.uses_left > 0)
        .values(uses_left=Invitation.uses_left - 1)
    )
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]
