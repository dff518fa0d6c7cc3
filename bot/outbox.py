"""发件箱: drains OutboundMessage rows. Lease, pick a way, send, record, back off. Sent at least once, never lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from bot.bookkeeping import Books
from bot.delivery import Sender
from bot.installation import Installation
from bot.leasing import Batch, lease
from bot.parcel import Outcome
from bot.together import send_together
from bot.ways import Ways

# No parcel is begun after this part of the lease: the slowest call, and then recording, must fit into the rest.
_BEGIN_WITHIN = 3

Clock = Callable[[], datetime]


def drain(installation: Installation, clock: Clock, until: datetime) -> int:
    """Send what is due, batch after batch, until nothing is left or the time is over. Returns how many rows."""
    delivery = installation.settings.delivery
    ways = Ways(installation.doors, installation.vault, installation.settings.web.public_url)
    sender = Sender(ways, tuple(delivery.ladder))
    done = 0
    with ThreadPoolExecutor(delivery.threads) as pool:
        while clock() < until:
            batch = lease(installation, clock())
            if not batch.rows:
                break
            outcomes = _send(installation, pool, sender, batch, clock)
            Books(installation, {row.id: row for row in batch.rows}, batch.leased_at, clock()).keep(outcomes)
            done += len(batch.rows)
    return done


def _send(
    installation: Installation, pool: ThreadPoolExecutor, sender: Sender, batch: Batch, clock: Clock
) -> list[Outcome]:
    last_begin = batch.leased_at + installation.settings.delivery.lease / _BEGIN_WITHIN

    def in_time() -> bool:
        return clock() < last_begin

    begun = send_together(pool, sender, batch.parcels, batch.addresses, batch.leased_at, in_time)

    def to_one_person(person: int) -> list[Outcome]:
        addresses = batch.addresses.get(person, [])
        return sender.deliver(batch.parcels[person], addresses, clock(), in_time, begun.get(person, ()))

    return [outcome for found in pool.map(to_one_person, batch.parcels) for outcome in found]
