"""证据: what a text says about its place, and how much each way of saying it is worth."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """证据种类, the weightiest first: what a name in a text is the name of."""

    STREET = 0  # 街道全称
    POST = 1  # 岗位
    CROSSING = 2  # 路口
    COMMUNITY = 3  # 社区、村
    LANDMARK = 4  # 地标
    BARE_STREET = 5  # 街道简称
    BARE_COMMUNITY = 6  # 社区简称
    ROAD = 7  # 道路
    DISTRICT = 8  # 区县全称
    BARE_DISTRICT = 9  # 区县简称


# How sure a street is by the kind of name it is known from: alone, and where the pin or another name agrees.
# An office's full name can hardly mean anything else. A community hangs on one street, but lists grow old; a
# crossing or landmark may stand on a border; a bare name is as often the road's or the hill's it comes from.
SURENESS: dict[Kind, tuple[float, float]] = {
    Kind.STREET: (0.98, 0.98),
    Kind.POST: (0.92, 0.96),
    Kind.CROSSING: (0.85, 0.92),
    Kind.COMMUNITY: (0.92, 0.96),
    Kind.LANDMARK: (0.88, 0.94),
    Kind.BARE_STREET: (0.7, 0.95),
    Kind.BARE_COMMUNITY: (0.65, 0.85),
    Kind.ROAD: (0.75, 0.85),
}
# 解放路 is a street office and a road, which runs on through its neighbours: agreement proves less.
BARE_ROAD_AND_MORE = 0.75
# Where only the district is known: named or pinned, near its border, through a road or an unclear name.
DISTRICT_ONLY, NEAR_BORDER, DISTRICT_BY_NAMES, NOWHERE = 0.95, 0.7, 0.9, 0.5
# What a contradiction leaves of it, and what a second place in the same district leaves.
DOUBT, SHADE = 0.6, 0.85
# What is left where one of several streets was chosen: by other words, by the pin's district, by its boxes.
BY_WORDS, BY_PIN, BY_BOXES = 0.97, 0.93, 0.78
# What a misspelt name is worth of the right one: same sound, one character wrong.
SAME_SOUND, ONE_WRONG = 0.85, 0.7

# Characters a place's name often begins behind, and hardly ever continues.
OPENERS = frozenset("区县市镇乡道处路街村里在到往从去由的是于和与及给对经近向门口旁边侧面我们咱俺住报映问有")
SIDES, PIVOTS = frozenset("东西南北前后上下"), frozenset("路街以往向朝城楼河站院门")


@dataclass(frozen=True, slots=True)
class Mention:
    """提到的地名: a name at start:end of a normalised text, and the units one of which it is in.

    `word` is as written, `name` what it stands for; `units` are codes of streets, or of districts
    where the street is not known; `fit` is below 1 for a misspelt name.
    """

    start: int
    end: int
    kind: Kind
    word: str
    name: str
    units: tuple[str, ...]
    fit: float = 1.0


def stands_free(text: str, start: int, ends: Container[int]) -> bool:
    """Whether a name at `start` begins there, and is not the tail of a longer one nobody has listed.

    `ends` are where other names end. 沙岭村 stands in 观沙岭村, but in 姚家沙岭村 it is a village of its own.
    """
    before = text[start - 1 : start]
    # What is no Chinese character parts names as well as a space would.
    if not "一" <= before <= "鿿" or before in OPENERS or start in ends:
        return True
    # Behind a road or a gate it is a direction: 路东王家庄.
    return before in SIDES and text[start - 2 : start - 1] in PIVOTS


def uncovered(mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions that do not stand inside a longer one, in the text's order, the weightier kind first."""
    ranked = sorted(mentions, key=lambda one: (one.start - one.end, one.start, one.kind, one.name))
    kept: list[Mention] = []
    for one in ranked:
        # Of two as long both stay: 大观园 is a street, a post and a market in one word.
        if not any(_inside(one, longer) for longer in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: (one.start, one.end, one.kind, one.name))


def _inside(one: Mention, longer: Mention) -> bool:
    within = longer.start <= one.start and one.end <= longer.end
    return within and one.end - one.start < longer.end - longer.start
