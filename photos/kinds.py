"""Picture types (图片类型): told from the first bytes, never from a name or a header."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from photos.refusal import PhotoRefused


@dataclass(frozen=True, slots=True)
class Kind:
    """图片类型: a MIME type and the one decoder that may open it."""

    mime: str
    open: Callable[[BytesIO], ImageFile]


# The decoders are called by name instead of through `Image.open`: nothing but these five ever sees a
# sender's bytes, and the size is ours to judge, without Pillow's process-wide limit and warning.
# A phone's MPO (a JPEG with further pictures behind it) thus opens as its first picture.
_TAKEN: tuple[tuple[re.Pattern[bytes], Kind], ...] = (
    (re.compile(rb"\xff\xd8\xff"), Kind("image/jpeg", JpegImageFile)),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), Kind("image/png", PngImageFile)),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), Kind("image/webp", WebPImageFile)),
    (re.compile(rb"GIF8[79]a"), Kind("image/gif", GifImageFile)),
    # "BM" alone also starts words; the four zero bytes are reserved in every bitmap.
    (re.compile(rb"BM.{4}\0{4}", re.DOTALL), Kind("image/bmp", BmpImageFile)),
)
# HEIC and AVIF, TIFF, Photoshop, JPEG 2000, JPEG XL: real pictures, so the sender hears something better
# than "not a picture".
_KNOWN_BUT_NOT_TAKEN = re.compile(
    rb".{4}ftyp(?:hei[cmsx]|hev[cmx]|mi[af]1|msf1|avi[fs])|II\*\0|MM\0\*|8BPS"
    rb"|\0{3}\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51|\xff\x0a|\0{3}\x0cJXL \r\n\x87\n",
    re.DOTALL,
)

MOST_SCANS = 64
# Entropy-coded data holds FF only before 00 or a restart marker, so any other FF xx is a real marker.
_MARKER = re.compile(rb"\xff[\x02-\xcf\xd8-\xfe]")
_START_OF_SCAN = 0xDA
_END_OF_IMAGE = 0xD9


def kind_of(data: bytes) -> Kind:
    """Say what the bytes are by their signature; raises `PhotoRefused`."""
    for signature, kind in _TAKEN:
        if signature.match(data):
            return kind
    if _KNOWN_BUT_NOT_TAKEN.match(data):
        raise PhotoRefused("unsupported", "a picture type we do not decode")
    raise PhotoRefused("not_an_image")


def refuse_scan_bomb(data: bytes) -> None:
    """Refuse a JPEG of very many scans; raises `PhotoRefused`.

    A progressive JPEG may repeat a scan of 90 bytes that costs a pass over all pixels, so a few
    megabytes could hold a processor for minutes. Cameras and optimisers use about ten.
    """
    scans = 0
    position = 2
    while found := _MARKER.search(data, position):
        marker = data[found.end() - 1]
        if marker == _END_OF_IMAGE:
            return
        scans += marker == _START_OF_SCAN
        if scans > MOST_SCANS:
            raise PhotoRefused("unsupported", f"more than {MOST_SCANS} scans")
        position = found.end() + int.from_bytes(data[found.end() : found.end() + 2])
