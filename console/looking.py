"""一看: the desk of a moment, and what the visitor may see at it."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from console.listing.conditions import Looking
from console.premises import premises
from console.visitor import visitor
from handlers.desk import Desk


class Look(NamedTuple):
    """一看."""

    desk: Desk
    looking: Looking


def look(session: Session) -> Look:
    """Now, for whoever asks."""
    here = premises()
    now = here.now()
    desk = here.desk(session, now)
    return Look(desk, Looking(session, desk.router.pack, here.zone, now, visitor().units))
