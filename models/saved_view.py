"""常用视图: a filter of the case list that somebody wants again."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Name, Ref, Words


class SavedView(Base):
    """常用视图. query: the list's address behind the question mark.  shared: everybody sees it."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[Id]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("persons.id"))
    name: Mapped[Name]
    query: Mapped[Words]
    shared: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
