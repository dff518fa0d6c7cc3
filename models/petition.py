"""申请: what a unit or a reporter asks the command centre to rule on."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Ref, Words

_PENDING = text("state = 'pending'")


class Plea(StrEnum):
    """申请类别."""

    RETURN = "return"  # 退回
    EXTENSION = "extension"  # 延期: one fixed span more
    DEFERRAL = "deferral"  # 缓办: until a day, because others must act first
    TRANSFER = "transfer"  # 转办建议
    REOPEN = "reopen"  # 重办
    APPEAL = "appeal"  # 申诉 against what counted against the unit


class Ruling(StrEnum):
    """裁定."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LAPSED = "lapsed"  # the case moved on before anybody ruled


class Petition(Base):
    """申请: stops no clock by itself; at most one of a kind pends per case. Each has its own ruling deadline.

    until: 缓办 until when.
    """

    __tablename__ = "petitions"
    __table_args__ = (
        Index(
            "uq_petitions_pending",
            "case_id",
            "plea",
            unique=True,
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"))
    person_id: Mapped[Ref] = mapped_column(ForeignKey("persons.id"))
    plea: Mapped[Plea]
    reason: Mapped[Words]
    suggested_unit: Mapped[str | None] = mapped_column(String(32), ForeignKey("units.code"))
    until: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    state: Mapped[Ruling] = mapped_column(default=Ruling.PENDING)
    ruled_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    ruled_at: Mapped[datetime | None]
    ruling: Mapped[Words] = mapped_column(default="")

    def rule(self, state: Ruling, now: datetime, by: int | None = None, words: str = "") -> None:
        """裁定: settle the petition."""
        self.state, self.ruled_at, self.ruled_by, self.ruling = state, now, by, words
