"""标注与模型: what dispatchers said is right, and the versions that were trained on it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, JsonDict, Key, Ref

_IN_USE = text("in_use")


class Said(StrEnum):
    """标注方式: what a dispatcher did that says what is right."""

    ASSIGNED = "assigned"  # 派单: this unit, and with it the category as it stood
    CATEGORY = "category"  # 更正类别
    PLACE = "place"  # 更正地点
    REJECTED = "rejected"  # 不予立案: no problem for street supervision


class Label(Base):
    """标注样本: one thing a dispatcher said about a case; the latest says what is right, all are kept.

    category, street, district, unit_code: as they stand after it, "" while unknown.  decided: the routing's own
    decision before it.  A re-run of the routing never changes what a label says.
    """

    __tablename__ = "labels"

    id: Mapped[Id]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), index=True)
    person_id: Mapped[Ref] = mapped_column(ForeignKey("persons.id"))
    said: Mapped[Said]
    category: Mapped[Key] = mapped_column(default="")
    district: Mapped[str] = mapped_column(String(32), default="")
    street: Mapped[str] = mapped_column(String(32), default="")
    unit_code: Mapped[str] = mapped_column(String(32), default="")
    decided: Mapped[JsonDict] = mapped_column(default=dict)
    at: Mapped[datetime]


class TrainedModel(Base):
    """模型版本: a trained version, kept for going back to; at most one is in use, none means the pack's own.

    version: digest of the content, or "lexicon" with no content for doing without any.  measures: what it was
    trained on, and how well it did on reports it had not seen.
    """

    __tablename__ = "trained_models"
    __table_args__ = (
        Index("uq_trained_models_in_use", "in_use", unique=True, sqlite_where=_IN_USE, postgresql_where=_IN_USE),
    )

    id: Mapped[Id]
    version: Mapped[Key] = mapped_column(unique=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    measures: Mapped[JsonDict]
    pack_version: Mapped[Key]
    trained_at: Mapped[datetime]
    in_use: Mapped[bool] = mapped_column(default=False)
    used_from: Mapped[datetime | None]
