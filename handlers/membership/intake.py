"""名单导入: a roster becomes codes; whom a company's directory knows is bound at once. All of it or nothing."""

from dataclasses import dataclass, replace
from datetime import timedelta

from handlers.desk import Desk
from handlers.membership import members, register
from handlers.membership.register import Issued
from handlers.membership.roster import Roster
from handlers.reachability import Family


class NoApp(LookupError):
    """The roster has userids of 企业微信, and there is not exactly one app whose members they could be."""

    def __init__(self, apps: int) -> None:
        """How many there are."""
        super().__init__(f"the roster has userids of 企业微信, and the settings have {apps} apps, not one")
        self.apps = apps


@dataclass(frozen=True, slots=True)
class Imported:
    """导入结果: every row with its code, "" where it needs none; enrolled: how many were bound just now."""

    issued: tuple[Issued, ...]
    enrolled: int

    @property
    def coded(self) -> int:
        """How many codes have to be handed out."""
        return sum(bool(one.code) for one in self.issued)

    @property
    def known(self) -> int:
        """How many were bound before."""
        return len(self.issued) - self.coded - self.enrolled


def take_in(desk: Desk, roster: Roster, valid: timedelta) -> Imported:
    """导入. Raises NoApp, and ValueError for a roster with problems."""
    app = _app(desk, roster)
    issued = register.import_roster(desk.session, roster, desk.now, valid, desk.zone)
    enrolled = sum(members.enrol(desk, one, app) for one in issued if one.row.member)
    return Imported(tuple(replace(one, code="") if one.row.member else one for one in issued), enrolled)


def _app(desk: Desk, roster: Roster) -> str:
    """The app whose members the roster's userids are."""
    apps = [key for key, family in desk.families.items() if family is Family.WORK]
    if any(row.member for row in roster.rows) and len(apps) != 1:
        raise NoApp(len(apps))
    return apps[0] if apps else ""
