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

from photos.bare import Bare, as_it_is, bare_gif, bare_jpeg, bare_png
from photos.heif import HEIF_IS_INSTALLED, MOST_PIXELS, bare_heic
from photos.refusal import PhotoRefused

# In pixels. What a decoder takes at its worst decides, so that none takes more than 260 MB: Pillow's own hold the
# picture once, WebP's holds it four times (12 million pixels: 250 MB, 40 million: 780 MB).
_MOST, _MOST_OF_WEBP = 40_000_000, 12_600_000


@dataclass(frozen=True, slots=True)
class Kind:
    """图片类型: a MIME type, what its decoder needs of a file, the one decoder that may open it, and its limit."""

    mime: str
    bare: Callable[[bytes], Bare]
    open: Callable[[BytesIO], ImageFile]
    most_pixels: int


_HEIC: tuple[tuple[re.Pattern[bytes], Kind], ...] = (
    (
        (
            re.compile(rb".{4}ftyp(?:heic|heix|mif1)", re.DOTALL),
            Kind("image/heic", bare_heic, BmpImageFile, MOST_PIXELS),
        ),
    )
    if HEIF_IS_INSTALLED
    else ()
)
# The decoders are called by name instead of through `Image.open`: nothing but these ever sees a
# sender's bytes, and the size is ours to judge, without Pillow's process-wide limit and warning.
# A phone's MPO (a JPEG with further pictures behind it) thus opens as its first picture.
_TAKEN: tuple[tuple[re.Pattern[bytes], Kind], ...] = (
    (re.compile(rb"\xff\xd8\xff"), Kind("image/jpeg", bare_jpeg, JpegImageFile, _MOST)),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), Kind("image/png", bare_png, PngImageFile, _MOST)),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), Kind("image/webp", as_it_is, WebPImageFile, _MOST_OF_WEBP)),
    (re.compile(rb"GIF8[79]a"), Kind("image/gif", bare_gif, GifImageFile, _MOST)),
    # "BM" alone also starts words; the four zero bytes are reserved in every bitmap.
    (re.compile(rb"BM.{4}\0{4}", re.DOTALL), Kind("image/bmp", as_it_is, BmpImageFile, _MOST)),
    *_HEIC,
)
# HEIC without its decoder, AVIF, TIFF, Photoshop, JPEG 2000, JPEG XL: real pictures, so the sender hears something
# better than "not a picture". AVIF could be decoded, but no camera writes it and WeChat sends none: one more
# decoder before strangers' bytes for nobody's pictures.
_KNOWN_BUT_NOT_TAKEN = re.compile(
    rb".{4}ftyp(?:hei[cmsx]|hev[cmx]|mi[af]1|msf1|avi[fs])|II\*\0|MM\0\*|8BPS"
    rb"|\0{3}\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51|\xff\x0a|\0{3}\x0cJXL \r\n\x87\n",
    re.DOTALL,
)
# AVIF may call itself a mere HEIF and name its own brand among the compatible ones.
_AVIF_BRANDS = re.compile(rb"\0{3}[\x10-\x40]ftyp.{8}(?:.{4}){0,10}avi[fs]", re.DOTALL)


def kind_of(data: bytes) -> Kind:
    """Say what the bytes are by their signature; raises `PhotoRefused`."""
    is_avif = _AVIF_BRANDS.match(data)
    for signature, kind in () if is_avif else _TAKEN:
        if signature.match(data):
            return kind
    if is_avif or _KNOWN_BUT_NOT_TAKEN.match(data):
        raise PhotoRefused("unsupported", "a picture type we do not decode")
    raise PhotoRefused("not_an_image")
