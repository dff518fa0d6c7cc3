"""在册人员: roles in force with how their holders can be reached, filtered by what the visitor may see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import Session

from console.visitor import Visitor
from handlers.desk import Desk
from handlers.people.contacting import OUT_OF_REACH, reach_in_words, way_in_words
from handlers.reachability import Contact, Reach, contacts
from models.absence import Absence
from models.people import Membership, Person, Role

# Who must be reachable, and whom a unit's leader may see.
OF_UNITS = (Role.OFFICER, Role.LEADER)
STAFF = (*OF_UNITS, Role.DISPATCHER, Role.VERIFIER, Role.ADMIN)
# The word for both of OUT_OF_REACH in addresses.
OUT = "out"


@dataclass(frozen=True, slots=True)
class Row:
    """一项任职 in force, its holder, and how they can be reached."""

    membership: Membership
    person: Person
    contact: Contact
    reach: Reach
    reach_words: str
    way: str
    is_away: bool

    @property
    def is_out(self) -> bool:
        """Whether somebody has to call them."""
        return self.reach in OUT_OF_REACH


@dataclass(frozen=True, slots=True)
class Wanted:
    """筛选: by words of the name, unit, role and 联络状态; "" for all."""

    words: str = ""
    unit: str = ""
    role: str = ""
    reach: str = ""


def in_sight(who: Visitor) -> list[ColumnElement[bool]]:
    """Which roles the visitor may see: the command centre all of them, a leader the staff of their own units.

    So nobody but the command centre learns who the assessors and reporters are.
    """
    if who.units is None:
        return []
    return [Membership.unit_code.in_(sorted(who.units)) if who.units else false(), Membership.role.in_(OF_UNITS)]


def in_force(desk: Desk) -> ColumnElement[bool]:
    """Roles that are held now."""
    return (Membership.since <= desk.now) & or_(Membership.until.is_(None), Membership.until > desk.now)


def rows(desk: Desk, who: Visitor, wanted: Wanted, at: int, length: int) -> tuple[list[Row], int]:
    """A page of roles, beginning at one, and how many there are."""
    found = [(row.Membership, row.Person) for row in desk.session.execute(_query(desk, who, wanted))]
    if not wanted.reach:
        return told(desk, found[at : at + length]), len(found)
    meant = [row for row in told(desk, found) if _is_meant(row, wanted.reach)]
    return meant[at : at + length], len(meant)


def of_units(desk: Desk, who: Visitor, codes: Collection[str]) -> list[Row]:
    """Who acts for these units."""
    query = _query(desk, who, Wanted()).where(Membership.unit_code.in_(codes), Membership.role.in_(OF_UNITS))
    return told(desk, [(row.Membership, row.Person) for row in desk.session.execute(query)])


def _is_meant(row: Row, reach: str) -> bool:
    return row.is_out if reach == OUT else row.reach == reach


def _query(desk: Desk, who: Visitor, wanted: Wanted) -> Select[Membership, Person]:
    query = (
        select(Membership, Person)
        .join(Person, Person.id == Membership.person_id)
        .where(in_force(desk), *in_sight(who))
        .order_by(Membership.unit_code, Membership.role, Person.name, Membership.id)
    )
    if wanted.words:
        query = query.where(Person.name.contains(wanted.words, autoescape=True))
    if wanted.unit:
        query = query.where(Membership.unit_code == wanted.unit)
    return query.where(Membership.role == wanted.role) if wanted.role else query


def told(desk: Desk, found: Sequence[tuple[Membership, Person]]) -> list[Row]:
    """Roles with what is known about reaching their holders."""
    ids = {person.id for _, person in found}
    known = contacts(desk.session, desk.now, ids, desk.families) if ids else {}
    away = away_now(desk.session, desk)
    return [_row(desk, held, person, known, away) for held, person in found]


def _row(desk: Desk, held: Membership, person: Person, known: Mapping[int, Contact], away: set[int]) -> Row:
    contact = known[person.id]
    way = way_in_words(desk, contact.way) if contact.reached_at else ""
    reach = contact.reach(desk.now)
    return Row(held, person, contact, reach, reach_in_words(desk, contact), way, person.id in away)


def away_now(session: Session, desk: Desk) -> set[int]:
    """Who is on leave at this moment."""
    running = select(Absence.person_id).where(Absence.begins_at <= desk.now, Absence.ends_at > desk.now)
    return set(session.scalars(running))
