"""The copy that may be shown: upright, plain, and silent about who took it and where."""

import re
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from photos.intake import PhotoRefused, clean_copy
from tests.photos.drawing import SECRETS, camera_notes, colours, jpeg, picture, reopened, saved, talkative_jpeg

QUARTERS = ["red", "green", "blue", "grey"]


def test_the_test_picture_holds_the_secrets() -> None:
    data = talkative_jpeg()

    assert [secret for secret in SECRETS if secret not in data] == []


def test_it_drops_all_metadata_of_a_jpeg() -> None:
    data = clean_copy(talkative_jpeg(), 64)

    assert [secret for secret in (*SECRETS, b"Exif", b"http:", b"ICC", b"2026") if secret in data] == []
    assert set(re.findall(rb"\xff([\xe1-\xef\xfe])", data[: data.index(b"\xff\xda")])) == set()


def named_author() -> PngInfo:
    words = PngInfo()
    words.add_text("Author", "ZHANG-SAN")
    return words


@pytest.mark.parametrize(
    ("kind", "notes"),
    [
        ("PNG", {"pnginfo": named_author(), "icc_profile": SECRETS[3] * 20}),
        ("PNG", {"exif": camera_notes()}),
        ("WEBP", {"exif": camera_notes(), "icc_profile": SECRETS[3] * 20, "xmp": SECRETS[2]}),
        ("GIF", {"comment": SECRETS[0]}),
    ],
)
def test_it_drops_all_metadata_of_other_kinds(kind: str, notes: dict[str, Any]) -> None:
    original = saved(kind, **notes)

    data = clean_copy(original, 64)

    assert SECRETS[0] in original
    assert [secret for secret in (*SECRETS, b"Exif", b"ICC") if secret in data] == []


def test_it_leaves_no_metadata_for_a_reader_to_find() -> None:
    copy = reopened(clean_copy(talkative_jpeg(), 2000))

    assert set(copy.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert dict(copy.getexif()) == {}


# How a camera holds the picture for each orientation, so that turning it back gives the drawn one.
HELD = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", HELD)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_it_stands_the_picture_upright(orientation: int, kind: str) -> None:
    held = HELD[orientation]
    image = picture() if held is None else picture().transpose(held)

    copy = reopened(clean_copy(saved(kind, image, exif=camera_notes(orientation)), 48))

    assert colours(copy) == QUARTERS
    assert copy.size == (48, 32)


@pytest.mark.parametrize(
    ("width", "height", "longest_side", "size"),
    [
        (960, 640, 300, (300, 200)),
        (640, 960, 300, (200, 300)),
        (96, 64, 300, (96, 64)),
        (3000, 1, 300, (300, 1)),
    ],
)
def test_it_makes_a_photo_smaller_and_never_larger(
    width: int, height: int, longest_side: int, size: tuple[int, int]
) -> None:
    data = jpeg(picture(width, height)) if height > 1 else saved("PNG", Image.new("RGB", (width, height)))

    assert reopened(clean_copy(data, longest_side)).size == size


def grey16() -> bytes:
    ramp = b"".join((x * 257).to_bytes(2, "little") for x in range(256)) * 16
    return saved("PNG", Image.frombytes("I;16", (256, 16), ramp))


def half_clear() -> Image.Image:
    image = picture().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 48, 64))
    return image


@pytest.mark.parametrize(
    "data",
    [
        jpeg(picture().convert("CMYK")),
        saved("PNG", picture().convert("P", palette=Image.Palette.ADAPTIVE)),
        saved("GIF", picture().convert("P", palette=Image.Palette.ADAPTIVE)),
        saved("BMP", picture()),
        saved("WEBP", picture()),
        saved("PNG", picture().convert("RGBA")),
    ],
    ids=["cmyk", "palette png", "gif", "bmp", "webp", "rgba"],
)
def test_it_makes_plain_colours_of_any_mode(data: bytes) -> None:
    copy = reopened(clean_copy(data, 96))

    assert (copy.format, copy.mode) == ("JPEG", "RGB")
    assert colours(copy) == QUARTERS


@pytest.mark.parametrize("mode", ["1", "L", "LA"])
def test_it_makes_colour_pictures_of_grey_ones(mode: str) -> None:
    copy = reopened(clean_copy(saved("PNG", picture().convert(mode)), 96))

    assert (copy.format, copy.mode, copy.size) == ("JPEG", "RGB", (96, 64))


def test_it_keeps_the_shades_of_sixteen_bits() -> None:
    copy = reopened(clean_copy(grey16(), 256)).convert("L")

    shades = [copy.getpixel((x, 8)) for x in (10, 128, 245)]
    assert shades == pytest.approx([10, 128, 245], abs=3)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_it_lays_transparent_parts_on_white(kind: str) -> None:
    copy = reopened(clean_copy(saved(kind, half_clear()), 96))

    assert copy.getpixel((20, 32)) == pytest.approx((255, 255, 255), abs=3)


def test_it_lays_a_transparent_palette_colour_on_white() -> None:
    data = saved("PNG", Image.new("P", (32, 32), 0), transparency=0)

    assert reopened(clean_copy(data, 32)).getpixel((16, 16)) == (255, 255, 255)


def test_it_makes_a_smaller_file_at_lower_quality() -> None:
    noise = jpeg(Image.effect_noise((300, 300), 80), quality=95)

    assert len(clean_copy(noise, 300, quality=40)) < len(clean_copy(noise, 300)) < len(noise)


def test_it_answers_with_nothing_when_the_picture_cannot_be_written() -> None:
    longest_jpeg = 65_500
    data = saved("PNG", Image.new("1", (longest_jpeg + 1, 1)))

    with pytest.raises(PhotoRefused):
        clean_copy(data, longest_jpeg + 1)


def test_it_gives_the_same_copy_for_the_same_photo() -> None:
    data = talkative_jpeg()

    assert clean_copy(data, 64) == clean_copy(bytes(BytesIO(data).read()), 64)
