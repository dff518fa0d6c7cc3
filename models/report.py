"""上报 (线索): one person's finding, understood."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, and_, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, JsonDict, Key, Name, Ref, Words
from models.photo import Photo

_NUMBERED = text("number <> ''")
_RATED = text("rated_at IS NOT NULL")


class Report(Base):
    """上报: belongs to exactly one case, which may be a rejected one (不予立案).

    lat, lon: WGS-84 degrees.  rating: 1 满意, 2 基本满意, 3 不满意.  The reporter stays subscribed.
    number: the platform's own (工单编号), "" where it has none.  extra: what only its platform knows.
    """

    __tablename__ = "reports"
    __table_args__ = (
        Index(
            "uq_reports_number", "channel", "number", unique=True, sqlite_where=_NUMBERED, postgresql_where=_NUMBERED
        ),
        Index("ix_reports_reported_at", "reported_at"),
        Index("ix_reports_rated_at", "rated_at", sqlite_where=_RATED, postgresql_where=_RATED),
    )

    id: Mapped[Id]
    draft_id: Mapped[Ref] = mapped_column(ForeignKey("drafts.id"), index=True)
    person_id: Mapped[Ref] = mapped_column(ForeignKey("persons.id"), index=True)
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), index=True)
    channel: Mapped[Key]
    text: Mapped[Words]
    place: Mapped[Name]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    number: Mapped[Key] = mapped_column(default="")
    extra: Mapped[JsonDict] = mapped_column(default=dict)
    reported_at: Mapped[datetime]
    rating: Mapped[int | None]
    rated_at: Mapped[datetime | None]


def is_shown() -> ColumnElement[bool]:
    """照片与线索: joins photos with what they show: all findings of their draft, or the one their sender named."""
    return and_(Report.draft_id == Photo.draft_id, or_(Photo.report_id.is_(None), Photo.report_id == Report.id))
