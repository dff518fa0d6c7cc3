"""Refusals (拒收): the one error a picture can raise, and what counts as its fault."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from PIL import Image

Reason = Literal["too_big", "not_an_image", "too_many_pixels", "truncated", "animated", "unsupported"]

# What decoders throw at broken files. Listed instead of `Exception`, which would also swallow a
# job's time limit or a cancelled request and blame the photo for it.
_DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,
    struct.error,
    zlib.error,
)
# Looked for first: the warning among them is also a `Warning`.
_TOO_LARGE = (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning)


class PhotoRefused(Exception):
    """照片拒收: the bytes are not a picture we take; `reason` is the key of the words to say."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason: Reason = reason


@contextmanager
def refusing_damage() -> Iterator[None]:
    """Turn whatever a decoder throws inside the block into `PhotoRefused`."""
    try:
        yield
    except _TOO_LARGE as error:
        raise PhotoRefused("too_many_pixels", str(error)) from error
    except _DAMAGE as error:
        raise PhotoRefused("truncated", str(error)) from error
