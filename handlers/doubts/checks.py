"""照片检查: the table of checks on an after-photo. Each has a name, a score and the facts of its reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from handlers.doubts.rectification import Rectification, Seen, Shot
from photos import copies, looks
from routing.where.coordinates import metres_between

# A camera's clock and a phone's may differ by some minutes.
_CLOCKS_DIFFER = timedelta(minutes=10)
# A position from a phone between houses is off by a hundred metres, and a street is long.
FAR_METRES = 300
_CERTAINLY_FAR = 1000


@dataclass(frozen=True, slots=True)
class Result:
    """检查结果. score: 0 nothing speaks against it … 1 certain.  facts: what the reason in words is made of."""

    name: str
    score: float = 0.0
    doubtful: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


_Told = tuple[float, bool, Mapping[str, Any]]
_LEFT_OUT = "left_out"  # one of too many photos to compare all of them
_NOTHING: _Told = (0.0, False, {})
Check = Callable[[Rectification, Shot, Seen], _Told]


def check(rectification: Rectification, shot: Shot, seen: Seen) -> list[Result]:
    """Every check on one after-photo."""
    return [Result(name, *look(rectification, shot, seen)) for name, look in CHECKS.items()]


def _same_as_before(_rectification: Rectification, _shot: Shot, seen: Seen) -> _Told:
    """与整改前相同. Nearly the same, from the same spot, is what we ask for; but something must have changed."""
    return seen.copied, seen.copied >= copies.COPY, {"alike": seen.copied}


def _other_case(rectification: Rectification, shot: Shot, seen: Seen) -> _Told:
    """别的案件用过."""
    for match, origin in seen.similar:
        if origin.case_id != rectification.case_id:
            alike = 1 - match.distance
            return alike, True, {"alike": alike, "case": origin.case_id, "mirrored": match.mirrored}
    return _NOTHING


def _refused_before(rectification: Rectification, shot: Shot, seen: Seen) -> _Told:
    """退回过的照片: of an earlier rectification of this case, which did not hold."""
    for match, origin in seen.similar:
        earlier = origin.is_after and origin.draft_id != rectification.draft_id
        if origin.case_id == rectification.case_id and earlier:
            alike = 1 - match.distance
            return alike, True, {"alike": alike, "at": origin.at.isoformat()}
    return _NOTHING


def _older(rectification: Rectification, shot: Shot, _seen: Seen) -> _Told:
    """早于派单. Where the camera's time is missing, as WeChat mostly leaves it, nothing is concluded."""
    if shot.taken_at is None or shot.taken_at >= rectification.begun_at - _CLOCKS_DIFFER:
        return _NOTHING
    return 1.0, True, {"taken": shot.taken_at.isoformat(), "begun": rectification.begun_at.isoformat()}


def _elsewhere(rectification: Rectification, shot: Shot, _seen: Seen) -> _Told:
    """拍摄地点不符."""
    here, there = (shot.lat, shot.lon), (rectification.lat, rectification.lon)
    if here[0] is None or here[1] is None or there[0] is None or there[1] is None:
        return _NOTHING
    metres = metres_between(here[0], here[1], there[0], there[1])
    return min(1.0, metres / _CERTAINLY_FAR), metres > FAR_METRES, {"metres": round(metres)}


def _screen(_rectification: Rectification, shot: Shot, _seen: Seen) -> _Told:
    """截图或翻拍."""
    return shot.looks.screen, shot.looks.screen >= looks.SCREEN, {}


def _unclear(_rectification: Rectification, shot: Shot, _seen: Seen) -> _Told:
    """看不清: too dark, out of focus, or nothing to see."""
    faults = {
        "dark": (shot.looks.dark, looks.DARK),
        "blurred": (shot.looks.blurred, looks.BLURRED),
        "blank": (shot.looks.blank, looks.BLANK),
    }
    over = [(score, name) for name, (score, limit) in faults.items() if score >= limit]
    if not over:
        return max(score for score, _ in faults.values()), False, {}
    return max(over)[0], True, {"fault": max(over)[1]}


def _other_scene(_rectification: Rectification, _shot: Shot, seen: Seen) -> _Told:
    """场景不符: not the place the pictures before show. A plain wall, which could be anywhere, is not judged."""
    if seen.scene is None or not seen.scene.told:
        return 0.0, False, {} if seen.compared else {_LEFT_OUT: True}
    return 1 - seen.scene.score, seen.scene.another, {"matches": seen.scene.matches}


CHECKS: Mapping[str, Check] = {
    "same_as_before": _same_as_before,
    "other_case": _other_case,
    "refused_before": _refused_before,
    "older": _older,
    "elsewhere": _elsewhere,
    "screen": _screen,
    "unclear": _unclear,
    "other_scene": _other_scene,
}
# One good picture is enough against these: people also send a close-up, or the bill of the cleaning firm.
OF_ALL_PHOTOS = frozenset({"screen", "unclear", "other_scene"})


def doubts(results: Mapping[int, list[Result]]) -> list[tuple[int, Result]]:
    """What speaks against a rectification as a whole: (photo id, result), in the order of the photos."""
    doubtful = [(photo, one) for photo, own in results.items() for one in own if one.doubtful]
    good = set(results) - {photo for photo, one in doubtful if one.name in OF_ALL_PHOTOS}
    # Nobody gets round the comparison by sending one photo more than are compared.
    seen = good - {photo for photo, own in results.items() if any(one.facts.get(_LEFT_OUT) for one in own)}
    lifted = {name: bool(seen if name == "other_scene" else good) for name in OF_ALL_PHOTOS}
    return [(photo, one) for photo, one in doubtful if not lifted.get(one.name)]
