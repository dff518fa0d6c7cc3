"""HEIC's decoder (HEIC解码进程), alone in its process: a file comes in, its pixels or a refusal go out.

Out: a line of JSON, the EXIF, a bitmap.
"""

import json
import resource
import sys
from io import BytesIO

from pi_heif import options
from pi_heif.as_plugin import HeifImageFile

from photos.decode import Opened, pixels, refuse_size
from photos.exif import CameraNotes
from photos.heif import LONGEST_SIDE, MOST_PIXELS
from photos.refusal import PhotoRefused, refusing_damage

_MOST_MEMORY = 1 << 30
_MOST_SECONDS = 10


def main() -> None:
    """Decode what comes in; the system ends us when it takes too much."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Thumbnails, depth maps and other pictures would be read on opening; threads would each take memory.
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    options.DECODE_THREADS = 1
    sys.stdout.buffer.write(_answer(sys.stdin.buffer.read()))


def _answer(data: bytes) -> bytes:
    try:
        told, exif, picture = _decoded(data)
    except PhotoRefused as refused:
        return json.dumps({"refused": refused.reason, "detail": str(refused)}).encode()
    return json.dumps(told).encode() + b"\n" + exif + picture


def _decoded(data: bytes) -> tuple[dict[str, int], bytes, bytes]:
    with refusing_damage():
        # Of several pictures the container's first is meant, as in a phone's album. The decoder turns it upright.
        image = HeifImageFile(BytesIO(data))
        exif = image.info.get("exif") or b""
    refuse_size(image.size, MOST_PIXELS)
    width, height = image.size
    bitmap = BytesIO()
    pixels(Opened("image/heic", image, CameraNotes(b""), image.size), LONGEST_SIDE).save(bitmap, "BMP")
    return {"width": width, "height": height, "exif": len(exif)}, exif, bitmap.getvalue()


if __name__ == "__main__":
    main()
