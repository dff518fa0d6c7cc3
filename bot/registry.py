"""登记: units from the data pack into the tables, and QR codes out of WeChat."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from bot.doors import Door
from bot.installation import Installation
from models.unit import Unit
from routing.pack import Pack

# WeChat shows the picture for a ticket here, on another host than its API.
SHOW_QR = "https://mp.weixin.qq.com/cgi-bin/showqrcode"


class UnknownAccount(LookupError):
    """No account has this key; says which there are."""


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


def door(installation: Installation, account: str) -> Door:
    """The account's way to WeChat. Raises UnknownAccount."""
    found = installation.doors.official.get(account)
    if found is None:
        raise UnknownAccount(
            f"no account {account!r} in the settings; there are: {', '.join(installation.doors.official)}"
        )
    return found


def put_menu(installation: Installation, key: str, menu: dict[str, Any]) -> None:
    """Replace the menu of an account or app. Raises UnknownAccount, SendError."""
    app = installation.doors.work.get(key)
    (app or door(installation, key)).api.create_menu(menu)


def qr_address(installation: Installation, account: str, code: str, valid: timedelta) -> str:
    """Where the picture of a QR code is that carries a binding code. Raises UnknownAccount, SendError."""
    made = door(installation, account).api.create_scene(code, valid)
    return f"{SHOW_QR}?{urlencode({'ticket': made.ticket})}"
