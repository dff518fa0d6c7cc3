"""租借: due rows taken for ourselves, without what the case has outgrown, with all that sending them needs."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import pacing, picture_parcels
from bot.bundling import Contents, bundle
from bot.doors import Doors
from bot.installation import Installation
from bot.parcel import Address, Errand, Parcel, Window
from bot.picture_parcels import Gallery
from models.assignment import Assignment
from models.clock import Duty
from models.deadline import Deadline
from models.outbound import Delivery, OutboundMessage
from models.people import Allowance, Identity, Membership, Role, Way

_ACTING = (Role.OFFICER, Role.LEADER)


@dataclass(slots=True)
class Batch:
    """一批: rows under lease, and the parcels and addresses of the people they are for."""

    leased_at: datetime
    rows: list[OutboundMessage] = field(default_factory=list)
    parcels: dict[int, list[Parcel]] = field(default_factory=dict)
    addresses: dict[int, list[Address]] = field(default_factory=dict)


def lease(installation: Installation, now: datetime) -> Batch:
    """Take due rows for ourselves: until the lease ends they are not due for anybody else."""
    with installation.database.story() as session:
        rows = _take(session, installation, now)
        if not rows:
            return Batch(now)
        gallery = picture_parcels.gallery(session, rows, now)
        live = _drop_stale(session, rows, gallery)
        addresses = _addresses(session, {row.person_id for row in live})
        members = {person for person, own in addresses.items() if _is_member(own, installation.doors)}
        errands = _errands(session, [row for row in live if row.person_id in members], now)
        parcels = _parcels(live, Contents(gallery.hashes, errands, gallery.drawings))
        _pace(session, installation, parcels, addresses, now)
        return Batch(now, rows, parcels, addresses)


def _take(session: Session, installation: Installation, now: datetime) -> list[OutboundMessage]:
    delivery = installation.settings.delivery
    due = (
        select(OutboundMessage.id)
        .where(OutboundMessage.next_try_at <= now)
        .order_by(OutboundMessage.next_try_at, OutboundMessage.id)
        .limit(delivery.batch)
        .with_for_update(skip_locked=True)
    )
    ids = list(session.scalars(due))
    if not ids:
        return []
    taken = update(OutboundMessage).where(OutboundMessage.id.in_(ids))
    values = {"next_try_at": now + delivery.lease, "attempts": OutboundMessage.attempts + 1}
    session.execute(taken.values(values).execution_options(synchronize_session=False))
    query = select(OutboundMessage).where(OutboundMessage.id.in_(ids))
    return list(session.scalars(query.order_by(OutboundMessage.id)))


def _drop_stale(session: Session, rows: list[OutboundMessage], gallery: Gallery) -> list[OutboundMessage]:
    """Nothing is said about a duty that has ended since the word was written."""
    about = {row.deadline_id for row in rows if row.deadline_id is not None}
    query = select(Deadline.id).where(Deadline.id.in_(about), Deadline.ended_at.is_not(None))
    ended = set(session.scalars(query)) if about else set()
    for row in rows:
        if row.deadline_id in ended:
            row.state, row.next_try_at = Delivery.VOID, None
    return [row for row in rows if row.id not in gallery.absent and row.state is Delivery.WAITING]


def _errands(session: Session, rows: list[OutboundMessage], now: datetime) -> dict[int, Errand]:
    """What the readers of rows can do by pressing a button: claim, if they act for the unit that owes it."""
    about = {row.deadline_id for row in rows if row.deadline_id is not None and not row.is_picture}
    if not about:
        return {}
    in_force = (Membership.since <= now) & (Membership.until.is_(None) | (Membership.until > now))
    query = (
        select(Deadline.id, Membership.person_id, Deadline.case_id)
        .join(Assignment, Assignment.id == Deadline.assignment_id)
        .join(Membership, Membership.unit_code == Assignment.unit_code)
        .where(
            Deadline.id.in_(about),
            Deadline.duty == Duty.CLAIM,
            Membership.role.in_(_ACTING),
            Membership.person_id.in_({row.person_id for row in rows}),
            in_force,
        )
    )
    can = {(deadline, person): Errand(case, deadline) for deadline, person, case in session.execute(query)}
    found = {row.id: can.get((row.deadline_id or 0, row.person_id)) for row in rows if not row.is_picture}
    return {row_id: errand for row_id, errand in found.items() if errand is not None}


def _parcels(rows: list[OutboundMessage], contents: Contents) -> dict[int, list[Parcel]]:
    by_person: dict[int, list[OutboundMessage]] = defaultdict(list)
    for row in rows:
        by_person[row.person_id].append(row)
    return {person: bundle(person, own, contents) for person, own in by_person.items()}


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
    allowances = select(Allowance).where(
        Allowance.identity_id.in_([i.id for i in identities]), Allowance.left > 0, Allowance.way != Way.WORK
    )
    for kept in session.scalars(allowances):
        windows[kept.identity_id].append(Window(kept.way, kept.slot, kept.left, kept.until, kept.address))
    found: dict[int, list[Address]] = defaultdict(list)
    for i in identities:
        address = Address(i.id, i.account, i.openid, i.follows, tuple(windows[i.id]))
        found[i.person_id].append(address)
    return found


def _is_member(addresses: list[Address], doors: Doors) -> bool:
    """Whether one of them is a member of a company, who can be sent cards."""
    return any(address.account in doors.work and address.follows for address in addresses)


def _pace(
    session: Session,
    installation: Installation,
    parcels: Mapping[int, list[Parcel]],
    addresses: dict[int, list[Address]],
    now: datetime,
) -> None:
    """Take from the ledger how many words each member of a company may get now."""
    wanted = {
        address.identity_id: sum(max(1, len(parcel.parts)) for parcel in own)
        for person, own in parcels.items()
        for address in addresses.get(person, ())
        if address.account in installation.doors.work
    }
    granted = pacing.reserve(session, wanted, installation.settings.delivery.pace.model_dump(), now)
    for person, own in addresses.items():
        addresses[person] = [
            replace(address, windows=(*address.windows, granted[address.identity_id]))
            if address.identity_id in granted
            else address
            for address in own
        ]
