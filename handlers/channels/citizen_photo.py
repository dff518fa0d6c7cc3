"""市民拍客团: anybody with a phone. Photos, a place and words, in any order, one message each."""

from handlers.channels.piece import Piece, Want
from handlers.message import Kind, Message
from models.draft import Draft

KEY = "citizen_photo"
NAME = "市民拍客团"

_UNREADABLE = {Kind.VOICE: "draft.no_voice", Kind.VIDEO: "draft.no_video", Kind.UNKNOWN: "draft.unknown_kind"}


def read(message: Message) -> Piece:
    """What this message adds to a report."""
    # A voice that WeChat has put into words itself is as good as typed.
    if message.kind in _UNREADABLE and not message.text:
        return Piece(refusal=_UNREADABLE[message.kind])
    return Piece(words=message.text, photo=message.photo, pin=message.pin)


def missing(draft: Draft, has_place: bool) -> list[Want]:
    """What a dispatcher would have to ask for, the most important first."""
    here = {
        Want.PHOTO: bool(draft.good_photos),
        Want.PLACE: has_place,
        Want.WORDS: bool(draft.text),
    }
    return [want for want, is_there in here.items() if not is_there]


def is_enough(draft: Draft, has_place: bool) -> bool:
    """Whether it can go out without its sender saying 完成: a place, and something that shows the problem."""
    wanted = missing(draft, has_place)
    return Want.PLACE not in wanted and (Want.PHOTO not in wanted or Want.WORDS not in wanted)
