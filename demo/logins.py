"""演示登录: user names for the cast, with a password that everybody may know because nothing here is real."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import accounts
from demo.cast import DISPATCHER, LEADER, VERIFIER
from models.login import Login
from models.people import Identity, Membership, Person, Role

PASSWORD = "quancheng-demo"  # noqa: S105  shown at every start; console.demo says that it may stay
# user name | whose it is, "" for somebody without WeChat
LOGINS = {"diaodu": DISPATCHER, "hecha": VERIFIER, "jiedao": LEADER, "admin": ""}
WORDS = {"diaodu": "调度员", "hecha": "核查员", "jiedao": "甸柳新村街道负责人", "admin": "管理员"}


def open_logins(session: Session) -> None:
    """Done once; whoever changed the password keeps it."""
    now = datetime.now(UTC)
    for username, openid in LOGINS.items():
        if session.scalars(select(Login).where(Login.username == username)).first() is None:
            person = _person(session, openid) if openid else _admin(session, now)
            if person is not None:
                login = accounts.create(session, now, person, username, PASSWORD)
                login.must_change, login.is_demo = False, True


def _person(session: Session, openid: str) -> int | None:
    whose = select(Identity.person_id).where(Identity.openid.in_((openid, openid.lower())))
    return session.scalars(whose.limit(1)).first()


def _admin(session: Session, now: datetime) -> int:
    person = Person(name="郑管理", created_at=now)
    session.add(person)
    session.flush()
    session.add(Membership(person_id=person.id, role=Role.ADMIN, since=now))
    return person.id
