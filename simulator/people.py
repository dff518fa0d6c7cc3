"""People (人物): who holds a phone, whom they follow, and what the account may still say to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from simulator.conversations import Key
from simulator.errors import Refused
from simulator.settings import Limits


@dataclass(slots=True)
class Grant:
    """额度: how many customer-service messages may be sent until when, bought by one act of the person."""

    until: datetime
    left: int


@dataclass(slots=True)
class Person:
    """人物: one follower of one account."""

    account: str
    openid: str
    name: str
    role: str = ""
    following: bool = True
    followed_at: datetime | None = None
    grants: dict[str, Grant] = field(default_factory=dict)
    scenes: set[int] = field(default_factory=set)
    notices: Counter[str] = field(default_factory=Counter)
    group: str = ""
    phrases: tuple[str, ...] = ()
    lock: Lock = field(default_factory=Lock, repr=False)

    @property
    def key(self) -> Key:
        """Account and openid together; an openid means nothing outside its account."""
        return self.account, self.openid

    def spoke(self, now: datetime, limits: Limits) -> None:
        """A message opens a fresh 48 h window, whatever was left of the last."""
        self._grant("message", now, limits.window_seconds, limits.window_messages)

    def tapped(self, now: datetime, limits: Limits) -> None:
        """A menu click, a scan or a follow opens one short minute, beside the window of a message."""
        self._grant("tap", now, limits.tap_window_seconds, limits.tap_messages)

    def _grant(self, how: str, now: datetime, seconds: float, messages: int) -> None:
        with self.lock:
            self.grants[how] = Grant(until=now + timedelta(seconds=seconds), left=messages)

    def forget_windows(self) -> None:
        """Close every window at once, as time would."""
        with self.lock:
            self.grants.clear()

    def spend_message(self, now: datetime) -> None:
        """Take one customer-service message. Raises Refused 45015 without a window, 45047 when used up."""
        with self.lock:
            open_now = [one for one in self.grants.values() if one.until > now]
            if not self.following or not open_now:
                # One code for two cases, as WeChat has it: no window, or no follower any more.
                raise Refused(45015)
            usable = [one for one in open_now if one.left > 0]
            if not usable:
                raise Refused(45047)
            # The minute of a tap is spent first; what it leaves unused would be lost anyway.
            min(usable, key=lambda one: one.until).left -= 1

    def spend_scene(self, scene: int) -> None:
        """Take a one-time subscription. Raises Refused 43101 when the person gave none for this scene."""
        # A set, not a counter: allowing the same scene twice buys one message, not two.
        with self.lock:
            if scene not in self.scenes:
                raise Refused(43101)
            self.scenes.remove(scene)

    def spend_notice(self, template: str, *, long_term: bool) -> None:
        """Take a subscription notice; a long-term one is not used up. Raises Refused 43101 without one."""
        with self.lock:
            if self.notices[template] < 1:
                raise Refused(43101)
            if not long_term:
                self.notices[template] -= 1


class People:
    """人物册: everyone, by account and openid; the accounts in `folded` do not tell a from A in their ids."""

    def __init__(self, folded: Container[str] = ()) -> None:
        self._folded = folded
        self._people: dict[Key, Person] = {}

    def add(self, person: Person) -> Person:
        """Add someone; a person already there is kept as they are."""
        # A restart adds those of the settings file again; what happened to them since must win.
        return self._people.setdefault(self._place(*person.key), person)

    def find(self, account: str, openid: str) -> Person | None:
        """Return the person or None."""
        return self._people.get(self._place(account, openid))

    def of(self, account: str) -> list[Person]:
        """Return everyone of one account."""
        return [person for person in self if person.account == account]

    def _place(self, account: str, openid: str) -> Key:
        # WeCom gives userids back in lower case now and then; the person is the same.
        return account, openid.lower() if account in self._folded else openid

    def __iter__(self) -> Iterator[Person]:
        return iter(list(self._people.values()))
