"""World (世界): everything one simulator holds, put together in one place."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from threading import Lock
from typing import Any

from simulator.conversations import Conversations
from simulator.errors import Refused
from simulator.faults import Faults
from simulator.media import MediaStore
from simulator.oauth_codes import OauthCodes
from simulator.people import People, Person
from simulator.settings import Account, Settings
from simulator.tokens import Tokens
from simulator.wecom.office import Office
from simulator.wecom.settings import Corp, Group

BEIJING = timezone(timedelta(hours=8))
# Enough for the largest benchmark, without growing for ever in a demonstration.
_CALLS_KEPT = 50_000
_CLEARINGS_A_MONTH = 10


@dataclass(frozen=True, slots=True)
class CallRecord:
    """调用记录: one API call as it ended; never with a secret in it."""

    n: int
    path: str
    account: str
    openid: str
    errcode: int
    at: str


class Calls:
    """调用簿: the newest API calls, numbered."""

    def __init__(self) -> None:
        self._records: deque[CallRecord] = deque(maxlen=_CALLS_KEPT)
        self._numbers = count(1)
        self._lock = Lock()

    def add(self, path: str, account: str, openid: str, errcode: int, now: datetime) -> None:
        """Record a call."""
        with self._lock:
            self._records.append(CallRecord(next(self._numbers), path, account, openid, errcode, now.isoformat()))

    def after(self, n: int) -> list[dict[str, Any]]:
        """Return the calls after number n."""
        with self._lock:
            return [asdict(one) for one in self._records if one.n > n]


class Quotas:
    """次数: calls a day for each account and family of APIs; the day is Beijing's."""

    def __init__(self, settings: Settings) -> None:
        self._limits = settings.limits
        self._used: Counter[tuple[str, str, str]] = Counter()
        self._cleared: Counter[tuple[str, str]] = Counter()
        self._lock = Lock()

    def spend(self, account: str, name: str, now: datetime) -> None:
        """Count one call. Raises Refused 45009 when the day's number is reached."""
        day = now.astimezone(BEIJING).date().isoformat()
        # Counted before the call is judged: the stricter reading of a page that says only "calls".
        with self._lock:
            if self._used[account, name, day] >= self._limits.quota(name):
                raise Refused(45009)
            self._used[account, name, day] += 1

    def clear(self, account: str, now: datetime) -> None:
        """Set an account's counts back. Raises Refused 48006 after ten times in a month."""
        month = f"{now.astimezone(BEIJING):%Y-%m}"
        with self._lock:
            if self._cleared[account, month] >= _CLEARINGS_A_MONTH:
                raise Refused(48006)
            # The ten clearings are counted by the month and not given back.
            self._cleared[account, month] += 1
            for key in [one for one in self._used if one[0] == account]:
                del self._used[key]


def real_time() -> datetime:
    """Return the moment it is."""
    return datetime.now(UTC)


class World:
    """世界: accounts, people, conversations and what the account may do, shared by all threads.

    clock: what tokens, windows, limits and codes go by; another one lets a week pass in minutes.
    """

    def __init__(self, settings: Settings, conversations: Conversations | None = None) -> None:
        self.settings = settings
        self.clock: Callable[[], datetime] = real_time
        self.limits = settings.limits
        self.accounts = {account.key: account for account in settings.accounts}
        self.by_app_id = {account.app_id: account for account in settings.accounts}
        self.conversations = conversations or Conversations()
        self.corps = {corp.key: corp for corp in settings.corps}
        self.groups = {group.key: group for group in settings.groups}
        self.people = People(folded=self.corps)
        self.office = Office(self.limits)
        self.oauth = OauthCodes(self.limits.oauth_code_seconds)
        self.tokens = Tokens(self.limits)
        self.quotas = Quotas(settings)
        self.faults = Faults()
        self.calls = Calls()
        self.media = MediaStore(settings.data, self.limits.media_seconds)
        self.menus: dict[str, dict[str, Any]] = {}
        self.scenes: dict[tuple[str, str], str] = {}
        self.message_ids: set[str] = set()
        # Seconds in front keep the numbers growing over restarts, and small enough for a browser to hold exactly.
        self._numbers = count(int(datetime.now(BEIJING).timestamp()) * 10**6)
        for one in settings.people:
            person = Person(one.account, one.openid, one.name, one.role, one.following)
            person.group, person.phrases = one.group, tuple(one.phrases)
            self.people.add(person)
        # Cards are read back from what their people have seen.
        for line in self.conversations.since(0):
            self.office.cards.note(line)

    def next_number(self) -> int:
        """Return a MsgId: 64 bits, growing, not repeated after a new start."""
        return next(self._numbers)

    def person(self, account: str, openid: str) -> Person:
        """Return someone the account can address. Raises Refused 40003 for an unknown openid."""
        person = self.people.find(account, openid)
        if person is None:
            raise Refused(40003)
        return person

    def account_of(self, app_id: str) -> Account:
        """Return the account of an AppID. Raises Refused 40013."""
        if app_id not in self.by_app_id:
            raise Refused(40013)
        return self.by_app_id[app_id]

    def corp_of(self, corp_id: str) -> Corp:
        """Return the corp of a CorpID. Raises Refused 40013."""
        corp = next((one for one in self.corps.values() if one.corp_id == corp_id), None)
        if corp is None:
            raise Refused(40013)
        return corp

    def members(self, group: Group) -> list[Person]:
        """Return the people of a group chat."""
        return [person for person in self.people.of(group.corp) if group.holds(person.openid)]
