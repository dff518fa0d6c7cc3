"""Decoding (解码): from a stranger's bytes to plain pixels, inside limits."""

from dataclasses import dataclass
from io import BytesIO
from typing import NamedTuple

from PIL import Image
from PIL.ImageFile import ImageFile

from photos.exif import CameraNotes
from photos.kinds import kind_of
from photos.refusal import PhotoRefused, refusing_damage

# Decoders that leave nothing out hold the picture in their own form besides Pillow's: a progressive JPEG of
# 40 million pixels and four colours takes 370 MB.
_PROGRESSIVE_PIXELS = 24_000_000
# Rows are made plain in strips of about this many pixels, so that only the decoded picture is ever held whole.
_STRIP_PIXELS = 1_000_000
# What JPEG can hold. A picture one pixel high and 40 million wide has no more pixels than a photo, but nothing can be
# left out of it before it is made smaller, and 100 kB of PNG took 990 MB.
_LONGEST_SIDE = 65_535


@dataclass(frozen=True, slots=True)
class Limits:
    """照片上限: the most bytes and pixels a photo may have; some types have a lower one, see photos/kinds.py."""

    max_bytes: int = 10 * 1024 * 1024
    max_pixels: int = 40_000_000


DEFAULT_LIMITS = Limits()


class Opened(NamedTuple):
    """已打开: a picture that may be decoded, with the size it claims."""

    mime: str
    image: ImageFile
    notes: CameraNotes
    size: tuple[int, int]


def opened(data: bytes, limits: Limits) -> Opened:
    """Open a picture and check it without decoding a pixel; raises `PhotoRefused`."""
    if len(data) > limits.max_bytes:
        raise PhotoRefused("too_big", f"{len(data)} bytes")
    kind = kind_of(data)
    bare = kind.bare(data)
    with refusing_damage():
        image = kind.open(BytesIO(bare.data))
        exif = bare.exif or image.info.get("exif") or b""
        _refuse_slow_decoder(image)
        _refuse_animation(image)
    most = _PROGRESSIVE_PIXELS if bare.whole and kind.mime == "image/jpeg" else kind.most_pixels
    size = bare.size or image.size
    refuse_size(size, min(limits.max_pixels, most))
    return Opened(kind.mime, image, CameraNotes(exif), size)


def upright(data: bytes, longest_side: int, limits: Limits) -> Image.Image:
    """Decode to an RGB picture that stands upright and carries nothing but pixels.

    It is made smaller to `longest_side` pixels, never larger. Transparent parts lie on white.
    Raises `PhotoRefused`.
    """
    return pixels(opened(data, limits), longest_side)


def pixels(picture: Opened, longest_side: int, at_most: int = 0) -> Image.Image:
    """Decode what was opened, as `upright` does; once, because the decoder is used up by it.

    A picture that comes out of the decoder between `longest_side` and `at_most` is left at that size.
    """
    image, turn = picture.image, picture.notes.turn()
    size = shrunk(picture.size, longest_side)
    with refusing_damage():
        # The JPEG decoder can leave out what a smaller copy does not need: for 12 megapixels and a copy of
        # 2000 pixels that is half the time and a third of the memory.
        image.draft("RGB", size)
        awaited = image.size
        image.load()
        if image.size != awaited:
            raise PhotoRefused("truncated", f"{awaited} was said, {image.size} came")
        plain = _plain(image, size)
        if max(plain.size) > at_most:
            plain = smaller(plain, size)
        return plain if turn is None else plain.transpose(turn)


def smaller(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """An RGB picture in another size."""
    return picture if picture.size == size else picture.resize(size, Image.Resampling.HAMMING, reducing_gap=2.0)


def shrunk(size: tuple[int, int], longest_side: int) -> tuple[int, int]:
    """The size at which the longest side is no longer than that, in the same proportions; never a larger one."""
    scale = min(1.0, longest_side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def as_jpeg(picture: Image.Image, quality: int) -> bytes:
    """Write an RGB picture made by this package as JPEG; raises `PhotoRefused`."""
    file = BytesIO()
    with refusing_damage():
        picture.save(file, "JPEG", quality=quality)
    return file.getvalue()


def refuse_size(size: tuple[int, int], most_pixels: int) -> None:
    """Refuse a size before anything is decoded; raises `PhotoRefused`."""
    width, height = size
    if min(width, height) < 1:
        raise PhotoRefused("truncated", f"{width} x {height}")
    if width * height > most_pixels or max(width, height) > _LONGEST_SIDE:
        raise PhotoRefused("too_many_pixels", f"{width} x {height}")


def _refuse_slow_decoder(image: ImageFile) -> None:
    """Compressed bitmaps are decoded in Python, seconds for a few megabytes; no phone has ever written one."""
    if any(tile.codec_name == "bmp_rle" for tile in image.tile):
        raise PhotoRefused("unsupported", "a compressed bitmap")


def _refuse_animation(image: ImageFile) -> None:
    if getattr(image, "is_animated", False):
        raise PhotoRefused("animated")


def _plain(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Eight-bit RGB on white, smaller by a whole number towards `size`."""
    factor = max(1, min(image.width // size[0], image.height // size[1]))
    # A new sheet on purpose: EXIF, comments and profiles hang on the old object and must not come along.
    sheet = Image.new("RGB", (-(-image.width // factor), -(-image.height // factor)), "white")
    rows = factor * max(1, _STRIP_PIXELS // (image.width * factor))
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(image.height, top + rows)))
        sheet.paste(_on_white(_eight_bit(strip)).reduce(factor), (0, top // factor))
    return sheet


def _eight_bit(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # A plain conversion cuts 16-bit greys off at 255 and leaves a white sheet.
        image = image.point(lambda grey: grey * (1 / 256)).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    sheet = Image.new("RGB", picture.size, "white")
    sheet.paste(picture, mask=picture)
    return sheet
