"""发送: what waits for one person, by the first way of the ladder that is open. Speaks to WeChat, writes nothing."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.installation import Door
from bot.wechat.errors import Fate, SendError
from bot.wechat.reply import cut
from models.people import Way
from photos.intake import PhotoRefused, clean_copy
from photos.vault import PhotoMissing, Vault

log = logging.getLogger(__name__)

TEXT_BYTES = 2048
SCREEN_SIDE = 1280
_ONCE_TITLE, _ONCE_CONTENT = 15, 200


class Result(StrEnum):
    """发送结果."""

    SENT = "sent"
    LATER = "later"  # nothing is lost by trying again
    NOBODY = "nobody"  # no way is open to this person
    UNTRIED = "untried"  # something before it has to go first, or the time was over


@dataclass(slots=True)
class Window:
    """额度: one row of the ledger as it was when the parcel was leased, less what has been said since."""

    way: Way
    slot: str
    left: int
    until: datetime | None

    def is_open(self, now: datetime) -> bool:
        return self.left > 0 and (self.until is None or self.until > now)


@dataclass(slots=True)
class Address:
    """收件人: one identity of the person, with what may be said to it. broken: WeChat does not know it."""

    identity_id: int
    account: str
    openid: str
    follows: bool
    windows: tuple[Window, ...]
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Parcel:
    """包裹: one WeChat message; several rows when words were bundled, whose parts are then the single ones."""

    row_ids: tuple[int, ...]
    person_id: int
    text: str
    short: dict[str, str]
    photo_sha: str
    parts: "tuple[Parcel, ...]" = ()


@dataclass(frozen=True, slots=True)
class Try:
    """一次尝试: by which way, to which identity, and what WeChat said.

    window: the allowance it used, if the way needs one.  cost: what it took from that.
    """

    identity_id: int
    way: Way
    window: Window | None
    error: SendError | None
    cost: int = 0


@dataclass(slots=True)
class Outcome:
    """投递结果 of a parcel, with every try. until: do not try before.  behind: what it has to wait for."""

    parcel: Parcel
    result: Result = Result.NOBODY
    tries: list[Try] = field(default_factory=list)
    until: datetime | None = None
    behind: "Outcome | None" = None


@dataclass(frozen=True, slots=True)
class Sender:
    """发送人: what sending needs besides the parcels."""

    doors: dict[str, Door]
    ladder: tuple[Way, ...]
    vault: Vault

    def deliver(
        self, parcels: list[Parcel], addresses: list[Address], now: datetime, in_time: Callable[[], bool]
    ) -> list[Outcome]:
        """Send one person's parcels one after the other, so that they are read in the order they were said in.

        Words that have to wait hold up those after them; a picture does not.
        """
        outcomes: list[Outcome] = []
        held: Outcome | None = None
        for parcel in parcels:
            if held is not None or not in_time():
                outcomes.append(Outcome(parcel, Result.UNTRIED, behind=held))
                continue
            found = self._send(parcel, addresses, now, in_time)
            outcomes += found
            held = next((o for o in found if o.result is Result.LATER and not o.parcel.photo_sha), None)
        return outcomes

    def _send(
        self, parcel: Parcel, addresses: list[Address], now: datetime, in_time: Callable[[], bool]
    ) -> list[Outcome]:
        outcome = self._climb(parcel, addresses, now)
        if outcome.result is not Result.NOBODY or not parcel.parts:
            return [outcome]
        # A narrow way shows a line of the first row and would swallow the others, so now they go singly.
        singly = self.deliver(list(parcel.parts), addresses, now, in_time)
        singly[0].tries[:0] = outcome.tries
        return singly

    def _climb(self, parcel: Parcel, addresses: list[Address], now: datetime) -> Outcome:
        """Try each address and way in turn until WeChat accepts one."""
        outcome = Outcome(parcel)
        for address, way, window in self._rungs(parcel, addresses, now):
            attempt = self._try(parcel, address, way, window)
            outcome.tries.append(attempt)
            if _settled(outcome, attempt):
                break
        return outcome

    def _rungs(
        self, parcel: Parcel, addresses: list[Address], now: datetime
    ) -> Iterator[tuple[Address, Way, Window | None]]:
        for address in addresses:
            door = self.doors.get(address.account)
            for way in self.ladder if door else ():
                is_open, window = _opening(door, address, way, now)
                if is_open and not address.broken and (way in _WIDE or not (parcel.photo_sha or parcel.parts)):
                    yield address, way, window

    def _try(self, parcel: Parcel, address: Address, way: Way, window: Window | None) -> Try:
        error = self._call(parcel, address, way, window)
        if error is not None and error.fate is Fate.BROKEN_BINDING:
            address.broken = True
        if window is None:
            return Try(address.identity_id, way, None, error)
        # What WeChat says is closed is closed, whatever our ledger thought.
        shut = error is not None and error.fate is Fate.OTHER_WAY
        cost = 1 if error is None else window.left if shut else 0
        window.left -= cost
        return Try(address.identity_id, way, window, error, cost)

    def _call(self, parcel: Parcel, address: Address, way: Way, window: Window | None) -> SendError | None:
        door = self.doors[address.account]
        try:
            if parcel.photo_sha:
                self._send_photo(door, address.openid, parcel.photo_sha)
            else:
                _SENDING[way](door, address.openid, parcel, window.slot if window else "")
        except SendError as error:
            return error
        except Exception as error:  # boundary: one poison parcel would let the whole batch be sent again
            log.exception("a parcel of the rows %s cannot be sent", parcel.row_ids)
            return SendError(Fate.RETRY, None, f"无法发送 ({type(error).__name__})")
        return None

    def _send_photo(self, door: Door, openid: str, sha: str) -> None:
        """A picture goes only as a copy without metadata."""
        try:
            copy = clean_copy(self.vault.original(sha), SCREEN_SIDE)
        except (PhotoMissing, PhotoRefused) as error:
            raise SendError(Fate.REFUSED, None, f"照片不可用: {error}") from error
        door.api.send_image(openid, door.api.upload_image(copy, "photo.jpg"))


def _settled(outcome: Outcome, attempt: Try) -> bool:
    """Whether to stop climbing; otherwise the next rung is tried."""
    error = attempt.error
    if error is None or error.fate is Fate.ALREADY_SENT:
        outcome.result = Result.SENT
        return True
    if error.fate in (Fate.RETRY, Fate.TOKEN, Fate.ALARM):
        outcome.result = Result.LATER
        outcome.until = error.until
    # A call that may have gone through is repeated the same way; a spent quota will not recover, so go on.
    return error.fate is Fate.RETRY and error.until is None


def _opening(door: Door | None, address: Address, way: Way, now: datetime) -> tuple[bool, Window | None]:
    """Whether this way is open, and the allowance it would use, where it needs one."""
    if door is None or (way in _FOLLOWERS_ONLY and not address.follows):
        return False, None
    if way is Way.TEMPLATE:
        return bool(door.account.template), None
    usable = (w for w in address.windows if w.way is way and w.is_open(now) and _FITS[way](door, w))
    window = next(usable, None)
    return window is not None, window


# The ways that show a whole text, or a picture.
_WIDE = {Way.CUSTOM, Way.CUSTOM_BRIEF}
_FOLLOWERS_ONLY = {Way.CUSTOM, Way.CUSTOM_BRIEF, Way.TEMPLATE}
# Whether an allowance is one for what we can send: people may have subscribed to a template since replaced.
_FITS: dict[Way, Callable[[Door, Window], bool]] = {
    Way.CUSTOM: lambda _door, _window: True,
    Way.CUSTOM_BRIEF: lambda _door, _window: True,
    Way.ONCE: lambda door, _window: bool(door.account.once_template),
    Way.SUBSCRIPTION: lambda door, window: bool(window.slot) and window.slot == door.account.subscription,
}


def _send_text(door: Door, openid: str, parcel: Parcel, _slot: str) -> None:
    door.api.send_text(openid, cut(parcel.text, TEXT_BYTES))


def _send_once(door: Door, openid: str, parcel: Parcel, slot: str) -> None:
    title = (parcel.text.splitlines() or [""])[0][:_ONCE_TITLE]
    door.api.send_once(openid, door.account.once_template, slot, title, parcel.text[:_ONCE_CONTENT])


def _send_subscription(door: Door, openid: str, parcel: Parcel, _slot: str) -> None:
    fields = _fields(door.account.subscription_fields, parcel)
    door.api.send_subscription(openid, door.account.subscription, fields)


def _send_template(door: Door, openid: str, parcel: Parcel, _slot: str) -> None:
    door.api.send_template(openid, door.account.template, _fields(door.account.template_fields, parcel))


def _fields(wanted: Mapping[str, str], parcel: Parcel) -> dict[str, str]:
    """What goes into each field of a template: the case's short values, else the words themselves."""
    headline = _HEADLINE.match(parcel.text)
    first = headline[1] if headline else (parcel.text.splitlines() or [""])[0][:20]
    return {name: parcel.short.get(value) or first for name, value in wanted.items()}


# 【认领超时】: what a narrow way has to say before anything else, in a field of 20 characters.
_HEADLINE = re.compile(r"【([^】]{1,20})】")


_SENDING: dict[Way, Callable[[Door, str, Parcel, str], None]] = {
    Way.CUSTOM: _send_text,
    Way.CUSTOM_BRIEF: _send_text,
    Way.ONCE: _send_once,
    Way.SUBSCRIPTION: _send_subscription,
    Way.TEMPLATE: _send_template,
}
