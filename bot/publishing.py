"""公开照片: make the copy that the public may see, keep it, and clear away what was withdrawn.

The file is kept first and its row is written second, so that a kill in between leaves a file that no address
shows (`run.py photos verify` finds it); a withdrawal ends the row first and the file a moment later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from bot.installation import Installation
from bot.photo_keeping import shown
from handlers import publishing
from models.deletion import Deletion, Destroyed
from models.publication import Publication
from photos.redact import Box, as_json, public_copy
from photos.storage import Tree, digest

# Made from the copy for printing, which carries no metadata; the original is not even opened.
_SOURCE = "print"
_BATCH = 100


class Changed(Exception):
    """预览已失效: what would be published is not what was looked at."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """公开请求: which photo of which case, what is hidden in it, and who says so (None: the command line)."""

    case_id: int
    photo_id: int
    by: int | None
    boxes: tuple[Box, ...] = ()


def preview(installation: Installation, now: datetime, wanted: Wanted) -> bytes:
    """预览: exactly what would be published.

    Raises `NotPublishable`, `PhotoMissing`, `PhotoRefused`, or `OSError` where the storage fails.
    """
    with installation.database.glance() as session:
        desk = installation.desk(session, now)
        sha256 = publishing.permitted(desk, wanted.case_id, wanted.photo_id, wanted.by).sha256
        mark = publishing.mark(desk, wanted.case_id)
    return public_copy(shown(installation.vault, sha256, _SOURCE), wanted.boxes, mark)


def publish(installation: Installation, now: datetime, wanted: Wanted, seen: str = "") -> str:
    """公开: the only public copy of its photo from now on. Returns the hash it is shown under.

    seen: the hash of the preview somebody agreed to, "" for none. Raises what `preview` raises, and `Changed`.
    """
    data = preview(installation, now, wanted)
    if seen and digest(data) != seen:
        raise Changed("the preview was another picture")
    sha256 = installation.vault.keep_public(data)
    with installation.database.story() as session:
        desk = installation.desk(session, now)
        publishing.publish(desk, wanted.case_id, wanted.photo_id, wanted.by, sha256, as_json(wanted.boxes))
    # The same copy may have been withdrawn a moment ago, and its file cleared away before our row stood there.
    if not installation.vault.has_public(sha256):
        installation.vault.keep_public(data)
    return sha256


def withdraw(installation: Installation, now: datetime, photo_id: int, by: int | None, why: str) -> int:
    """撤回: a photo's public address shows nothing from now on. Returns how many publications that ends."""
    with installation.database.story() as session:
        return publishing.take_back(installation.desk(session, now), photo_id, by, why)


def address(installation: Installation, sha256: str) -> str:
    """公开地址: where everybody can see a published copy; a path where nobody knows how we are reached."""
    return f"{installation.settings.web.public_url or '/'}public/photos/{sha256}.jpg"


# What could not be cleared away for so long is for `run.py photos sweep`; looking twice a second stays cheap.
_LOOK_BACK = timedelta(days=1)
_CLEARED = exists().where(
    Deletion.kind == Destroyed.PUBLIC,
    Deletion.name == Publication.sha256,
    Deletion.deleted_at >= Publication.withdrawn_at,
)
_OTHER = aliased(Publication)
_STILL_SHOWN = exists().where(_OTHER.sha256 == Publication.sha256, _OTHER.withdrawn_at.is_(None))


def waiting_since(session: Session, now: datetime) -> datetime | None:
    """When the oldest publication was withdrawn whose file is still to be destroyed; None for none."""
    return session.scalars(select(func.min(Publication.withdrawn_at)).where(*_to_clear(now))).one()


def clear_due(installation: Installation, now: datetime) -> int:
    """Destroy the files of withdrawn publications. Returns how many hashes were dealt with."""
    query = select(Publication.sha256, func.max(Publication.withdrawn_at)).where(*_to_clear(now))
    with installation.database.glance() as session:
        due = session.execute(query.group_by(Publication.sha256).limit(_BATCH)).all()
    for sha256, withdrawn_at in due:
        _clear(installation, now, sha256, withdrawn_at)
    return len(due)


def _to_clear(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Publication.withdrawn_at >= now - _LOOK_BACK, ~_CLEARED, ~_STILL_SHOWN


def _clear(installation: Installation, now: datetime, sha256: str, withdrawn_at: datetime | None) -> None:
    # What was kept again since it was withdrawn stays: somebody publishes it anew, and their row is about to follow.
    size = installation.vault.remove(Tree.PUBLIC, sha256, unless_since=withdrawn_at)
    why = "kept again after it was withdrawn" if installation.vault.has_public(sha256) else "withdrawn"
    with installation.database.story() as session:
        session.add(Deletion(kind=Destroyed.PUBLIC, name=sha256, size=size, why=why, deleted_at=now))
