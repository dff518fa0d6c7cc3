"""What a channel module gives and takes (上报片段)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from handlers.message import Media, Message, Pin
from models.draft import Draft


class Want(StrEnum):
    """还缺什么: what a report is asked for."""

    PHOTO = "photo"
    PLACE = "place"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """片段: what one message adds to a draft; refusal names the text that explains why it adds nothing."""

    words: str = ""
    photo: Media | None = None
    pin: Pin | None = None
    refusal: str = ""


class Channel(Protocol):
    """平台: what every module in this folder offers. has_place: a pin, or words that name a street."""

    KEY: str
    NAME: str

    def read(self, message: Message) -> Piece: ...

    def missing(self, draft: Draft, has_place: bool) -> list[Want]: ...

    def is_enough(self, draft: Draft, has_place: bool) -> bool: ...
