"""图件: the pictures among what waits: which of their photos are there, and what is drawn of them.

`OutboundMessage.picture` says what to draw, in words and the ids of photos. Nothing is drawn before it is sent, so
that no drawing has to be kept, and a second try draws the same.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import photo_keeping
from models.base import JsonDict
from models.outbound import Delivery, OutboundMessage
from models.photo import Fetch, Photo
from photos import case_card
from photos.case_card import CaseCard, Step
from photos.compare import Comparison, compare
from photos.intake import PhotoRefused
from photos.layout import Heading, Side
from photos.storage import PhotoMissing, Storage

log = logging.getLogger(__name__)

PAUSE = timedelta(seconds=2)
SIDES = ("before", "after")


@dataclass(frozen=True, slots=True)
class Gallery:
    """图库 of some rows. hashes: of the photos that are kept, by id.  drawings: what to draw, by the row's id.

    absent: the rows that are not to be sent now.
    """

    hashes: Mapping[int, str] = field(default_factory=dict)
    drawings: Mapping[int, str] = field(default_factory=dict)
    absent: frozenset[int] = frozenset()


def gallery(session: Session, rows: list[OutboundMessage], now: datetime) -> Gallery:
    """Look for the photos of rows. A row waits for each that is still being fetched; without any it is dropped."""
    shown = [row for row in rows if row.is_picture]
    ids = {photo for row in shown for photo in _photos(row)}
    photos = {photo.id: photo for photo in session.scalars(select(Photo).where(Photo.id.in_(ids)))} if ids else {}
    kept = {photo.id: photo.sha256 for photo in photos.values() if photo.state is Fetch.KEPT}
    waiting = {photo.id for photo in photos.values() if photo.state is Fetch.WAITING}
    absent = {row.id for row in shown if _wait(row, waiting, now) or _drop(row, kept)}
    drawings = {row.id: drawing(row.picture, kept) for row in shown if row.picture and row.id not in absent}
    return Gallery(kept, drawings, frozenset(absent))


def _photos(row: OutboundMessage) -> list[int]:
    around = [photo for side in SIDES for photo in row.picture.get(side, {}).get("photos", ())]
    return [*around, *([row.photo_id] if row.photo_id is not None else [])]


def _main_side(row: OutboundMessage) -> list[int]:
    sides = (row.picture.get(name, {}).get("photos", []) for name in reversed(SIDES))
    return next((photos for photos in sides if photos), [])


def _wait(row: OutboundMessage, waiting: set[int], now: datetime) -> bool:
    if not waiting.intersection(_photos(row)):
        return False
    row.next_try_at, row.attempts = now + PAUSE, row.attempts - 1
    return True


def _drop(row: OutboundMessage, kept: Mapping[int, str]) -> bool:
    """A comparison without any photo of the side it is about compares nothing; a card tells something without."""
    if row.picture.get("kind") == "card" or row.photo_id in kept or any(photo in kept for photo in _main_side(row)):
        return False
    row.state, row.next_try_at = Delivery.VOID, None
    return True


def drawing(picture: JsonDict, kept: Mapping[int, str]) -> str:
    """What to draw, with the photos' hashes instead of their ids; a photo that is lost is left out."""
    # In one order always: what is equal for several people is drawn and sent once.
    return json.dumps(with_hashes(picture, kept), ensure_ascii=False, sort_keys=True)


def with_hashes(picture: JsonDict, kept: Mapping[int, str]) -> JsonDict:
    """The same picture with its photos named by hash. kept: the hashes by id."""
    sides = {name: picture[name] for name in SIDES}
    hashes = {name: [kept[photo] for photo in side["photos"] if photo in kept] for name, side in sides.items()}
    return {**picture, **{name: {**side, "photos": hashes[name]} for name, side in sides.items()}}


def render(vault: Storage, drawing: str, photo_sha: str) -> bytes:
    """The picture to send: the drawing, or where it cannot be made the clean copy of its photo, never an original.

    Raises `PhotoMissing` or `PhotoRefused` where there is neither, `OSError` where the vault cannot be read.
    """
    try:
        if drawing:
            return draw(vault, json.loads(drawing))
    except (PhotoRefused, ValueError, LookupError) as error:
        log.warning("a picture cannot be drawn: %s: %s", type(error).__name__, error)
    if not photo_sha:
        raise PhotoMissing("nothing to show")
    return photo_keeping.shown(vault, photo_sha)


def draw(vault: Storage, wanted: JsonDict) -> bytes:
    """Draw what a row's picture asks for, its photos named by hash; what is lost since is left out."""
    facts = wanted["heading"]
    heading = Heading(facts["title"], tuple((a, b) for a, b in facts["details"]), facts["tag"], facts["footer"])
    before, after = (side(vault, wanted[name]) for name in SIDES)
    return _DRAWN[wanted["kind"]](wanted, heading, before, after)


def side(vault: Storage, facts: JsonDict, copy: str = "screen") -> Side:
    """One side with the pictures that can be shown. copy: which of the working copies is large enough."""
    pictures = (_shown(vault, sha, copy) for sha in facts["photos"])
    return Side(facts["title"], facts["time"], tuple(picture for picture in pictures if picture))


def _shown(vault: Storage, sha256: str, copy: str) -> bytes:
    try:
        return photo_keeping.shown(vault, sha256, copy)
    except (PhotoMissing, PhotoRefused) as error:
        log.warning("photo %s is left out: %s", sha256[:12], error)
        return b""


def _comparison(wanted: JsonDict, heading: Heading, before: Side, after: Side) -> bytes:
    return compare(Comparison(heading, before, after))


def _card(wanted: JsonDict, heading: Heading, before: Side, after: Side) -> bytes:
    steps = tuple(Step(**step) for step in wanted["steps"])
    return case_card.draw(CaseCard(heading, steps, before, after, wanted["late"]))


_DRAWN: Mapping[str, Callable[[dict[str, Any], Heading, Side, Side], bytes]] = {"compare": _comparison, "card": _card}
