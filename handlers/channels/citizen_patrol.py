"""市民巡访团: registered members on a round. One message may list several problems; each becomes a case."""

from handlers.channels import photo_sharing, plain
from handlers.channels.piece import Item, Piece, Standing
from handlers.message import Message
from handlers.reading import numbered_list
from handlers.reading.all_well import is_all_well
from models.draft import Draft

KEY = "citizen_patrol"

question = photo_sharing.question
record = plain.nothing_more


def read(message: Message, standing: Standing) -> Piece:
    """Photos, pins and words; "1:1,2 2:3" says which photo shows which problem."""
    if is_all_well(message.text):
        return Piece(refusal="help.courtesy")
    return photo_sharing.read(message.text) or plain.read(message)


def items(draft: Draft, standing: Standing) -> list[Item]:
    """Every entry of the list, with the shared place of the headline, its site type and its own photos."""
    patrol = numbered_list.split(draft.text)
    found = [
        Item(
            text=entry.text,
            place=entry.place or patrol.place_hint or draft.place,
            extra={"site_type": standing.points.site_type(f"{entry.text} {patrol.headline}") or ""},
        )
        for entry in patrol.entries
    ]
    return photo_sharing.shared(draft, found, [entry.photo_numbers for entry in patrol.entries])
