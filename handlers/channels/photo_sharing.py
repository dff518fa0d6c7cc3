"""照片归属: which photo shows which finding of a list; asked where it cannot be told."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from handlers.channels.piece import Item, Piece
from handlers.desk import Desk
from handlers.reading.photo_share import read_share
from models.draft import Draft

_SHOWN = 24


def read(text: str) -> Piece | None:
    """ "1:1,2 2:3": the first finding is shown by photos 1 and 2. None when the text is anything else."""
    share = read_share(text)
    return Piece(extra={"share": share}, answers=True) if share else None


def shared(draft: Draft, found: list[Item], hints: Sequence[tuple[int, ...]]) -> list[Item]:
    """What the sender said of the photos, else what the words say, else one each where the counts agree."""
    ids = [photo.id for photo in draft.photos]
    said = {int(n): tuple(p) for n, p in draft.extra.get("share", {}).items()}
    if said:
        shares: Sequence[tuple[int, ...]] = [said.get(n, ()) for n in range(1, len(found) + 1)]
    elif any(hints):
        shares = hints
    elif len(ids) == len(found):
        shares = [(n,) for n in range(1, len(found) + 1)]
    else:
        return found
    # What shows several of them stays the whole message's, and is seen with each.
    claims = Counter(n for share in shares for n in set(share))
    pictures = (tuple(ids[n - 1] for n in share if 1 <= n <= len(ids) and claims[n] == 1) for share in shares)
    return [replace(item, photos=photos) for item, photos in zip(found, pictures, strict=True)]


def question(desk: Desk, draft: Draft, items: list[Item]) -> str:
    """Which photo shows which finding, where that cannot be told; "" where it can."""
    if len(items) < 2 or not draft.photos or any(item.photos is not None for item in items):
        return ""
    lines = "\n".join(f"{n}. {item.text[:_SHOWN]}" for n, item in enumerate(items, start=1))
    return desk.texts("patrol.which_photo", count=len(draft.photos), lines=lines)
