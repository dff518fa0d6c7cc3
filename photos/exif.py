"""EXIF (拍摄信息): when, where and which way up, read from what the camera wrote.

Everything here is a stranger's claim. What is missing, broken or impossible reads as None and never
refuses a photo: WeChat itself strips most of it.
"""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from photos.refusal import PhotoRefused, refusing_damage

# A fixed offset, not the zone's history: China has kept UTC+8 since before cameras wrote EXIF,
# and a slim server has no zone database.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

# A camera's is under 64 kB; every value is unpacked into Python objects, so a longer one is not read.
_LONGEST_EXIF = 128 * 1024

# `DateTime` is left out on purpose: editors set it on saving, and an old photo would pass for a new one.
_CLOCKS = (
    (Base.DateTimeOriginal, Base.OffsetTimeOriginal),
    (Base.DateTimeDigitized, Base.OffsetTimeDigitized),
)
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = frozenset(
    {
        Image.Transpose.TRANSPOSE,
        Image.Transpose.ROTATE_270,
        Image.Transpose.TRANSVERSE,
        Image.Transpose.ROTATE_90,
    }
)


class CameraNotes:
    """拍摄信息: the EXIF of one opened picture."""

    def __init__(self, info: Mapping[Any, Any]) -> None:
        self._exif = Image.Exif()
        blob = info.get("exif")
        if isinstance(blob, bytes) and len(blob) <= _LONGEST_EXIF:
            self._load(blob)

    def turn(self) -> Image.Transpose | None:
        """How the picture must be turned to stand upright; None when it does."""
        orientation = self._directory(None).get(Base.Orientation)
        return _TURNS.get(orientation) if isinstance(orientation, int) else None

    def taken_at(self) -> datetime | None:
        """When the shutter went, in aware UTC; without a zone the clock is read as Asia/Shanghai."""
        tags = self._directory(IFD.Exif)
        for clock, offset in _CLOCKS:
            moment = _moment(tags.get(clock), tags.get(offset) or tags.get(Base.OffsetTime))
            if moment:
                return moment
        return None

    def position(self) -> tuple[float | None, float | None]:
        """Latitude and longitude in degrees (WGS-84), or two Nones."""
        tags = self._directory(IFD.GPSInfo)
        lat = _degrees(tags.get(GPS.GPSLatitude), tags.get(GPS.GPSLatitudeRef), {"N": 1, "S": -1})
        lon = _degrees(tags.get(GPS.GPSLongitude), tags.get(GPS.GPSLongitudeRef), {"E": 1, "W": -1})
        if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
            return None, None
        # Phones without a fix write zeros; nobody reports from the Gulf of Guinea.
        return (lat, lon) if (lat, lon) != (0.0, 0.0) else (None, None)

    def _load(self, blob: bytes) -> None:
        try:
            with refusing_damage():
                self._exif.load(blob)
        except PhotoRefused:
            self._exif = Image.Exif()

    def _directory(self, which: IFD | None) -> Mapping[int, Any]:
        try:
            with refusing_damage():
                return dict(self._exif) if which is None else self._exif.get_ifd(which)
        except PhotoRefused:
            return {}


def _moment(clock: object, offset: object) -> datetime | None:
    if not isinstance(clock, str):
        return None
    try:
        local = datetime.strptime(clock.strip("\0 "), "%Y:%m:%d %H:%M:%S").replace(tzinfo=_zone(offset))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):  # "0000:00:00 00:00:00" is how a camera says "clock not set"
        return None


def _zone(offset: object) -> timezone:
    written = _OFFSET.fullmatch(offset.strip("\0 ")) if isinstance(offset, str) else None
    if not written:
        return SHANGHAI
    sign, hours, minutes = written.groups()
    return timezone(timedelta(hours=int(hours), minutes=int(minutes)) * (1 if sign == "+" else -1))


def _degrees(parts: object, hemisphere: object, signs: Mapping[str, int]) -> float | None:
    sign = signs.get(hemisphere.strip("\0 ").upper()) if isinstance(hemisphere, str) else None
    if sign is None or not isinstance(parts, tuple):
        return None
    try:
        degrees, minutes, seconds = map(float, parts)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    value = sign * (degrees + minutes / 60 + seconds / 3600)
    return value if math.isfinite(value) else None
