"""照片: pictures that came with reports and rectifications, and what was found out about them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, JsonDict, Key, Ref, Words

_WAITING = text("next_try_at IS NOT NULL")


class Fetch(StrEnum):
    """照片状态."""

    WAITING = "waiting"  # to be fetched from WeChat, which keeps it three days
    KEPT = "kept"
    REFUSED = "refused"  # not a picture we can show; reason says why
    LOST = "lost"  # could not be fetched in time
    ERASED = "erased"  # kept for as long as the city keeps pictures; the row stays


BAD = (Fetch.REFUSED, Fetch.LOST)


class Photo(Base):
    """照片: named by the SHA-256 of its original once fetched; metadata is kept here, never in copies.

    report_id: the one finding of a list it shows, None when it stands for all of the draft's.
    Belongs to a draft, and through it to a report (before) or a rectification (after).
    taken_at, lat, lon: what the camera wrote (WGS-84), for the command centre only.
    fingerprint: nearly the same pictures have nearly the same, see photos/fingerprint.py; None before it is kept.
    looks: what its pixels and its file tell of how it was made, see photos/looks.py.
    kept_at: since when it is kept together with its copies.
    """

    __tablename__ = "photos"
    __table_args__ = (Index("ix_photos_waiting", "next_try_at", sqlite_where=_WAITING, postgresql_where=_WAITING),)

    id: Mapped[Id]
    draft_id: Mapped[Ref] = mapped_column(ForeignKey("drafts.id"), index=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id"), index=True)
    account: Mapped[Key]
    media_id: Mapped[Words]
    arrived_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[Fetch] = mapped_column(default=Fetch.WAITING)
    reason: Mapped[Words] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    sha256: Mapped[Key] = mapped_column(default="", index=True)
    mime: Mapped[Key] = mapped_column(default="")
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(default=0)
    taken_at: Mapped[datetime | None]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    fingerprint: Mapped[bytes | None]
    looks: Mapped[JsonDict] = mapped_column(default=dict)
    kept_at: Mapped[datetime | None] = mapped_column(index=True)
    erased_at: Mapped[datetime | None]


class PhotoCheck(Base):
    """照片检查: what one check says of one after-photo. None of them refuses anything by itself.

    name: of the check, see photos/checks.py.  score: 0 (nothing) to 1 (certain).  doubtful: it is over the limit.
    facts: what the reason in words is made of (another case's number, metres, a time).
    """

    __tablename__ = "photo_checks"
    __table_args__ = (UniqueConstraint("photo_id", "name"),)

    id: Mapped[Id]
    photo_id: Mapped[Ref] = mapped_column(ForeignKey("photos.id"))
    name: Mapped[Key]
    score: Mapped[float]
    doubtful: Mapped[bool]
    facts: Mapped[JsonDict] = mapped_column(default=dict)
    checked_at: Mapped[datetime]
