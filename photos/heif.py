"""HEIC: taken where the optional extra is installed (requirements-extra.txt), otherwise refused with a clear word."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL.ImageFile import ImageFile

try:
    from pi_heif import options
    from pi_heif.as_plugin import HeifImageFile
except ImportError:
    options = HeifImageFile = None

HEIF_OPENERS: list[Callable[[BytesIO], ImageFile]] = [HeifImageFile] if HeifImageFile else []


def _leave_out_what_nobody_asked_for(settings: Any) -> None:
    """Thumbnails, depth maps and further pictures would be read on opening; threads would each take memory."""
    settings.THUMBNAILS = settings.DEPTH_IMAGES = settings.AUX_IMAGES = False
    settings.DECODE_THREADS = 1


if options:
    _leave_out_what_nobody_asked_for(options)
