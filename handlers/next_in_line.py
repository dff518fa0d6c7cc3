"""接替次序: who is told in place of somebody who cannot be reached, one level at a time."""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select

from handlers import notices
from handlers.desk import Desk
from models.assignment import Assignment
from models.case import Case
from models.deadline import Deadline
from models.outbound import OutboundMessage
from models.people import Membership, Role, serving
from models.unit import Unit

_ACTING = (Role.OFFICER, Role.LEADER)
# What is said to a unit that helps (协办) names it, see handlers/helping.py.
_HELPER = re.compile(r":co:([^:]+)")
_CITYWIDE = (Role.DISPATCHER, Role.VERIFIER)


class Level(NamedTuple):
    """一级: its name in keys, and who hears there."""

    name: str
    people: list[int]


def next_level(desk: Desk, person_id: int, unit: str | None, spent: Collection[int]) -> Level | None:
    """The first level at which anybody is left who has not been tried; None when even 指挥部 has nobody left."""
    for name, people in _levels(desk, person_id, unit):
        left = [person for person in people if person not in spent]
        if left:
            return Level(name, left)
    return None


def _levels(desk: Desk, person_id: int, unit: str | None) -> Iterator[Level]:
    """AB 岗, 单位负责人, the units above, 指挥部."""
    yield Level("deputy", _deputies(desk, person_id, unit))
    for code in lineage(desk, unit):
        leaders = serving(desk.session, desk.now, Role.LEADER, [code])
        # Colleagues have had the word themselves; of a unit above, anybody is better than nobody.
        above = [] if leaders or code == unit else serving(desk.session, desk.now, Role.OFFICER, [code])
        yield Level(code, leaders or above)
    yield Level("command", serving(desk.session, desk.now, Role.DISPATCHER))


def lineage(desk: Desk, code: str | None) -> Iterator[str]:
    """A unit and those above it, the nearest first."""
    unit = desk.session.get(Unit, code) if code else None
    while unit is not None:
        yield unit.code
        unit = desk.session.get(Unit, unit.parent_code) if unit.parent_code else None


def _deputies(desk: Desk, person_id: int, unit: str | None) -> list[int]:
    """代理人 of the person at this unit, as far as they are in office themselves."""
    query = select(Membership.deputy_id).where(
        Membership.person_id == person_id, Membership.unit_code.is_not_distinct_from(unit), _in_force(desk)
    )
    named = {deputy for deputy in desk.session.scalars(query) if deputy}
    return sorted(named.intersection(_in_office(desk, unit))) if named else []


def _in_office(desk: Desk, unit: str | None) -> list[int]:
    if unit:
        return notices.unit_people(desk, unit)
    return [person for role in _CITYWIDE for person in serving(desk.session, desk.now, role)]


def colleagues(desk: Desk, unit: str | None) -> set[int]:
    """Who acts for the same unit, or for the command centre; on leave or not, since they may have read it."""
    at = Membership.unit_code == unit if unit else Membership.role.in_(_CITYWIDE)
    acting = Membership.role.in_(_ACTING + _CITYWIDE)
    return set(desk.session.scalars(select(Membership.person_id).where(at, acting, _in_force(desk))))


def addressed_at(desk: Desk, case: Case | None, message: OutboundMessage) -> str | None:
    """For which unit somebody was told; None for the command centre. Who has left was told for the unit that owes."""
    held = select(Membership.unit_code).where(
        Membership.person_id == message.person_id, Membership.role.in_(_ACTING), _in_force(desk)
    )
    own = {code for code in desk.session.scalars(held) if code}
    owing = _owing(desk, case, message) if case or message.deadline_id else sorted(own)
    acting = next((code for unit in owing for code in lineage(desk, unit) if code in own), None)
    if acting or not owing or message.person_id in colleagues(desk, None):
        return acting
    return owing[0]


def _owing(desk: Desk, case: Case | None, message: OutboundMessage) -> list[str]:
    """The units a word is about, the one it most likely is first; none where the command centre owes."""
    if ":command:" in message.key:
        return []
    helper = _HELPER.search(message.key)
    if helper:
        return [helper[1]]
    if message.deadline_id is not None:
        owed = select(Assignment.unit_code).join(Deadline, Deadline.assignment_id == Assignment.id)
        return list(desk.session.scalars(owed.where(Deadline.id == message.deadline_id)))
    if case is None:
        return []
    return [lead.unit_code for lead in reversed(case.assignments)]


def _in_force(desk: Desk) -> ColumnElement[bool]:
    return (Membership.since <= desk.now) & or_(Membership.until.is_(None), Membership.until > desk.now)
