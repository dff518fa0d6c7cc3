"""取照片: fetch what people sent while WeChat still has it, check it, keep it by hash. No case waits for it."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.installation import Installation
from bot.wechat.errors import Fate, SendError
from models.photo import Fetch, Photo
from photos.intake import DEFAULT_LIMITS, Intake, PhotoRefused, examine

BATCH = 20
LEASE = timedelta(minutes=2)
_PAUSES = tuple(timedelta(seconds=s) for s in (10, 60, 300, 1800, 7200))


def fetch_due(installation: Installation, now: datetime) -> int:
    """Fetch the photos that are due. Returns how many were tried."""
    due = _lease(installation, now)
    for photo_id, account, media_id in due:
        _fetch(installation, photo_id, account, media_id, now)
    return len(due)


def _lease(installation: Installation, now: datetime) -> list[tuple[int, str, str]]:
    with installation.database.story() as session:
        query = select(Photo).where(Photo.next_try_at <= now).order_by(Photo.next_try_at).limit(BATCH)
        photos = list(session.scalars(query.with_for_update(skip_locked=True)))
        for photo in photos:
            photo.next_try_at, photo.attempts = now + LEASE, photo.attempts + 1
        return [(photo.id, photo.account, photo.media_id) for photo in photos]


def _fetch(installation: Installation, photo_id: int, account: str, media_id: str, now: datetime) -> None:
    try:
        data = _download(installation, account, media_id)
        found = examine(data)
        installation.vault.keep_original(data, found.sha256)
    except PhotoRefused as refused:
        _settle(installation, photo_id, Fetch.REFUSED, refused.reason)
    except (SendError, OSError) as error:
        _again(installation, photo_id, error, now)
    else:
        _keep(installation, photo_id, found)


def _download(installation: Installation, account: str, media_id: str) -> bytes:
    door = installation.doors.get(account)
    if door is None:
        raise SendError(Fate.ALARM, None, f"no account {account} in the settings")
    return door.api.download(media_id, DEFAULT_LIMITS.max_bytes)


def _keep(installation: Installation, photo_id: int, found: Intake) -> None:
    with installation.database.story() as session:
        photo = session.get_one(Photo, photo_id)
        photo.state, photo.next_try_at, photo.reason = Fetch.KEPT, None, ""
        photo.sha256, photo.mime, photo.size = found.sha256, found.mime, found.size
        photo.width, photo.height = found.width, found.height
        photo.taken_at, photo.lat, photo.lon = found.taken_at, found.lat, found.lon


def _settle(installation: Installation, photo_id: int, state: Fetch, reason: str) -> None:
    with installation.database.story() as session:
        photo = session.get_one(Photo, photo_id)
        photo.state, photo.next_try_at, photo.reason = state, None, reason


def _again(installation: Installation, photo_id: int, error: Exception, now: datetime) -> None:
    """Try again as long as WeChat keeps the picture; then it is lost, and the row says why."""
    with installation.database.story() as session:
        photo = session.get_one(Photo, photo_id)
        photo.reason = str(error)[:300]
        later = now + _PAUSES[min(photo.attempts, len(_PAUSES)) - 1]
        gone = isinstance(error, SendError) and error.fate is Fate.REFUSED
        if gone or later >= photo.expires_at:
            photo.state, photo.next_try_at = Fetch.LOST, None
        else:
            photo.next_try_at = later
