"""What most platforms have in common: a photo is a photo, and nothing else is asked or written."""

from handlers.channels.piece import Item, Piece
from handlers.desk import Desk
from handlers.message import Kind, Message
from models.case import Case
from models.draft import Draft
from models.report import Report

_UNREADABLE = {Kind.VOICE: "draft.no_voice", Kind.VIDEO: "draft.no_video", Kind.UNKNOWN: "draft.unknown_kind"}


def read(message: Message) -> Piece:
    """A photo, a pin or words; what cannot be read is refused with a reason."""
    # A voice that WeChat has put into words itself is as good as typed.
    if message.kind in _UNREADABLE and not message.text:
        return Piece(refusal=_UNREADABLE[message.kind])
    return Piece(words=message.text, photo=message.photo, pin=message.pin)


def no_question(desk: Desk, draft: Draft, items: list[Item]) -> str:
    """Nothing has to be asked."""
    return ""


def nothing_more(desk: Desk, case: Case, report: Report, item: Item) -> None:
    """Nothing is written beside the report."""
