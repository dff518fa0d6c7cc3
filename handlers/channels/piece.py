"""What a channel module gives and takes (上报片段)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from handlers.desk import Desk
from handlers.message import Media, Message, Pin
from models.case import Case
from models.draft import Draft
from models.report import Report
from routing.points import Points, Post
from routing.units import Unit


class Want(StrEnum):
    """还缺什么: what a report is asked for; the platform's row in the data pack says which of them."""

    PHOTO = "photo"
    PLACE = "place"
    WORDS = "words"
    ORDER = "order"
    OUTLET = "outlet"


@dataclass(frozen=True, slots=True)
class Standing:
    """站位: what is known of the sender on this platform before a word is read.

    points, units: from the data pack.  today: in the city's time.  post: a volunteer's 岗位 at this hour.
    outlet: a journalist's medium.  tasks: places of an assessor's open visits, by number.
    names_problem: whether words tell of a kind of problem that routing knows.
    """

    points: Points
    units: Mapping[str, Unit]
    today: date
    names_problem: Callable[[str], bool]
    post: Post | None = None
    outlet: str = ""
    tasks: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """片段: what one message adds to a draft; refusal names the text that explains why it adds nothing.

    replace: the words take the place of those before (a corrected sheet).  extra: what only this platform knows.
    answers: it answers the channel's own question, so that what was asked about can go out.
    """

    words: str = ""
    photo: Media | None = None
    pin: Pin | None = None
    refusal: str = ""
    replace: bool = False
    answers: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """一件: one finding of a draft, to become one report.

    lat, lon: WGS-84 degrees, where the platform knows the place by itself.
    photos: ids of the pictures that show it; None when nobody said which, so all of the draft's do.
    number: the platform's own number of it (工单编号), which never makes two cases.
    category, category_word: where the platform says what it is, and in which word.
    extra: plain values kept on the report (site type, indicator, deduction, outlet …).
    aside: what only the channel's `record` sees and keeps in a place of its own (who called).
    """

    text: str
    place: str = ""
    lat: float | None = None
    lon: float | None = None
    photos: tuple[int, ...] | None = None
    number: str = ""
    category: str = ""
    category_word: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    aside: Mapping[str, str] = field(default_factory=dict)


class Channel(Protocol):
    """平台: what every module in this folder offers."""

    KEY: str

    def read(self, message: Message, standing: Standing) -> Piece:
        """What a message adds to a report."""

    def items(self, draft: Draft, standing: Standing) -> list[Item]:
        """The findings a draft holds so far."""

    def question(self, desk: Desk, draft: Draft, items: list[Item]) -> str:
        """What must be asked before it can go out, in words; "" when nothing must."""

    def record(self, desk: Desk, case: Case, report: Report, item: Item) -> None:
        """What this platform writes beside a report."""
