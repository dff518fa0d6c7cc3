"""取照片: fetch what people sent while WeChat still has it, check it, keep it by hash. No case waits for it."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bot import photo_keeping
from bot.installation import Installation
from bot.wechat.download import TooLarge
from bot.wechat.errors import Fate, SendError
from handlers import photo_facts, photo_trouble
from models.photo import BAD, Fetch, Photo
from photos.intake import DEFAULT_LIMITS, PhotoRefused

log = logging.getLogger(__name__)

# All of a batch are fetched side by side, so that the slowest download (a minute) ends within the lease.
BATCH = 8
LEASE = timedelta(minutes=2)
_PAUSES = tuple(timedelta(seconds=s) for s in (10, 60, 300, 1800, 7200))
_LAST_TRY = timedelta(minutes=5)  # before WeChat throws the picture away, or a tenth of the time it keeps it

Changes = dict[str, Any]


def fetch_due(installation: Installation, now: datetime) -> int:
    """Fetch the next photos that are due. Returns how many were tried."""
    due = _lease(installation, now)
    with ThreadPoolExecutor(BATCH) as pool:
        outcomes = list(pool.map(lambda photo: _fetch(installation, photo, now), due))
    for photo, changes in zip(due, outcomes, strict=True):
        _settle(installation, photo.id, changes, now)
    return len(due)


def _lease(installation: Installation, now: datetime) -> list[Photo]:
    with installation.database.story() as session:
        # What is kept for five minutes goes before what is kept for three days.
        query = select(Photo).where(Photo.next_try_at <= now).order_by(Photo.expires_at).limit(BATCH)
        photos = list(session.scalars(query.with_for_update(skip_locked=True)))
        for photo in photos:
            photo.next_try_at, photo.attempts = now + LEASE, photo.attempts + 1
        return photos


def _fetch(installation: Installation, photo: Photo, now: datetime) -> Changes:
    """Fetch and keep one photo. Returns what its row has to say."""
    try:
        data = _download(installation, photo.account, photo.media_id)
        taken = photo_keeping.keep(installation.vault, data)
    except PhotoRefused as refused:
        return {"state": Fetch.REFUSED, "next_try_at": None, "reason": refused.reason}
    except TooLarge:
        return {"state": Fetch.REFUSED, "next_try_at": None, "reason": "too_big"}
    except (SendError, OSError) as error:
        return _again(photo, error, now)
    except Exception as error:  # boundary: one poison photo must not hold up the others
        log.exception("photo %s cannot be fetched", photo.id)
        return _again(photo, error, now)
    return {"state": Fetch.KEPT, "next_try_at": None, "reason": "", **photo_facts.columns(taken, now)}


def _download(installation: Installation, account: str, media_id: str) -> bytes:
    media = installation.doors.media(account)
    if media is None:
        raise SendError(Fate.ALARM, None, f"no account {account} in the settings")
    return media.download(media_id, DEFAULT_LIMITS.max_bytes)


def _again(photo: Photo, error: Exception, now: datetime) -> Changes:
    """Try again as long as WeChat keeps the picture; then it is lost, and the row says why."""
    last = photo.expires_at - min(_LAST_TRY, (photo.expires_at - photo.arrived_at) / 10)
    later = min(now + _PAUSES[min(photo.attempts, len(_PAUSES)) - 1], last)
    gone = isinstance(error, SendError) and error.fate is Fate.REFUSED
    reason = f"{type(error).__name__}: {error}"[:300]
    if gone or now >= last:
        return {"state": Fetch.LOST, "next_try_at": None, "reason": reason}
    return {"next_try_at": later, "reason": reason}


def _settle(installation: Installation, photo_id: int, changes: Changes, now: datetime) -> None:
    with installation.database.story() as session:
        # Only while it waits: a worker whose lease ran out must not lose what another has kept.
        waiting = update(Photo).where(Photo.id == photo_id, Photo.state == Fetch.WAITING)
        settled = session.execute(waiting.values(changes).returning(Photo.id)).scalar()
        if settled is not None and changes.get("state") in BAD:
            photo_trouble.tell_sender(installation.desk(session, now), session.get_one(Photo, photo_id))
