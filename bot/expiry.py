"""期满: what has been kept for as long as the settings allow, and since when that is known."""

from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.storage_settings import Retention
from models.case import Case
from models.deletion import Deletion, Destroyed
from models.draft import Draft
from models.inbound import InboundMessage
from models.photo import Fetch, Photo
from models.report import Report, is_shown

LOOK_EVERY = timedelta(hours=1)
REST = timedelta(minutes=5)
# Whoever keeps a picture again writes the row a moment later; a day leaves room for the slowest import.
ROW_FOLLOWS = timedelta(days=1)
STAYS_A_DAY = "retention: the file was written within a day and stays for another"
_LEFT_FOR = timedelta(days=30)  # what nobody worked on for so long is for `run.py photos sweep`


def due_photos(before: datetime) -> Select[int]:
    """Ids of the photos that no case has needed since `before`, oldest first.

    Needed is what a case shows that is open or was closed later, and what never became a case but came later.
    """
    # No case closes before its photos come: what came later is not even compared with its case.
    came = Photo.state == Fetch.KEPT, Photo.arrived_at < before
    ended = func.coalesce(Draft.closed_at, Draft.touched_at) < before
    needed = or_(Case.closed_at.is_(None), Case.closed_at >= before)
    query = select(Photo.id).join(Draft, Draft.id == Photo.draft_id)
    return query.where(*came, ended, ~_rectifies(needed), ~_reports(needed)).order_by(Photo.id)


def _rectifies(needed: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(Case.id).where(Case.id == Draft.case_id, needed).correlate(Draft))


def _reports(needed: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(Report.id).join(Case, Case.id == Report.case_id).where(is_shown(), needed).correlate(Photo))


_NEWER = aliased(Deletion)
_NEWER_ENTRY = exists().where(_NEWER.name == Deletion.name, _NEWER.id > Deletion.id)
_NEEDED_AGAIN = exists().where(Photo.sha256 == Deletion.name, Photo.state == Fetch.KEPT)


def due_leftovers(now: datetime) -> Select[str]:
    """Hashes of the files that stayed when their photo was destroyed, and that nobody has needed since."""
    at = Deletion.deleted_at >= now - _LEFT_FOR, Deletion.deleted_at < now - ROW_FOLLOWS
    stayed = Deletion.kind == Destroyed.PHOTO, Deletion.why == STAYS_A_DAY
    return select(Deletion.name).where(*at, *stayed, ~_NEWER_ENTRY, ~_NEEDED_AGAIN).order_by(Deletion.id)


def due_messages(before: datetime) -> Select[int]:
    """Ids of the messages that came before then, are settled, and whose words are still there."""
    settled = InboundMessage.next_try_at.is_(None)
    query = select(InboundMessage.id).where(InboundMessage.kept_at < before, settled, InboundMessage.body != "")
    return query.order_by(InboundMessage.id)


class Expiry:
    """期满: looks once an hour whether anything is due, and as often as asked while something is."""

    def __init__(self, retention: Retention) -> None:
        self._retention = retention
        self._lock = Lock()
        self._look_at: datetime | None = None
        self._rest_until: datetime | None = None
        self._since: datetime | None = None

    def photos_before(self, now: datetime) -> datetime | None:
        """Before when a case must have been closed; None where photos are kept for ever."""
        return now - self._retention.photos if self._retention.photos else None

    def messages_before(self, now: datetime) -> datetime | None:
        """Before when a message must have come; None where messages are kept for ever."""
        return now - self._retention.raw if self._retention.raw else None

    def due_since(self, session: Session, now: datetime) -> datetime | None:
        """Since when this process has known that something is due; None when nothing is."""
        with self._lock:
            if self._look_at and now < self._look_at:
                return None
        is_due = self._is_due(session, now)
        with self._lock:
            self._look_at = None if is_due else now + LOOK_EVERY
            self._since = (self._since or now) if is_due else None
            return self._since

    def may_work(self, now: datetime) -> bool:
        """Whether it is not long enough since the storage failed."""
        return self._rest_until is None or now >= self._rest_until

    def rest(self, now: datetime) -> None:
        """Leave a storage that fails alone for a while; what is due stays due, so that health shows it."""
        self._rest_until = now + REST

    def _is_due(self, session: Session, now: datetime) -> bool:
        photos, messages = self.photos_before(now), self.messages_before(now)
        queries: list[Select[int] | Select[str]] = [due_photos(photos), due_leftovers(now)] if photos else []
        queries += [due_messages(messages)] if messages else []
        return any(session.scalars(query.limit(1)).first() is not None for query in queries)
