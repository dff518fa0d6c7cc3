"""The life of one case in hours since it was reported, with the city's own time limits."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actor import SYSTEM, Actor, Order
from models.case import Case
from models.clock import Audience, Clocks, Duty, Hours, Policy, Step
from models.deadline import Deadline
from models.draft import Draft
from models.event import CaseEvent
from models.workflow import Part

REPORTER, OFFICER, DISPATCHER = (
    Actor(Part.REPORTER, 1),
    Actor(Part.OFFICER, 2),
    Actor(Part.DISPATCHER, 3),
)


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def policy(within: float) -> Policy:
    """A duty of so many hours, with a word an hour before, one at the deadline and one two hours after."""
    steps = tuple(Step(hours(at), (Audience.OFFICERS,)) for at in (-1, 0, 2))
    return Policy(hours(within), steps, repeat=hours(4))


CLOCKS = Clocks(
    policies={
        Duty.TRIAGE: policy(2),
        Duty.CLAIM: policy(12),
        Duty.RECTIFY: policy(24),
        Duty.VERIFY: policy(24),
        Duty.RULING: policy(4),
        Duty.PLEDGE: policy(12),
    },
    rework=hours(24),
    extension=hours(24),
)


class Life:
    """A case that was reported at 0 h; every method takes the hour at which it is done."""

    START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Jinan, a Monday

    def __init__(self, session: Session) -> None:
        self.session = session
        self.case = Case.open(session, CLOCKS, self.START, channel="citizen_photo", text="垃圾满溢", place="甸柳")

    def at(self, hour: float) -> datetime:
        return self.START + hours(hour)

    def assign(self, hour: float, unit: str = "north", own: Hours | None = None) -> None:
        order = Order(unit=unit, policies=CLOCKS.for_category(own or Hours()))
        self.case.assign(order, SYSTEM if self.case.lead is None else DISPATCHER, self.at(hour))

    def claim(self, hour: float) -> None:
        self.case.claim(OFFICER, self.at(hour))

    def rectify(self, hour: float) -> None:
        draft = Draft(person_id=2, account="a", channel="officer", opened_at=self.at(hour), touched_at=self.at(hour))
        self.session.add(draft)
        self.session.flush()
        self.case.rectify(OFFICER, draft.id, CLOCKS, self.at(hour), "已清运")

    def fail(self, hour: float) -> None:
        self.case.fail(DISPATCHER, CLOCKS, self.at(hour), "还在")

    def extend(self, hour: float) -> None:
        self.case.extend(DISPATCHER, CLOCKS, self.at(hour), "等配件")

    def clocks(self, *duties: Duty) -> list[tuple[float, float]]:
        """When each live deadline began and is due, in hours."""
        return [(self.hour(d.starts_at), self.hour(d.due_at)) for d in self.case.live(*duties)]

    def ended(self, duty: Duty) -> Deadline:
        """The latest deadline of a duty that runs no more."""
        return [d for d in self.case.deadlines if d.duty is duty and d.ended_at is not None][-1]

    def hour(self, moment: datetime) -> float:
        return (moment - self.START) / hours(1)

    def events(self) -> list[CaseEvent]:
        self.session.flush()
        return list(self.session.scalars(select(CaseEvent).order_by(CaseEvent.id)))
