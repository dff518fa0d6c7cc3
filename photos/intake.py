"""Photo intake (照片接收): look at what came in, and make the copy that may be shown."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from photos.decode import DEFAULT_LIMITS, Limits, as_jpeg, opened, upright
from photos.exif import SIDEWAYS, CameraNotes
from photos.refusal import PhotoRefused, Reason, refusing_damage

__all__ = ["DEFAULT_LIMITS", "Intake", "Limits", "PhotoRefused", "Reason", "clean_copy", "examine"]


@dataclass(frozen=True, slots=True)
class Intake:
    """照片入库信息: what is known of a photo, kept apart from the photo itself.

    `sha256` and `size` (bytes) are of the original; `width` and `height` are of the upright picture.
    `taken_at` is aware UTC, `lat` and `lon` are WGS-84 degrees; all three are what the file claims.
    """

    sha256: str
    mime: str
    width: int
    height: int
    size: int
    taken_at: datetime | None
    lat: float | None
    lon: float | None


def examine(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Intake:
    """Check a photo: size and type, then pixels, then a full decode; raises `PhotoRefused`."""
    kind, image = opened(data, limits)
    with refusing_damage():
        image.load()
    notes = CameraNotes(image.info)
    width, height = reversed(image.size) if notes.turn() in SIDEWAYS else image.size
    lat, lon = notes.position()
    return Intake(
        sha256=hashlib.sha256(data).hexdigest(),
        mime=kind.mime,
        width=width,
        height=height,
        size=len(data),
        taken_at=notes.taken_at(),
        lat=lat,
        lon=lon,
    )


def clean_copy(data: bytes, longest_side: int, quality: int = 85, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Make the copy that may be shown: an upright RGB JPEG without any metadata.

    Colour profiles go too, so a wide-gamut photo looks slightly paler. Raises `PhotoRefused` when
    anything at all is wrong; the original bytes are never the answer.
    """
    return as_jpeg(upright(data, longest_side, limits), quality)
