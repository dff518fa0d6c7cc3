"""节奏: how fast one member of a company may be written to; what is too fast WeCom drops without telling.

WeCom allows 30 a minute and 1,000 an hour (facts: §3.2) and does not say where its minute begins. Ours begins with
the first word of it, and a slow worker may send half a minute later what it was granted; so any minute of theirs
touches three of ours at most, and a third of its limit in each keeps to it always.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.parcel import Window
from models.base import Upsert
from models.people import Allowance, Way

MINUTE, HOUR = "minute", "hour"
_LENGTHS: Mapping[str, timedelta] = {MINUTE: timedelta(minutes=1), HOUR: timedelta(hours=1)}
_FIRST = Upsert(Allowance, lambda row: row.on_conflict_do_nothing())


def reserve(session: Session, wanted: Mapping[int, int], pace: Mapping[str, int], now: datetime) -> dict[int, Window]:
    """Take from the ledger, before anything is sent, how many words each identity may get now.

    wanted: how many wait, by identity.  pace: the most in a minute and in an hour.
    A window's `left` is what was granted; `until` when there will be more.
    Taken while the rows are held: of two workers that write to one person each knows what the other took.
    """
    if not wanted:
        return {}
    held = _held(session, wanted)
    missing = [_unused(who, span) for who in sorted(wanted) for span in _LENGTHS if span not in held.get(who, {})]
    if missing:
        session.execute(_FIRST.on(session), missing)
        held = _held(session, wanted)
    return {identity: _grant(rows, wanted[identity], pace, now) for identity, rows in held.items()}


def _held(session: Session, wanted: Mapping[int, int]) -> dict[int, dict[str, Allowance]]:
    query = select(Allowance).where(Allowance.identity_id.in_(wanted), Allowance.way == Way.WORK)
    held: dict[int, dict[str, Allowance]] = {}
    # In one order, so that two workers wait for each other in turn.
    for row in session.scalars(query.order_by(Allowance.id).with_for_update()):
        held.setdefault(row.identity_id, {})[row.slot] = row
    return held


def _unused(identity: int, span: str) -> dict[str, Any]:
    return {"identity_id": identity, "way": Way.WORK, "slot": span, "left": 0, "until": None, "address": ""}


def _grant(rows: Mapping[str, Allowance], wanted: int, pace: Mapping[str, int], now: datetime) -> Window:
    ends: dict[str, datetime] = {}
    for span, row in rows.items():
        if row.until is None or row.until <= now:
            row.left, row.until = pace[span], now + _LENGTHS[span]
        ends[span] = row.until
    granted = min(wanted, *(row.left for row in rows.values()))
    for row in rows.values():
        row.left -= granted
    more_at = max((ends[span] for span, row in rows.items() if row.left == 0), default=ends[MINUTE])
    return Window(Way.WORK, "", granted, more_at)
