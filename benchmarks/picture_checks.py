"""What the checks on photos see and what they miss (照片检查评测): drawn streets, in two halves."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import combinations
from typing import TypeVar

from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from benchmarks import spoilt
from benchmarks.figures import percentile, show
from benchmarks.scenes import Place, View, any_view, jpeg, photograph, place
from photos import looks as limits
from photos.copies import COPY, sameness
from photos.fingerprint import NEAR, distance, fingerprint
from photos.looks import Looks, looks
from photos.scene import Scene, same_scene

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")

# The first was looked at while limits were chosen; the second only measures them.
HALVES = {"tuning": 0, "held out": 5000}
_STEPS = {"half a step": 0.5, "a step": 1.0, "two steps": 1.8}
_LIMITS = {"dark": limits.DARK, "blurred": limits.BLURRED, "blank": limits.BLANK, "screen": limits.SCREEN}


@dataclass(frozen=True, slots=True)
class Pair:
    """一对照片: what is true of them, the recipe of each, and whether they show one place."""

    kind: str
    same: bool
    before: tuple[Place, View]
    after: tuple[Place, View]


@dataclass(frozen=True, slots=True)
class File:
    """照片来历, as WeChat leaves it."""

    width: int
    height: int
    mime: str = "image/jpeg"
    camera: str = ""
    software: str = ""


def pairs(first: int, places: int) -> Iterator[Pair]:
    """For each place itself again, another street, another place of the same kind of street, and shelters."""
    for n in range(first, first + places):
        steps = list(_STEPS)[n % 3]
        before = any_view(2 * n, _STEPS[steps])
        after = any_view(2 * n + 1, _STEPS[steps])
        here = place(n // 4, n)
        yield Pair(f"same place, {steps}", True, (here, before), (here, after))
        yield Pair("another street", False, (here, before), (place(n // 4 + 3, n + 13), after))
        yield Pair("another place, same style", False, (here, before), (place(n // 4, n + 100_000), after))
        if n % 4 == 0:
            there = place(n // 4, n + 100_000, shelter=True)
            here = place(n // 4, n, shelter=True)
            yield Pair("same place, with a shelter", True, (here, before), (here, after))
            yield Pair("same model of shelter elsewhere", False, (here, before), (there, after))


def compared(pair: Pair) -> tuple[str, bool, Scene]:
    """Draw both, the second without rubbish, and ask."""
    before, after = (
        jpeg(photograph(where, view, clean), view)
        for (where, view), clean in ((pair.before, False), (pair.after, True))
    )
    return pair.kind, pair.same, same_scene(before, after)


def scenes(places: int) -> None:
    """Same place or not, by kind of pair and by limit."""
    for half, first in HALVES.items():
        answers = _spread_out(compared, list(pairs(first, places)))
        kinds = {kind: same for kind, same, _ in answers}
        by_kind = {kind: [scene for one, _, scene in answers if one == kind] for kind in kinds}
        rows = [
            [kind, str(len(seen)), _matches(seen), _share(seen, lambda one: one.another), _share(seen, _untold)]
            for kind, seen in by_kind.items()
        ]
        show(f"Same place, {half}", ["pair", "pairs", "matches p5 p50 p95", "another place", "cannot tell"], rows)
        show(f"By limit, {half}", ["another below", "false alarms", "found", "of them same style"], _roc(answers))


def _roc(answers: Sequence[tuple[str, bool, Scene]]) -> list[list[str]]:
    same = [scene.matches for _, truth, scene in answers if truth]
    others = [scene.matches for kind, truth, scene in answers if not truth and "shelter" not in kind]
    style = [scene.matches for kind, _, scene in answers if kind == "another place, same style"]
    return [
        [f"{limit} matches", *(_share(seen, limit.__gt__) for seen in (same, others, style))]
        for limit in (6, 8, 10, 12, 14, 16, 20, 24, 32)
    ]


def _matches(seen: Sequence[Scene]) -> str:
    values = [scene.matches for scene in seen]
    return " ".join(f"{percentile(values, part):.0f}" for part in (0.05, 0.5, 0.95))


def _untold(scene: Scene) -> bool:
    return not scene.told


SPOILT: dict[str, tuple[str, Callable[[Image.Image, int], Image.Image] | None]] = {
    "good": ("", None),
    "good: white wall": ("", spoilt.white_wall),
    "dark": ("dark", spoilt.dark),
    "out of focus": ("blurred", spoilt.out_of_focus),
    "shaken": ("blurred", spoilt.shaken),
    "covered": ("blank", spoilt.covered),
    "screenshot of a gallery": ("screen", spoilt.in_gallery),
    "screenshot of a chat": ("screen", spoilt.in_chat),
    "photo of a screen": ("screen", spoilt.of_a_screen),
}


def faults(seeds: Sequence[int]) -> None:
    """Each look on good and spoilt pictures of the held-out half."""
    seen = _spread_out(_looked_at, [(kind, seed) for kind in SPOILT for seed in seeds])
    rows = []
    for kind, (fault, _) in SPOILT.items():
        over = [_over(one) for name, one in seen if name == kind]
        found = _holding(over, fault) if fault else "-"
        wrong = ["-" if name == fault else _holding(over, name) for name in _LIMITS]
        rows.append([kind, str(len(over)), found, *wrong])
    show("Looks, held out", ["picture", "n", "found", *(f"wrongly {name}" for name in _LIMITS)], rows)


def _looked_at(wanted: tuple[str, int]) -> tuple[str, Looks]:
    kind, seed = wanted
    good = photograph(place(seed // 4, seed), any_view(seed), clean=True)
    make = SPOILT[kind][1]
    picture = make(good, seed) if make else good
    return kind, looks(passed_on(picture), File(*picture.size))


def _over(seen: Looks) -> set[str]:
    scores = seen.as_json()
    return {name for name, limit in _LIMITS.items() if scores[name] >= limit}


def _holding(found: Sequence[set[str]], fault: str) -> str:
    return f"{sum(fault in one for one in found) / len(found):.1%}"


def passed_on(picture: Image.Image, quality: int = 72, side: int = 1280) -> Image.Image:
    """As WeChat passes it on."""
    small = picture.copy()
    small.thumbnail((side, side))
    file = BytesIO()
    small.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def _trimmed(picture: Image.Image, share: float) -> Image.Image:
    x, y = round(picture.width * share / 2), round(picture.height * share / 2)
    return picture.crop((x, y, picture.width - x, picture.height - y))


TOUCHED_UP: dict[str, Callable[[Image.Image], Image.Image]] = {
    "recompressed at 25": lambda one: passed_on(one, 25),
    "a third the size": lambda one: passed_on(one, 60, one.width // 3),
    "brighter by 30 %": lambda one: ImageEnhance.Brightness(one).enhance(1.3),
    "contrast up by 40 %": lambda one: ImageEnhance.Contrast(one).enhance(1.4),
    "cropped by 5 %": lambda one: _trimmed(one, 0.05),
    "cropped by 10 %": lambda one: _trimmed(one, 0.1),
    "a border of 2 %": lambda one: ImageOps.expand(one, one.width // 50, "white"),
    "softened": lambda one: one.filter(ImageFilter.GaussianBlur(one.width / 400)),
    "turned by 1° and trimmed": lambda one: _trimmed(one.rotate(1, Image.Resampling.BICUBIC), 0.05),
    "cropped, brighter, smaller, recompressed": lambda one: passed_on(
        ImageEnhance.Brightness(_trimmed(one, 0.04)).enhance(1.15), 55, 640
    ),
}


def nearness(seeds: Sequence[int]) -> None:
    """Fingerprints of touched-up pictures, of other places and of the same place cleaned."""
    made = _spread_out(_touched, list(seeds))
    rows = []
    for how in TOUCHED_UP:
        apart = [distance(prints[""], prints[how]) for prints in made]
        rows.append([how, f"{percentile(apart, 0.5):.2f}", f"{max(apart):.2f}", _share(apart, NEAR.__ge__)])
    cleaned = [distance(prints[""], prints["cleaned"]) for prints in made]
    still = [distance(prints[""], prints["from the same spot"]) for prints in made]
    others = [distance(one[""], two[""]) for one, two in combinations(made, 2)]
    for name, apart in (
        ("cleaned, from the very same spot", still),
        ("cleaned, another view", cleaned),
        ("other", others),
    ):
        rows.append([name, f"{percentile(apart, 0.5):.2f}", f"min {min(apart):.2f}", _share(apart, NEAR.__ge__)])
    show(f"Fingerprints, within {NEAR}", ["picture", "p50", "max", "taken for the same"], rows)


def _touched(seed: int) -> dict[str, bytes]:
    where, view = place(seed // 4, seed), any_view(seed)
    picture = photograph(where, view, clean=False)
    made = {how: fingerprint(passed_on(touch(picture))) for how, touch in TOUCHED_UP.items()}
    made[""] = fingerprint(passed_on(picture))
    made["from the same spot"] = fingerprint(passed_on(photograph(where, view, clean=True)))
    made["cleaned"] = fingerprint(passed_on(photograph(where, any_view(seed + 1), clean=True)))
    return made


def copied(seeds: Sequence[int]) -> None:
    """Of nearly equal pictures: the same photo again, or the same place from the same spot."""
    made = _spread_out(_again, list(seeds))
    rows = []
    for how in made[0]:
        kept = [one[how] for one in made]
        spread = [f"{value:.2f}" for value in (min(kept), percentile(kept, 0.5), max(kept))]
        rows.append([how, *spread, _share(kept, COPY.__le__)])
    show(f"Unchanged parts, a copy from {COPY}", ["picture", "min", "p50", "max", "taken for a copy"], rows)


def _again(seed: int) -> dict[str, float]:
    where, view = place(seed // 4, seed), any_view(seed, 0.5)
    picture = photograph(where, view, clean=False)
    before, hand = _file(picture), any_view(seed + 1, 0.06)
    moved = replace(hand, aside=view.aside + hand.aside, ahead=view.ahead + hand.ahead, zoom=view.zoom)
    moved = replace(moved, roll=view.roll + hand.roll, yaw=view.yaw + hand.yaw, pitch=view.pitch + hand.pitch)
    told = {how: sameness(before, _file(touch(picture))) for how, touch in TOUCHED_UP.items()}
    told["cleaned, on a tripod, in the same light"] = sameness(before, _file(photograph(where, view, clean=True)))
    told["cleaned, from the same spot by hand"] = sameness(before, _file(photograph(where, moved, clean=True)))
    return told


def _file(picture: Image.Image) -> bytes:
    file = BytesIO()
    passed_on(picture).save(file, "JPEG", quality=75)
    return file.getvalue()


def _share(values: Sequence[T], said: Callable[[T], bool]) -> str:
    return f"{sum(map(said, values)) / max(1, len(values)):.1%}"


def _spread_out(work: Callable[[A], B], items: Sequence[A]) -> list[B]:
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        return list(workers.map(work, items, chunksize=4))
