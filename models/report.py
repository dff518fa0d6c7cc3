"""上报 (线索): one person's finding, understood."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Key, Name, Ref, Words


class Report(Base):
    """上报: belongs to exactly one case, which may be a rejected one (不予立案).

    lat, lon: WGS-84 degrees.  rating: 1 满意, 2 基本满意, 3 不满意.  The reporter stays subscribed.
    """

    __tablename__ = "reports"

    id: Mapped[Id]
    draft_id: Mapped[Ref] = mapped_column(ForeignKey("drafts.id"), index=True)
    person_id: Mapped[Ref] = mapped_column(ForeignKey("persons.id"), index=True)
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), index=True)
    channel: Mapped[Key]
    text: Mapped[Words]
    place: Mapped[Name]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    reported_at: Mapped[datetime]
    rating: Mapped[int | None]
    rated_at: Mapped[datetime | None]
