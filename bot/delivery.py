"""发送: one parcel to one person, by the first way of the ladder that is open. Speaks to WeChat, writes nothing."""

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

TEXT_BYTES = 2048
SCREEN_SIDE = 1280
_ONCE_TITLE, _ONCE_CONTENT = 15, 200


class Result(StrEnum):
    """发送结果."""

    SENT = "sent"
    LATER = "later"  # nothing is lost by trying again
    NOBODY = "nobody"  # no way is open to this person


@dataclass(frozen=True, slots=True)
class Window:
    """额度: one row of the ledger as it was when the parcel was leased."""

    way: Way
    slot: str
    left: int
    until: datetime | None

    def is_open(self, now: datetime) -> bool:
        return self.left > 0 and (self.until is None or self.until > now)


@dataclass(frozen=True, slots=True)
class Address:
    """收件人: one identity of the person, with what may be said to it."""

    identity_id: int
    account: str
    openid: str
    follows: bool
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Parcel:
    """包裹: one WeChat message; several rows when words were bundled."""

    row_ids: tuple[int, ...]
    person_id: int
    text: str
    short: dict[str, str]
    photo_sha: str


@dataclass(frozen=True, slots=True)
class Try:
    """一次尝试: by which way, to which identity, and what WeChat said. slot: the allowance it used."""

    identity_id: int
    way: Way
    slot: str
    error: SendError | None


@dataclass(slots=True)
class Outcome:
    """投递结果 of a parcel, with every try. until: do not try before."""

    parcel: Parcel
    result: Result = Result.NOBODY
    tries: list[Try] = field(default_factory=list)
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """发送人: what sending needs besides the parcel."""

    doors: dict[str, Door]
    ladder: tuple[Way, ...]
    vault: Vault

    def send(self, parcel: Parcel, addresses: list[Address], now: datetime) -> Outcome:
        """Try each address and way in turn until WeChat accepts one."""
        outcome = Outcome(parcel)
        for address, way, slot in self._rungs(addresses, now):
            attempt = self._try(parcel, address, way, slot)
            outcome.tries.append(attempt)
            if _settled(outcome, attempt):
                break
        return outcome

    def _rungs(self, addresses: list[Address], now: datetime) -> Iterator[tuple[Address, Way, str]]:
        for address in addresses:
            door = self.doors.get(address.account)
            for way in self.ladder if door else ():
                slot = _open_slot(door, address, way, now)
                if slot is not None:
                    yield address, way, slot

    def _try(self, parcel: Parcel, address: Address, way: Way, slot: str) -> Try:
        door = self.doors[address.account]
        try:
            if parcel.photo_sha:
                self._send_photo(door, address, parcel, way)
            else:
                _SENDING[way](door, address.openid, parcel, slot)
        except SendError as error:
            return Try(address.identity_id, way, slot, error)
        return Try(address.identity_id, way, slot, None)

    def _send_photo(self, door: Door, address: Address, parcel: Parcel, way: Way) -> None:
        """A picture goes by customer-service message only, and only as a copy without metadata."""
        if way not in (Way.CUSTOM, Way.CUSTOM_BRIEF):
            raise SendError(Fate.OTHER_WAY, None, "此方式不能发图片")
        try:
            copy = clean_copy(self.vault.original(parcel.photo_sha), SCREEN_SIDE)
        except (PhotoMissing, PhotoRefused) as error:
            raise SendError(Fate.REFUSED, None, f"照片不可用: {error}") from error
        door.api.send_image(address.openid, door.api.upload_image(copy, "photo.jpg"))


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


def _open_slot(door: Door | None, address: Address, way: Way, now: datetime) -> str | None:
    """The allowance this way would use; "" where it needs none; None when the way is not open."""
    if door is None or (way in _FOLLOWERS_ONLY and not address.follows):
        return None
    if way is Way.TEMPLATE:
        return "" if door.account.template else None
    if not _CONFIGURED[way](door):
        return None
    return next((w.slot for w in address.windows if w.way is way and w.is_open(now)), None)


_FOLLOWERS_ONLY = {Way.CUSTOM, Way.CUSTOM_BRIEF, Way.TEMPLATE}
_CONFIGURED: dict[Way, Callable[[Door], bool]] = {
    Way.CUSTOM: lambda _: True,
    Way.CUSTOM_BRIEF: lambda _: True,
    Way.ONCE: lambda door: bool(door.account.once_template),
    Way.SUBSCRIPTION: lambda door: bool(door.account.subscription),
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
    first = (parcel.text.splitlines() or [""])[0][:20]
    return {name: parcel.short.get(value) or first for name, value in wanted.items()}


_SENDING: dict[Way, Callable[[Door, str, Parcel, str], None]] = {
    Way.CUSTOM: _send_text,
    Way.CUSTOM_BRIEF: _send_text,
    Way.ONCE: _send_once,
    Way.SUBSCRIPTION: _send_subscription,
    Way.TEMPLATE: _send_template,
}
