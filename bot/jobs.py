"""任务: the chores RQ workers do. Each opens its sessions, calls and commits; all are safe to run twice."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot import card_updates, digests, erasing, intake, outbox, photo_checks, photo_fetch, publishing
from bot.installation import Installation, installed, utc_now
from handlers import draft as drafts
from handlers.field import tasks
from handlers.officer import rectification
from models.deadline import Deadline
from models.draft import Draft, DraftState
from models.inbound import InboundMessage
from models.outbound import OutboundMessage
from models.people import Identity
from models.photo import Photo
from reminders import sweep as reminders

log = logging.getLogger(__name__)

SWEEP_BATCH = 1000
BATCH = 100
WORK_FOR = timedelta(seconds=20)  # a job gives the queue a turn now and then


def run_chore(name: str) -> int:
    """The one entry RQ calls: do a chore by its name. Returns how many rows it dealt with."""
    return CHORES[name].work(installed())


def take_in(installation: Installation) -> int:
    """来件: understand what was kept but not taken in by the webhook; answers go out as messages."""
    now = utc_now()
    with installation.database.glance() as session:
        query = select(InboundMessage.id).where(InboundMessage.next_try_at <= now)
        due = list(session.scalars(query.order_by(InboundMessage.id).limit(BATCH)))
    return _one_by_one(due, lambda inbound_id: _take_in_one(installation, inbound_id, now))


def _take_in_one(installation: Installation, inbound_id: int, now: datetime) -> None:
    try:
        intake.take_in(installation, inbound_id, now, lambda: False)
    except Exception as error:  # boundary: one poison message must not stop the others
        log.exception("message %s could not be taken in", inbound_id)
        intake.stumble(installation, inbound_id, error, utc_now())


def _one_by_one(due: list[int], work: Callable[[int], None]) -> int:
    """Work through the rows for as long as a chore may take; what is left is due again at once."""
    until, done = utc_now() + WORK_FOR, 0
    for row in due:
        if utc_now() > until:
            break
        work(row)
        done += 1
    return done


def remind(installation: Installation) -> int:
    """催办: take every due step of every deadline."""
    now, done = utc_now(), 0
    while True:
        taken = _sweep(installation, now)
        done += taken
        if taken < SWEEP_BATCH or utc_now() > now + WORK_FOR:
            return done


def _sweep(installation: Installation, now: datetime) -> int:
    try:
        with installation.database.story() as session:
            return reminders.sweep(session, installation.bell, now, SWEEP_BATCH)
    except OperationalError:
        raise  # the database is busy or away: no row's fault, and all of them are still due
    except Exception:  # boundary: find the poison row and let the rest go on
        log.exception("a batch of deadlines failed; taking them one by one")
        return _sweep_singly(installation, now)


def _sweep_singly(installation: Installation, now: datetime) -> int:
    with installation.database.glance() as session:
        query = select(Deadline.id).where(Deadline.next_at <= now).order_by(Deadline.next_at).limit(SWEEP_BATCH)
        due = list(session.scalars(query))
    return _one_by_one(due, lambda deadline_id: _remind_one(installation, deadline_id, now))


def _remind_one(installation: Installation, deadline_id: int, now: datetime) -> None:
    try:
        with installation.database.story() as session:
            reminders.sweep_one(session, installation.bell, now, deadline_id)
    except OperationalError:
        raise
    except Exception:  # boundary: this is the poison row
        log.exception("deadline %s is set aside", deadline_id)
        with installation.database.story() as session:
            reminders.set_aside(session, deadline_id, now)


def close_drafts(installation: Installation) -> int:
    """草稿: what has been quiet long enough is submitted, asked about or given up."""
    now = utc_now()
    with installation.database.glance() as session:
        query = select(Draft.id).where(Draft.quiet_at <= now, Draft.state == DraftState.OPEN).limit(BATCH)
        due = list(session.scalars(query.order_by(Draft.quiet_at)))
    return _one_by_one(due, lambda draft_id: _close_draft(installation, draft_id, now))


def _close_draft(installation: Installation, draft_id: int, now: datetime) -> None:
    try:
        _fall_quiet(installation, draft_id, now)
    except OperationalError:
        raise
    except Exception:  # boundary: one poison draft must not stop the others
        log.exception("draft %s could not be closed", draft_id)
        _postpone(installation, draft_id, now)


def _fall_quiet(installation: Installation, draft_id: int, now: datetime) -> None:
    with installation.database.story() as session:
        if not _hold_owner(session, draft_id):
            return  # they are saying something just now
        query = select(Draft).where(Draft.id == draft_id, Draft.quiet_at <= now, Draft.state == DraftState.OPEN)
        draft = session.scalars(query).one_or_none()
        if draft is None:
            return  # they said something meanwhile
        desk = installation.desk(session, now)
        if draft.channel == rectification.KEY:
            rectification.fall_quiet(desk, draft)
        else:
            drafts.fall_quiet(desk, draft)


def _hold_owner(session: Session, draft_id: int) -> bool:
    """Hold the sender as a story about their message does, so that one draft is never submitted by both."""
    owner = and_(Identity.person_id == Draft.person_id, Identity.account == Draft.account)
    query = select(Identity.id).join(Draft, owner).where(Draft.id == draft_id)
    return session.scalars(query.with_for_update(of=Identity, skip_locked=True)).first() is not None


def _postpone(installation: Installation, draft_id: int, now: datetime) -> None:
    with installation.database.story() as session:
        session.get_one(Draft, draft_id).quiet_at = now + timedelta(minutes=5)


def fetch_photos(installation: Installation) -> int:
    """照片: fetch what WeChat still has."""
    until, done = utc_now() + WORK_FOR, 0
    while (tried := photo_fetch.fetch_due(installation, utc_now())) and utc_now() < until:
        done += tried
    return done + tried


def judge_photos(installation: Installation) -> int:
    """照片核对: look at the photos of rectifications."""
    until, done = utc_now() + WORK_FOR, 0
    while (tried := photo_checks.judge_due(installation, utc_now())) and utc_now() < until:
        done += tried
    return done + tried


def clear_withdrawn(installation: Installation) -> int:
    """公开照片: destroy the files of what was withdrawn."""
    return publishing.clear_due(installation, utc_now())


def deliver(installation: Installation) -> int:
    """发件: send what is due."""
    return outbox.drain(installation, utc_now, utc_now() + WORK_FOR)


def change_cards(installation: Installation) -> int:
    """任务卡片: those whose duty has ended stop asking for it."""
    until, done = utc_now() + WORK_FOR, 0
    while (tried := card_updates.change_due(installation, utc_now())) and utc_now() < until:
        done += tried
    return done + tried


def erase(installation: Installation) -> int:
    """销毁: what has been kept long enough."""
    now = utc_now()
    if not installation.expiry.may_work(now):
        return 0
    erased = erasing.erase_due(installation, now, now + WORK_FOR, utc_now)
    if erased.failed:
        installation.expiry.rest(now)
    return erased.done


def write_digests(installation: Installation) -> int:
    """简报: once a week, each unit hears how it stands."""
    return digests.write_due(installation, utc_now())


def remind_assessors(installation: Installation) -> int:
    """测评提醒: who has visits left in a round that is near its end."""
    with installation.database.story() as session:
        return tasks.remind(installation.desk(session, utc_now()))


DueSince = Callable[[Installation, Session], datetime | None]


@dataclass(frozen=True, slots=True)
class Chore:
    """杂务: work that waits in a table. due_since: when its oldest row is or was due, None when nothing waits.

    patience: how long it may wait before it is behind.
    """

    due_since: DueSince
    work: Callable[[Installation], int]
    patience: timedelta = timedelta(0)

    def lag(self, since: datetime | None, now: datetime) -> float:
        """Seconds it is behind."""
        return max(0.0, (now - since - self.patience).total_seconds()) if since else 0.0


def _earliest(query: Select[datetime | None]) -> DueSince:
    return lambda _installation, session: session.scalars(query).one()


def _earliest_of(column: InstrumentedAttribute[datetime | None]) -> DueSince:
    return _earliest(select(func.min(column)).where(column.is_not(None)))


CHORES: dict[str, Chore] = {
    "take_in": Chore(_earliest_of(InboundMessage.next_try_at), take_in),
    "remind": Chore(_earliest_of(Deadline.next_at), remind),
    "close_drafts": Chore(
        _earliest(select(func.min(Draft.quiet_at)).where(Draft.state == DraftState.OPEN)), close_drafts
    ),
    "fetch_photos": Chore(_earliest_of(Photo.next_try_at), fetch_photos),
    "judge_photos": Chore(_earliest_of(Draft.judge_at), judge_photos),
    "clear_withdrawn": Chore(lambda _, session: publishing.waiting_since(session, utc_now()), clear_withdrawn),
    "deliver": Chore(_earliest_of(OutboundMessage.next_try_at), deliver),
    "change_cards": Chore(_earliest(card_updates.WAITING), change_cards),
    "digests": Chore(lambda here, session: digests.due_since(here, session, utc_now()), write_digests),
    "remind_assessors": Chore(
        lambda here, session: tasks.waiting_since(session, utc_now(), here.settings.timezone), remind_assessors
    ),
    # A year's worth, as on the day the settings are changed, takes its time.
    "erase": Chore(lambda here, session: here.expiry.due_since(session, utc_now()), erase, timedelta(hours=1)),
}
