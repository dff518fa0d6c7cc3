"""媒体曝光与整改承诺: what a medium published about a case, and what the unit promised in answer."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Name, Ref, Words


class Exposure(Base):
    """媒体曝光: outlet, date and link of one publication about a case.

    nth: how often the same problem (category and place) had been exposed by then, this one included; computed
    when the exposure is recorded, never typed in.
    """

    __tablename__ = "exposures"
    __table_args__ = (Index("ix_exposures_case_id_published_on", "case_id", "published_on"),)

    id: Mapped[Id]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    report_id: Mapped[Ref] = mapped_column(ForeignKey("reports.id"), index=True)
    outlet: Mapped[Name]
    column: Mapped[Name] = mapped_column("column_name", default="")
    title: Mapped[Words] = mapped_column(default="")
    url: Mapped[Words] = mapped_column(default="")
    published_on: Mapped[date]
    nth: Mapped[int] = mapped_column(default=1)
    recorded_at: Mapped[datetime]


class Pledge(Base):
    """整改承诺: who answers for it and by when, in the unit's own words."""

    __tablename__ = "pledges"

    id: Mapped[Id]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), index=True)
    assignment_id: Mapped[Ref] = mapped_column(ForeignKey("assignments.id"))
    person_id: Mapped[Ref] = mapped_column(ForeignKey("persons.id"))
    who: Mapped[Name]
    by: Mapped[date | None] = mapped_column("by_date")
    words: Mapped[Words]
    made_at: Mapped[datetime]
