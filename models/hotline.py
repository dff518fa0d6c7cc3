"""12345 工单: what the hotline knows of an order, kept apart from the case because it names the caller."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Key, Name, Ref, Words


class HotlineOrder(Base):
    """工单: the order number is the key. caller, phone: the command centre's only; no unit ever sees them."""

    __tablename__ = "hotline_orders"
    __table_args__ = (UniqueConstraint("number"),)

    id: Mapped[Id]
    number: Mapped[Key]
    report_id: Mapped[Ref] = mapped_column(ForeignKey("reports.id"), index=True)
    caller: Mapped[Name] = mapped_column(default="")
    phone: Mapped[Name] = mapped_column(default="")
    body: Mapped[Words]
    received_at: Mapped[datetime]


class ApiKey(Base):
    """接口密钥: lets the hotline's own system in. Only a digest is kept; the key itself is shown once."""

    __tablename__ = "api_keys"

    id: Mapped[Id]
    name: Mapped[Name]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[Ref] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
