"""操作日志: who looked at personal data and who did what, in a chain that cannot be changed without a trace."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ForeignKey, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, JsonDict, Key, Name, Words

# What the first entry follows.
BEGINNING = "0" * 64
# Any number that nothing else of ours locks by.
_CHAIN_LOCK = 0x6A6F7572


class JournalEntry(Base):
    """操作日志: append-only. digest: SHA-256 over what it says and the digest before it, so that each holds all.

    person_id: None for the command line and the system.  act: what was done, as "case.assign" or "look.reporter".
    subject: at what, as "case:12".  words: what the person wrote.  address: where the browser was.
    """

    __tablename__ = "journal"

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    act: Mapped[Key] = mapped_column(index=True)
    subject: Mapped[Key] = mapped_column(index=True)
    words: Mapped[Words] = mapped_column(default="")
    data: Mapped[JsonDict] = mapped_column(default=dict)
    address: Mapped[Name] = mapped_column(default="")
    previous: Mapped[Key]
    digest: Mapped[Key] = mapped_column(unique=True)

    def recomputed(self) -> str:
        """The digest its content should have."""
        said = [self.at.isoformat(), self.person_id, self.act, self.subject, self.words, self.data, self.address]
        canonical = json.dumps([self.previous, *said], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Act:
    """一次操作: what is to be written down; see JournalEntry."""

    act: str
    subject: str = ""
    words: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def write(session: Session, now: datetime, person_id: int | None, act: Act, address: str = "") -> JournalEntry:
    """记一笔, in the transaction of what it tells of. One writer at a time: an entry holds the one before it."""
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer anyway
        session.execute(text("SELECT pg_advisory_xact_lock(:chain)"), {"chain": _CHAIN_LOCK})
    previous = session.scalars(select(JournalEntry.digest).order_by(JournalEntry.id.desc()).limit(1)).one_or_none()
    entry = JournalEntry(
        at=now,
        person_id=person_id,
        act=act.act,
        subject=act.subject,
        words=act.words,
        data=json.loads(json.dumps(dict(act.data), ensure_ascii=False)),
        address=address,
        previous=previous or BEGINNING,
    )
    entry.digest = entry.recomputed()
    session.add(entry)
    session.flush()
    return entry


@dataclass(frozen=True, slots=True)
class Chain:
    """核对结果. broken: ids of entries that do not say what they said, or do not follow the one before.

    head: the last digest; keep it elsewhere (it stands on every 日报), because whoever cuts the end off leaves a
    chain that is whole.  has_head: whether an expected head was found; None when none was asked for.
    """

    entries: int
    head: str
    broken: tuple[int, ...]
    has_head: bool | None = None


def verify(session: Session, expected_head: str = "") -> Chain:
    """核对: recompute the whole chain. expected_head: a digest noted earlier that must still be in it."""
    previous, count, broken, seen = BEGINNING, 0, [], False
    for entry in _all(session):
        count += 1
        if entry.previous != previous or entry.digest != entry.recomputed():
            broken.append(entry.id)
        previous = entry.digest
        seen = seen or entry.digest == expected_head
    return Chain(count, previous, tuple(broken), seen if expected_head else None)


def head(session: Session) -> str:
    """The latest digest, "" while nothing was written."""
    return session.scalars(select(JournalEntry.digest).order_by(JournalEntry.id.desc()).limit(1)).one_or_none() or ""


def _all(session: Session) -> Iterator[JournalEntry]:
    query = select(JournalEntry).order_by(JournalEntry.id).execution_options(yield_per=1000)
    yield from session.scalars(query)
