"""发件箱: drains OutboundMessage rows. Lease, pick a way, send, record, back off. Sent at least once, never lost."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from bot.bundling import bundle
from bot.delivery import Address, Outcome, Parcel, Result, Sender, Try, Window
from bot.installation import Installation
from bot.wechat.errors import Fate
from handlers.unreached import tell_others
from models.deadline import Deadline
from models.outbound import Delivery, OutboundMessage
from models.people import Allowance, Identity
from models.photo import Fetch, Photo

PICTURE_PAUSE = timedelta(seconds=2)
GIVE_UP = timedelta(hours=24)  # a word WeChat keeps failing on for a day is dead, and somebody else is told


@dataclass(slots=True)
class _Batch:
    rows: list[OutboundMessage]
    parcels: dict[int, list[Parcel]]
    addresses: dict[int, list[Address]]


def drain(installation: Installation, clock: Callable[[], datetime], until: datetime) -> int:
    """Send what is due, batch after batch, until nothing is left or the time is over. Returns how many rows."""
    delivery = installation.settings.delivery
    sender = Sender(installation.doors, tuple(delivery.ladder), installation.vault)
    done = 0
    with ThreadPoolExecutor(delivery.threads) as pool:
        while clock() < until:
            batch = _lease(installation, clock())
            if not batch.rows:
                break
            _send(installation, pool, sender, batch, clock())
            done += len(batch.rows)
    return done


def _send(installation: Installation, pool: ThreadPoolExecutor, sender: Sender, batch: _Batch, now: datetime) -> None:
    def to_one_person(person: int) -> list[Outcome]:
        # One after the other, so that a person reads things in the order in which they were said.
        return [sender.send(parcel, batch.addresses.get(person, []), now) for parcel in batch.parcels[person]]

    outcomes = [outcome for found in pool.map(to_one_person, batch.parcels) for outcome in found]
    with installation.database.story() as session:
        _record(installation, session, batch, outcomes, now)


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
            return _Batch([], {}, {})
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
        return _Batch(rows, _parcels(live, pictures), _addresses(session, people))


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


def _record(
    installation: Installation, session: Session, batch: _Batch, outcomes: list[Outcome], now: datetime
) -> None:
    rows = {row.id: row for row in batch.rows}
    changes = []
    for outcome in outcomes:
        for row_id in outcome.parcel.row_ids:
            changes.append(_change(installation, rows[row_id], outcome, now))
    if changes:
        session.connection().execute(_RECORD, changes)
    _spend(session, outcomes)
    _break_bindings(session, outcomes, now)
    for change in changes:
        if change["now_state"] is Delivery.DEAD:
            tell_others(installation.desk(session, now), session.get_one(OutboundMessage, change["row"]))


_RECORD = (
    update(OutboundMessage)
    .where(OutboundMessage.id == bindparam("row"))
    .values(
        state=bindparam("now_state"),
        next_try_at=bindparam("again_at"),
        way=bindparam("by_way"),
        sent_at=bindparam("accepted_at"),
        history=bindparam("tried"),
    )
)


def _change(installation: Installation, row: OutboundMessage, outcome: Outcome, now: datetime) -> dict[str, Any]:
    sent = outcome.result is Result.SENT
    again = None if sent else _again_at(installation, row, outcome, now)
    state = Delivery.SENT if sent else Delivery.WAITING if again else _ended(row)
    return {
        "row": row.id,
        "now_state": state,
        "again_at": again,
        "by_way": outcome.tries[-1].way.value if sent else "",
        "accepted_at": now if sent else None,
        "tried": {"tries": [*row.history.get("tries", []), *(_told(t, now) for t in outcome.tries)]},
    }


def _ended(row: OutboundMessage) -> Delivery:
    """A picture that found no open window is dropped; its words went by themselves and are what counts."""
    return Delivery.VOID if row.photo_id else Delivery.DEAD


def _again_at(installation: Installation, row: OutboundMessage, outcome: Outcome, now: datetime) -> datetime | None:
    """When to try again; None when that is useless."""
    if outcome.result is Result.NOBODY or now - row.created_at > GIVE_UP:
        return None
    pauses = installation.settings.delivery.retry
    later = now + pauses[min(row.attempts, len(pauses)) - 1]
    return max(later, outcome.until) if outcome.until else later


def _told(attempt: Try, now: datetime) -> dict[str, Any]:
    """One try as kept on the row. The reason is WeChat's; SendError has taken every secret out of it."""
    error = attempt.error
    return {
        "at": now.isoformat(timespec="seconds"),
        "way": attempt.way.value,
        "code": error.code if error else 0,
        "reason": str(error) if error else "ok",
    }


def _spend(session: Session, outcomes: list[Outcome]) -> None:
    """What was used up, and what WeChat says is closed whatever our ledger thought."""
    spent = [(t, 1) for o in outcomes for t in o.tries if t.error is None and o.result is Result.SENT]
    shut = [(t, 99) for o in outcomes for t in o.tries if t.error and t.error.fate is Fate.OTHER_WAY]
    rows = [{"whose": t.identity_id, "by": t.way, "at_slot": t.slot, "n": n} for t, n in spent + shut]
    if rows:
        session.connection().execute(_SPEND, rows)


_SPEND = (
    update(Allowance)
    .where(
        Allowance.identity_id == bindparam("whose"),
        Allowance.way == bindparam("by"),
        Allowance.slot == bindparam("at_slot"),
    )
    .values(left=Allowance.left - bindparam("n"))
)


def _break_bindings(session: Session, outcomes: list[Outcome], now: datetime) -> None:
    broken = {t.identity_id for o in outcomes for t in o.tries if t.error and t.error.fate is Fate.BROKEN_BINDING}
    if broken:
        session.execute(update(Identity).where(Identity.id.in_(broken)).values(broken_at=now))
