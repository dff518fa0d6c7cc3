"""Same scene (同一地点): do two photos show one place, although what was cleaned is gone and the camera moved?"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from photos.alignment import SIDE, align
from photos.decode import DEFAULT_LIMITS, upright
from photos.features import Floats, features
from photos.fingerprint import NEAR, distance, fingerprint
from photos.refusal import PhotoRefused

# Below this score the two are another scene; measured in benchmarks/README.md.
ANOTHER = 0.5

_FEWEST = 40  # features; a plain wall has fewer, and nothing follows from that
_HALF = 16


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
        pictures = [upright(data, SIDE, DEFAULT_LIMITS) for data in (before, after)]
    except PhotoRefused:
        return CANNOT_TELL
    first, second = (features(_grey(picture)) for picture in pictures)
    if min(len(first), len(second)) < _FEWEST:
        return CANNOT_TELL
    agreeing = align(first, second).agreeing
    unlike = distance(*(fingerprint(picture) for picture in pictures))
    # The fingerprint speaks for a place only: honest pictures of one place differ in it as much as any two.
    return Scene(1.0 if unlike <= NEAR else _score(agreeing), agreeing)


def _score(agreeing: int) -> float:
    """Half at `_HALF` matches, and steep there: chance finds a dozen, a camera some steps aside three times that."""
    return round(agreeing**3 / (agreeing**3 + _HALF**3), 3)


def _grey(picture: Image.Image) -> Floats:
    return np.asarray(picture.convert("L"), np.float32)
