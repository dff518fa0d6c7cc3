"""销毁: what has been kept long enough is destroyed, and the deletion log (销毁记录) says so.

The files go first. The row, its place and time, and the log follow in one transaction; until then the row is still
due, so a kill in between loses nothing: the next look finds the row, finds no file, and writes down what happened.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.expiry import ROW_FOLLOWS, STAYS_A_DAY, due_leftovers, due_messages, due_photos
from bot.installation import Installation
from handlers import publishing
from models.base import table_of
from models.deletion import Deletion, Destroyed
from models.inbound import InboundMessage
from models.photo import Fetch, Photo
from photos.storage import Storage, Tree

log = logging.getLogger(__name__)

BATCH = 100
_MESSAGES = 1000

_EMPTIED: dict[str, Any] = {"lat": None, "lon": None, "taken_at": None, "fingerprint": None, "looks": {}}


@dataclass(frozen=True, slots=True)
class Erased:
    """已销毁: rows dealt with, rows that could not be, and the bytes that are gone."""

    done: int = 0
    failed: int = 0
    size: int = 0

    def __add__(self, other: "Erased") -> "Erased":
        return Erased(self.done + other.done, self.failed + other.failed, self.size + other.size)


def erase_due(installation: Installation, now: datetime, until: datetime, clock: Callable[[], datetime]) -> Erased:
    """Destroy what is due, until it is done or the time is over."""
    erased, last = Erased(), 0
    while clock() < until:
        found = _next_photos(installation, now, last)
        for photo_id in found:
            erased += _try(installation, photo_id, now)
            last = photo_id  # what fails is passed by, and tried again another time
        rest = _erase_leftovers(installation, now) + _erase_messages(installation, now)
        erased += rest
        if not found and not rest.done:
            break
    return erased


def _next_photos(installation: Installation, now: datetime, last: int) -> list[int]:
    before = installation.expiry.photos_before(now)
    if before is None:
        return []
    with installation.database.glance() as session:
        return list(session.scalars(due_photos(before).where(Photo.id > last).limit(BATCH)))


def _try(installation: Installation, photo_id: int, now: datetime) -> Erased:
    try:
        return erase_photo(installation, photo_id, now)
    except OSError as error:
        log.warning("photo %s cannot be destroyed: %s", photo_id, error)
        return Erased(failed=1)


def erase_photo(installation: Installation, photo_id: int, now: datetime) -> Erased:
    """Destroy one photo: its files unless another row needs them, then what its row tells. Raises `OSError`."""
    with installation.database.glance() as session:
        photo = session.get_one(Photo, photo_id)
        entry = _shared(photo, now) if _is_shared(session, photo) else _destroy(installation.vault, photo, now)
    with installation.database.story() as session:
        gone = update(Photo).where(Photo.id == photo_id, Photo.state == Fetch.KEPT)
        if session.scalar(gone.values(state=Fetch.ERASED, erased_at=now, **_EMPTIED).returning(Photo.id)) is None:
            return Erased()  # another worker was first, and wrote it down
        publishing.withdraw(installation.desk(session, now), [photo_id], None, "retention")
        session.add(entry)
    return Erased(1, 0, entry.size)


def _is_shared(session: Session, photo: Photo) -> bool:
    others = select(Photo.id).where(Photo.sha256 == photo.sha256, Photo.id != photo.id, Photo.state == Fetch.KEPT)
    return session.scalars(others.limit(1)).first() is not None


def _shared(photo: Photo, now: datetime) -> Deletion:
    return _entry(f"photo {photo.id}", 0, "retention: the file stays for another photo", now)


def _destroy(vault: Storage, photo: Photo, now: datetime) -> Deletion:
    """Destroy the files, and say so; those of an original that somebody sent again stay for a day."""
    size = vault.remove(Tree.ORIGINALS, photo.sha256, unless_since=now - ROW_FOLLOWS)
    if not size and vault.has(photo.sha256):
        return _entry(photo.sha256, 0, STAYS_A_DAY, now)
    # Copies that were made a moment ago go too: nobody needs one whose original is gone, and whoever keeps that
    # again has others made of it.  After a kill the original is gone already; its size is known all the same.
    size = (size or photo.size) + vault.remove(Tree.COPIES, photo.sha256)
    return _entry(photo.sha256, size, "retention", now)


def _entry(name: str, size: int, why: str, now: datetime) -> Deletion:
    return Deletion(kind=Destroyed.PHOTO, name=name, size=size, why=why, deleted_at=now)


def _erase_leftovers(installation: Installation, now: datetime) -> Erased:
    """What looked as if it had just been sent again, and no row has followed: it was only moved or restored."""
    with installation.database.glance() as session:
        found = list(session.scalars(due_leftovers(now).limit(BATCH)))
    try:
        return sum((_erase_leftover(installation, sha256, now) for sha256 in found), Erased())
    except OSError as error:
        log.warning("files of destroyed photos cannot be destroyed: %s", error)
        return Erased(failed=1)


def _erase_leftover(installation: Installation, sha256: str, now: datetime) -> Erased:
    with installation.database.glance() as session:
        photo = session.scalars(select(Photo).where(Photo.sha256 == sha256)).first()
    # An entry in any case: the newest one of a file says whether it has to be looked at once more.
    entry = _destroy(installation.vault, photo, now) if photo else _entry(sha256, 0, "retention", now)
    with installation.database.story() as session:
        session.add(entry)
        return Erased(1, 0, entry.size)


def _erase_messages(installation: Installation, now: datetime) -> Erased:
    """Empty the next messages that are due: one entry for all of them."""
    before = installation.expiry.messages_before(now)
    if before is None:
        return Erased()
    inbound = table_of(InboundMessage)
    with installation.database.story() as session:
        due = due_messages(before).limit(_MESSAGES).with_for_update(skip_locked=True)
        found = session.execute(due.add_columns(InboundMessage.body)).all()
        if not found:
            return Erased()
        ids = [number for number, _ in found]
        size = sum(len(body.encode()) for _, body in found)
        session.execute(inbound.update().where(inbound.c.id.in_(ids)).values(body="", answer=""))
        why = f"retention: {len(ids)} messages"
        session.add(Deletion(kind=Destroyed.RAW, name=f"{ids[0]}-{ids[-1]}", size=size, why=why, deleted_at=now))
    return Erased(len(ids), 0, size)
