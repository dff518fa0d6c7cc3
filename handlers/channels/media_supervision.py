"""创城媒体监督: journalists. A public exposure; the unit owes a 整改承诺, and the same problem again counts more."""

from datetime import date

from handlers import exposing
from handlers.channels import plain
from handlers.channels.piece import Item, Piece, Standing
from handlers.desk import Desk
from handlers.message import Kind, Message
from handlers.reading import article
from models.case import Case
from models.draft import Draft
from models.report import Report

KEY = "media_supervision"
_LINK = "link:"

question = plain.no_question


def read(message: Message, standing: Standing) -> Piece:
    """A link message is the article; words and photos are what it shows."""
    if message.kind is not Kind.LINK:
        return plain.read(message)
    link = {**{name: message.details.get(name, "") for name in ("Title", "Description", "Url")}, "text": message.text}
    # A name of its own each: of two articles shared together neither takes the other's place.
    return Piece(words=message.text, extra={f"{_LINK}{link['Url'] or link['Title']}": link})


def items(draft: Draft, standing: Standing) -> list[Item]:
    """One finding an article, with outlet, date and link; all of the words, where there is no link."""
    links = [link for name, link in draft.extra.items() if name.startswith(_LINK)]
    links.sort(key=lambda link: draft.text.find(link["text"]))
    return [_item(draft, standing, link, [other for other in links if other is not link]) for link in links or [{}]]


def _item(draft: Draft, standing: Standing, link: dict[str, str], others: list[dict[str, str]]) -> Item:
    words = draft.text
    for other in others:
        words = words.replace(other["text"], "")
    told = article.read(
        link.get("Title", ""), link.get("Description", ""), link.get("Url", ""), words, standing.today
    )
    outlet = standing.points.outlet(f"{told.outlet} {told.url}") or told.outlet or standing.outlet
    extra = {
        "outlet": outlet,
        "column": told.column,
        "title": told.title,
        "url": told.url,
        "published_on": (told.published_on or standing.today).isoformat(),
    }
    words = told.words or words
    return Item(text=words, place=draft.place or article.place(words), extra=extra)


def record(desk: Desk, case: Case, report: Report, item: Item) -> None:
    """曝光: kept as an object of its own, with its count among exposures of the same problem."""
    exposing.expose(desk, case, report, item.extra, date.fromisoformat(item.extra["published_on"]))
