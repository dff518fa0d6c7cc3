"""烧着的事: what somebody must do something about now, each with a number, its most urgent lines and its list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from console.listing.conditions import conditions, has_lamp, scope
from console.listing.filter import OPEN, Filter, Sort
from console.listing.lines import Line, lines
from console.listing.paging import Count, count, page
from console.looking import Look
from console.wording import Lamp
from models.candidate import Candidate, CandidateState
from models.case import Case
from models.clock import Duty
from models.outbound import Delivery, OutboundMessage
from models.workflow import Status

SHOWN = 9
# Words that died longer ago were told to somebody else, or their case is over.
_LATELY = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Tile:
    """一格. first: what stands before the others, out of the same list.  of_city: only the command centre's.

    heat: 2 for what burns, 1 for what waits for somebody, 0 for what should be known.
    """

    key: str
    filter: Filter
    heat: int = 1
    first: Filter | None = None
    of_city: bool = False


_LATE, _SOON = Filter(status=OPEN, lamp="overdue", sort=Sort.DUE), Filter(status=OPEN, lamp="2h", sort=Sort.DUE)
TILES: Sequence[Tile] = (
    Tile("overdue", _LATE, heat=2),
    Tile("soon", _SOON, heat=2),
    Tile("triage", Filter(status=Status.REPORTED, sort=Sort.DUE), of_city=True),
    Tile("rulings", Filter(owes=Duty.RULING, sort=Sort.DUE)),
    Tile("verify", Filter(status=Status.RECTIFIED, sort=Sort.DUE), first=Filter(on_site=True, sort=Sort.DUE)),
    Tile("unclaimed", Filter(status=Status.ASSIGNED, sort=Sort.DUE)),
    Tile("unreached", Filter(unreached=True, sort=Sort.DUE), heat=2),
    Tile("pledges", Filter(owes=Duty.PLEDGE, sort=Sort.DUE)),
    Tile("exposed", Filter(exposed=True, status=OPEN, sort=Sort.DUE), heat=0),
    Tile("recurrences", Filter(recurrence=True, status=OPEN, sort=Sort.DUE), heat=0),
)


@dataclass(frozen=True, slots=True)
class Burning:
    """一格的内容: its number, and the lines that are most urgent. apart: how many stand first."""

    tile: Tile
    counted: Count
    lines: list[Line]
    apart: int = 0


def burning(at: Look) -> list[Burning]:
    """每一格, as the visitor may see it. A dozen statements: it is asked every ten seconds by everybody."""
    shown = [tile for tile in TILES if at.looking.units is None or not tile.of_city]
    known = _counted_at_once(at)
    found = [_of(at, tile, known.get(tile.key)) for tile in shown]
    every = {row.id: row for one in found for row in one.rows}
    said = {line.number: line for line in lines(at.desk, every.values())}
    return [Burning(one.tile, one.counted, [said[row.id] for row in one.rows], one.apart) for one in found]


class _Found(NamedTuple):
    tile: Tile
    counted: Count
    rows: list[Any]
    apart: int = 0


def _counted_at_once(at: Look) -> dict[str, int]:
    """What can be counted by looking at every open case once."""
    now = at.looking.now
    parts: dict[str, ColumnElement[bool]] = {
        "overdue": has_lamp(Lamp.OVERDUE, now),
        "soon": has_lamp(Lamp.SOON, now),
        "triage": Case.status == Status.REPORTED,
        "verify": Case.status == Status.RECTIFIED,
        "unclaimed": Case.status == Status.ASSIGNED,
        "exposed": Case.exposed.is_(True),
        "recurrences": Case.recurrence_of.is_not(None),
    }
    sums = [func.coalesce(func.sum(case((part, 1), else_=0)), 0).label(key) for key, part in parts.items()]
    row = at.looking.session.execute(select(*sums).where(Case.closed_at.is_(None), *scope(at.looking))).one()
    return {key: int(number) for key, number in row._mapping.items()}


def _of(at: Look, tile: Tile, known: int | None) -> _Found:
    if known == 0:
        return _Found(tile, Count(0, False), [])
    session, asked = at.looking.session, conditions(tile.filter, at.looking)
    counted = count(session, tile.filter, asked) if known is None else Count(known, False)
    if not counted.cases:
        return _Found(tile, counted, [])
    first = page(session, tile.first, conditions(tile.first, at.looking), size=SHOWN).rows if tile.first else []
    apart = {row.id for row in first}
    others = page(session, tile.filter, asked, size=SHOWN).rows if len(first) < SHOWN else []
    rows = [*first, *(row for row in others if row.id not in apart)][:SHOWN]
    return _Found(tile, counted, rows, len(first))


@dataclass(frozen=True, slots=True)
class Trouble:
    """麻烦 of the house itself: its key, how many, and in words what it is."""

    key: str
    count: int
    said: tuple[str, ...] = ()


def troubles(at: Look, problems: Sequence[str]) -> list[Trouble]:
    """What only the command centre is told: dead words, what groups said, chores that are stuck."""
    if at.looking.units is not None:
        return []
    return [one for one in _troubles(at.looking.session, at, problems) if one.count]


def _troubles(session: Session, at: Look, problems: Sequence[str]) -> Iterator[Trouble]:
    since = at.looking.now - _LATELY
    dead = OutboundMessage.state == Delivery.DEAD, OutboundMessage.created_at > since
    yield Trouble("dead", session.scalars(select(func.count()).select_from(OutboundMessage).where(*dead)).one())
    waiting = Candidate.state == CandidateState.WAITING
    yield Trouble("groups", session.scalars(select(func.count()).select_from(Candidate).where(waiting)).one())
    yield Trouble("chores", len(problems), tuple(problems))
