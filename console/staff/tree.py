"""单位树: the units with what they hold, who acts for them, and who of those cannot be reached."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from sqlalchemy import case, func, select

from console.staff.register import of_units
from console.visitor import Visitor
from handlers.desk import Desk
from models.case import Case
from models.unit import Unit
from models.workflow import Status
from routing.units import Tier

# While a case waits for its 核查 the command centre owes something, not the unit.
_OWING = (Status.ASSIGNED, Status.CLAIMED)
_HELD = (*_OWING, Status.RECTIFIED)
_SHOWN = (Tier.COMMAND, Tier.DEPARTMENT, Tier.DISTRICT, Tier.STREET)


@dataclass(frozen=True, slots=True)
class Branch:
    """单位 in the tree. open, overdue: its own cases.  people: who acts for it.  out: those nobody can reach."""

    unit: Unit
    open: int
    overdue: int
    people: int
    out: int
    below: "tuple[Branch, ...]"

    @property
    def is_mute(self) -> bool:
        """Nobody who acts for the unit can be told anything."""
        return self.people == self.out

    @property
    def open_below(self) -> int:
        """With everything below it."""
        return self.open + sum(branch.open_below for branch in self.below)

    @property
    def overdue_below(self) -> int:
        """With everything below it."""
        return self.overdue + sum(branch.overdue_below for branch in self.below)

    @property
    def mute_below(self) -> int:
        """How many units, this one among them, have nobody who can be told."""
        return self.is_mute + sum(branch.mute_below for branch in self.below)


def tree(desk: Desk, who: Visitor) -> dict[Tier, list[Branch]]:
    """The units the visitor may see, by tier: districts with their streets, the others flat."""
    units = [unit for unit in _units(desk) if who.sees_unit(unit.code)]
    growing = _Growing(desk, who, units)
    tops = [unit for unit in units if unit.parent_code not in growing.codes or unit.tier != Tier.STREET]
    found: dict[Tier, list[Branch]] = {tier: [] for tier in _SHOWN}
    for unit in tops:
        found[Tier(unit.tier)].append(growing.branch(unit))
    return {tier: branches for tier, branches in found.items() if branches}


def branch(desk: Desk, who: Visitor, unit: Unit) -> Branch:
    """One unit with those right below it."""
    below = [one for one in _units(desk) if one.parent_code == unit.code and who.sees_unit(one.code)]
    return _Growing(desk, who, [unit, *below]).branch(unit)


def _units(desk: Desk) -> list[Unit]:
    return list(desk.session.scalars(select(Unit).where(Unit.retired.is_(False)).order_by(Unit.code)))


class _Growing:
    """What is counted for all units at once, put together unit by unit."""

    def __init__(self, desk: Desk, who: Visitor, units: list[Unit]) -> None:
        self.codes = {unit.code for unit in units}
        self._below: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            if unit.parent_code in self.codes and unit.tier == Tier.STREET:
                self._below[unit.parent_code or ""].append(unit)
        staff = of_units(desk, who, sorted(self.codes))
        people = {(row.membership.unit_code, row.person.id): row.is_out for row in staff}
        self._people = Counter(code for code, _ in people)
        self._out = Counter(code for (code, _), out in people.items() if out)
        self._cases = _cases(desk)

    def branch(self, unit: Unit) -> Branch:
        held, overdue = self._cases.get(unit.code, (0, 0))
        below = tuple(self.branch(one) for one in self._below[unit.code])
        return Branch(unit, held, overdue, self._people[unit.code], self._out[unit.code], below)


def _cases(desk: Desk) -> dict[str, tuple[int, int]]:
    """Open cases and overdue ones, by who holds them."""
    late = case((Case.status.in_(_OWING) & (Case.due_at <= desk.now), 1), else_=0)
    query = select(Case.unit_code, func.count(), func.sum(late)).where(Case.status.in_(_HELD), Case.unit_code != "")
    return {
        code: (int(held), int(overdue))
        for code, held, overdue in desk.session.execute(query.group_by(Case.unit_code))
    }
