"""测评任务: an assessor's open visits as blind sheets: where, and what to look at; never which unit, never why."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers.desk import Desk
from handlers.field.rounds import day_in_words
from handlers.field.wording import TEXTS
from models.case import Case
from models.score import FieldRound, FieldVisit

SHOWN = 10
# Twice: while there is still time to go everywhere, and on the last day.
REMIND_BEFORE = (timedelta(days=2), timedelta(0))
_MORNING = time(9)

Task = tuple[FieldVisit, FieldRound]


def open_tasks(session: Session, person_id: int) -> list[Task]:
    """未完成的任务 of an assessor, by number."""
    query = (
        select(FieldVisit, FieldRound)
        .join(FieldRound, FieldRound.id == FieldVisit.round_id)
        .where(FieldVisit.person_id == person_id, FieldVisit.result.is_(None), FieldRound.closed_at.is_(None))
        .order_by(FieldVisit.number)
    )
    return [(visit, round_) for visit, round_ in session.execute(query)]


def open_places(session: Session, person_id: int) -> dict[int, str]:
    """任务号 → 地点, of the same."""
    return {visit.number: visit.place for visit, _ in open_tasks(session, person_id)}


def sheet(desk: Desk, task: Task) -> str:
    """任务单: equal in form for every visit, so that nobody can tell what it was drawn from."""
    visit, round_ = task
    keys = round_.strata.get("focus", {}).get(str(visit.number), [])
    known = desk.router.pack.categories
    focus = "、".join(known[key].name for key in keys if key in known)
    due = day_in_words(round_.ends_on)
    return TEXTS("task.line", number=visit.number, place=where(desk, visit), focus=focus or "—", due=due)


def where(desk: Desk, visit: FieldVisit) -> str:
    """地点, with the district it lies in, because names alone are ambiguous; where it lies tells of no unit."""
    units = desk.router.pack.units
    case = desk.session.get(Case, visit.case_id) if visit.case_id else None
    owner = units.get(visit.unit_code)
    district = units.get((case.district if case else owner.district if owner else "") or "")
    return f"{district.short} {visit.place}" if district and district.short not in visit.place else visit.place


def listed(desk: Desk, person_id: int) -> str:
    """测评任务: all of them, as many as one message holds."""
    tasks = open_tasks(desk.session, person_id)
    if not tasks:
        return TEXTS("task.none")
    lines = [sheet(desk, task) for task in tasks[:SHOWN]]
    if len(tasks) > SHOWN:
        lines.append(TEXTS("task.more", count=len(tasks) - SHOWN))
    return TEXTS("task.list", count=len(tasks), lines="\n".join(lines))


def _moments(round_: FieldRound, zone: ZoneInfo) -> list[datetime]:
    return [datetime.combine(round_.ends_on - before, _MORNING, zone) for before in REMIND_BEFORE]


def _due(session: Session, now: datetime, zone: ZoneInfo) -> list[tuple[datetime, FieldRound]]:
    """The rounds that are near their end, with the last moment to remind that has passed."""
    latest = now.astimezone(zone).date() + max(REMIND_BEFORE)
    query = select(FieldRound).where(FieldRound.closed_at.is_(None), FieldRound.ends_on <= latest)
    rounds = session.scalars(query.order_by(FieldRound.id))
    passed = ((max((at for at in _moments(one, zone) if at <= now), default=None), one) for one in rounds)
    return [(at, one) for at, one in passed if at is not None]


def _unreminded(round_: FieldRound, at: datetime) -> tuple[object, ...]:
    reminded = func.coalesce(FieldVisit.reminded_at, FieldVisit.sent_at)
    return FieldVisit.round_id == round_.id, FieldVisit.result.is_(None), reminded < at


def waiting_since(session: Session, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Since when somebody should have been reminded, None when nobody has to be."""
    for at, round_ in _due(session, now, zone):
        if session.scalar(select(FieldVisit.id).where(*_unreminded(round_, at)).limit(1)):  # type: ignore[arg-type]
            return at
    return None


def remind(desk: Desk) -> int:
    """提醒: who has open visits in a round that is near its end. Returns how many people were told."""
    return sum(_remind(desk, round_, at) for at, round_ in _due(desk.session, desk.now, desk.zone))


def _remind(desk: Desk, round_: FieldRound, at: datetime) -> int:
    query = select(FieldVisit).where(*_unreminded(round_, at)).order_by(FieldVisit.number)  # type: ignore[arg-type]
    open_ones = defaultdict[int, list[FieldVisit]](list)
    for visit in desk.session.scalars(query.with_for_update(skip_locked=True)):
        visit.reminded_at = desk.now
        if visit.person_id is not None:
            open_ones[visit.person_id].append(visit)
    for person, visits in open_ones.items():
        desk.say(person, f"field:{round_.id}:near:{at:%Y%m%d}", _words(round_, visits), can_wait=True)
    return len(open_ones)


def _words(round_: FieldRound, visits: Sequence[FieldVisit]) -> str:
    numbers = "、".join(str(visit.number) for visit in visits[:SHOWN])
    more = "…" if len(visits) > SHOWN else ""
    return TEXTS("near", count=len(visits), numbers=numbers + more, due=day_in_words(round_.ends_on))
