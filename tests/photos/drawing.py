"""Pictures drawn for the tests, with everything written into them that a phone would write."""

import re
import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from PIL.ExifTags import GPS, IFD, Base

RED, GREEN, BLUE, GREY = (220, 30, 30), (30, 180, 30), (30, 30, 220), (120, 120, 120)
SECRETS = (b"ZHANG-SAN", b"call 13800000000", b"xmp-secret", b"profile-secret")


def picture(width: int = 96, height: int = 64) -> Image.Image:
    """Four quarters: red, green, blue, grey from the top left, row by row."""
    image = Image.new("RGB", (width, height), GREY)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 2 - 1, height // 2 - 1), fill=RED)
    draw.rectangle((width // 2, 0, width, height // 2 - 1), fill=GREEN)
    draw.rectangle((0, height // 2, width // 2 - 1, height), fill=BLUE)
    return image


def saved(kind: str, image: Image.Image | None = None, **options: Any) -> bytes:
    file = BytesIO()
    (image or picture()).save(file, kind, **options)
    return file.getvalue()


def jpeg(image: Image.Image | None = None, **options: Any) -> bytes:
    return saved("JPEG", image, **options)


def camera_notes(
    orientation: int = 1,
    clocks: dict[int, str] | None = None,
    gps: dict[int, Any] | None = None,
) -> Image.Exif:
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    exif[Base.Artist] = "ZHANG-SAN"
    exif.get_ifd(IFD.Exif).update(clocks or {})
    exif.get_ifd(IFD.GPSInfo).update(gps or {})
    return exif


def baotu_spring() -> dict[int, Any]:
    """36°39'40.5"N 117°00'52.2"E as a phone writes it."""
    return {
        GPS.GPSLatitudeRef: "N",
        GPS.GPSLatitude: (36.0, 39.0, 40.5),
        GPS.GPSLongitudeRef: "E",
        GPS.GPSLongitude: (117.0, 0.0, 52.2),
    }


def talkative_jpeg() -> bytes:
    """Names, a telephone number and a place in every corner where a JPEG can hold them."""
    return jpeg(
        exif=camera_notes(clocks={Base.DateTimeOriginal: "2026:05:04 08:30:00"}, gps=baotu_spring()),
        comment=b"call 13800000000",
        xmp=b"<x:xmpmeta>xmp-secret</x:xmpmeta>",
        icc_profile=b"profile-secret" * 20,
        dpi=(301, 301),
    )


def png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def webp_claiming(width: int, height: int) -> bytes:
    """A small WebP whose canvas is said to be of any size."""
    canvas = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", len(canvas)) + canvas + saved("WEBP")[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises a picture of any size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")


def jpeg_with_scans(extra: int) -> bytes:
    """A progressive JPEG in which one short scan is repeated."""
    data = jpeg(progressive=True)
    scans = [found.start() for found in re.finditer(rb"\xff\xda", data)]
    return data[: scans[2]] + data[scans[1] : scans[2]] * extra + data[scans[2] :]


def animation(kind: str) -> bytes:
    return saved(kind, save_all=True, append_images=[picture().transpose(Image.Transpose.ROTATE_180)])


def reopened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def colours(image: Image.Image) -> list[str]:
    """The names of the four quarters' colours, row by row."""
    names = {"red": RED, "green": GREEN, "blue": BLUE, "grey": GREY}
    width, height = image.size
    places = [(x, y) for y in (height // 4, height * 3 // 4) for x in (width // 4, width * 3 // 4)]
    return [min(names, key=lambda name: _far(image.getpixel(place), names[name])) for place in places]


def _far(seen: Any, wanted: tuple[int, int, int]) -> int:
    return sum(abs(a - b) for a, b in zip(seen, wanted, strict=True))
