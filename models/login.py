"""登录: who may enter the command centre in the browser, and the browsers that are in."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Key, Name, Ref, Words


class Login(Base):
    """登录账号: a person's user name and password. What they may do follows from their roles, never from here.

    password: salted scrypt hash, "" where the person comes in by scanning only.
    is_demo: the password is one that everybody knows; outside a demo it must be changed before anything else.
    failures: wrong passwords since the last right one.  locked_until: nobody gets in before, right or wrong.
    """

    __tablename__ = "logins"

    id: Mapped[Id]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("persons.id"), unique=True)
    username: Mapped[Key] = mapped_column(unique=True)
    password: Mapped[Words] = mapped_column(default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    must_change: Mapped[bool] = mapped_column(default=False)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]


class ConsoleSession(Base):
    """登录会话: one browser that is in. Kept here, so that any web process knows it and it can be ended at once.

    digest: SHA-256 of what the browser's cookie holds; who reads this table cannot come in with it.
    csrf: what a page's forms carry, so that no other site can write in its name.  by: password, wecom or wechat.
    ends_at: whatever happens, it is over then; it ends earlier when nothing was heard for a while.
    """

    __tablename__ = "console_sessions"

    id: Mapped[Id]
    digest: Mapped[Key] = mapped_column(unique=True)
    person_id: Mapped[Ref] = mapped_column(ForeignKey("persons.id"), index=True)
    csrf: Mapped[Key]
    by: Mapped[Key]
    agent: Mapped[Name] = mapped_column(default="")
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
