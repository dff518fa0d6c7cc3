"""责任单位: who can be made responsible."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Name, UnitCode


class Unit(Base):
    """责任单位: 市直部门 / 区县 / 街道镇, a tree; loaded from the data pack, retired but never deleted."""

    __tablename__ = "units"

    code: Mapped[UnitCode] = mapped_column(primary_key=True)
    name: Mapped[Name]
    short: Mapped[Name]
    tier: Mapped[str] = mapped_column(String(16))
    parent_code: Mapped[str | None] = mapped_column(String(32), ForeignKey("units.code"), index=True)
    retired: Mapped[bool] = mapped_column(default=False)
