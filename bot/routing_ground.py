"""试派台: the router to try things on, also where no secret and no database is in place yet."""

from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from bot import routers
from bot.installation import ROOT, installed
from bot.routers import LEXICON, STARTER, UnknownVersion
from bot.settings import BadSettings
from routing.pack import load as load_pack
from routing.router import Router
from routing.what.learned import read_starter

_WITHOUT_SETTINGS = ROOT / "data" / "jinan"
_CITY = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Ground:
    """试派台: a router, the folder its pack came from, and the city's zone."""

    router: Router
    folder: Path
    zone: tzinfo


def ground(version: str = "") -> Ground:
    """This installation's router with a version, by default the one in use.

    Without settings it is the pack of the project, without a database what the pack came with. Raises
    UnknownVersion where a version that was trained is asked for and cannot be had.
    """
    try:
        here = installed()
    except BadSettings:
        return Ground(_untrained(_WITHOUT_SETTINGS, version), _WITHOUT_SETTINGS, _CITY)
    try:
        with here.database.glance() as session:
            router = here.routers.of(session, version or routers.in_use(session))
    except SQLAlchemyError:
        router = _untrained(here.settings.data, version)
    return Ground(router, here.settings.data, here.settings.timezone)


def _untrained(folder: Path, version: str) -> Router:
    if version not in ("", STARTER, LEXICON):
        raise UnknownVersion(f"'{version}' is in no database here: there is only 'starter' and 'lexicon'")
    return Router(load_pack(folder), None if version == LEXICON else read_starter(folder))
