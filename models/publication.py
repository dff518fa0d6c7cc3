"""公开照片: what of a picture the public may see, and who decided it."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, JsonDict, Key, Ref, Words


class Publication(Base):
    """公开照片: a blurred and watermarked copy of one photo, under the hash of the copy itself.

    sha256: of the public file; nothing public tells the original's.
    boxes: what was made unreadable, {"boxes": [[x, y, width, height], …]} as fractions of the upright picture.
    by: the person who drew them, None for the command line.
    withdrawn_at: since when it is not public any more; another publication of the same photo withdraws this one.
    """

    __tablename__ = "publications"

    id: Mapped[Id]
    photo_id: Mapped[Ref] = mapped_column(ForeignKey("photos.id"), index=True)
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), index=True)
    sha256: Mapped[Key] = mapped_column(index=True)
    boxes: Mapped[JsonDict]
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    published_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None] = mapped_column(index=True)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    why: Mapped[Words] = mapped_column(default="")
