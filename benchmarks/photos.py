"""Photos (照片测速): a picture found among a million, one intake, photos a second, and one look at two scenes."""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from io import BytesIO
from multiprocessing import get_context
from statistics import median

import imagehash
import numpy as np
from PIL import Image

from benchmarks import picture_checks
from benchmarks.figures import percentile, show, spread
from benchmarks.ground import Ground
from benchmarks.scenes import any_view, jpeg, photograph, place
from photos.fingerprint import NEAR, SIZE
from photos.intake import COPIES, take
from photos.likeness import Likenesses
from photos.scene import same_scene

_MEGABYTE = 1024.0 * 1024
_TWELVE_MEGAPIXELS = (4032, 3024)


@dataclass(frozen=True, slots=True)
class Size:
    """规模: pictures in the index, look-ups, photos taken in, drawn places for the rates."""

    rounds: int = 3
    pictures: int = 1_000_000
    lookups: int = 300
    by_hand: int = 100_000
    photos: int = 24
    places: int = 60
    looked_at: int = 40


@dataclass(frozen=True, slots=True)
class Took:
    """用时: milliseconds by the clock, and of processor time, which busy neighbours change less."""

    wall: float
    processor: float


QUICK = Size(rounds=1, pictures=20_000, lookups=20, by_hand=2_000, photos=4, places=2, looked_at=2)


def run(_ground: Ground, size: Size) -> None:
    """Measure and print everything about photos."""
    _lookups(size)
    _intakes(size)
    _scene_time(size)
    picture_checks.faults(range(5000, 5000 + size.looked_at))
    picture_checks.nearness(range(5000, 5000 + size.looked_at))
    picture_checks.copied(range(5000, 5000 + size.looked_at))
    picture_checks.scenes(size.places)


def _lookups(size: Size) -> None:
    """Ours among all; a user's loop over imagehash's hashes among fewer, both per picture and look-up."""
    prints = [row.tobytes() for row in np.random.default_rng(1).integers(0, 256, (size.pictures, SIZE), np.uint8)]
    before = _memory("VmRSS")
    began = time.perf_counter()
    index = Likenesses()
    for start in range(0, size.pictures, 10_000):
        index.add(range(start, min(start + 10_000, size.pictures)), prints[start : start + 10_000])
    built, held = time.perf_counter() - began, _memory("VmRSS") - before
    wanted = [prints[n * 7919 % size.pictures] for n in range(size.lookups)]
    ours = [_timed(partial(index.nearest, one, NEAR)) for one in wanted]
    loop = _by_hand(size)
    show(
        f"One look-up, within {NEAR}, also in the mirror",
        ["index", "pictures", "p50 ms", "p99 ms", "processor ms", "ns a picture", "built s", "MB"],
        [
            _lookup_row("ours", size.pictures, ours, f"{built:.2f}", f"{held / _MEGABYTE:.0f}"),
            _lookup_row("imagehash, a loop, no mirror", size.by_hand, loop, "-", "-"),
        ],
    )


def _lookup_row(name: str, pictures: int, took: Sequence[Took], *rest: str) -> list[str]:
    wall = [one.wall for one in took]
    busy = median(one.processor for one in took)
    middle, worst = (f"{percentile(wall, part):.2f}" for part in (0.5, 0.99))
    return [name, f"{pictures:,}", middle, worst, f"{busy:.2f}", f"{busy / pictures * 1e6:.1f}", *rest]


def _by_hand(size: Size) -> list[Took]:
    bits = np.random.default_rng(2).integers(0, 2, (size.by_hand, 8, 8)).astype(bool)
    hashes = [imagehash.ImageHash(one) for one in bits]
    return [_timed(partial(_looped, hashes, one)) for one in hashes[:3]]


def _looped(hashes: Sequence[imagehash.ImageHash], wanted: imagehash.ImageHash) -> list[int]:
    return [n for n, kept in enumerate(hashes) if kept - wanted <= 16]


def _intakes(size: Size) -> None:
    """One 12-megapixel photo, time and the most memory in a process of its own; then as many as two cores can."""
    data = large_photo()
    rows = []
    for name, work in CONTENDERS.items():
        with ProcessPoolExecutor(1, get_context("spawn")) as worker:
            took = [worker.submit(_work_timed, name, data).result() for _ in range(size.rounds + 1)][1:]
            peak = worker.submit(_peak_of, name, data).result()
        wall, busy = spread([one.wall for one in took]), spread([one.processor for one in took])
        rows.append([name, wall, busy, f"{peak / _MEGABYTE:.0f}", _doing(work)])
    show(
        f"One photo of 12 megapixels, {len(data) / _MEGABYTE:.1f} MB",
        ["how", "ms", "processor ms", "MB more", "makes"],
        rows,
    )
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores, get_context("spawn")) as workers:
        list(workers.map(_taken, [data] * cores))
        began = time.perf_counter()
        list(workers.map(_taken, [data] * size.photos))
        rate = size.photos / (time.perf_counter() - began)
    show("Intake of such photos", ["processes", "photos/s"], [[str(cores), f"{rate:.1f}"]])


def _ours(data: bytes) -> None:
    """3 copies, facts, fingerprint, looks."""
    take(data)


def _pillow(data: bytes) -> None:
    """3 copies, each from the file."""
    for side in COPIES.values():
        picture = Image.open(BytesIO(data))
        picture.thumbnail((side, side))
        picture.convert("RGB").save(BytesIO(), "JPEG", quality=85)


def _imagehash(data: bytes) -> None:
    """one 64-bit hash."""
    imagehash.phash(Image.open(BytesIO(data)))


CONTENDERS: dict[str, Callable[[bytes], None]] = {
    "ours": _ours,
    "Pillow open, thumbnail, save": _pillow,
    "imagehash.phash": _imagehash,
}


def _doing(work: Callable[[bytes], None]) -> str:
    return (work.__doc__ or "").rstrip(".")


def _work_timed(name: str, data: bytes) -> Took:
    return _timed(lambda: CONTENDERS[name](data))


def _peak_of(name: str, data: bytes) -> float:
    """What the process grows by at its highest; the second time, when all that is loaded once is loaded."""
    CONTENDERS[name](_small_photo())
    before = _memory("VmRSS")
    CONTENDERS[name](data)
    return _memory("VmHWM") - before


def _taken(data: bytes) -> int:
    return len(take(data).copies)


def _small_photo() -> bytes:
    """A small photo, to be ready for a large one."""
    file = BytesIO()
    Image.new("RGB", (64, 64), "grey").save(file, "JPEG")
    return file.getvalue()


@cache
def large_photo() -> bytes:
    """A drawn street of 12 megapixels with a camera's grain, as a phone would write it."""
    picture = photograph(place(1, 1), any_view(1), clean=False).resize(_TWELVE_MEGAPIXELS, Image.Resampling.BICUBIC)
    grain = np.random.default_rng(1).normal(0, 3, (picture.height, picture.width, 1)).astype(np.float32)
    pixels = (np.asarray(picture, np.float32) + grain).clip(0, 255).astype(np.uint8)
    file = BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=90)
    return file.getvalue()


def _scene_time(size: Size) -> None:
    where, views = place(2, 2), (any_view(3), any_view(4))
    before, after = (jpeg(photograph(where, view, n == 1), view) for n, view in enumerate(views))
    took = [_timed(partial(same_scene, before, after)) for _ in range(5 * size.rounds)]
    wall, busy = median(one.wall for one in took), median(one.processor for one in took)
    row = [f"{wall:.0f}", f"{busy:.0f}", f"{busy / 300:.2f}"]
    show("Same place or not, one pair", ["ms", "processor ms", "of 300 ms"], [row])


def _timed(work: Callable[[], object]) -> Took:
    began, busy = time.perf_counter(), time.process_time()
    work()
    return Took((time.perf_counter() - began) * 1e3, (time.process_time() - busy) * 1e3)


def _memory(field: str) -> float:
    """VmRSS (now) or VmHWM (at its highest) in bytes; unlike getrusage it forgets the process we came from."""
    with open("/proc/self/status") as file:
        return next(float(line.split()[1]) * 1024 for line in file if line.startswith(f"{field}:"))
