"""人员变动: rosters into invitations, and what changes about people afterwards. Nothing is ever half done."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.membership.invitations import new_code
from handlers.membership.roster import Roster, RosterRow
from models.absence import Absence
from models.people import Invitation, Membership, Person, Role
from models.unit import Unit

_NAME_LENGTH = 128


class NoSuchPerson(LookupError):
    """What was asked for fits nobody; says why."""


@dataclass(frozen=True, slots=True)
class Issued:
    """发码: a roster's row and the code its person binds with; "" and who it is, where they are bound already."""

    row: RosterRow
    code: str
    person_id: int | None = None


class Listed(NamedTuple):
    """在册: one role of one person. reachable: WeChat knows them and they follow an account."""

    membership: Membership
    person: Person
    reachable: bool


def import_roster(session: Session, roster: Roster, now: datetime, valid: timedelta, zone: ZoneInfo) -> list[Issued]:
    """An invitation for everybody on the roster who is not bound yet. Raises ValueError for one with problems."""
    if roster.problems:
        raise ValueError(f"the roster has {len(roster.problems)} problem(s); nothing was imported")
    return [_issue(session, row, now, valid, zone) for row in roster.rows]


def _issue(session: Session, row: RosterRow, now: datetime, valid: timedelta, zone: ZoneInfo) -> Issued:
    """The code of one row, or what the row changes about a person who is bound."""
    role = Role(row.role)
    facts = _facts(row)
    bound = _bound(session, row, role, now)
    if bound is not None:
        for name, value in facts.items():
            setattr(bound, name, value)
        bound.until = _ends_at(row, zone)
        link_deputies(session, bound)
        return Issued(row, "", bound.person_id)
    invitation = _waiting(session, row, role, now) or Invitation(code=new_code(), created_at=now, uses_left=1)
    invitation.name, invitation.role, invitation.unit_code = row.name, role, row.unit
    invitation.expires_at, invitation.ends_at = now + valid, _ends_at(row, zone)
    for name, value in facts.items():
        setattr(invitation, name, value)
    session.add(invitation)
    session.flush()
    return Issued(row, invitation.code)


def _facts(row: RosterRow) -> dict[str, str]:
    """What a roster says besides name, role and unit."""
    areas = " ".join(row.areas)[:_NAME_LENGTH]
    return {"post": row.post, "shift": row.shift, "areas": areas, "outlet": row.outlet, "deputy": row.deputy}


def _ends_at(row: RosterRow, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(row.expires, time.max, zone) if row.expires else None


def _bound(session: Session, row: RosterRow, role: Role, now: datetime) -> Membership | None:
    """The role this row tells of, where its person holds it already."""
    held = (m for p in session.scalars(select(Person).where(Person.name == row.name)) for m in p.roles(now))
    alike = [m for m in held if m.role is role and m.unit_code == row.unit]
    # A roster that names another post for the same hours moves the person there.
    same = next((m for m in alike if m.shift == row.shift), None)
    if same is not None or not row.shift or not _was_bound(session, row, role):
        return same
    # Whoever has said 上岗 elsewhere holds the role without hours until a roster plans them again.
    return next((m for m in alike if m.post and not m.shift), None)


def _was_bound(session: Session, row: RosterRow, role: Role) -> bool:
    """Whether the code for these hours was sent out and used."""
    used = select(Invitation.id).where(
        Invitation.name == row.name,
        Invitation.role == role,
        Invitation.shift == row.shift,
        Invitation.uses_left == 0,
    )
    return session.scalars(used.limit(1)).first() is not None


def _waiting(session: Session, row: RosterRow, role: Role, now: datetime) -> Invitation | None:
    """The code sent out before: a roster imported twice does not make two."""
    query = select(Invitation).where(
        Invitation.name == row.name,
        Invitation.role == role,
        Invitation.unit_code.is_not_distinct_from(row.unit),
        Invitation.shift == row.shift,
        Invitation.uses_left > 0,
        Invitation.expires_at > now,
    )
    return session.scalars(query).first()


def link_deputies(session: Session, membership: Membership) -> None:
    """AB 岗: the named deputy, and those who named this person, once both are bound at the same unit."""
    colleagues = select(Membership).where(
        Membership.unit_code == membership.unit_code, Membership.person_id != membership.person_id
    )
    named = session.get_one(Person, membership.person_id).name
    for other in session.scalars(colleagues) if membership.unit_code else ():
        if other.deputy and other.deputy == named:
            other.deputy_id = membership.person_id
        if membership.deputy and membership.deputy == other.person.name:
            membership.deputy_id = other.person_id


def listed(session: Session, now: datetime, unit: str | None = None) -> list[Listed]:
    """在册: who holds what, by unit and role."""
    query = (
        select(Membership, Person)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.since <= now)
        .order_by(Membership.unit_code, Membership.role, Person.name, Membership.id)
    )
    if unit:
        query = query.where(Membership.unit_code == unit)
    return [
        Listed(m, person, any(i.follows and i.broken_at is None for i in person.identities))
        for m, person in session.execute(query)
        if m.until is None or m.until > now
    ]


def leave(session: Session, membership_id: int, now: datetime) -> Person:
    """离任: the role ends now. Raises NoSuchPerson."""
    membership = _held(session, membership_id, now)
    membership.until = now
    return membership.person


def move(session: Session, membership_id: int, unit: str, now: datetime) -> Membership:
    """调动: the same role at another unit from now on; what was done before stays with the old one."""
    membership = _held(session, membership_id, now)
    if session.get(Unit, unit) is None:
        raise NoSuchPerson(f"no unit has the code {unit!r}")
    membership.until = now
    kept = {name: getattr(membership, name) for name in ("person_id", "role", "post", "shift", "areas", "outlet")}
    moved = Membership(unit_code=unit, since=now, **kept)
    session.add(moved)
    session.flush()
    return moved


def stand_in(session: Session, membership_id: int, deputy_membership_id: int, now: datetime) -> tuple[Person, Person]:
    """AB 岗: who hears instead while the person is away. The deputy must act for the same unit."""
    membership, deputy = _held(session, membership_id, now), _held(session, deputy_membership_id, now)
    if membership.unit_code != deputy.unit_code or membership.person_id == deputy.person_id:
        raise NoSuchPerson(f"{deputy_membership_id} is not a colleague at the same unit")
    membership.deputy_id, membership.deputy = deputy.person_id, deputy.person.name
    return membership.person, deputy.person


def away(session: Session, membership_id: int, begins_at: datetime, ends_at: datetime, now: datetime) -> Membership:
    """请假: between the two times the deputy hears instead. Raises NoSuchPerson, ValueError."""
    membership = _held(session, membership_id, now)
    if ends_at <= max(begins_at, now):
        raise ValueError("an absence ends after it begins, and in the future")
    session.add(Absence(person_id=membership.person_id, begins_at=begins_at, ends_at=ends_at))
    return membership


def back(session: Session, person_id: int, now: datetime) -> None:
    """销假: whatever absence runs or is planned ends now."""
    running = select(Absence).where(Absence.person_id == person_id, Absence.ends_at > now)
    for absence in session.scalars(running):
        absence.ends_at = now


def _held(session: Session, membership_id: int, now: datetime) -> Membership:
    membership = session.get(Membership, membership_id)
    if membership is None or (membership.until is not None and membership.until <= now):
        raise NoSuchPerson(f"nobody holds a role with the number {membership_id}; see `run.py people list`")
    return membership
