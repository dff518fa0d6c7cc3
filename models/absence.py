"""请假: when somebody is away, and their deputy (AB 岗) stands in."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Ref


class Absence(Base):
    """请假: between the two times the person's words go to the deputy their membership names."""

    __tablename__ = "absences"

    id: Mapped[Id]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("persons.id"), index=True)
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
