"""人员页: who is in office, how they can be reached, and what changes about them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.gate import needs
from console.noting import note
from console.premises import premises
from console.staff import register as staff
from console.staff.register import Wanted
from console.visitor import Right, visitor
from handlers.desk import Desk
from handlers.membership import register
from handlers.membership.cells import Unreadable
from handlers.membership.choices import unit_choices
from handlers.membership.register import NoSuchPerson
from models.absence import Absence
from models.login import Login
from models.people import Membership, Person, Role
from models.unit import Unit

people = Blueprint("people", __name__)

_LENGTH = 100
Change = Callable[[Desk, Membership], object]


@people.get("/people")
@needs(Right.STAFF, Right.PEOPLE)
def page() -> Any:
    """Everybody in office whom the visitor may see, by name, unit, role and 联络状态; who looked is noted."""
    here, who, args = premises(), visitor(), request.args
    now = here.now()
    at = max(0, args.get("at", 0, type=int))
    role = args.get("role", "") if args.get("role", "") in set(Role) else ""
    wanted = Wanted(args.get("q", "").strip()[:40], args.get("unit", "")[:32], role, args.get("reach", "")[:16])
    with here.story() as session:
        desk = here.desk(session, now)
        rows, count = staff.rows(desk, who, wanted, at, _LENGTH)
        note(
            session,
            now,
            "look.people",
            "people",
            wanted.words,
            unit=wanted.unit,
            role=wanted.role,
            reach=wanted.reach,
        )
        return render_template(
            "people/page.html",
            rows=rows,
            count=count,
            wanted=wanted,
            roles=desk.router.pack.roles,
            shown_roles=staff.OF_UNITS if who.units is not None else tuple(Role),
            units=_units(session),
            above=max(0, at - _LENGTH) if at else None,
            below=at + _LENGTH if at + _LENGTH < count else None,
            asked={key: value for key, value in args.items() if value and key != "at"},
        )


def _units(session: Session) -> dict[str, Unit]:
    """The units the visitor may see, also retired ones: people may still be there."""
    who = visitor()
    return {unit.code: unit for unit in session.scalars(select(Unit).order_by(Unit.code)) if who.sees_unit(unit.code)}


@people.get("/people/<int:person_id>")
@needs(Right.STAFF, Right.PEOPLE)
def person(person_id: int) -> Any:
    """One person: roles given and ended, accounts without their ids, deputy, leave. Looked at, so it is noted."""
    return _person(person_id)


def _person(person_id: int, told: str = "") -> str:
    here, who = premises(), visitor()
    now = here.now()
    with here.story() as session:
        desk = here.desk(session, now)
        found = session.get(Person, person_id)
        held = _seen(session, person_id) if found is not None else []
        if found is None or not held:
            abort(HTTPStatus.NOT_FOUND)
        note(session, now, "look.person", f"person:{person_id}")
        contact = staff.told(desk, [(held[0], found)])[0]
        current = [one for one in held if one in found.roles(now)]
        return render_template(
            "people/person.html",
            person=found,
            current=current,
            past=[one for one in held if one not in current],
            contact=contact,
            identities=_identities(desk, contact, found),
            colleagues={one.id: _colleagues(desk, one) for one in current},
            deputies={one.deputy_id: _name(session, one.deputy_id) for one in held if one.deputy_id},
            absences=_absences(session, person_id),
            login=session.scalars(select(Login).where(Login.person_id == person_id)).one_or_none(),
            roles=desk.router.pack.roles,
            units=_units(session),
            may_change=who.may(Right.PEOPLE),
            today=now.astimezone(here.zone).date(),
            told=told,
        )


def _seen(session: Session, person_id: int) -> list[Membership]:
    """The roles of a person that the visitor may see, ended ones too; none where the person is not theirs to see.

    Who has left is no longer a leader's to see: they may be somebody else's by now.
    """
    who, now = visitor(), premises().now()
    query = select(Membership).where(Membership.person_id == person_id, *staff.in_sight(who))
    held = list(session.scalars(query.order_by(Membership.id.desc())))
    is_theirs = who.units is None or any(one.until is None or one.until > now for one in held)
    return held if is_theirs else []


def _identities(desk: Desk, row: staff.Row, found: Person) -> list[tuple[str, bool, datetime]]:
    """At what kind of account they are known, whether still so, and when they last wrote there; never their ids."""
    heard = {identity.account: identity.last_heard_at for identity in found.identities}
    return [
        (desk.texts(f"contact.family.{account.family}"), account.bound, heard[account.key])
        for account in row.contact.accounts
    ]


def _colleagues(desk: Desk, held: Membership) -> list[tuple[int, str]]:
    """Who could stand in for a role: others in office at the same unit."""
    if held.unit_code is None:
        return []
    query = (
        select(Membership.id, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.unit_code == held.unit_code, Membership.person_id != held.person_id, staff.in_force(desk))
        .order_by(Person.name)
    )
    return [(row.id, row.name) for row in desk.session.execute(query)]


def _name(session: Session, person_id: int | None) -> str:
    found = session.get(Person, person_id) if person_id else None
    return found.name if found else ""


def _absences(session: Session, person_id: int) -> list[Absence]:
    query = select(Absence).where(Absence.person_id == person_id).order_by(Absence.begins_at.desc())
    return list(session.scalars(query.limit(20)))


@people.post("/people/roles/<int:number>/leave")
@needs(Right.PEOPLE)
def leave(number: int) -> Any:
    """离任."""

    def change(desk: Desk, held: Membership) -> object:
        if held.person_id == visitor().person_id and held.role is Role.ADMIN:
            raise NoSuchPerson("nobody locks themselves out")
        return register.leave(desk.session, held.id, desk.now)

    return _change(number, "leave", change)


@people.post("/people/roles/<int:number>/move")
@needs(Right.PEOPLE)
def move(number: int) -> Any:
    """调动 to the unit that is named."""
    words = request.form.get("unit", "").strip()

    def change(desk: Desk, held: Membership) -> object:
        return register.move(desk.session, held.id, unit_choices(desk.router.pack).key(words), desk.now)

    return _change(number, "move", change, words)


@people.post("/people/roles/<int:number>/deputy")
@needs(Right.PEOPLE)
def deputy(number: int) -> Any:
    """AB 岗."""
    other = request.form.get("deputy", 0, type=int)
    return _change(
        number, "deputy", lambda desk, held: register.stand_in(desk.session, held.id, other, desk.now), str(other)
    )


@people.post("/people/roles/<int:number>/away")
@needs(Right.PEOPLE)
def away(number: int) -> Any:
    """请假 from a day to a day, both included."""
    first, last = request.form.get("first", ""), request.form.get("last", "")

    def change(desk: Desk, held: Membership) -> object:
        begins, ends = _moment(desk, first, 0), _moment(desk, last, 1)
        return register.away(desk.session, held.id, begins, ends, desk.now)

    return _change(number, "away", change, f"{first}–{last}")


def _moment(desk: Desk, day: str, later: int) -> datetime:
    """The beginning of a day, or of one some days later, in the city. Raises ValueError."""
    return datetime.combine(date.fromisoformat(day) + timedelta(days=later), time.min, desk.zone).astimezone(UTC)


@people.post("/people/roles/<int:number>/back")
@needs(Right.PEOPLE)
def back(number: int) -> Any:
    """销假."""
    return _change(number, "back", lambda desk, held: register.back(desk.session, held.person_id, desk.now))


def _change(number: int, act: str, change: Change, words: str = "") -> Any:
    """One change about one role, whole or not at all, and noted."""
    here = premises()
    now = here.now()
    person_id = 0
    try:
        with here.story() as session:
            desk, held = here.desk(session, now), session.get(Membership, number)
            if held is None:
                abort(HTTPStatus.NOT_FOUND)
            person_id = held.person_id
            change(desk, held)
            note(session, now, f"people.{act}", f"person:{person_id}", words, membership=number)
    except (NoSuchPerson, OverflowError, ValueError) as error:
        told = str(error) if isinstance(error, Unreadable) else here.texts(f"people.{act}_failed")
        return _person(person_id, told), HTTPStatus.CONFLICT
    return redirect(url_for("console.people.person", person_id=person_id))
