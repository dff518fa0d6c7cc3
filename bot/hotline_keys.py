"""接口密钥: issued once, kept as a digest, refused when revoked."""

import secrets
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.hotline import ApiKey
from models.people import Person


def issue(session: Session, name: str, now: datetime) -> str:
    """发放密钥: the key is returned once; its bearer is a person of that name, who reports what it sends."""
    key = secrets.token_urlsafe(32)
    person = Person(name=name, created_at=now)
    session.add(person)
    session.flush()
    session.add(ApiKey(name=name, digest=_digest(key), person_id=person.id, created_at=now))
    return key


def bearer(session: Session, header: str, now: datetime) -> ApiKey | None:
    """The key in force that an Authorization header carries, None for any other header."""
    scheme, _, given = header.partition(" ")
    if scheme.lower() != "bearer" or not given.strip():
        return None
    # Found by digest, so that neither a comparison nor an index tells anything about the key itself.
    query = select(ApiKey).where(ApiKey.digest == _digest(given.strip()), ApiKey.revoked_at.is_(None))
    key = session.scalars(query).one_or_none()
    if key is not None:
        key.used_at = now
    return key


def known(session: Session) -> list[ApiKey]:
    """Every key, the oldest first."""
    return list(session.scalars(select(ApiKey).order_by(ApiKey.id)))


def revoke(session: Session, number: int, now: datetime) -> bool:
    """Take a key back. Returns whether it was in force."""
    key = session.get(ApiKey, number)
    if key is None or key.revoked_at is not None:
        return False
    key.revoked_at = now
    return True


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()
