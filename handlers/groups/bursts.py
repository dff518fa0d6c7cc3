"""归并发言: what belongs together of what was said in a group, and what is only talk."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from handlers.groups.source import GroupSaying
from handlers.message import Media
from handlers.reading.chatter import is_chatter

# Who has more to say of the same problem says it within so long.
GAP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Burst:
    """一段发言: what one person said of one thing, in its order; never empty."""

    sayings: tuple[GroupSaying, ...]

    @property
    def first(self) -> GroupSaying:
        return self.sayings[0]

    @property
    def text(self) -> str:
        return "\n".join(saying.text for saying in self.sayings if saying.text)

    @property
    def pictures(self) -> tuple[Media, ...]:
        return tuple(picture for saying in self.sayings for picture in saying.pictures)


def gathered(
    sayings: Sequence[GroupSaying], names_problem: Callable[[str], bool]
) -> tuple[list[Burst], Counter[str]]:
    """归并: the bursts in the order they began, and how much of which kind was left out ("chatter", "voice" …)."""
    told: list[tuple[int, GroupSaying]] = []
    left: Counter[str] = Counter()
    for place, saying in enumerate(sayings):
        plain = _without_chatter(saying)
        if plain.text or plain.pictures:
            told.append((place, plain))
        # What cannot be read may be the report itself, so it is counted also beside words that can.
        if saying.unread or not (plain.text or plain.pictures):
            left[saying.unread or "chatter"] += 1
    bursts = [burst for run in _runs(told) for burst in _cut(run, names_problem)]
    order = {id(saying): n for n, saying in told}
    return sorted(bursts, key=lambda burst: order[id(burst.first)]), left


def _without_chatter(saying: GroupSaying) -> GroupSaying:
    return replace(saying, text="") if is_chatter(saying.text) else saying


def _runs(told: list[tuple[int, GroupSaying]]) -> list[list[GroupSaying]]:
    """What each speaker said without a pause, whatever others said in between."""
    runs: list[list[GroupSaying]] = []
    current: dict[str, tuple[int, list[GroupSaying]]] = {}
    for place, saying in told:
        before = current.get(saying.speaker)
        if before and _goes_on(before[0], before[1][-1], place, saying):
            run = before[1]
            run.append(saying)
        else:
            run = [saying]
            runs.append(run)
        current[saying.speaker] = (place, run)
    return runs


def _goes_on(place_before: int, before: GroupSaying, place: int, saying: GroupSaying) -> bool:
    if before.sent_at and saying.sent_at:
        return abs(saying.sent_at - before.sent_at) <= GAP
    # Without times only what follows at once, or stands under the same clock, surely belongs together.
    return place == place_before + 1 or bool(saying.when and saying.when == before.when)


def _cut(run: list[GroupSaying], names_problem: Callable[[str], bool]) -> list[Burst]:
    """Problems told one after the other, each with its pictures. Without pictures the platform's reader tells."""
    shown_first = not run[0].text
    parts: list[list[GroupSaying]] = [[]]
    for n, saying in enumerate(run):
        if _begins_another(parts[-1], run[n:], shown_first, names_problem):
            parts.append([])
        parts[-1].append(saying)
    return [Burst(tuple(part)) for part in parts]


def _begins_another(
    part: list[GroupSaying], rest: list[GroupSaying], shown_first: bool, names_problem: Callable[[str], bool]
) -> bool:
    """Whether the first of the rest is of another problem: the one told so far has its words and its pictures."""
    has_words = any(saying.text and names_problem(saying.text) for saying in part)
    if not has_words or not any(saying.pictures for saying in part):
        return False
    saying = rest[0]
    if shown_first and saying.pictures and not saying.text:
        # A picture more of the same, unless words of its own come after it.
        return any(later.text and names_problem(later.text) for later in rest[1:])
    return bool(saying.text) and names_problem(saying.text)
