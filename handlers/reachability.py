"""联络情况: who can be reached, by what, since when; and whether a duty's owner was. Nothing here is kept."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Exists, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import Session

from models.assignment import Assignment
from models.deadline import Deadline
from models.outbound import Delivery, OutboundMessage
from models.people import Allowance, Identity, Membership, Role, Way

SILENCE = timedelta(days=3)
_IDS_AT_ONCE = 20_000  # SQLite takes 32,766 values in a statement


class Family(StrEnum):
    """账号类别: what kind of account somebody writes from."""

    OFFICIAL = "official"  # 公众号
    WORK = "work"  # 企业微信
    GROUP = "group"  # 智能机器人 of a group whose members are of no company we know


class Reach(StrEnum):
    """联络状态, each with something to do about it."""

    REACHABLE = "reachable"  # 可达
    NARROW = "narrow"  # 只能靠模板: let them write a word, or bind 企业微信
    SILENT = "silent"  # 三天未联系上: as narrow, and nothing was heard or accepted for days; call them
    UNREACHABLE = "unreachable"  # 不可达: no account left, or the last word died; bind somebody


class Account(NamedTuple):
    """账号 of a person. bound: WeChat knows them there and they follow.  open: free words can be said now."""

    key: str
    family: Family
    bound: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """联络情况 of one person; the times are None for never.

    heard_at: they spoke.  reached_at, way: the last word WeChat accepted.  failed_at: when the newest word that
    died was written.
    """

    accounts: tuple[Account, ...] = ()
    heard_at: datetime | None = None
    reached_at: datetime | None = None
    way: str = ""
    failed_at: datetime | None = None

    def reach(self, now: datetime) -> Reach:
        """联络状态 at a moment."""
        bound = [account for account in self.accounts if account.bound and account.family is not Family.GROUP]
        latest = max(filter(None, (self.heard_at, self.reached_at)), default=None)
        if not bound or (self.failed_at and (latest is None or self.failed_at > latest)):
            return Reach.UNREACHABLE
        if any(account.open for account in bound):
            return Reach.REACHABLE
        return Reach.NARROW if latest and now - latest < SILENCE else Reach.SILENT


def contacts(
    session: Session, now: datetime, people: Collection[int], families: Mapping[str, Family]
) -> dict[int, Contact]:
    """联络情况 of every person named, in three statements. families: by account key; 公众号 for one not there."""
    accounts, heard = _accounts(session, now, people, families)
    reached, failed = _reached(session, people), _failed(session, people)
    never = (None, "")
    return {
        person: Contact(
            accounts=tuple(accounts.get(person, ())),
            heard_at=heard.get(person),
            reached_at=reached.get(person, never)[0],
            way=reached.get(person, never)[1],
            failed_at=failed.get(person),
        )
        for person in people
    }


def _accounts(
    session: Session, now: datetime, people: Collection[int], families: Mapping[str, Family]
) -> tuple[dict[int, list[Account]], dict[int, datetime]]:
    accounts: dict[int, list[Account]] = defaultdict(list)
    heard: dict[int, datetime] = {}
    window = exists().where(
        Allowance.identity_id == Identity.id,
        Allowance.way == Way.CUSTOM,
        Allowance.left > 0,
        or_(Allowance.until.is_(None), Allowance.until > now),
    )
    query = select(Identity, window).where(Identity.person_id.in_(people)).order_by(Identity.id)
    for identity, talking in session.execute(query):
        family = families.get(identity.account, Family.OFFICIAL)
        bound = identity.follows and identity.broken_at is None
        is_open = bound and (talking or family is Family.WORK)
        accounts[identity.person_id].append(Account(identity.account, family, bound, is_open))
        heard[identity.person_id] = max(identity.last_heard_at, heard.get(identity.person_id, identity.last_heard_at))
    return accounts, heard


def _reached(session: Session, people: Collection[int]) -> dict[int, tuple[datetime, str]]:
    sent = OutboundMessage.state == Delivery.SENT, OutboundMessage.person_id.in_(people)
    newest = select(OutboundMessage.person_id, func.max(OutboundMessage.sent_at).label("at")).where(*sent)
    latest = newest.group_by(OutboundMessage.person_id).subquery()
    same = and_(OutboundMessage.person_id == latest.c.person_id, OutboundMessage.sent_at == latest.c.at)
    query = select(OutboundMessage.person_id, latest.c.at, OutboundMessage.way).join(latest, same).where(*sent)
    return {person: (at, way) for person, at, way in session.execute(query)}


def _failed(session: Session, people: Collection[int]) -> dict[int, datetime]:
    dead = OutboundMessage.state == Delivery.DEAD, OutboundMessage.person_id.in_(people)
    query = select(OutboundMessage.person_id, func.max(OutboundMessage.created_at)).where(*dead)
    return {row[0]: row[1] for row in session.execute(query.group_by(OutboundMessage.person_id))}


def has_address(session: Session, person_id: int) -> bool:
    """Whether any account is left at which WeChat knows the person and they follow."""
    bound = Identity.person_id == person_id, Identity.follows, Identity.broken_at.is_(None)
    return session.scalars(select(Identity.id).where(*bound).limit(1)).first() is not None


class Told(NamedTuple):
    """告知: when a word about a deadline was first accepted for somebody who acts for its owner, and by which way.

    at: None while nobody there could be told.  failed: how many tries at telling them came to nothing.
    """

    at: datetime | None = None
    way: str = ""
    failed: int = 0


def told(session: Session, deadline_ids: Iterable[int]) -> dict[int, Told]:
    """告知 for every deadline named, in one statement for 20,000 of them.

    A rectification that began with its unit's own claim has no word before its first reminder: there the claim,
    Assignment.claimed_at, is the proof that they know.
    """
    ids = list(dict.fromkeys(deadline_ids))
    found = dict.fromkeys(ids, Told())
    for n in range(0, len(ids), _IDS_AT_ONCE):
        found |= _told(session, ids[n : n + _IDS_AT_ONCE])
    return found


def _told(session: Session, ids: list[int]) -> dict[int, Told]:
    row = OutboundMessage
    tries = case((row.state == Delivery.SENT, row.attempts - 1), (row.state == Delivery.DEAD, row.attempts), else_=0)
    order = (row.sent_at.is_(None), row.sent_at, row.id)
    failed = func.sum(tries).over(partition_by=row.deadline_id).label("failed")
    first = func.row_number().over(partition_by=row.deadline_id, order_by=order).label("n")
    query = (
        select(row.deadline_id, row.sent_at, row.way, failed, first)
        .join(Deadline, Deadline.id == row.deadline_id)
        .outerjoin(Assignment, Assignment.id == Deadline.assignment_id)
        .where(row.deadline_id.in_(ids), row.state.in_((Delivery.SENT, Delivery.DEAD)), _acts_for_owner())
    )
    ranked = query.subquery()
    firsts = select(ranked.c.deadline_id, ranked.c.sent_at, ranked.c.way, ranked.c.failed).where(ranked.c.n == 1)
    return {about_id: Told(at, way, int(failed)) for about_id, at, way, failed in session.execute(firsts)}


def _acts_for_owner() -> Exists:
    """Whether the hearer acted, when the word was written, for the unit that owes, or for the command centre."""
    unit, role, since, until = Membership.unit_code, Membership.role, Membership.since, Membership.until
    city = and_(Deadline.assignment_id.is_(None), role.in_((Role.DISPATCHER, Role.VERIFIER)))
    own = and_(unit == Assignment.unit_code, role.in_((Role.OFFICER, Role.LEADER)))
    written = OutboundMessage.created_at
    return (
        select(true())
        .where(
            Membership.person_id == OutboundMessage.person_id,
            since <= written,
            or_(until.is_(None), until > written),
            or_(city, own),
        )
        .exists()
    )
