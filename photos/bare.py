"""Bare files (去附带信息): a sender's file cut down to what its decoder needs, before any decoder sees it.

Pillow reads a file's parts one by one in Python: ten megabytes of empty comments keep it busy for ten seconds and
hundreds of megabytes. So they are counted here, what is not picture is left out, and EXIF is handed on apart.
"""

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

from photos.refusal import PhotoRefused


class Bare(NamedTuple):
    """裸图: the file without its words, and the EXIF that was among them (from the byte order mark on).

    whole: its decoder must hold the whole picture at once, however small a copy is wanted.
    size: of the picture that was sent, where `data` is already smaller.
    """

    data: bytes
    exif: bytes = b""
    whole: bool = False
    size: tuple[int, int] | None = None


# Far more than any camera or program writes; a colour profile of 10 MB is 160 segments.
MOST_SEGMENTS = 1000
MOST_CHUNKS = 20_000
MOST_BLOCKS = 100_000
MOST_SCANS = 64

_EXIF = b"Exif\0\0"
_SEGMENT = re.compile(rb"\xff{1,16}([\xc0-\xfe])(..)", re.DOTALL)
# Of all application segments the decoder needs two, for the meaning of its colours.
_COLOURS = {0xE0: b"JFIF\0", 0xEE: b"Adobe"}
_TABLES = frozenset({0xC4, 0xDB, 0xDD})
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # arithmetic coding, lossless and 12 bit: no camera, and slow
_PROGRESSIVE, _START_OF_SCAN, _EXIF_SEGMENT, _END_OF_IMAGE = 0xC2, 0xDA, 0xE1, 0xD9
_WORDS = frozenset({*range(0xE0, 0xF0), 0xFE})
# Entropy-coded data holds FF only before 00 or a restart marker, so any other FF xx is a real marker.
_MARKER = re.compile(rb"\xff[\x02-\xcf\xd8-\xfe]")


def bare_jpeg(data: bytes) -> Bare:
    """A JPEG without comments, profiles and all that; raises `PhotoRefused` for one made to keep us busy."""
    kept, exif, progressive, colours = [data[:2]], b"", False, 0
    for marker, start, end in _segments(data):
        body = start + 4
        if marker == _START_OF_SCAN:
            scans = _count_scans(data, start)
            whole = progressive or scans > 1 or data[body : body + 1] != bytes([colours])
            return Bare(b"".join((*kept, memoryview(data)[start:])), exif, whole)
        if marker in _FRAMES:
            progressive, colours = marker == _PROGRESSIVE, data[body + 5]
        if marker == _EXIF_SEGMENT and not exif and data.startswith(_EXIF, body):
            exif = data[body + len(_EXIF) : end]
        if marker in _FRAMES | _TABLES or data.startswith(_COLOURS.get(marker, b"\0none"), body):
            kept.append(data[start:end])
    raise PhotoRefused("truncated", "no picture behind the headers")


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, begin (of its last FF) and end of every segment up to the first scan."""
    position = 2
    for _ in range(MOST_SEGMENTS):
        found = _SEGMENT.match(data, position)
        if not found:
            raise PhotoRefused("truncated", "no segment where one should begin")
        marker, start = found[1][0], found.start(1) - 1
        position = found.start(2) + int.from_bytes(found[2])
        if marker not in _FRAMES | _TABLES | _WORDS | {_START_OF_SCAN}:
            raise PhotoRefused("unsupported", f"a JPEG with FF{marker:02X}")
        if position > len(data) or position < found.end():
            raise PhotoRefused("truncated", "a segment longer than the file")
        yield marker, start, position
    raise PhotoRefused("unsupported", f"more than {MOST_SEGMENTS} segments")


def _count_scans(data: bytes, position: int) -> int:
    """How many scans the picture has; raises `PhotoRefused` for very many.

    A progressive JPEG may repeat a scan of 90 bytes that costs a pass over all pixels, so a few
    megabytes could hold a processor for minutes. Cameras and optimisers use about ten.
    """
    scans = 0
    while found := _MARKER.search(data, position):
        marker = data[found.end() - 1]
        if marker == _END_OF_IMAGE:
            break
        scans += marker == _START_OF_SCAN
        if scans > MOST_SCANS:
            raise PhotoRefused("unsupported", f"more than {MOST_SCANS} scans")
        position = found.end() + int.from_bytes(data[found.end() : found.end() + 2])
    return scans


_CHUNK = struct.Struct(">I4s")
_PIXELS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})


def bare_png(data: bytes) -> Bare:
    """A PNG without texts, profiles and times, none of which is ever unpacked; raises `PhotoRefused`."""
    kept, exif = [data[:8]], b""
    for name, start, end in _chunks(data):
        if name in _PIXELS:
            kept.append(data[start:end])
        elif name == b"eXIf":
            exif = data[start + 8 : end - 4]
        elif name == b"acTL" and data[start + 8 : start + 12] > b"\0\0\0\1":
            raise PhotoRefused("animated")
    return Bare(b"".join(kept), exif, whole=True)


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    position = 8
    for _ in range(MOST_CHUNKS):
        if position + 12 > len(data):
            raise PhotoRefused("truncated", "the file ends before the picture")
        length, name = _CHUNK.unpack_from(data, position)
        start, position = position, position + length + 12
        if position > len(data):
            raise PhotoRefused("truncated", "a chunk longer than the file")
        yield name, start, position
        if name == b"IEND":
            return
    raise PhotoRefused("unsupported", f"more than {MOST_CHUNKS} chunks")


_GIF_HEADER = 13
_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_TRANSPARENCY = 0xF9


def bare_gif(data: bytes) -> Bare:
    """The one picture of a GIF without comments; raises `PhotoRefused`, for a second picture as "animated"."""
    try:
        return Bare(_only_picture(data), whole=True)
    except IndexError as error:
        raise PhotoRefused("truncated", "the file ends before the picture") from error


def _only_picture(data: bytes) -> bytes:
    header = data[: _GIF_HEADER + _palette_size(data[10])]
    control, picture = b"", b""
    for kind, start, end in _blocks(data, len(header)):
        if kind == _IMAGE and picture:
            raise PhotoRefused("animated")
        if kind == _IMAGE:
            picture = data[start:end]
        elif data[start + 1] == _TRANSPARENCY and not picture:
            control = data[start:end]
    if not picture:
        raise PhotoRefused("truncated", "no picture in the file")
    return header + control + picture + bytes([_TRAILER])


def _blocks(data: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    budget = MOST_BLOCKS
    while position < len(data) and data[position] in (_EXTENSION, _IMAGE):
        start, kind = position, data[position]
        position += 2 if kind == _EXTENSION else 11 + _palette_size(data[position + 9])
        while length := data[position]:
            position += 1 + length
            budget -= 1
        position += 1
        budget -= 1
        if budget < 0:
            raise PhotoRefused("unsupported", f"more than {MOST_BLOCKS} blocks")
        yield kind, start, position


def _palette_size(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def as_it_is(data: bytes) -> Bare:
    """For decoders that read their files in C, and hand on EXIF unread."""
    return Bare(data, whole=True)
