"""Decoding (解码): from a stranger's bytes to plain pixels, inside limits."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from PIL.ImageFile import ImageFile

from photos.exif import CameraNotes
from photos.kinds import Kind, kind_of, refuse_scan_bomb
from photos.refusal import PhotoRefused, refusing_damage


@dataclass(frozen=True, slots=True)
class Limits:
    """照片上限: the most bytes and pixels a photo may have."""

    max_bytes: int = 10 * 1024 * 1024
    max_pixels: int = 40_000_000


DEFAULT_LIMITS = Limits()


def opened(data: bytes, limits: Limits) -> tuple[Kind, ImageFile]:
    """Open a picture and check it without decoding a pixel; raises `PhotoRefused`."""
    if len(data) > limits.max_bytes:
        raise PhotoRefused("too_big", f"{len(data)} bytes")
    kind = kind_of(data)
    if kind.mime == "image/jpeg":
        refuse_scan_bomb(data)
    with refusing_damage():
        image = kind.open(BytesIO(data))
    _refuse_size(image, limits)
    _refuse_animation(image)
    return kind, image


def upright(data: bytes, longest_side: int, limits: Limits) -> Image.Image:
    """Decode to an RGB picture that stands upright and carries nothing but pixels.

    It is made smaller to `longest_side` pixels, never larger. Transparent parts lie on white.
    Raises `PhotoRefused`.
    """
    _, image = opened(data, limits)
    turn = CameraNotes(image.info).turn()
    size = _shrunk(image.size, longest_side)
    with refusing_damage():
        # The JPEG decoder can leave out what a smaller copy does not need: for 12 megapixels and a copy of
        # 1600 pixels that is half the time and a third of the memory.
        image.draft("RGB", size)
        image.load()
        picture = _on_white(_eight_bit(image))
        if picture.size != size:
            picture = picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
        return picture if turn is None else picture.transpose(turn)


def as_jpeg(picture: Image.Image, quality: int) -> bytes:
    """Write an RGB picture made by this package as JPEG; raises `PhotoRefused`."""
    file = BytesIO()
    with refusing_damage():
        picture.save(file, "JPEG", quality=quality)
    return file.getvalue()


def _refuse_size(image: ImageFile, limits: Limits) -> None:
    width, height = image.size
    if min(width, height) < 1:
        raise PhotoRefused("truncated", f"{width} x {height}")
    if width * height > limits.max_pixels:
        raise PhotoRefused("too_many_pixels", f"{width} x {height}")


def _refuse_animation(image: ImageFile) -> None:
    with refusing_damage():
        animated = bool(getattr(image, "is_animated", False))
    if animated:
        raise PhotoRefused("animated")


def _shrunk(size: tuple[int, int], longest_side: int) -> tuple[int, int]:
    scale = min(1.0, longest_side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _eight_bit(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # A plain conversion cuts 16-bit greys off at 255 and leaves a white sheet.
        image = image.point(lambda grey: grey * (1 / 256)).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _on_white(picture: Image.Image) -> Image.Image:
    # A new sheet on purpose: EXIF, comments and profiles hang on the old object and must not come along.
    sheet = Image.new("RGB", picture.size, "white")
    sheet.paste(picture, mask=picture if picture.mode == "RGBA" else None)
    return sheet
