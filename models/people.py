"""People (人员): who they are, under which WeChat identities, and what they may do."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, Id, Key, Name, Ref


class Role(StrEnum):
    """身份: what a person was registered as. Everybody is a citizen without any row."""

    OFFICER = "officer"  # 经办人
    LEADER = "leader"  # 单位负责人
    DISPATCHER = "dispatcher"  # 调度员


class Way(StrEnum):
    """发送方式: the ways to reach a person, as the delivery ladder names them."""

    CUSTOM = "custom"  # 客服消息: 48 h after the person spoke, 5 messages
    CUSTOM_BRIEF = "custom_brief"  # 客服消息: 1 min after a menu tap, scan or follow, 3 messages
    ONCE = "once"  # 一次性订阅
    SUBSCRIPTION = "subscription"  # 订阅通知
    TEMPLATE = "template"  # 模板消息


class Person(Base):
    """人员: one human being, whatever accounts they write from."""

    __tablename__ = "persons"

    id: Mapped[Id]
    name: Mapped[Name] = mapped_column(default="")
    created_at: Mapped[datetime]
    identities: Mapped[list["Identity"]] = relationship(back_populates="person", order_by="Identity.id")
    memberships: Mapped[list["Membership"]] = relationship(back_populates="person", order_by="Membership.id")

    def roles(self, now: datetime) -> "list[Membership]":
        """The memberships in force at a moment."""
        return [m for m in self.memberships if m.since <= now and (m.until is None or now < m.until)]


class Identity(Base):
    """微信身份: a person at one account. follows goes false on unsubscribe; broken_at when WeChat denies it."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("account", "openid"),)

    id: Mapped[Id]
    account: Mapped[Key]
    openid: Mapped[Key]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("persons.id"), index=True)
    follows: Mapped[bool] = mapped_column(default=True)
    broken_at: Mapped[datetime | None]
    last_heard_at: Mapped[datetime]
    person: Mapped[Person] = relationship(back_populates="identities")


class Membership(Base):
    """任职: a role a person holds, at a unit where the role belongs to one."""

    __tablename__ = "memberships"

    id: Mapped[Id]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("persons.id"), index=True)
    role: Mapped[Role]
    unit_code: Mapped[str | None] = mapped_column(String(32), ForeignKey("units.code"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    person: Mapped[Person] = relationship(back_populates="memberships")


class Invitation(Base):
    """绑定码: a code or QR scene that makes its bearer an officer, leader or dispatcher; never a nickname."""

    __tablename__ = "invitations"

    id: Mapped[Id]
    code: Mapped[Key] = mapped_column(unique=True)
    name: Mapped[Name] = mapped_column(default="")
    role: Mapped[Role]
    unit_code: Mapped[str | None] = mapped_column(String(32), ForeignKey("units.code"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    uses_left: Mapped[int] = mapped_column(default=1)


class Allowance(Base):
    """额度: what WeChat still lets us say to an identity in one way. No API tells it, so we keep the ledger.

    slot: the scene of a one-time subscription, the template of a notice, "" for customer-service messages.
    """

    __tablename__ = "allowances"
    __table_args__ = (UniqueConstraint("identity_id", "way", "slot"),)

    id: Mapped[Id]
    identity_id: Mapped[Ref] = mapped_column(ForeignKey("identities.id"))
    way: Mapped[Way]
    slot: Mapped[Key] = mapped_column(default="")
    left: Mapped[int]
    until: Mapped[datetime | None]


def serving(session: Session, now: datetime, role: Role, units: "list[str] | None" = None) -> list[int]:
    """在岗人员: ids of the people who hold a role now, at one of the units where units are named."""
    query = select(Membership.person_id).where(
        Membership.role == role, Membership.since <= now, or_(Membership.until.is_(None), Membership.until > now)
    )
    if units is not None:
        query = query.where(Membership.unit_code.in_(units))
    return sorted(set(session.scalars(query)))
