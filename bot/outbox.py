"""发件箱: drains OutboundMessage rows. Lease, pick a way, send, record, back off. Sent at least once, never lost."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.bookkeeping import Books
from bot.bundling import bundle
from bot.delivery import Address, Outcome, Parcel, Sender, Window
from bot.installation import Installation
from models.deadline import Deadline
from models.outbound import Delivery, OutboundMessage
from models.people import Allowance, Identity
from models.photo import Fetch, Photo

PICTURE_PAUSE = timedelta(seconds=2)
# No parcel is begun after this part of the lease: the slowest call, and then recording, must fit into the rest.
_BEGIN_WITHIN = 3

Clock = Callable[[], datetime]


@dataclass(slots=True)
class _Batch:
    leased_at: datetime
    rows: list[OutboundMessage]
    parcels: dict[int, list[Parcel]]
    addresses: dict[int, list[Address]]


def drain(installation: Installation, clock: Clock, until: datetime) -> int:
    """Send what is due, batch after batch, until nothing is left or the time is over. Returns how many rows."""
    delivery = installation.settings.delivery
    sender = Sender(installation.doors, tuple(delivery.ladder), installation.vault)
    done = 0
    with ThreadPoolExecutor(delivery.threads) as pool:
        while clock() < until:
            batch = _lease(installation, clock())
            if not batch.rows:
                break
            outcomes = _send(installation, pool, sender, batch, clock)
            Books(installation, {row.id: row for row in batch.rows}, batch.leased_at, clock()).keep(outcomes)
            done += len(batch.rows)
    return done


def _send(
    installation: Installation, pool: ThreadPoolExecutor, sender: Sender, batch: _Batch, clock: Clock
) -> list[Outcome]:
    last_begin = batch.leased_at + installation.settings.delivery.lease / _BEGIN_WITHIN

    def to_one_person(person: int) -> list[Outcome]:
        addresses = batch.addresses.get(person, [])
        return sender.deliver(batch.parcels[person], addresses, clock(), lambda: clock() < last_begin)

    return [outcome for found in pool.map(to_one_person, batch.parcels) for outcome in found]


def _lease(installation: Installation, now: datetime) -> _Batch:
    """Take due rows for ourselves: until the lease ends they are not due for anybody else."""
    delivery = installation.settings.delivery
    with installation.database.story() as session:
        due = (
            select(OutboundMessage.id)
            .where(OutboundMessage.next_try_at <= now)
            .order_by(OutboundMessage.next_try_at, OutboundMessage.id)
            .limit(delivery.batch)
            .with_for_update(skip_locked=True)
        )
        ids = list(session.scalars(due))
        if not ids:
            return _Batch(now, [], {}, {})
        lease = {"next_try_at": now + delivery.lease, "attempts": OutboundMessage.attempts + 1}
        session.execute(
            update(OutboundMessage)
            .where(OutboundMessage.id.in_(ids))
            .values(lease)
            .execution_options(synchronize_session=False)
        )
        rows = list(
            session.scalars(select(OutboundMessage).where(OutboundMessage.id.in_(ids)).order_by(OutboundMessage.id))
        )
        pictures = _pictures(session, rows, now)
        live = _drop_stale(session, rows, pictures)
        people = {row.person_id for row in live}
        return _Batch(now, rows, _parcels(live, pictures), _addresses(session, people))


def _pictures(session: Session, rows: list[OutboundMessage], now: datetime) -> dict[int, str]:
    """The hashes of the pictures that can go; one still being fetched is waited for, a lost one is dropped."""
    wanted = [row.photo_id for row in rows if row.photo_id is not None]
    found = session.scalars(select(Photo).where(Photo.id.in_(wanted))) if wanted else ()
    photos = {photo.id: photo for photo in found}
    for row in rows:
        photo = photos.get(row.photo_id or 0)
        if photo is not None and photo.state is Fetch.WAITING:
            row.next_try_at, row.attempts = now + PICTURE_PAUSE, row.attempts - 1
        elif photo is not None and photo.state is not Fetch.KEPT:
            row.state, row.next_try_at = Delivery.VOID, None
    return {photo.id: photo.sha256 for photo in photos.values() if photo.state is Fetch.KEPT}


def _drop_stale(session: Session, rows: list[OutboundMessage], pictures: dict[int, str]) -> list[OutboundMessage]:
    """Nothing is said about a duty that has ended since the word was written."""
    about = {row.deadline_id for row in rows if row.deadline_id is not None}
    query = select(Deadline.id).where(Deadline.id.in_(about), Deadline.ended_at.is_not(None))
    ended = set(session.scalars(query)) if about else set()
    for row in rows:
        if row.deadline_id in ended:
            row.state, row.next_try_at = Delivery.VOID, None
    ready = [row for row in rows if row.photo_id is None or row.photo_id in pictures]
    return [row for row in ready if row.state is Delivery.WAITING]


def _parcels(rows: Iterable[OutboundMessage], pictures: dict[int, str]) -> dict[int, list[Parcel]]:
    by_person: dict[int, list[OutboundMessage]] = defaultdict(list)
    for row in rows:
        by_person[row.person_id].append(row)
    return {person: bundle(person, own, pictures) for person, own in by_person.items()}


def _addresses(session: Session, people: set[int]) -> dict[int, list[Address]]:
    """Each person's identities, the one heard from last first, with their open windows."""
    identities = list(
        session.scalars(
            select(Identity)
            .where(Identity.person_id.in_(people), Identity.broken_at.is_(None))
            .order_by(Identity.last_heard_at.desc())
        )
    )
    windows: dict[int, list[Window]] = defaultdict(list)
    allowances = select(Allowance).where(Allowance.identity_id.in_([i.id for i in identities]), Allowance.left > 0)
    for kept in session.scalars(allowances):
        windows[kept.identity_id].append(Window(kept.way, kept.slot, kept.left, kept.until))
    found: dict[int, list[Address]] = defaultdict(list)
    for i in identities:
        address = Address(i.id, i.account, i.openid, i.follows, tuple(windows[i.id]))
        found[i.person_id].append(address)
    return found
