"""Damaged pictures: real files of every kind, changed as damage and malice would change them.

`python -m tests.photos.mutations COUNT SEED` takes that many in a process of its own and prints what came of it.
"""

import json
import resource
import struct
import sys
import time
import warnings
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from photos.intake import PhotoRefused, take
from tests.photos.drawing import SECRETS, baotu_spring, camera_notes, jpeg, picture, saved, talkative_jpeg

# What nothing that leaves may contain: it stands in the metadata of every seed that has room for it.
PLANTED = (*SECRETS, b"13900000000", b"thumbnail-secret", b"iptc-secret")
_HEIC = Path(__file__).parent.parent / "fixtures" / "photos" / "phone.heic"
_BORDERS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_PNG = b"\x89PNG\r\n\x1a\n"


@cache
def seeds() -> Mapping[str, bytes]:
    """Whole files with something planted in them, by name."""
    words = PngInfo()
    words.add_text("Author", "ZHANG-SAN 13900000000")
    words.add_itxt("Comment", "call 13800000000", zip=True)
    talk: dict[str, Any] = {"exif": _notes(), "icc_profile": SECRETS[3] * 20}
    palette = picture().convert("P", palette=Image.Palette.ADAPTIVE)
    return {
        "jpeg": talkative_jpeg(),
        "jpeg with a thumbnail": _with_thumbnail(),
        "progressive": jpeg(progressive=True, xmp=b"xmp-secret", **talk),
        "cmyk": jpeg(picture().convert("CMYK"), comment=b"13900000000"),
        "grey": jpeg(picture().convert("L"), **talk),
        "mpo": saved("MPO", save_all=True, append_images=[picture(40, 40)], **talk),
        "png": saved("PNG", pnginfo=words, **talk),
        "png palette": saved("PNG", palette, transparency=3, pnginfo=words),
        "png clear": saved("PNG", picture().convert("RGBA"), pnginfo=words, **talk),
        "png 1": saved("PNG", picture().convert("1"), pnginfo=words),
        "png 16": saved("PNG", picture().convert("I;16"), pnginfo=words),
        "apng": saved("PNG", save_all=True, append_images=[picture(96, 64)], **talk),
        "webp": saved("WEBP", xmp=b"xmp-secret", **talk),
        "webp lossless": saved("WEBP", picture().convert("RGBA"), lossless=True, **talk),
        "webp moving": saved("WEBP", save_all=True, append_images=[picture().rotate(180)], **talk),
        "gif": saved("GIF", palette, comment=b"13900000000", transparency=1),
        "gif moving": saved("GIF", save_all=True, append_images=[picture().rotate(180)], comment=b"ZHANG-SAN"),
        "bmp": saved("BMP"),
        "bmp palette": saved("BMP", palette),
        "heic": _HEIC.read_bytes(),
    }


def _notes() -> Image.Exif:
    return camera_notes(6, gps=baotu_spring())


def _with_thumbnail() -> bytes:
    segments = (
        (0xE1, b"Exif\0\0" + _notes().tobytes()[6:] + jpeg(picture(16, 16), comment=b"thumbnail-secret")),
        (0xED, b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\0\0\0\x0ciptc-secret "),
    )
    parts = [bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body for marker, body in segments]
    data = jpeg()
    return data[:2] + b"".join(parts) + data[2:]


def mutated(random: Random) -> bytes:
    """A seed after one to four changes; where it was a PNG, often with checksums that are right again."""
    data = random.choice(list(seeds().values()))
    for _ in range(random.randint(1, 4)):
        data = random.choice(_CHANGES)(data, random) or b"\0"
    return _checked(data) if data.startswith(_PNG) and random.random() < 0.8 else data


def _flip(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.randint(1, 8)):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


def _number(data: bytes, random: Random) -> bytes:
    """A length, a size or an offset becomes an extreme one; most of them stand near the beginning."""
    width, order = random.choice((1, 2, 4)), random.choice(("big", "little"))
    place = random.randrange(min(len(data), random.choice((40, 400, 1 << 30))))
    value = random.choice(_BORDERS) & (1 << 8 * width) - 1
    return data[:place] + value.to_bytes(width, "big" if order == "big" else "little") + data[place + width :]


def _splice(data: bytes, random: Random) -> bytes:
    other = random.choice(list(seeds().values()))
    start, place = random.randrange(len(other)), random.randrange(len(data))
    return data[:place] + other[start : start + random.randint(1, 2000)] + data[place:]


def _repeat(data: bytes, random: Random) -> bytes:
    start, length = random.randrange(len(data)), random.randint(1, 200)
    return data[:start] + data[start : start + length] * random.choice((2, 3, 50, 2000)) + data[start + length :]


def _leave_out(data: bytes, random: Random) -> bytes:
    start = random.randrange(len(data))
    return data[:start] + data[start + random.randint(1, 200) :]


def _append(data: bytes, random: Random) -> bytes:
    return data + random.choice(list(seeds().values()))


_CHANGES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flip,
    _cut,
    _number,
    _number,
    _splice,
    _repeat,
    _leave_out,
    _append,
)


def _checked(data: bytes) -> bytes:
    """A PNG with its checksums set right, as far as its chunks can be told."""
    made, position = bytearray(data), 8
    while position + 12 <= len(made):
        (length,) = struct.unpack_from(">I", made, position)
        end = position + 8 + length
        if end + 4 > len(made):
            break
        made[end : end + 4] = struct.pack(">I", zlib.crc32(made[position + 4 : end]))
        position = end + 4
    return bytes(made)


def leaks(data: bytes) -> list[bytes]:
    """What was planted in a picture and is found in a copy of it; raises what `take` raises."""
    copies = take(data).copies.values()
    return [secret for secret in PLANTED for copy in copies if secret in copy]


def main(count: int, seed: int) -> None:
    """Take so many damaged pictures and print what came of it as JSON."""
    warnings.simplefilter("ignore")  # as in a worker, where a warning refuses nothing
    take(jpeg())
    began, outcomes, slowest, faults = _peak(), Counter[str](), 0.0, []
    for number in range(seed, seed + count):
        data = mutated(Random(number))
        start = time.process_time()
        try:
            outcome = "leak" if leaks(data) else "taken"
        except PhotoRefused as refused:
            outcome = refused.reason
        except Exception as error:  # noqa: BLE001 - any other is what is looked for
            outcome = f"{type(error).__name__}: {error}"
        slowest = max(slowest, time.process_time() - start)
        outcomes[outcome] += 1
        if outcome == "leak" or ": " in outcome:
            faults.append(f"{number}: {outcome}")
    told = {"outcomes": outcomes, "slowest": slowest, "megabytes": _peak() - began, "faults": faults[:20]}
    sys.stdout.write(json.dumps(told))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
