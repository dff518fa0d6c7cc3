"""Same scene (同一地点): do two photos show one place, although what was cleaned is gone and the camera moved?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photos.decode import DEFAULT_LIMITS, upright
from photos.features import Features, Floats, features
from photos.fingerprint import NEAR, distance, fingerprint
from photos.refusal import PhotoRefused

# Below this score the two are another scene; measured in benchmarks/README.md.
ANOTHER = 0.5

_SIDE = 640
_FEWEST = 40  # features; a plain wall has fewer, and nothing follows from that
_HALF = 16
_RATIO = 0.92
_TRIALS = 1500
_ASTRAY = 0.03  # of the longest side: how far a corner may lie from where the others say it should


@dataclass(frozen=True, slots=True)
class Scene:
    """同一地点: `score` from 0 (another place) to 1 (the same); `matches` corners agree on where the camera went.

    `told` is False when nothing can be said, as of a plain wall; the score is then 0.5.
    """

    score: float
    matches: int
    told: bool = True

    @property
    def another(self) -> bool:
        """Whether these look like two places."""
        return self.told and self.score < ANOTHER


CANNOT_TELL = Scene(0.5, 0, told=False)


def same_scene(before: bytes, after: bytes) -> Scene:
    """Whether two photos (JPEG bytes) show the same place (同一地点); never raises on a picture."""
    try:
        pictures = [upright(data, _SIDE, DEFAULT_LIMITS) for data in (before, after)]
    except PhotoRefused:
        return CANNOT_TELL
    first, second = (features(_grey(picture)) for picture in pictures)
    if min(len(first), len(second)) < _FEWEST:
        return CANNOT_TELL
    pairs = _matched(first, second)
    agreeing = _agreeing(first, second, pairs)
    unlike = distance(*(fingerprint(picture) for picture in pictures))
    # The fingerprint speaks for a place only: honest pictures of one place differ in it as much as any two.
    return Scene(1.0 if unlike <= NEAR else _score(agreeing), agreeing)


def _score(agreeing: int) -> float:
    """Half at `_HALF` matches, and steep there: chance finds a dozen, a camera some steps aside three times that."""
    return round(agreeing**3 / (agreeing**3 + _HALF**3), 3)


def _grey(picture: Image.Image) -> Floats:
    return np.asarray(picture.convert("L"), np.float32)


def _matched(first: Features, second: Features) -> NDArray[np.intp]:
    """Pairs that choose each other and are clearly nearer than the next best."""
    alike = first.descriptors @ second.descriptors.T
    there, back = alike.argmax(axis=1), alike.argmax(axis=0)
    rows = np.arange(len(first))
    mutual = back[there] == rows
    best = alike[rows, there]
    alike[rows, there] = -1
    # Descriptors have length one, so the distance follows from the product.
    clear = (1 - best) < _RATIO**2 * (1 - alike.max(axis=1))
    chosen = rows[mutual & clear]
    return np.stack([chosen, there[chosen]], axis=1)


def _agreeing(first: Features, second: Features, pairs: NDArray[np.intp]) -> int:
    """How many pairs one movement of the camera explains, neighbours counted once."""
    if len(pairs) < 4:
        return 0
    a, b = first.places[pairs[:, 0]], second.places[pairs[:, 1]]
    kept = _consensus(a, b)
    for _ in range(3):
        kept = _refined(a, b, kept)
    return _apart(a[kept])


def _consensus(a: NDArray[np.complex64], b: NDArray[np.complex64]) -> NDArray[np.bool_]:
    """The pairs that follow the best similarity through two of them (RANSAC, always with the same dice)."""
    dice = np.random.default_rng(7)
    one, two = dice.integers(0, len(a), (2, _TRIALS))
    span = a[two] - a[one]
    usable = np.abs(span) > 40
    turn = np.where(usable, b[two] - b[one], 0) / np.where(usable, span, 1)
    # Nobody turns a street on its side or stands three times as far away.
    usable &= (np.abs(turn) > 0.4) & (np.abs(turn) < 2.5) & (np.abs(np.angle(turn)) < 0.45)
    if not usable.any():
        return np.zeros(len(a), np.bool_)
    one, turn = one[usable], turn[usable]
    missed = np.abs(turn[:, None] * (a - a[one][:, None]) + b[one][:, None] - b)
    inside = missed < _ASTRAY * _SIDE
    return np.asarray(inside[inside.sum(axis=1).argmax()])


def _refined(a: NDArray[np.complex64], b: NDArray[np.complex64], kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Fit an affine movement to those kept, and ask everyone again."""
    if kept.sum() < 6:
        return kept
    known = np.stack([a.real, a.imag, np.ones(len(a), np.float32)], axis=1)
    wanted = np.stack([b.real, b.imag], axis=1)
    movement, *_ = np.linalg.lstsq(known[kept], wanted[kept])
    missed = np.linalg.norm(known @ movement - wanted, axis=1)
    again = missed < _ASTRAY * _SIDE * 0.8
    return again if again.sum() >= kept.sum() * 0.8 else kept


def _apart(places: NDArray[np.complex64]) -> int:
    cells = np.stack([places.real // 10, places.imag // 10], axis=1)
    return len(np.unique(cells, axis=0))
