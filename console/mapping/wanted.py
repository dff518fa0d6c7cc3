"""所求: which cases the map shows: as the list's filter says, but never the closed ones of all years at once."""

from collections.abc import Mapping
from datetime import date, timedelta

from console.listing.conditions import Conditions, Looking, conditions
from console.listing.filter import OPEN, Filter, Reader
from models.workflow import OPEN_STATUSES

# Three months of a city are 130,000 cases, gathered in a third of a second; a year takes longer than anybody waits.
LONGEST = timedelta(days=92)


class BadAsk(ValueError):
    """问不通: the address asks for what there is not; its words name the part that is wrong."""


def read(asked: Mapping[str, str], looking: Looking) -> Filter:
    """From the address; raises BadAsk for what the list would only mention.

    Of a period only one end may be given: it then lasts until today, or is the one day.
    """
    parsed = Reader(looking.pack).read(asked)
    if parsed.unknown:
        raise BadAsk(parsed.unknown[0].name)
    wanted = parsed.filter
    since, until = _period(wanted, looking.now.astimezone(looking.zone).date())
    if since and until and not timedelta() <= until - since <= LONGEST:
        raise BadAsk("from")
    if wanted.status and wanted.status not in (OPEN, *OPEN_STATUSES) and not since:
        raise BadAsk("status")
    return wanted.but(since=since, until=until)


def conditions_of(wanted: Filter, looking: Looking) -> Conditions:
    """Of cases, and never of any that the visitor may not see; without days and state only of open ones."""
    is_all = wanted.since is None and not wanted.status
    return conditions(wanted.but(status=OPEN) if is_all else wanted, looking).counted


def _period(wanted: Filter, today: date) -> tuple[date | None, date | None]:
    if wanted.since and not wanted.until:
        return wanted.since, max(today, wanted.since)
    return wanted.since or wanted.until, wanted.until
