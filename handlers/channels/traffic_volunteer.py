"""文明交通志愿服务: short words from the roadside, usually without a pin; the volunteer's post gives the place."""

from handlers.channels import plain
from handlers.channels.piece import Item, Piece, Standing
from handlers.message import Kind, Message
from handlers.reading import roadside
from handlers.reading.all_well import is_all_well
from handlers.reading.place_words import named_place
from models.draft import Draft

KEY = "traffic_volunteer"

question = plain.no_question
record = plain.nothing_more


def read(message: Message, standing: Standing) -> Piece:
    """Words without the @; a post named in them is the place."""
    piece = plain.read(message)
    if message.kind is not Kind.TEXT:
        return piece
    words = roadside.read(message.text).words
    # That somebody has come on duty is no report.
    return Piece(refusal="help.courtesy") if not words or is_all_well(words) else Piece(words=words)


def items(draft: Draft, standing: Standing) -> list[Item]:
    """A finding for each behaviour told, with the words that follow it."""
    return [_item(draft, words, standing) for words in _findings(draft.text, standing)]


def _findings(text: str, standing: Standing) -> list[str]:
    """Lines put together until one names another problem: "有电动车逆行", "在路东侧", "面包车占道"."""
    found: list[str] = []
    for line in text.split("\n"):
        if found and not (standing.names_problem(line) and standing.names_problem(found[-1])):
            found[-1] = f"{found[-1]}\n{line}"
        else:
            found.append(line)
    return found


def _item(draft: Draft, words: str, standing: Standing) -> Item:
    """At the pin, at the post the words name, or at the volunteer's own post."""
    if draft.lat is not None:
        return Item(text=words, place=draft.place)
    said = named_place(words)
    post = standing.points.post(words) or (None if said else standing.post)
    if post is None:
        return Item(text=words, place=draft.place or said)
    unit = standing.units.get(post.unit)
    # The street's name goes along: routing knows streets, and a crossing may have no coordinates.
    place = " ".join(filter(None, (unit.name if unit else "", post.name, draft.place)))
    return Item(text=words, place=place, lat=post.lat, lon=post.lon, extra={"post": post.name})
