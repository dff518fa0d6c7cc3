"""发送方式: for each way of the ladder whether it is open to somebody, and how it is used."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from string import digits
from typing import NamedTuple
from zlib import crc32

from bot import card_face, picture_parcels
from bot.doors import Door, Doors, WorkDoor
from bot.headline import headline
from bot.parcel import TEXT_BYTES, Address, Errand, Parcel, SentCard, Window
from bot.wechat.errors import Fate, SendError
from bot.wechat.reply import cut
from bot.wechat.work_app import Sent
from models.people import Way
from models.wording import Texts
from photos.intake import PhotoRefused
from photos.storage import PhotoMissing, Storage

_ONCE_TITLE, _ONCE_CONTENT = 15, 200
_TEXTS = Texts(Path(__file__).with_name("texts.yaml"))


class Opening(NamedTuple):
    """可用: the allowance a way would use, where it needs one; wait: it is open, but not before then."""

    window: Window | None = None
    wait: datetime | None = None


class Together(NamedTuple):
    """同发结果: who could not be given it, by identity, and the card that lies with the others."""

    failed: Mapping[int, SendError]
    card: SentCard | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """所有方式. doors: what they lead through.  vault: where the pictures are.  public_url: how people reach us."""

    doors: Doors
    vault: Storage
    public_url: str = ""

    def opening(self, way: Way, parcel: Parcel, address: Address, now: datetime) -> Opening | None:
        """Whether this parcel can go this way to this address; None when it cannot."""
        narrow = way not in _WIDE and (parcel.is_picture or parcel.parts)
        if narrow or address.broken or way in address.shut:
            return None
        return _OPENS[way](self.doors, parcel, address, now)

    def send(
        self, way: Way, parcel: Parcel, address: Address, window: Window | None, now: datetime
    ) -> SentCard | None:
        """Use a way that is open. Raises SendError."""
        if way in WORK_WAYS:
            return self._send_to_one(way, parcel, address)
        if way is Way.GROUP and window is not None:
            self.doors.groups[_bot_of(parcel, address)].api.respond(window.address, parcel.text, now)
            return None
        door = self.doors.official[address.account]
        if parcel.is_picture:
            door.api.send_image(address.openid, door.api.upload_image(self._drawn(parcel), "photo.jpg"))
        else:
            _SENDING[way](door, address.openid, parcel, window.slot if window else "")
        return None

    def send_together(self, way: Way, parcel: Parcel, addresses: list[Address]) -> "Together":
        """企业微信: the same to several members of one company in one call. Raises SendError where nobody gets it."""
        door = self.doors.work[addresses[0].account]
        people = [address.openid for address in addresses]
        if way is Way.CARD and parcel.errand:
            return self._send_card(door, parcel, parcel.errand, addresses)
        if parcel.is_picture:
            sent = door.api.send_image(people, door.api.upload_image(self._drawn(parcel), "photo.jpg"))
        else:
            sent = door.api.send_text(people, _with_page(parcel), again=parcel.again)
        return Together(_by_identity(sent, addresses))

    def _send_to_one(self, way: Way, parcel: Parcel, address: Address) -> SentCard | None:
        told = self.send_together(way, parcel, [address])
        for error in told.failed.values():
            raise error
        return told.card

    def _send_card(self, door: WorkDoor, parcel: Parcel, errand: Errand, addresses: list[Address]) -> "Together":
        """One card for all of them, so that one code changes it for all of them."""
        people = [address.openid for address in addresses]
        task_id = _task_id(parcel, errand, people)
        face = card_face.draw(parcel, task_id, self._card_page(door, parcel, errand, people))
        sent = door.api.send_card(people, face, again=parcel.again)
        reached = tuple(who for who in people if who not in sent.failed)
        card = SentCard(door.app.key, task_id, errand, sent.response_code, reached)
        return Together(_by_identity(sent, addresses), card if reached else None)

    def _card_page(self, door: WorkDoor, parcel: Parcel, errand: Errand, people: list[str]) -> str:
        """Where a card leads: WeCom tells us who taps it, or it lies with one person only."""
        if door.app.oauth and self.public_url:
            return f"{self.public_url}h5/open/{door.app.key}/{errand.case_id}"
        return parcel.page if len(people) == 1 else ""

    def _drawn(self, parcel: Parcel) -> bytes:
        """A picture goes only as a drawing, or as a copy without metadata."""
        try:
            return picture_parcels.render(self.vault, parcel.drawing, parcel.photo_sha)
        except (PhotoMissing, PhotoRefused) as error:
            raise SendError(Fate.REFUSED, None, f"照片不可用: {error}") from error


# The ways that show a whole text, or a picture.
_WIDE = {Way.CUSTOM, Way.CUSTOM_BRIEF, Way.WORK}
WORK_WAYS = {Way.CARD, Way.WORK}


def _task_id(parcel: Parcel, errand: Errand, people: list[str]) -> str:
    """The same in every try, so that what went through before is known as such; another where the people are others,
    because a number that was used is refused."""
    mark = crc32(" ".join(sorted(people)).encode())
    return f"case-{errand.case_id}-{mark:08x}-{parcel.row_ids[0]}"


def _bot_of(parcel: Parcel, address: Address) -> str:
    """The bot of the group a word belongs to; in private the one a person talks to, if it is a bot at all."""
    return parcel.chat.partition(":")[0] or address.account


def _by_identity(sent: Sent, addresses: list[Address]) -> dict[int, SendError]:
    return {a.identity_id: sent.failed[a.openid] for a in addresses if a.openid in sent.failed}


def _by_group(doors: Doors, parcel: Parcel, address: Address, now: datetime) -> Opening | None:
    """In the group it is about, and only there; what names no group goes to a private talk with the bot alone."""
    if _bot_of(parcel, address) not in doors.groups:
        return None
    said_there = (w for w in address.windows if w.way is Way.GROUP and w.slot == parcel.chat)
    return next((Opening(w) for w in said_there if w.is_open(now)), None)


def _by_card(doors: Doors, parcel: Parcel, address: Address, now: datetime) -> Opening | None:
    return _by_work(doors, parcel, address, now) if parcel.errand else None


def _by_work(doors: Doors, parcel: Parcel, address: Address, now: datetime) -> Opening | None:
    """Members can be written to at any time; too fast, and WeCom drops what we say without telling."""
    if address.account not in doors.work or not address.follows:
        return None
    pace = next((window for window in address.windows if window.way is Way.WORK), None)
    if pace is None or pace.left > 0:
        return Opening(pace)
    return Opening(pace, pace.until)


def _by_window(way: Way, usable: "_Usable", must_follow: bool) -> "_Opens":
    def opens(doors: Doors, parcel: Parcel, address: Address, now: datetime) -> Opening | None:
        door = doors.official.get(address.account)
        if door is None or (must_follow and not address.follows):
            return None
        own = (window for window in address.windows if window.way is way and window.is_open(now))
        return next((Opening(window) for window in own if usable(door, window, parcel)), None)

    return opens


def _by_template(doors: Doors, parcel: Parcel, address: Address, now: datetime) -> Opening | None:
    door = doors.official.get(address.account)
    if door is None or not door.account.template or not address.follows:
        return None
    return Opening() if _fills(door.account.template_fields, parcel) else None


def _any(door: Door, window: Window, parcel: Parcel) -> bool:
    return True


def _once(door: Door, window: Window, parcel: Parcel) -> bool:
    return bool(door.account.once_template)


def _subscribed(door: Door, window: Window, parcel: Parcel) -> bool:
    """People may have subscribed to a template that has been replaced since."""
    is_ours = bool(window.slot) and window.slot == door.account.subscription
    return is_ours and _fills(door.account.subscription_fields, parcel)


def _fills(fields: Mapping[str, str], parcel: Parcel) -> bool:
    """Whether there is a value for every field that takes no words in its place: WeChat refuses those (47003)."""
    return all(parcel.short.get(value) for name, value in fields.items() if name.rstrip(digits) in _NO_WORDS)


_NO_WORDS = {"time", "date", "number", "character_string", "amount", "phone_number", "letter"}
_Usable = Callable[[Door, Window, Parcel], bool]
_Opens = Callable[[Doors, Parcel, Address, datetime], Opening | None]
_OPENS: Mapping[Way, _Opens] = {
    Way.GROUP: _by_group,
    Way.CARD: _by_card,
    Way.WORK: _by_work,
    Way.CUSTOM: _by_window(Way.CUSTOM, _any, True),
    Way.CUSTOM_BRIEF: _by_window(Way.CUSTOM_BRIEF, _any, True),
    Way.ONCE: _by_window(Way.ONCE, _once, False),
    Way.SUBSCRIPTION: _by_window(Way.SUBSCRIPTION, _subscribed, False),
    Way.TEMPLATE: _by_template,
}


def _with_page(parcel: Parcel) -> str:
    """The words, and the link to the case's page behind them; a link that is cut off leads nowhere."""
    line = "\n" + _TEXTS("page", link=parcel.page) if parcel.page else ""
    return cut(parcel.text, TEXT_BYTES - len(line.encode())) + line


def _send_text(door: Door, openid: str, parcel: Parcel, _slot: str) -> None:
    door.api.send_text(openid, _with_page(parcel))


def _send_once(door: Door, openid: str, parcel: Parcel, slot: str) -> None:
    title = (parcel.text.splitlines() or [""])[0][:_ONCE_TITLE]
    content = parcel.text[:_ONCE_CONTENT]
    door.api.send_once(openid, door.account.once_template, slot, title, content, url=parcel.page)


def _send_subscription(door: Door, openid: str, parcel: Parcel, _slot: str) -> None:
    fields = _fields(door.account.subscription_fields, parcel)
    door.api.send_subscription(openid, door.account.subscription, fields, page=parcel.page)


def _send_template(door: Door, openid: str, parcel: Parcel, _slot: str) -> None:
    fields = _fields(door.account.template_fields, parcel)
    door.api.send_template(openid, door.account.template, fields, url=parcel.page)


def _fields(wanted: Mapping[str, str], parcel: Parcel) -> dict[str, str]:
    """What goes into each field of a template: the case's short values, else the words themselves."""
    first = headline(parcel.text)
    return {name: parcel.short.get(value) or first for name, value in wanted.items()}


_SENDING: Mapping[Way, Callable[[Door, str, Parcel, str], None]] = {
    Way.CUSTOM: _send_text,
    Way.CUSTOM_BRIEF: _send_text,
    Way.ONCE: _send_once,
    Way.SUBSCRIPTION: _send_subscription,
    Way.TEMPLATE: _send_template,
}
