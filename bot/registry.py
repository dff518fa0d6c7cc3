"""登记: units from the data pack into the tables, and binding codes out of them."""

import secrets
from datetime import datetime, timedelta
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from bot.installation import Installation
from models.people import Invitation, Role
from models.unit import Unit
from routing.pack import Pack

# Without the letters and digits people mix up when they read a code aloud.
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 8
# WeChat shows the picture for a ticket here, on another host than its API.
SHOW_QR = "https://mp.weixin.qq.com/cgi-bin/showqrcode"


class UnknownAccount(LookupError):
    """No account has this key; says which there are."""


class UnknownUnit(LookupError):
    """No unit has this code; says which."""


def load_units(session: Session, pack: Pack) -> int:
    """责任单位: write the pack's units; those it no longer has are retired, because old cases name them."""
    for kept in session.query(Unit).filter(Unit.code.not_in(list(pack.units))):
        kept.retired = True
    # Parents must be there before their children; two passes spare sorting the tree.
    for unit in pack.units.values():
        session.merge(Unit(code=unit.code, name=unit.name, short=unit.short, tier=unit.tier.value, retired=False))
    session.flush()
    for unit in pack.units.values():
        session.get_one(Unit, unit.code).parent_code = unit.parent
    return len(pack.units)


def invite(
    session: Session, role: Role, unit: str | None, name: str, now: datetime, valid: timedelta, uses: int = 1
) -> Invitation:
    """绑定码: whoever sends 绑定 CODE, or scans it, holds the role. Raises UnknownUnit."""
    if role is Role.DISPATCHER:
        unit = None
    elif unit is None or session.get(Unit, unit) is None:
        raise UnknownUnit(f"no unit has the code {unit!r}; see data/*/units.yaml, or run `run.py load` first")
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    invitation = Invitation(
        code=code, name=name, role=role, unit_code=unit, created_at=now, expires_at=now + valid, uses_left=uses
    )
    session.add(invitation)
    session.flush()
    return invitation


def qr_address(installation: Installation, account: str, code: str, valid: timedelta) -> str:
    """Where the picture of a QR code is that carries a binding code. Raises UnknownAccount, SendError."""
    door = installation.doors.get(account)
    if door is None:
        raise UnknownAccount(f"no account {account!r} in the settings; there are: {', '.join(installation.doors)}")
    made = door.api.create_scene(code, valid)
    return f"{SHOW_QR}?{urlencode({'ticket': made.ticket})}"
