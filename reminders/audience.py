"""Who hears a word (提醒对象): the unit's people, and when it has none, the level above, up to the command centre."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.clock import Audience
from models.people import Role, in_office
from models.unit import Unit

_ROLES = {Audience.OFFICERS: Role.OFFICER, Audience.LEADER: Role.LEADER}

_CITYWIDE = (Role.DISPATCHER, Role.VERIFIER)


class Roster:
    """在岗表: everybody in office at one moment, read once for a whole sweep."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._people: dict[tuple[Role, str | None], list[int]] = defaultdict(list)
        for role, unit, person in in_office(session, now):
            self._people[role, None if role in _CITYWIDE else unit].append(person)
        units = session.execute(select(Unit.code, Unit.parent_code, Unit.name)).all()
        self._parents = {code: parent for code, parent, _ in units}
        self._names = {code: name for code, _, name in units}

    def name(self, unit: str | None) -> str:
        """A unit's short name, "" for no unit."""
        return self._names.get(unit or "", "")

    def people(self, audience: Audience, unit: str | None, claimer: int | None) -> list[int]:
        """The ids of those who hear; empty when the audience has nobody."""
        if audience is Audience.VERIFIERS:
            return self._people[Role.VERIFIER, None] or self._people[Role.DISPATCHER, None]
        if audience is Audience.COMMAND or unit is None:
            return self._people[Role.DISPATCHER, None]
        if audience is Audience.PARENT:
            return self._above(unit)
        leaders = self._people[Role.LEADER, unit]
        # A unit that has bound only its 负责人 is not without anybody.
        people = self._people[_ROLES[audience], unit] or leaders
        # Who has claimed the case is the one to remind, be it the 负责人; colleagues need not be woken.
        if audience is Audience.OFFICERS and claimer is not None and claimer in (*people, *leaders):
            return [claimer]
        return people

    def _above(self, unit: str) -> list[int]:
        """上级单位: leaders, else officers, of the nearest unit above that has any."""
        parent = self._parents.get(unit)
        while parent:
            people = self._people[Role.LEADER, parent] or self._people[Role.OFFICER, parent]
            if people:
                return people
            parent = self._parents.get(parent)
        return []

    def hearers(
        self, audiences: tuple[Audience, ...], unit: str | None, claimer: int | None
    ) -> tuple[list[int], bool]:
        """Everybody who hears, and whether that is only because the unit itself has nobody."""
        own = sorted({p for audience in audiences for p in self.people(audience, unit, claimer)})
        if own or unit is None:
            return own, False
        above = self.people(Audience.PARENT, unit, None) or self.people(Audience.COMMAND, None, None)
        return sorted(above), True
