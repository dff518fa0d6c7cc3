"""The people a reminder can reach, and what of it reached whom."""

from datetime import datetime, timedelta

from sqlalchemy import select

from models.deadline import Deadline, Reminder
from models.event import CaseEvent
from models.outbound import OutboundMessage
from models.people import Identity
from models.workflow import Move
from reminders.audit import Finding
from tests.stage import LIXIA, Actor, Stage

# What waits for jobs that these tests do not run.
_OTHER_JOBS = ("outbound_stuck", "photo_stuck", "inbound_stuck", "photos_not_judged")


class Cast:
    """甸柳's people, the district above them, and the command centre."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.officer, self.colleague = stage.officer("officer"), stage.officer("colleague")
        self.leader, self.parent = stage.leader("leader"), stage.leader("parent", LIXIA)
        self.command = stage.dispatcher("command")

    def told(self) -> list[tuple[str, str]]:
        """Every reminder so far: the local time at which it was written, and the names of all who hear it."""
        by_moment: dict[datetime, list[str]] = {}
        for row in reminders_said(self.stage):
            by_moment.setdefault(row.created_at, []).append(self._name(row))
        return [(self.stage.local(at), " ".join(sorted(names))) for at, names in sorted(by_moment.items())]

    def _name(self, row: OutboundMessage) -> str:
        actors = (self.officer, self.colleague, self.leader, self.parent, self.command)
        return next(actor.name for actor in actors if person_of(self.stage, actor) == row.person_id)


def person_of(stage: Stage, actor: Actor) -> int:
    with stage.installation.database.glance() as session:
        return session.scalars(select(Identity.person_id).where(Identity.openid == actor.openid)).one()


def reminders_said(stage: Stage) -> list[OutboundMessage]:
    """The words that came by the clock, oldest first."""
    by_clock = OutboundMessage.key.startswith("deadline:")
    with stage.installation.database.glance() as session:
        return list(session.scalars(select(OutboundMessage).where(by_clock).order_by(OutboundMessage.id)))


def steps_taken(stage: Stage, deadline: Deadline) -> list[int]:
    with stage.installation.database.glance() as session:
        query = select(Reminder.step).where(Reminder.deadline_id == deadline.id)
        return sorted(session.scalars(query))


def breaches(stage: Stage, number: int) -> list[CaseEvent]:
    return [event for event in stage.events(number) if event.move is Move.BREACH]


def missed(stage: Stage) -> list[Finding]:
    """What the auditor finds, apart from what waits for jobs that these tests do not run."""
    return [finding for finding in stage.findings() if finding.what not in _OTHER_JOBS]


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def turn(stage: Stage, span: float) -> None:
    """Turn the clock by so many hours, in half hours."""
    end = stage.now + hours(span)
    while stage.now < end:
        stage.wait(minutes=30)


def unsure_case(stage: Stage, who: Actor) -> int:
    """A report the routing cannot place: the command centre owes it a decision."""
    who.photo()
    who.says("这里有问题")
    who.says("完成")
    who.says("完成")
    return stage.cases()[-1].id
