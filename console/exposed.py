"""曝光与承诺: what media published in some days, and what became of each: promise, state, follow-up."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case
from models.clock import Duty
from models.deadline import Deadline
from models.event import CaseEvent
from models.exposure import Exposure, Pledge
from models.workflow import OPEN_STATUSES, Move, Part

_UNDONE = (Move.FAIL, Move.REOPEN)
_FOLLOWED = (Move.NOTE, Move.OBJECT, Move.CONFIRM, Move.ASK_REOPEN)


class Promise(StrEnum):
    """承诺情况."""

    NONE = "none"  # 无: nobody owes one
    OWED = "owed"  # 待承诺
    LATE = "late"  # 逾期未承诺
    GIVEN = "given"  # 已承诺, and its day has not come
    KEPT = "kept"  # 已兑现
    BROKEN = "broken"  # 未兑现


@dataclass(frozen=True, slots=True)
class Exposed:
    """曝光的问题: a case with its exposures of the days looked at, the latest first.

    followed: what a medium found since.
    """

    case: Case
    exposures: tuple[Exposure, ...]
    pledge: Pledge | None
    promise: Promise
    followed: CaseEvent | None

    @property
    def nth(self) -> int:
        """第几次曝光, the latest counted."""
        return max(one.nth for one in self.exposures)

    @property
    def to_discuss(self) -> list[str]:
        """会上要议的, by the names of their texts."""
        asked = {
            "repeated": self.nth > 1,
            "back": self.case.recurrence_of is not None,
            "broken": self.promise is Promise.BROKEN,
            "no_promise": self.promise is Promise.LATE,
            "nobody": not self.case.unit_code,
            "open": self.case.status in OPEN_STATUSES,
        }
        return [key for key, is_so in asked.items() if is_so]


def exposed(
    session: Session, first: date, last: date, now: datetime, zone: ZoneInfo, outlet: str = ""
) -> list[Exposed]:
    """曝光的问题 of some days, repeated ones first, then the latest."""
    query = select(Exposure).where(Exposure.published_on >= first, Exposure.published_on <= last)
    query = query.where(Exposure.outlet == outlet) if outlet else query
    by_case = defaultdict[int, list[Exposure]](list)
    for one in session.scalars(query.order_by(Exposure.published_on.desc(), Exposure.id.desc())):
        by_case[one.case_id].append(one)
    cases = {case.id: case for case in session.scalars(select(Case).where(Case.id.in_(by_case)))}
    events, pledges, owed = _events(session, by_case), _pledges(session, by_case), _owed(session, by_case)
    found = []
    for number, exposures in by_case.items():
        pledge, told = pledges.get(number), events[number]
        promise = _kept(pledge, told, now, zone) if pledge else _missing(owed.get(number), now)
        followed = next((event for event in reversed(told) if _is_follow_up(event, exposures)), None)
        found.append(Exposed(cases[number], tuple(exposures), pledge, promise, followed))
    return sorted(found, key=lambda one: (-one.nth, -one.exposures[0].published_on.toordinal(), one.case.id))


def _events(session: Session, cases: Iterable[int]) -> dict[int, list[CaseEvent]]:
    found = defaultdict[int, list[CaseEvent]](list)
    query = select(CaseEvent).where(CaseEvent.case_id.in_(list(cases)))
    query = query.where(CaseEvent.move.in_((Move.RECTIFY, *_UNDONE, *_FOLLOWED)))
    for event in session.scalars(query.order_by(CaseEvent.at, CaseEvent.id)):
        found[event.case_id].append(event)
    return found


def _pledges(session: Session, cases: Iterable[int]) -> dict[int, Pledge]:
    """The last promise of each."""
    query = select(Pledge).where(Pledge.case_id.in_(list(cases))).order_by(Pledge.id)
    return {pledge.case_id: pledge for pledge in session.scalars(query)}


def _owed(session: Session, cases: Iterable[int]) -> dict[int, datetime]:
    here = Deadline.case_id.in_(list(cases)), Deadline.duty == Duty.PLEDGE, Deadline.ended_at.is_(None)
    return {
        row.case_id: row.due_at for row in session.execute(select(Deadline.case_id, Deadline.due_at).where(*here))
    }


def _missing(due_at: datetime | None, now: datetime) -> Promise:
    if due_at is None:
        return Promise.NONE
    return Promise.LATE if due_at <= now else Promise.OWED


def _kept(pledge: Pledge, events: Sequence[CaseEvent], now: datetime, zone: ZoneInfo) -> Promise:
    """Kept is what was put right on the day promised, and stayed so when it was looked at."""
    done: datetime | None = None
    for event in events:
        if event.at >= pledge.made_at:
            done = event.at if event.move is Move.RECTIFY else None if event.move in _UNDONE else done
    if pledge.by is None:
        return Promise.KEPT if done else Promise.GIVEN
    if (done or now).astimezone(zone).date() > pledge.by:
        return Promise.BROKEN
    return Promise.KEPT if done else Promise.GIVEN


def _is_follow_up(event: CaseEvent, exposures: Sequence[Exposure]) -> bool:
    """跟踪: what whoever exposed it said of it later."""
    is_told = "solved" in event.data or event.move in (Move.CONFIRM, Move.ASK_REOPEN)
    return event.part is Part.REPORTER and is_told and event.at >= exposures[-1].recorded_at
