"""来访者: who looks at the console, and what they may see and do. Rights follow from roles and from nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask import g
from sqlalchemy.orm import Session

from handlers.desk import Desk
from handlers.people.caller import Caller, caller_of
from models.case import Case
from models.people import Role
from routing.pack import Pack

# What a visitor does is done at no WeChat account.
ACCOUNT = "console"


class Right(StrEnum):
    """权限."""

    LOOK = "look"  # 看案件, in one's own units
    DISPATCH = "dispatch"  # 立案、派单、裁定
    VERIFY = "verify"  # 核查
    REPORTERS = "reporters"  # 看上报人
    ACT_FOR_UNIT = "act_for_unit"  # 代表本单位认领、整改、申请
    STATISTICS = "statistics"  # 看统计
    STAFF = "staff"  # 看人员, in one's own units
    PEOPLE = "people"  # 管人员: codes, rosters, absences
    RULES = "rules"  # 改规则
    JOURNAL = "journal"  # 看操作日志
    RANKING = "ranking"  # 做排名、裁定、公布


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.DISPATCHER: frozenset(
        {Right.LOOK, Right.DISPATCH, Right.VERIFY, Right.REPORTERS, Right.STATISTICS, Right.STAFF}
    ),
    Role.VERIFIER: frozenset({Right.LOOK, Right.VERIFY, Right.STATISTICS}),
    Role.ADMIN: frozenset(
        {Right.LOOK, Right.STATISTICS, Right.STAFF, Right.PEOPLE, Right.RULES, Right.JOURNAL, Right.RANKING}
    ),
    Role.LEADER: frozenset({Right.LOOK, Right.ACT_FOR_UNIT, Right.STATISTICS, Right.STAFF}),
    Role.OFFICER: frozenset({Right.LOOK, Right.ACT_FOR_UNIT}),
}
# Whoever holds one of these sees the whole city; the others see their units and what is below them.
_WHOLE_CITY = frozenset({Role.DISPATCHER, Role.VERIFIER, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Visitor:
    """来访者: a person with a browser that is logged in.

    units: codes of what they may see, None for the whole city.  own: the units they act for themselves.
    session_id, csrf, by: of their login; by is "wall" for a big screen, which only ever shows the wall.
    """

    person_id: int
    name: str
    roles: frozenset[Role]
    rights: frozenset[Right]
    units: frozenset[str] | None
    own: frozenset[str]
    session_id: int = 0
    csrf: str = ""
    by: str = ""
    must_change: bool = False

    def may(self, right: Right) -> bool:
        return right in self.rights

    def sees_unit(self, code: str) -> bool:
        return self.units is None or code in self.units

    def sees(self, case: Case) -> bool:
        """Whether a case is theirs to see: everybody's is the command centre's, a unit's own and its units' below.

        A unit that once held a case goes on seeing it; one that assists sees it as long as it does.
        """
        return self.units is None or any(a.unit_code in self.units for a in (*case.assignments, *case.helping))

    def caller(self, desk: Desk) -> Caller:
        """The visitor as the chat's handlers know people."""
        return caller_of(desk, self.person_id, ACCOUNT)


def visit(desk: Desk, person_id: int, **login: object) -> Visitor:
    """A person as a visitor, with the roles in force at this moment."""
    caller = caller_of(desk, person_id, ACCOUNT)
    roles = frozenset(held.role for held in caller.memberships)
    own = frozenset(caller.units)
    units = None if roles & _WHOLE_CITY else with_below(desk.router.pack, own)
    rights = frozenset().union(*(RIGHTS.get(role, frozenset()) for role in roles))
    return Visitor(person_id, caller.person.name, roles, rights, units, own, **login)  # type: ignore[arg-type]


def with_below(pack: Pack, own: Iterable[str]) -> frozenset[str]:
    """These units and everything below them in the tree."""
    found = set(own)
    while more := {code for code, unit in pack.units.items() if unit.parent in found} - found:
        found |= more
    return frozenset(found)


def visitor() -> Visitor:
    """Who asks. Raises LookupError outside of a page behind the gate."""
    found: Visitor | None = g.get("visitor")
    if found is None:
        raise LookupError("nobody is logged in here")
    return found


def seen_case(session: Session, case_id: int) -> Case | None:
    """A case, if it exists and the visitor may see it; None for both, so that nobody learns which."""
    case = session.get(Case, case_id)
    return case if case is not None and visitor().sees(case) else None
