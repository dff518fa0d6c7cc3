"""Proposals (遮挡建议): where faces and plates may be, as far as an optional library can tell.

Only a help for whoever draws the boxes: Haar cascades miss most faces that are small, turned or in the shade, and
they know Russian plates, not ours. Nothing is ever published because nothing was found.
"""

from importlib import import_module
from importlib.util import find_spec
from time import monotonic
from typing import Any

import numpy as np

from photos.decode import DEFAULT_LIMITS, upright
from photos.redact import LEAST_SIDE, Box

# An extra: see requirements-extra.txt.
cv2: Any = import_module("cv2") if find_spec("cv2") else None

_MOST = 12
_LONGEST_SIDE = 1000
# Cascade, smallest side in pixels, whether the mirrored picture is looked at as well (profiles look left).
_CASCADES = (
    ("haarcascade_frontalface_default.xml", 24, False),
    ("haarcascade_profileface.xml", 24, True),
    ("haarcascade_russian_plate_number.xml", 20, False),
)
_BUDGET = 2.0  # seconds: the person is drawing meanwhile
_NEIGHBOURS = 5

# Version 5 of the library comes without the cascades.
AVAILABLE = cv2 is not None and hasattr(cv2, "CascadeClassifier") and bool(getattr(cv2, "data", None))


def propose(data: bytes, budget: float = _BUDGET) -> tuple[Box, ...]:
    """Boxes around what looks like a face or a plate, the largest first; none without the library.

    Raises `PhotoRefused`. budget: seconds after which no further cascade is begun.
    """
    if not AVAILABLE:
        return ()
    grey = np.asarray(upright(data, _LONGEST_SIDE, DEFAULT_LIMITS).convert("L"))
    until, found = monotonic() + budget, list[Box]()
    for name, smallest, mirrored in _CASCADES:
        for turned in (False, True) if mirrored else (False,):
            if monotonic() < until:
                found += _seen(name, grey, smallest, turned)
    return tuple(_apart(sorted(found, key=lambda box: -box.width * box.height)))[:_MOST]


def _seen(name: str, grey: Any, smallest: int, mirrored: bool) -> list[Box]:
    cascade = cv2.CascadeClassifier(f"{cv2.data.haarcascades}{name}")
    picture = np.ascontiguousarray(grey[:, ::-1]) if mirrored else grey
    hits = cascade.detectMultiScale(
        cv2.equalizeHist(picture), scaleFactor=1.15, minNeighbors=_NEIGHBOURS, minSize=(smallest, smallest)
    )
    height, width = grey.shape
    at = [(width - x - w if mirrored else x, y, w, h) for x, y, w, h in np.asarray(hits, dtype=int).reshape(-1, 4)]
    boxes = [(x / width, y / height, w / width, h / height) for x, y, w, h in at]
    return [Box(*map(float, box)) for box in boxes if min(box[2:]) >= LEAST_SIDE]


def _apart(boxes: list[Box]) -> list[Box]:
    """Without those whose middle lies in a larger one: two cascades see the same face."""
    kept: list[Box] = []
    for box in boxes:
        x, y = box.x + box.width / 2, box.y + box.height / 2
        if not any(k.x <= x <= k.x + k.width and k.y <= y <= k.y + k.height for k in kept):
            kept.append(box)
    return kept
