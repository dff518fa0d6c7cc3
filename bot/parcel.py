"""包裹: what waits for one person, to whom it can go, and what became of it. Plain values, no session."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.wechat.errors import SendError
from models.people import Way

TEXT_BYTES = 2048


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
    address: str = field(default="", repr=False)

    def is_open(self, now: datetime) -> bool:
        return self.left > 0 and (self.until is None or self.until > now)


@dataclass(slots=True)
class Address:
    """收件人: one identity of the person, with what may be said to it.

    broken: WeChat does not know it.  shut: the ways that were found closed while this batch was sent.
    """

    identity_id: int
    account: str
    openid: str
    follows: bool
    windows: tuple[Window, ...]
    broken: bool = False
    shut: set[Way] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Errand:
    """待认领: what a card asks for: the claim of this case, owed by this deadline."""

    case_id: int
    deadline_id: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """包裹: one WeChat message; several rows when words were bundled, whose parts are then the single ones.

    chat: the group where it may be said as well.  errand: what its reader can do about it by pressing a button.
    again: it may have gone through before.  drawing: what is drawn around the photo, see bot/picture_parcels.py.
    page: where this one person may open the case, "" where that is not offered.
    """

    row_ids: tuple[int, ...]
    person_id: int
    text: str
    short: dict[str, str]
    photo_sha: str
    parts: "tuple[Parcel, ...]" = ()
    chat: str = ""
    errand: Errand | None = None
    again: bool = False
    drawing: str = ""
    page: str = ""

    @property
    def is_picture(self) -> bool:
        return bool(self.photo_sha or self.drawing)


@dataclass(frozen=True, slots=True)
class SentCard:
    """寄出的卡片: what is needed to change it later."""

    account: str
    task_id: str
    errand: Errand
    response_code: str
    people: tuple[str, ...]


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
    """投递结果 of a parcel, with every try. until: do not try before.  behind: what it has to wait for.

    settled: nothing more is to be tried now.  card: the card that went out; of one for several, with the first.
    """

    parcel: Parcel
    result: Result = Result.NOBODY
    tries: list[Try] = field(default_factory=list)
    until: datetime | None = None
    behind: "Outcome | None" = None
    settled: bool = False
    card: SentCard | None = None
