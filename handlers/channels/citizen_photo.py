"""市民拍客团: anybody with a phone. Photos, a place and words, in any order, one message each."""

from handlers.channels import plain
from handlers.channels.piece import Item, Piece, Standing
from handlers.message import Message
from models.draft import Draft

KEY = "citizen_photo"

question = plain.no_question
record = plain.nothing_more


def read(message: Message, standing: Standing) -> Piece:
    """Photo, pin or words."""
    return plain.read(message)


def items(draft: Draft, standing: Standing) -> list[Item]:
    """One draft, one finding."""
    return [Item(text=draft.text, place=draft.place)]
