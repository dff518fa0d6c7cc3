"""登录与会话: passwords, lockout, and the browsers that are in. Cookies are kept as digests only."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from itertools import pairwise

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash, generate_password_hash

from models.login import ConsoleSession, Login

# NIST SP 800-63B asks for 8 and for a list of what is too common; a city's staff gets 10 and a shorter list.
SHORTEST, LONGEST = 10, 200
_METHOD = "scrypt:32768:8:1"  # 32 MB and about 60 ms
_NOBODY = generate_password_hash(secrets.token_hex(), _METHOD)
_PATIENCE = 5
_FIRST_LOCK, _LONGEST_LOCK = timedelta(minutes=1), timedelta(hours=1)
WALL_LASTS = timedelta(days=30)
_SEEN_EVERY = timedelta(minutes=1)
BY_PASSWORD, BY_WALL = "password", "wall"


class Refused(StrEnum):
    """不能登录的原因: the keys of the words to say."""

    WRONG = "wrong"
    LOCKED = "locked"
    NO_ROLE = "no_role"


@dataclass(frozen=True, slots=True)
class Entry:
    """登录结果: the cookie of a new session, or why there is none."""

    cookie: str = ""
    refused: Refused | None = None
    login: Login | None = None


def find(session: Session, username: str) -> Login | None:
    """The account of a user name, held for this transaction."""
    query = select(Login).where(Login.username == username.strip().lower()).with_for_update()
    return session.scalars(query).one_or_none()


def check(session: Session, now: datetime, username: str, password: str) -> tuple[Login | None, Refused | None]:
    """认证. It takes as long for a name nobody has; five wrong passwords lock it, twice as long each time."""
    login = find(session, username)
    right = check_password_hash((login.password if login else "") or _NOBODY, password[:LONGEST])
    if login is None or login.disabled_at is not None or not login.password:
        return None, Refused.WRONG
    if login.locked_until is not None and now < login.locked_until:
        return login, Refused.LOCKED
    if not right:
        _fail(login, now)
        return login, Refused.WRONG
    login.failures, login.locked_until = 0, None
    return login, None


def _fail(login: Login, now: datetime) -> None:
    login.failures += 1
    if login.failures >= _PATIENCE:
        doubled = _FIRST_LOCK * 2 ** min(login.failures - _PATIENCE, 10)
        login.locked_until = now + min(doubled, _LONGEST_LOCK)


def weakness(password: str, username: str) -> str:
    """Why a password is none, as the key of the words to say; "" for a good one."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    plain = password.lower()
    if username and username in plain:
        return "name"
    steps = {ord(b) - ord(a) for a, b in pairwise(plain)}
    is_common = any(word in plain for word in ("password", "qwerty", "12345678", "chuangcheng", "88888888"))
    return "common" if is_common or len(set(plain)) < 4 or steps <= {1} or steps <= {-1} else ""


def set_password(login: Login, password: str, now: datetime, must_change: bool = False) -> None:
    """设密码. Whoever sets it for somebody else wants it changed."""
    login.password, login.changed_at = generate_password_hash(password, _METHOD), now
    login.must_change, login.is_demo = must_change, False
    login.failures, login.locked_until = 0, None


def must_change(login: Login, is_demo: bool) -> bool:
    """须改密码: somebody else chose it, or everybody knows it and this is no demo."""
    return login.must_change or (login.is_demo and not is_demo)


def create(session: Session, now: datetime, person_id: int, username: str, password: str) -> Login:
    """开账号 for somebody who has none. must_change: its password was chosen by somebody else."""
    login = Login(person_id=person_id, username=username.strip().lower(), created_at=now, failures=0)
    if password:
        set_password(login, password, now, must_change=True)
    session.add(login)
    session.flush()
    return login


def begin(session: Session, now: datetime, person_id: int, by: str, lasts: timedelta, agent: str = "") -> str:
    """进入: a new session for a person; returns what their browser's cookie holds."""
    cookie = secrets.token_urlsafe(32)
    session.add(
        ConsoleSession(
            digest=digest(cookie),
            person_id=person_id,
            csrf=secrets.token_urlsafe(24),
            by=by,
            agent=agent[:128],
            began_at=now,
            seen_at=now,
            ends_at=now + lasts,
        )
    )
    session.flush()
    return cookie


def current(session: Session, now: datetime, cookie: str, idle: timedelta) -> ConsoleSession | None:
    """The session a cookie belongs to, while it lasts."""
    found = session.scalars(select(ConsoleSession).where(ConsoleSession.digest == digest(cookie))).one_or_none()
    if found is None or found.ended_at is not None or now >= found.ends_at:
        return None
    is_idle = found.by != BY_WALL and now - found.seen_at > idle
    return None if is_idle else found


def is_stale(found: ConsoleSession, now: datetime) -> bool:
    """Whether it is worth a write to note that the person is still there."""
    return now - found.seen_at >= _SEEN_EVERY


def touch(session: Session, session_id: int, now: datetime) -> None:
    session.execute(update(ConsoleSession).where(ConsoleSession.id == session_id).values(seen_at=now))


def end(session: Session, now: datetime, *conditions: object) -> int:
    """退出: end the sessions that meet these conditions. Returns how many were open."""
    still = update(ConsoleSession).where(ConsoleSession.ended_at.is_(None), *conditions)  # type: ignore[arg-type]
    return len(session.scalars(still.values(ended_at=now).returning(ConsoleSession.id)).all())


def digest(cookie: str) -> str:
    return sha256(cookie.encode()).hexdigest()
