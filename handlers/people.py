"""Who is speaking (人员与绑定): identities met, invitations honoured."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import and_, bindparam, insert, or_, select, update

from handlers.desk import Desk
from handlers.message import Kind, Message
from models.actor import Actor
from models.base import Upsert, table_of
from models.case import Case
from models.people import Identity, Invitation, Membership, Person, Role
from models.workflow import Part


class Post(NamedTuple):
    """任职: a role in force, and the unit it is for."""

    role: Role
    unit_code: str | None


class Somebody(NamedTuple):
    """某人: whom we speak with; name is "" for whoever has never been bound."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Caller:
    """来者: a person at one account, with the roles in force now."""

    identity_id: int
    account: str
    person: Somebody
    memberships: tuple[Post, ...]

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
    identity_id, person_id = _heard(desk, message) or _new(desk, message)
    rows = desk.session.execute(_IN_OFFICE, {"person": person_id, "at": desk.now}).all()
    posts = tuple(Post(row.role, row.unit_code) for row in rows if row.role is not None)
    return Caller(identity_id, message.account, Somebody(person_id, rows[0].name), posts)


def _heard(desk: Desk, message: Message) -> tuple[int, int] | None:
    """The ids of identity and person, where known; the identity is held, and told what this message says of it."""
    values = {"there": message.account, "who": message.sender, "at": desk.now}
    if message.kind is Kind.NOTICE:
        row = desk.session.execute(_NOTICED, values).one_or_none()
    else:
        row = desk.session.execute(_SPOKE, {**values, "still": message.kind is not Kind.UNFOLLOW}).one_or_none()
    return (row.id, row.person_id) if row else None


def _new(desk: Desk, message: Message) -> tuple[int, int]:
    person_id = desk.session.execute(_PERSON, {"name": "", "created_at": desk.now}).scalar_one()
    identity = {"account": message.account, "openid": message.sender, "person_id": person_id}
    # Two first messages may arrive together; the second finds the first one's row instead of failing.
    desk.session.execute(_FIRST.on(desk.session), {**identity, "follows": True, "last_heard_at": desk.now})
    held = _heard(desk, message)
    if held is None:
        raise LookupError("an identity just written cannot be read back")
    return held


# Every message passes here, so these are made once, on the tables: no objects are needed.
_IDENTITIES, _PERSONS, _POSTS = table_of(Identity), table_of(Person), table_of(Membership)
_NOTICED = (
    update(_IDENTITIES)
    .where(_IDENTITIES.c.account == bindparam("there"), _IDENTITIES.c.openid == bindparam("who"))
    .values(last_heard_at=bindparam("at"))
    .returning(_IDENTITIES.c.id, _IDENTITIES.c.person_id)
)
_SPOKE = _NOTICED.values(follows=bindparam("still"), broken_at=None)
_PERSON = insert(_PERSONS).returning(_PERSONS.c.id)
_FIRST = Upsert(Identity, lambda row: row.on_conflict_do_nothing())
_IN_FORCE = and_(
    _POSTS.c.person_id == _PERSONS.c.id,
    _POSTS.c.since <= bindparam("at"),
    or_(_POSTS.c.until.is_(None), _POSTS.c.until > bindparam("at")),
)
_IN_OFFICE = (
    select(_PERSONS.c.name, _POSTS.c.role, _POSTS.c.unit_code)
    .select_from(_PERSONS.outerjoin(_POSTS, _IN_FORCE))
    .where(_PERSONS.c.id == bindparam("person"))
    .order_by(_POSTS.c.id)
)


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
    person = desk.session.get_one(Person, caller.person.id)
    person.memberships.append(Membership(role=invitation.role, unit_code=invitation.unit_code, since=desk.now))
    person.name = invitation.name or person.name
    unit = desk.unit_name(invitation.unit_code or "")
    return desk.texts(f"bind.done.{invitation.role}", unit=unit, name=person.name)


def _use_up(desk: Desk, invitation: Invitation) -> bool:
    """Take one use of the code; False when somebody else took the last one."""
    taken = desk.session.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.uses_left > 0)
        .values(uses_left=Invitation.uses_left - 1)
    )
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]
