"""People (人员): who they are, under which WeChat identities, and what they may do."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, ForeignKey, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.absence import Absence
from models.base import Base, Id, Key, Name, Ref, Words


class Role(StrEnum):
    """身份: what a person was registered as. Everybody is a citizen without any row."""

    PHOTOGRAPHER = "photographer"  # 拍客
    PATROL = "patrol"  # 巡访员
    OPERATOR = "operator"  # 热线坐席
    VOLUNTEER = "volunteer"  # 交通志愿者
    ASSESSOR = "assessor"  # 测评员
    JOURNALIST = "journalist"  # 记者
    OFFICER = "officer"  # 经办人
    LEADER = "leader"  # 单位负责人
    DISPATCHER = "dispatcher"  # 调度员
    VERIFIER = "verifier"  # 核查员
    ADMIN = "admin"  # 管理员


class Way(StrEnum):
    """发送方式: the ways to reach a person, as the delivery ladder names them."""

    CARD = "card"  # 企业微信任务卡片, with buttons
    WORK = "work"  # 企业微信应用消息
    GROUP = "group"  # 群内回复: once, within 1 h after the person spoke in the group
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
    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="person", order_by="Membership.id", foreign_keys="Membership.person_id"
    )

    def roles(self, now: datetime) -> "list[Membership]":
        """The memberships in force at a moment."""
        return [m for m in self.memberships if m.since <= now and (m.until is None or now < m.until)]


class Identity(Base):
    """微信身份: a person at one account. follows goes false on unsubscribe; broken_at when WeChat denies it.

    platform: the one the person last chose by QR, menu or word; "" for none.
    """

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("account", "openid"),)

    id: Mapped[Id]
    account: Mapped[Key]
    openid: Mapped[Key]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("persons.id"), index=True)
    follows: Mapped[bool] = mapped_column(default=True)
    broken_at: Mapped[datetime | None]
    last_heard_at: Mapped[datetime]
    platform: Mapped[Key] = mapped_column(default="")
    person: Mapped[Person] = relationship(back_populates="identities")


class Membership(Base):
    """任职: a role a person holds, at a unit where the role belongs to one.

    post: a volunteer's 岗位, and shift (班次) the hours it is for, as "07:00-09:00"; "" for all day.
    areas: what a 拍客 looks after.  outlet: a journalist's medium.
    deputy: the name of who stands in while the person is away (AB 岗); deputy_id: that person, once bound.
    """

    __tablename__ = "memberships"

    id: Mapped[Id]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("persons.id"), index=True)
    role: Mapped[Role]
    unit_code: Mapped[str | None] = mapped_column(String(32), ForeignKey("units.code"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    post: Mapped[Name] = mapped_column(default="")
    shift: Mapped[Key] = mapped_column(default="")
    areas: Mapped[Name] = mapped_column(default="")
    outlet: Mapped[Name] = mapped_column(default="")
    deputy: Mapped[Name] = mapped_column(default="")
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    person: Mapped[Person] = relationship(back_populates="memberships", foreign_keys=[person_id])


class Invitation(Base):
    """绑定码: a code or QR scene that gives its bearer a role; never a nickname.

    expires_at: until when it can be used.  ends_at: when the role it gives ends, None for open end.
    joins_id: instead of a role, the person whose account its bearer's becomes as well (关联账号).
    """

    __tablename__ = "invitations"

    id: Mapped[Id]
    code: Mapped[Key] = mapped_column(unique=True)
    name: Mapped[Name] = mapped_column(default="")
    role: Mapped[Role | None]
    joins_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    unit_code: Mapped[str | None] = mapped_column(String(32), ForeignKey("units.code"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    uses_left: Mapped[int] = mapped_column(default=1)
    ends_at: Mapped[datetime | None]
    post: Mapped[Name] = mapped_column(default="")
    shift: Mapped[Key] = mapped_column(default="")
    areas: Mapped[Name] = mapped_column(default="")
    outlet: Mapped[Name] = mapped_column(default="")
    deputy: Mapped[Name] = mapped_column(default="")


class Allowance(Base):
    """额度: what WeChat still lets us say to an identity in one way. No API tells it, so we keep the ledger.

    slot: the scene of a one-time subscription, the template of a notice, the chat of a group, the span of a pace
    ("minute", "hour"), "" for customer-service messages.
    address: where WeChat wants to be told, for the way that has an address of its own (response_url).
    """

    __tablename__ = "allowances"
    __table_args__ = (UniqueConstraint("identity_id", "way", "slot"),)

    id: Mapped[Id]
    identity_id: Mapped[Ref] = mapped_column(ForeignKey("identities.id"))
    way: Mapped[Way]
    slot: Mapped[Key] = mapped_column(default="")
    left: Mapped[int]
    until: Mapped[datetime | None]
    address: Mapped[Words] = mapped_column(default="")


def serving(session: Session, now: datetime, role: Role, units: "list[str] | None" = None) -> list[int]:
    """在岗人员: ids of the people who hear what is said to a role, at one of the units where units are named."""
    conditions = [Membership.role == role]
    if units is not None:
        conditions.append(Membership.unit_code.in_(units))
    return sorted({held.person_id for held in in_office(session, now, *conditions)})


class InOffice(NamedTuple):
    """在岗: who hears the words for a role at a unit; the deputy, while its holder is away."""

    role: Role
    unit_code: str | None
    person_id: int


def in_office(session: Session, now: datetime, *conditions: ColumnElement[bool]) -> list[InOffice]:
    """Everybody in office at a moment, with AB 岗 applied. Who is away without a deputy in office hears nothing."""
    query = select(Membership.role, Membership.unit_code, Membership.person_id, Membership.deputy_id).where(
        Membership.since <= now, or_(Membership.until.is_(None), Membership.until > now), *conditions
    )
    rows = session.execute(query.order_by(Membership.id)).all()
    away = set(session.scalars(select(Absence.person_id).where(Absence.begins_at <= now, Absence.ends_at > now)))
    hearers = ((role, unit, deputy if person in away else person) for role, unit, person, deputy in rows)
    present = (InOffice(role, unit, person) for role, unit, person in hearers if person and person not in away)
    return list(dict.fromkeys(present))
