"""The copies that may be shown: upright, plain, and silent about who took it and where."""

import re
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from photos.decode import as_jpeg
from photos.intake import COPIES, PhotoRefused, take
from tests.photos.drawing import SECRETS, camera_notes, colours, jpeg, picture, reopened, saved, talkative_jpeg

QUARTERS = ["red", "green", "blue", "grey"]


def clean_copy(data: bytes, name: str = "screen") -> bytes:
    return take(data).copies[name]


def test_the_test_picture_holds_the_secrets() -> None:
    data = talkative_jpeg()

    assert [secret for secret in SECRETS if secret not in data] == []


@pytest.mark.parametrize("name", COPIES)
def test_it_drops_all_metadata_of_a_jpeg(name: str) -> None:
    data = clean_copy(talkative_jpeg(), name)

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

    data = clean_copy(original)

    assert SECRETS[0] in original
    assert [secret for secret in (*SECRETS, b"Exif", b"ICC") if secret in data] == []


def test_it_leaves_no_metadata_for_a_reader_to_find() -> None:
    copy = reopened(clean_copy(talkative_jpeg()))

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

    copy = reopened(clean_copy(saved(kind, image, exif=camera_notes(orientation))))

    assert colours(copy) == QUARTERS
    assert copy.size == (96, 64)


@pytest.mark.parametrize(
    ("width", "height", "sizes"),
    [
        (2400, 1600, [(2000, 1333), (1280, 853), (320, 213)]),
        (1600, 2400, [(1333, 2000), (853, 1280), (213, 320)]),
        (1000, 500, [(1000, 500), (1000, 500), (320, 160)]),
        (96, 64, [(96, 64)] * 3),
        (4032, 3024, [(2016, 1512), (1280, 960), (320, 240)]),  # as the decoder halves it
        (9000, 1, [(2000, 1), (1280, 1), (320, 1)]),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_it_makes_a_photo_smaller_and_never_larger(
    width: int, height: int, sizes: list[tuple[int, int]], kind: str
) -> None:
    data = saved(kind, Image.new("RGB", (width, height)))

    assert [reopened(copy).size for copy in take(data).copies.values()] == sizes


def test_it_reports_the_size_of_the_original_and_not_of_a_copy() -> None:
    facts = take(jpeg(picture(4800, 3200))).facts

    assert (facts.width, facts.height) == (4800, 3200)


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
    copy = reopened(clean_copy(data))

    assert (copy.format, copy.mode) == ("JPEG", "RGB")
    assert colours(copy) == QUARTERS


@pytest.mark.parametrize("mode", ["1", "L", "LA"])
def test_it_makes_colour_pictures_of_grey_ones(mode: str) -> None:
    copy = reopened(clean_copy(saved("PNG", picture().convert(mode))))

    assert (copy.format, copy.mode, copy.size) == ("JPEG", "RGB", (96, 64))


def test_it_keeps_the_shades_of_sixteen_bits() -> None:
    copy = reopened(clean_copy(grey16())).convert("L")

    shades = [copy.getpixel((x, 8)) for x in (10, 128, 245)]
    assert shades == pytest.approx([10, 128, 245], abs=3)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_it_lays_transparent_parts_on_white(kind: str) -> None:
    copy = reopened(clean_copy(saved(kind, half_clear())))

    assert copy.getpixel((20, 32)) == pytest.approx((255, 255, 255), abs=3)


def test_it_lays_a_transparent_palette_colour_on_white() -> None:
    data = saved("PNG", Image.new("P", (32, 32), 0), transparency=0)

    assert reopened(clean_copy(data)).getpixel((16, 16)) == (255, 255, 255)


def test_it_answers_with_nothing_when_a_picture_cannot_be_written() -> None:
    longest_jpeg = 65_500

    with pytest.raises(PhotoRefused):
        as_jpeg(Image.new("RGB", (longest_jpeg + 1, 1)), 85)


def test_it_gives_the_same_copy_for_the_same_photo() -> None:
    data = talkative_jpeg()

    assert take(data) == take(bytes(BytesIO(data).read()))
