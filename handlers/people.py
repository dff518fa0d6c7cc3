"""Who is speaking (人员与绑定): identities met, invitations honoured."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from handlers.desk import Desk
from handlers.message import Kind, Message
from models.actor import Actor
from models.case import Case
from models.people import Identity, Invitation, Membership, Person, Role
from models.workflow import Part


@dataclass(frozen=True, slots=True)
class Caller:
    """来者: a person at one account, with the roles in force now."""

    identity: Identity
    person: Person
    memberships: tuple[Membership, ...]

    @property
    def is_dispatcher(self) -> bool:
        return any(m.role is Role.DISPATCHER for m in self.memberships)

    @property
    def units(self) -> list[str]:
        """The units this person acts for."""
        return [m.unit_code for m in self.memberships if m.unit_code and m.role is not Role.DISPATCHER]

    def acts_for(self, case: Case) -> Actor | None:
        """The person as an actor of the unit that holds the case, or None."""
        lead = case.lead
        member = next((m for m in self.memberships if lead and m.unit_code == lead.unit_code), None)
        if member is None:
            return None
        return Actor(Part.LEADER if member.role is Role.LEADER else Part.OFFICER, self.person.id)

    def acting_for(self, case: Case) -> Actor:
        """The same, where it is known to be the caller's unit. Raises LookupError otherwise."""
        actor = self.acts_for(case)
        if actor is None:
            raise LookupError(f"case {case.id} is not with the caller's unit")
        return actor


def meet(desk: Desk, message: Message) -> Caller:
    """The sender as a Caller, created when new, and held until the story ends: one sender, one message at a time."""
    identity = _held(desk, message) or _new(desk, message)
    identity.last_heard_at = desk.now
    if message.kind is not Kind.NOTICE:
        identity.follows = message.kind is not Kind.UNFOLLOW
        identity.broken_at = None
    person = identity.person
    return Caller(identity, person, tuple(person.roles(desk.now)))


def _held(desk: Desk, message: Message) -> Identity | None:
    query = select(Identity).where(Identity.account == message.account, Identity.openid == message.sender)
    return desk.session.scalars(query.with_for_update()).one_or_none()


def _new(desk: Desk, message: Message) -> Identity:
    person = Person(created_at=desk.now)
    desk.session.add(person)
    desk.session.flush()
    # Two first messages may arrive together; the second finds the first one's row instead of failing.
    insert = sqlite_insert if desk.session.get_bind().dialect.name == "sqlite" else postgresql_insert
    desk.session.execute(
        insert(Identity)
        .values(
            account=message.account,
            openid=message.sender,
            person_id=person.id,
            follows=True,
            last_heard_at=desk.now,
        )
        .on_conflict_do_nothing()
    )
    held = _held(desk, message)
    if held is None:
        raise LookupError("an identity just written cannot be read back")
    return held


def bind(desk: Desk, caller: Caller, code: str) -> str | None:
    """绑定: give the caller the role an invitation carries; None when there is no such code."""
    code = code.strip().upper()
    invitation = desk.session.scalars(select(Invitation).where(Invitation.code == code)).one_or_none()
    if invitation is None:
        return None
    if any(m.role is invitation.role and m.unit_code == invitation.unit_code for m in caller.memberships):
        return desk.texts("bind.already", role=desk.texts(f"role.{invitation.role}"))
    if desk.now >= invitation.expires_at or not _use_up(desk, invitation):
        return desk.texts("bind.spent")
    caller.person.memberships.append(Membership(role=invitation.role, unit_code=invitation.unit_code, since=desk.now))
    caller.person.name = invitation.name or caller.person.name
    unit = desk.unit_name(invitation.unit_code or "")
    return desk.texts(f"bind.done.{invitation.role}", unit=unit, name=caller.person.name or "您")


def _use_up(desk: Desk, invitation: Invitation) -> bool:
    """Take one use of the code; False when somebody else took the last one."""
    taken = desk.session.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.uses_left > 0)
        .values(uses_left=Invitation.uses_left - 1)
    )
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]
