"""Photo intake (照片接收): look at what came in, and make the copies that may be shown."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from PIL import Image

from photos.decode import DEFAULT_LIMITS, Limits, Opened, as_jpeg, opened, pixels, shrunk, smaller
from photos.exif import SIDEWAYS
from photos.fingerprint import fingerprint
from photos.looks import Looks, looks
from photos.refusal import PhotoRefused, Reason

__all__ = ["COPIES", "DEFAULT_LIMITS", "Intake", "Limits", "PhotoRefused", "Reason", "Taken", "take"]

# 工作副本: the longest side in pixels; each is made from the one before.
COPIES: Mapping[str, int] = {"print": 2000, "screen": 1280, "thumb": 320}
# Half of 4032 and of 4096, as phones' pictures are wide: made exactly 2000 they take a sixth longer for nothing.
_LONGEST_PRINT = 2048
_QUALITY = 85


@dataclass(frozen=True, slots=True)
class Intake:
    """照片入库信息: what is known of a photo, kept apart from the photo itself.

    `sha256` and `size` (bytes) are of the original; `width` and `height` are of the upright picture.
    `taken_at` is aware UTC, `lat` and `lon` are WGS-84 degrees, `camera` is maker and model, `software` what wrote
    the file ("" unknown); these five are what the file claims.
    """

    sha256: str
    mime: str
    width: int
    height: int
    size: int
    taken_at: datetime | None
    lat: float | None
    lon: float | None
    camera: str = ""
    software: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """照片成品: what is known of a photo, and what may be shown of it.

    `copies`: upright RGB JPEGs without any metadata, by the names of `COPIES`. Colour profiles go too, so a
    wide-gamut photo looks slightly paler.
    """

    facts: Intake
    copies: Mapping[str, bytes]
    fingerprint: bytes
    looks: Looks


def take(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Taken:
    """Check a photo, decode it once and make everything of it.

    Raises `PhotoRefused` when anything at all is wrong; the original bytes are never the answer.
    """
    picture = opened(data, limits)
    sizes = _sizes(pixels(picture, COPIES["print"], at_most=_LONGEST_PRINT))
    facts = _facts(data, picture)
    return Taken(
        facts=facts,
        copies={name: as_jpeg(copy, _QUALITY) for name, copy in sizes.items()},
        # Always of the same size, or two copies of one photo would be told apart by their sharpness.
        fingerprint=fingerprint(sizes["screen"]),
        looks=looks(sizes["screen"], facts),
    )


def _sizes(picture: Image.Image) -> Mapping[str, Image.Image]:
    screen = smaller(picture, shrunk(picture.size, COPIES["screen"]))
    return {"print": picture, "screen": screen, "thumb": smaller(screen, shrunk(screen.size, COPIES["thumb"]))}


def _facts(data: bytes, picture: Opened) -> Intake:
    notes = picture.notes
    width, height = reversed(picture.size) if notes.turn() in SIDEWAYS else picture.size
    lat, lon = notes.position()
    return Intake(
        sha256=hashlib.sha256(data).hexdigest(),
        mime=picture.mime,
        width=width,
        height=height,
        size=len(data),
        taken_at=notes.taken_at(),
        lat=lat,
        lon=lon,
        camera=notes.camera(),
        software=notes.software(),
    )
