"""EXIF (拍摄信息): when, where, with what and which way up, read from what the camera wrote.

Everything here is a stranger's claim. What is missing, broken or impossible reads as unknown and never refuses a
photo: WeChat itself strips most of it. The reader is our own: it looks at a dozen tags and copies nothing else, where
a general one would unpack whatever a table of ten thousand entries points to.
"""

import math
import re
import struct
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

# A fixed offset, not the zone's history: China has kept UTC+8 since before cameras wrote EXIF,
# and a slim server has no zone database.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

_MOST_ENTRIES = 512  # of one directory; phones write fewer than sixty
_LONGEST_VALUE = 256  # bytes
_LONGEST_NAME = 64  # characters of a camera's or a program's name

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

_Value = str | tuple[float, ...]
_Tags = Mapping[int, _Value]


class CameraNotes:
    """拍摄信息: the EXIF of one picture, from its byte order mark on."""

    def __init__(self, exif: bytes) -> None:
        self._exif = exif.removeprefix(b"Exif\0\0")
        self._order = {b"II*\0": "<", b"MM\0*": ">"}.get(self._exif[:4], "")
        self._main = self._directory(self._number("I", 4))

    def turn(self) -> Image.Transpose | None:
        """How the picture must be turned to stand upright; None when it does."""
        return _TURNS.get(_whole(self._main.get(Base.Orientation)))

    def camera(self) -> str:
        """Maker and model, "" where unknown."""
        maker, model = _name(self._main.get(Base.Make)), _name(self._main.get(Base.Model))
        # Canon and others write their name into both.
        return model if model.startswith(maker) else f"{maker} {model}"[:_LONGEST_NAME].strip()

    def software(self) -> str:
        """The program that wrote the file, "" where unknown."""
        return _name(self._main.get(Base.Software))

    def taken_at(self) -> datetime | None:
        """When the shutter went, in aware UTC; without a zone the clock is read as Asia/Shanghai."""
        tags = self._directory(_whole(self._main.get(IFD.Exif)))
        for clock, offset in _CLOCKS:
            moment = _moment(tags.get(clock), tags.get(offset) or tags.get(Base.OffsetTime))
            if moment:
                return moment
        return None

    def position(self) -> tuple[float | None, float | None]:
        """Latitude and longitude in degrees (WGS-84), or two Nones."""
        tags = self._directory(_whole(self._main.get(IFD.GPSInfo)))
        lat = _degrees(tags.get(GPS.GPSLatitude), tags.get(GPS.GPSLatitudeRef), {"N": 1, "S": -1})
        lon = _degrees(tags.get(GPS.GPSLongitude), tags.get(GPS.GPSLongitudeRef), {"E": 1, "W": -1})
        if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
            return None, None
        # Phones without a fix write zeros; nobody reports from the Gulf of Guinea.
        return (lat, lon) if (lat, lon) != (0.0, 0.0) else (None, None)

    def _directory(self, begin: int) -> _Tags:
        """The values we know how to use of the directory that begins there; what is broken is left out."""
        if not self._order or not begin:
            return {}
        count = min(self._number("H", begin), _MOST_ENTRIES)
        entries = ((begin + 2 + 12 * n) for n in range(count))
        return {self._number("H", entry): value for entry in entries if (value := self._value(entry))}

    def _value(self, entry: int) -> _Value | None:
        read = _READERS.get(self._number("H", entry + 2))
        if read is None:
            return None
        width, unpack = read
        size = width * self._number("I", entry + 4)
        start = entry + 8 if size <= 4 else self._number("I", entry + 8)
        body = self._exif[start : start + size] if size <= _LONGEST_VALUE else b""
        return unpack(self._order, body) if len(body) == size else None

    def _number(self, code: str, place: int) -> int:
        """A number at a place; 0 beyond the end, which leads nowhere."""
        size = struct.calcsize(code)
        body = self._exif[place : place + size]
        return int.from_bytes(body, "little" if self._order == "<" else "big") if len(body) == size else 0


def _text(_order: str, body: bytes) -> _Value:
    return body.decode("utf-8", "replace").strip("\0 ")


def _numbers(code: str, width: int) -> Callable[[str, bytes], _Value]:
    def unpack(order: str, body: bytes) -> _Value:
        return struct.unpack(f"{order}{len(body) // width}{code}", body)

    return unpack


def _rationals(order: str, body: bytes) -> _Value:
    numbers = struct.unpack(f"{order}{len(body) // 4}I", body)
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return tuple(above / below if below else math.nan for above, below in pairs)


# By the type's number: how wide one value is, and how several are read.
_READERS: Mapping[int, tuple[int, Callable[[str, bytes], _Value]]] = {
    2: (1, _text),
    3: (2, _numbers("H", 2)),
    4: (4, _numbers("I", 4)),
    5: (8, _rationals),
}


def _whole(value: _Value | None) -> int:
    """A whole number; 0 for all else, such as the fraction 1/0 where a place in the file should stand."""
    first = value[0] if value else 0
    return first if isinstance(first, int) else 0


def _name(written: _Value | None) -> str:
    """A stranger's words, for a table and a list: short, one line, nothing that does not print."""
    if not isinstance(written, str):
        return ""
    printable = "".join(sign if sign.isprintable() else " " for sign in written)
    return " ".join(printable.split())[:_LONGEST_NAME]


def _moment(clock: object, offset: object) -> datetime | None:
    if not isinstance(clock, str):
        return None
    try:
        local = datetime.strptime(clock, "%Y:%m:%d %H:%M:%S").replace(tzinfo=_zone(offset))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):  # "0000:00:00 00:00:00" is how a camera says "clock not set"
        return None


def _zone(offset: object) -> timezone:
    written = _OFFSET.fullmatch(offset) if isinstance(offset, str) else None
    if not written:
        return SHANGHAI
    sign, hours, minutes = written.groups()
    return timezone(timedelta(hours=int(hours), minutes=int(minutes)) * (1 if sign == "+" else -1))


def _degrees(parts: _Value | None, hemisphere: object, signs: Mapping[str, int]) -> float | None:
    sign = signs.get(hemisphere.upper()) if isinstance(hemisphere, str) else None
    if sign is None or not isinstance(parts, tuple) or len(parts) != 3:
        return None
    degrees, minutes, seconds = parts
    value = sign * (degrees + minutes / 60 + seconds / 3600)
    return value if math.isfinite(value) else None
