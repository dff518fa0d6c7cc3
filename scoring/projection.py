"""投影: the events of cases into score items, a batch of cases at a time. Replay and increment are the same thing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from models.base import table_of
from models.case import Case
from models.deadline import Deadline
from models.event import CaseEvent
from models.people import Membership, Role
from models.report import Report
from models.score import ScoreItem, ScoreMark
from routing.pack import Pack, Tier
from scoring.items import Facts, Happened, Item
from scoring.ledger import COUNTING, items_of

# Cases whose events fit into memory at once, and rows of one INSERT.
BATCH = 2_000
# What was written by a story that committed late has a lower number than what was read already.
_LOOK_BACK = timedelta(minutes=10)


class Ground(NamedTuple):
    """计分依据 that are no rows: the command centre, each platform's weight, and which unit is below which."""

    command: str
    weights: Mapping[str, float]
    parents: Mapping[str, str | None]


def ground_of(pack: Pack) -> Ground:
    """计分依据 out of the data pack."""
    command = next(unit.code for unit in pack.units.values() if unit.tier is Tier.COMMAND)
    weights = {key: platform.weight for key, platform in pack.platforms.items()}
    return Ground(command, weights, {code: unit.parent for code, unit in pack.units.items()})


def rebuild(session: Session, ground: Ground, now: datetime) -> int:
    """重算: forget every item and make all of them again. Returns how many there are."""
    session.execute(delete(ScoreItem))
    session.execute(delete(ScoreMark))
    return refresh(session, ground, now)


def refresh(session: Session, ground: Ground, now: datetime) -> int:
    """补算: the cases something happened to since the last time, and those that are overdue by now."""
    newest = session.scalars(select(func.max(CaseEvent.id))).one() or 0
    made = sum(_remake(session, ground, batch, now) for batch in _batches(_changed(session)))
    session.execute(delete(ScoreMark))
    session.add(ScoreMark(event_id=newest, made_at=now))
    return made


def _changed(session: Session) -> Iterator[int]:
    mark = session.scalars(select(ScoreMark).order_by(ScoreMark.id.desc()).limit(1)).one_or_none()
    if mark is None:
        yield from session.scalars(select(Case.id).order_by(Case.id))
        return
    since = mark.made_at - _LOOK_BACK
    happened = select(CaseEvent.case_id).where(CaseEvent.recorded_at >= since)
    overdue = select(Deadline.case_id).where(Deadline.ended_at.is_(None), Deadline.breached)
    came_back = select(Case.recurrence_of).where(Case.recurrence_of.is_not(None), Case.opened_at >= since)
    yield from sorted(set(session.scalars(happened.union(overdue, came_back))))


def _batches(cases: Iterable[int]) -> Iterator[list[int]]:
    batch: list[int] = []
    for case_id in cases:
        batch.append(case_id)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _remake(session: Session, ground: Ground, cases: list[int], now: datetime) -> int:
    """Replace the items of a batch of cases."""
    session.execute(delete(ScoreItem).where(ScoreItem.case_id.in_(cases)))
    facts, weights = _facts(session, ground, cases)
    rows = [
        _row(item, weights[case_id])
        for case_id, events in groupby(session.execute(_events(cases)), key=itemgetter(0))
        for item in items_of((Happened(*event[1:]) for event in events), facts[case_id], now)
    ]
    if rows:
        session.execute(insert(table_of(ScoreItem)), rows)
    return len(rows)


def _events(cases: Sequence[int]) -> Any:
    columns = (CaseEvent.id, CaseEvent.move, CaseEvent.part, CaseEvent.at, CaseEvent.data)
    counting = CaseEvent.case_id.in_(cases), CaseEvent.move.in_(COUNTING)
    return select(CaseEvent.case_id, *columns).where(*counting).order_by(CaseEvent.case_id, CaseEvent.id)


def _row(item: Item, weight: float) -> dict[str, Any]:
    return {
        "unit_code": item.unit,
        "kind": item.kind.value,
        "case_id": item.case_id,
        "event_id": item.event_id or None,
        "at": item.at,
        "value": item.value,
        "weight": weight,
        "duty": item.duty,
    }


def _facts(session: Session, ground: Ground, cases: list[int]) -> tuple[dict[int, Facts], dict[int, float]]:
    came_back = _came_back(session, cases)
    own = _found_by_own(session, ground, cases)
    query = select(Case.id, Case.channel).where(Case.id.in_(cases))
    facts, weights = {}, {}
    for case_id, channel in session.execute(query):
        at, number = came_back.get(case_id, (None, 0))
        facts[case_id] = Facts(case_id, ground.command, at, number, case_id in own)
        weights[case_id] = ground.weights.get(channel, 1.0)
    return facts, weights


def _came_back(session: Session, cases: list[int]) -> dict[int, tuple[datetime, int]]:
    """反弹: the first case each problem came back as."""
    query = select(Case.recurrence_of, Case.opened_at, Case.id).where(Case.recurrence_of.in_(cases))
    return {before: (at, number) for before, at, number in session.execute(query.order_by(Case.id.desc())) if before}


def _found_by_own(session: Session, ground: Ground, cases: list[int]) -> set[int]:
    """自查发现: the first report is by somebody who acts for the unit that got the case, or for one below it."""
    first = select(func.min(Report.id)).where(Report.case_id.in_(cases)).group_by(Report.case_id)
    query = (
        select(Report.case_id, Membership.unit_code, Case.unit_code)
        .join(Membership, Membership.person_id == Report.person_id)
        .join(Case, Case.id == Report.case_id)
        .where(Report.id.in_(first), Membership.role.in_((Role.OFFICER, Role.LEADER)), Case.unit_code != "")
    )
    return {case for case, own, holder in session.execute(query) if own and _is_under(ground, own, holder)}


def _is_under(ground: Ground, unit: str, above: str) -> bool:
    at: str | None = unit
    while at is not None and at != above:
        at = ground.parents.get(at)
    return at == above
