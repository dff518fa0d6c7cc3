"""同发: what several members of a company get in the same words goes out in one call, card by card."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from datetime import datetime
from typing import NamedTuple

from bot.delivery import Sender
from bot.parcel import Address, Errand, Outcome, Parcel, Result
from bot.ways import WORK_WAYS
from bot.wechat.work_app import MAX_PEOPLE
from models.people import Way

Parcels = Mapping[int, list[Parcel]]
Addresses = Mapping[int, list[Address]]


class _Same(NamedTuple):
    """What must be equal for two people to be written to in one call."""

    account: str
    way: Way
    text: str
    photo_sha: str
    drawing: str
    errand: Errand | None
    again: bool
    page: str


class _Member(NamedTuple):
    person: int
    parcel: Parcel
    address: Address


def send_together(
    pool: Executor, sender: Sender, parcels: Parcels, addresses: Addresses, now: datetime, in_time: Callable[[], bool]
) -> dict[int, list[Outcome]]:
    """Send what is equal, everybody's first parcels first. Returns what has become of each person's parcels so far.

    Each person's words keep their order: the next is looked at only once the one before it has gone.
    """
    begun: dict[int, list[Outcome]] = defaultdict(list)
    ready: Iterable[int] = list(parcels)
    while groups := _groups(sender, parcels, addresses, begun, ready, now):
        if not in_time():
            break
        ready = []
        for (_, members), outcomes in zip(groups, pool.map(lambda group: _send(sender, *group), groups), strict=True):
            for member, outcome in zip(members, outcomes, strict=True):
                begun[member.person].append(outcome)
                if outcome.result is Result.SENT:
                    ready.append(member.person)
    return begun


def _send(sender: Sender, same: _Same, members: list[_Member]) -> list[Outcome]:
    return sender.send_together(same.way, [(member.parcel, member.address) for member in members])


def _groups(
    sender: Sender,
    parcels: Parcels,
    addresses: Addresses,
    begun: Mapping[int, list[Outcome]],
    ready: Iterable[int],
    now: datetime,
) -> list[tuple[_Same, list[_Member]]]:
    """People whose next parcels are the same and would go to the same company; nobody alone."""
    found: dict[_Same, list[_Member]] = defaultdict(list)
    for person in ready:
        sent = len(begun.get(person, ()))
        if sent < len(parcels[person]):
            _join(found, sender, person, parcels[person][sent], addresses.get(person, []), now)
    return [(same, piece) for same, members in found.items() for piece in _pieces(members) if len(piece) > 1]


def _pieces(members: list[_Member]) -> Iterator[list[_Member]]:
    for n in range(0, len(members), MAX_PEOPLE):
        yield members[n : n + MAX_PEOPLE]


def _join(
    found: dict[_Same, list[_Member]],
    sender: Sender,
    person: int,
    parcel: Parcel,
    addresses: list[Address],
    now: datetime,
) -> None:
    rung = sender.first_rung(parcel, addresses, now)
    if rung is None or rung[0] not in WORK_WAYS or rung[2].wait is not None:
        return
    way, address, _ = rung
    # A card leads everybody to the same place; a text tells each of their own page.
    page = parcel.page if way is Way.WORK else ""
    what = (parcel.text, parcel.photo_sha, parcel.drawing, parcel.errand, parcel.again, page)
    same = _Same(address.account, way, *what)
    found[same].append(_Member(person, parcel, address))
