"""Who is speaking (人员与绑定): identities met, invitations honoured."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import and_, bindparam, insert, or_, select, update

from handlers.desk import Desk
from handlers.message import Kind, Message
from models.actor import Actor
from models.base import Upsert, table_of
from models.case import Case
from models.people import Identity, Membership, Person, Role
from models.workflow import Part

_ACTING = (Role.OFFICER, Role.LEADER)


class Held(NamedTuple):
    """任职: a role in force, the unit it is for, and what Membership says of it."""

    role: Role
    unit_code: str | None
    post: str = ""
    shift: str = ""
    areas: str = ""
    outlet: str = ""


class Somebody(NamedTuple):
    """某人: whom we speak with; name is "" for whoever has never been bound."""

    id: int
    name: str


class _Known(NamedTuple):
    """An identity that was met before."""

    identity_id: int
    person_id: int
    platform: str


@dataclass(frozen=True, slots=True)
class Caller:
    """来者: a person at one account, with the roles in force now.

    chosen: the platform they chose, "" for none.  chat: the group they speak in, "" in private.
    """

    identity_id: int
    account: str
    person: Somebody
    memberships: tuple[Held, ...]
    chosen: str = ""
    chat: str = ""

    def holds(self, *roles: Role) -> bool:
        """Whether the person was registered as one of these."""
        return any(m.role in roles for m in self.memberships)

    @property
    def is_dispatcher(self) -> bool:
        return self.holds(Role.DISPATCHER)

    @property
    def units(self) -> list[str]:
        """The units this person acts for."""
        return [m.unit_code for m in self.memberships if m.unit_code and m.role in _ACTING]

    def acts_for(self, case: Case) -> Actor | None:
        """The person as an actor of the unit that holds the case, or None."""
        return self._acting_at({case.lead.unit_code} if case.lead else set())

    def answered_for(self, case: Case) -> Actor | None:
        """The same for any unit that ever held it: what was counted against it stays its own."""
        return self._acting_at({lead.unit_code for lead in case.assignments})

    def helps(self, case: Case) -> Actor | None:
        """协办: the person as an actor of a unit that helps now, or None."""
        helping = {helper.unit_code for helper in case.helping}
        return Actor(Part.HELPER, self.person.id) if helping.intersection(self.units) else None

    def _acting_at(self, units: set[str]) -> Actor | None:
        member = next((m for m in self.memberships if m.role in _ACTING and m.unit_code in units), None)
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
    known = _heard(desk, message) or _new(desk, message)
    return _caller(desk, message.account, known, message.chat)


def caller_of(desk: Desk, person_id: int, account: str, chat: str = "") -> Caller:
    """Somebody who is not speaking now, at the account they spoke to before."""
    query = select(Identity.id, Identity.person_id, Identity.platform)
    known = desk.session.execute(query.where(Identity.person_id == person_id, Identity.account == account)).first()
    return _caller(desk, account, _Known(*known) if known else _Known(0, person_id, ""), chat)


def _caller(desk: Desk, account: str, known: _Known, chat: str) -> Caller:
    rows = desk.session.execute(_IN_OFFICE, {"person": known.person_id, "at": desk.now}).all()
    held = tuple(Held(*row[1:]) for row in rows if row.role is not None)
    return Caller(known.identity_id, account, Somebody(known.person_id, rows[0].name), held, known.platform, chat)


def _heard(desk: Desk, message: Message) -> _Known | None:
    """The identity, where known; it is held, and told what this message says of it."""
    values = {"there": message.account, "who": message.sender, "at": desk.now}
    if message.kind is Kind.NOTICE:
        row = desk.session.execute(_NOTICED, values).one_or_none()
    else:
        row = desk.session.execute(_SPOKE, {**values, "still": message.kind is not Kind.UNFOLLOW}).one_or_none()
    return _Known(*row) if row else None


def _new(desk: Desk, message: Message) -> _Known:
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
    .returning(_IDENTITIES.c.id, _IDENTITIES.c.person_id, _IDENTITIES.c.platform)
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
    select(_PERSONS.c.name, *(_POSTS.c[name] for name in Held._fields))
    .select_from(_PERSONS.outerjoin(_POSTS, _IN_FORCE))
    .where(_PERSONS.c.id == bindparam("person"))
    .order_by(_POSTS.c.id)
)
