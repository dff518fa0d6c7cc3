"""发言指纹: by what a thing said in a group is known again, in a second export and in one that overlaps."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.groups.bursts import Burst
from handlers.groups.source import GroupSaying
from photos.intake import Taken


@dataclass(frozen=True, slots=True)
class Picture:
    """收到的图片: name as the export has it; what is known of one that can be shown, else the reason why not.

    sha256: of what was there, also of what was refused; "" where nothing was.
    """

    name: str
    sha256: str = ""
    taken: Taken | None = None
    reason: str = ""


MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Marked:
    """一句或一图: its mark, and for a picture the mark of its place, by which one that was missing is known again."""

    mark: str
    saying: GroupSaying
    place_mark: str = ""
    picture: Picture | None = None


Places = Counter[tuple[str, ...]]


def marked(channel: str, burst: Burst, pictures: Sequence[Picture], places: Places) -> list[Marked]:
    """Everything in a burst with its marks. pictures: those of the burst, in their order.

    places: how many pictures each speaker has sent in each minute so far, counted on through the whole export.
    Neither the group's name nor seconds are part of a mark, because not every export tells them.
    """
    waiting = iter(pictures)
    made: list[Marked] = []
    for saying in burst.sayings:
        about = (channel, saying.speaker, _minute(saying))
        if saying.text:
            made.append(Marked(_hash(*about, "words", "".join(saying.text.split())), saying))
        for _ in saying.pictures:
            picture = next(waiting)
            places[about] += 1
            place = _hash(*about, "place", str(places[about]))
            mark = _hash(*about, "picture", picture.sha256) if picture.sha256 else place
            made.append(Marked(mark, saying, place, picture))
    return made


def _minute(saying: GroupSaying) -> str:
    return f"{saying.sent_at:%Y-%m-%dT%H:%M}" if saying.sent_at else saying.when


def _hash(*parts: str) -> str:
    # Lengths go along, so that no two lists of parts give one text.
    return hashlib.sha256("".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()
