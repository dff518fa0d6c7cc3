"""Every form a picture can come in: taken as what it shows, or refused by a clear word."""

import struct
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from photos.intake import PhotoRefused, take
from tests.photos.drawing import (
    GREEN,
    SECRETS,
    animation,
    camera_notes,
    colours,
    jpeg,
    picture,
    png_chunk,
    reopened,
    saved,
)

QUARTERS = ["red", "green", "blue", "grey"]
HEIC = (Path(__file__).parent.parent / "fixtures" / "photos" / "phone.heic").read_bytes()


def ycck_jpeg() -> bytes:
    """As Photoshop writes print colours: brightness and colour of the inks, with transform 2 in Adobe's marker."""
    cyan, magenta, yellow, black = picture().convert("CMYK").split()
    inks = Image.merge("RGB", (cyan, magenta, yellow)).convert("YCbCr").split()
    data = jpeg(Image.merge("CMYK", (*map(ImageChops.invert, inks), black)), quality=95)
    return data.replace(b"Adobe\0\x64\0\0\0\0\0", b"Adobe\0\x64\0\0\0\0\2")


def interlaced_png() -> bytes:
    """Adam7, which Pillow does not write: seven small pictures, each row with its filter byte."""
    image = picture()
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    rows = bytearray()
    for left, top, across, down in passes:
        for y in range(top, image.height, down):
            rows += b"\0" + b"".join(bytes(image.getpixel((x, y))) for x in range(left, image.width, across))
    header = struct.pack(">IIBBBBB", image.width, image.height, 8, 2, 0, 0, 1)
    return png(header, zlib.compress(rows))


def rgb16_png() -> bytes:
    image = picture()
    line = [b"\0" + b"".join(bytes([c, 0]) for x in range(96) for c in image.getpixel((x, y))) for y in range(64)]
    return png(struct.pack(">IIBBBBB", 96, 64, 16, 2, 0, 0, 0), zlib.compress(b"".join(line)))


def png(header: bytes, body: bytes, *others: bytes) -> bytes:
    ends = png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + b"".join(others) + ends


def upside_down_bmp() -> bytes:
    """Negative height: the rows come from the top."""
    data = bytearray(saved("BMP", picture().transpose(Image.Transpose.FLIP_TOP_BOTTOM)))
    data[22:26] = struct.pack("<i", -64)
    return bytes(data)


def run_length_bmp() -> bytes:
    data = bytearray(saved("BMP", picture().convert("P", palette=Image.Palette.ADAPTIVE)))
    data[30:34] = struct.pack("<I", 1)
    return bytes(data)


def webp_that_talks() -> bytes:
    return saved("WEBP", exif=camera_notes(), xmp=SECRETS[2], icc_profile=SECRETS[3] * 20)


def jpeg_with(*segments: bytes) -> bytes:
    data = jpeg()
    return data[:2] + b"".join(segments) + data[2:]


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def huge_profile() -> bytes:
    parts = [segment(0xE2, b"ICC_PROFILE\0" + bytes([n, 150]) + bytes(65_000)) for n in range(1, 151)]
    return jpeg_with(*parts)


def text_bomb(name: bytes) -> bytes:
    """100 MB of nothing in 100 kB of compressed text."""
    words = zlib.compress(bytes(100_000_000), 9)
    head = b"key\0\1\0\0\0" if name == b"iTXt" else b"key\0\0"
    data = saved("PNG")
    return data[:33] + png_chunk(name, head + words) + data[33:]


def gif_that_talks(block: bytes, times: int) -> bytes:
    data = saved("GIF")
    start = 13 + (3 << (data[10] & 7) + 1)
    return data[:start] + block * times + data[start:]


TAKEN = {
    "progressive jpeg": jpeg(progressive=True),
    "jpeg turned": jpeg(picture().transpose(Image.Transpose.ROTATE_90), exif=camera_notes(6)),
    "444 jpeg": jpeg(subsampling=0),
    "cmyk jpeg": jpeg(picture().convert("CMYK")),
    "ycck jpeg": ycck_jpeg(),
    "mpo": saved("MPO", save_all=True, append_images=[picture(40, 40)]),
    "jpeg with fill bytes": jpeg_with(b"\xff\xff\xff\xff", segment(0xFE, b"x")),
    "jpeg with a huge profile": huge_profile(),
    "jpeg with a broken MPF": jpeg_with(segment(0xE2, b"MPF\0" + bytes(40))),
    "jpeg with Photoshop's notes": jpeg_with(segment(0xED, b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\xff\xff\xff\xff")),
    "jpeg with a picture in its notes": jpeg_with(segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\0\0" + jpeg())),
    "jpeg before a zip": jpeg() + b"PK\x03\x04" + SECRETS[0],
    "gif before a jar": saved("GIF") + b"PK\x03\x04" + SECRETS[0],
    "png before a film": saved("PNG") + bytes(1000),
    "interlaced png": interlaced_png(),
    "16-bit png": rgb16_png(),
    "palette png": saved("PNG", picture().convert("P", palette=Image.Palette.ADAPTIVE)),
    "png with a text bomb": text_bomb(b"zTXt"),
    "png with another text bomb": text_bomb(b"iTXt"),
    "png with a profile bomb": text_bomb(b"iCCP"),
    "bmp from the top": upside_down_bmp(),
    "lossless webp": saved("WEBP", lossless=True),
    "webp with everything": webp_that_talks(),
    "gif with transparency": saved("GIF", transparency=255),
    "gif with many comments": gif_that_talks(b"\x21\xfe\x01a\0", 1000),
}


@pytest.mark.parametrize("data", TAKEN.values(), ids=TAKEN)
def test_it_shows_what_the_picture_shows(data: bytes) -> None:
    copies = take(data).copies

    assert [colours(reopened(copy)) for copy in copies.values()] == [QUARTERS] * 3
    assert [secret for secret in SECRETS for copy in copies.values() if secret in copy] == []


REFUSED = {
    "animated gif": (animation("GIF"), "animated"),
    "animated png": (animation("PNG"), "animated"),
    "animated webp": (animation("WEBP"), "animated"),
    "run-length bmp": (run_length_bmp(), "unsupported"),
    "arithmetic jpeg": (jpeg().replace(b"\xff\xc0", b"\xff\xc9"), "unsupported"),
    "lossless jpeg": (jpeg().replace(b"\xff\xc0", b"\xff\xc3"), "unsupported"),
    "jpeg of segments": (jpeg_with(segment(0xE5, b"") * 100_000), "unsupported"),
    "jpeg of fill bytes": (jpeg_with(b"\xff" * 1_000_000), "truncated"),
    "jpeg with a hole": (jpeg_with(segment(0xE5, b""), bytes(100_000)), "truncated"),
    "jpeg without a picture": (b"\xff\xd8" + segment(0xFE, b"words") + b"\xff\xd9", "truncated"),
    "png of chunks": (saved("PNG")[:33] + png_chunk(b"prVt", b"") * 100_000, "unsupported"),
    "png without an end": (saved("PNG")[:-12], "truncated"),
    "gif of comments": (gif_that_talks(b"\x21\xfe\x01a\0", 200_000), "unsupported"),
    "gif without a picture": (saved("GIF")[:13], "truncated"),
    "avif": (saved("AVIF"), "unsupported"),
    "tiff": (saved("TIFF"), "unsupported"),
    "jpeg 2000": (saved("JPEG2000"), "unsupported"),
    "icon": (saved("ICO"), "not_an_image"),
}


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED)
def test_it_refuses_by_a_clear_word(data: bytes, reason: str) -> None:
    with pytest.raises(PhotoRefused) as refused:
        take(data)

    assert refused.value.reason == reason


def test_it_reads_print_colours_the_way_round_they_were_written() -> None:
    green = jpeg(Image.new("RGB", (32, 32), GREEN).convert("CMYK"), quality=95)

    seen = reopened(take(green).copies["screen"]).getpixel((16, 16))

    assert seen == pytest.approx(GREEN, abs=6)


@pytest.mark.parametrize("scans", ["one", "many"])
def test_it_notices_a_large_jpeg_cut_short_though_it_leaves_out_every_other_line(scans: str) -> None:
    data = jpeg(Image.effect_noise((4200, 1400), 60).convert("RGB"), progressive=scans == "many")

    with pytest.raises(PhotoRefused) as refused:
        take(data[: len(data) * 98 // 100])

    assert refused.value.reason == "truncated"


def test_it_tells_which_camera_took_it_in_words_that_print() -> None:
    notes = camera_notes()
    notes[0x010F], notes[0x0110], notes[0x0131] = "HUAWEI\0\0", "Mate\n70\x1b[31m", "x" * 200

    facts = take(jpeg(exif=notes)).facts

    assert (facts.camera, facts.software) == ("HUAWEI Mate 70 [31m", "x" * 64)


@pytest.mark.parametrize(
    ("maker", "model", "camera"), [("Canon", "Canon EOS", "Canon EOS"), ("", "X", "X"), ("", "", "")]
)
def test_it_names_the_maker_once(maker: str, model: str, camera: str) -> None:
    notes = camera_notes()
    notes[0x010F], notes[0x0110] = maker, model

    assert take(jpeg(exif=notes)).facts.camera == camera


def test_it_takes_a_phones_heic_where_the_extra_is_installed() -> None:
    pytest.importorskip("pi_heif")

    taken = take(HEIC)

    facts = taken.facts
    assert (facts.mime, facts.width, facts.height, facts.camera) == ("image/heic", 128, 192, "Apple iPhone 17")
    assert facts.taken_at == datetime(2026, 5, 4, 0, 30, tzinfo=UTC)
    assert (facts.lat, facts.lon) == pytest.approx((36.66125, 117.0145))
    # The phone was held upright: the container's rotation counts, and EXIF's is not applied once more.
    turned = picture().transpose(Image.Transpose.ROTATE_270)
    assert colours(reopened(taken.copies["screen"])) == colours(turned)
    assert [secret for secret in SECRETS if secret in taken.copies["screen"]] == []


def test_it_believes_no_heic_that_makes_itself_small() -> None:
    pytest.importorskip("pi_heif")
    told = struct.pack(">II", 192, 128)

    with pytest.raises(PhotoRefused):
        take(HEIC.replace(told, struct.pack(">II", 19, 12)))


def test_it_refuses_a_heic_of_too_many_pixels_by_its_header() -> None:
    pytest.importorskip("pi_heif")

    with pytest.raises(PhotoRefused) as refused:
        take(HEIC.replace(struct.pack(">II", 192, 128), struct.pack(">II", 6000, 6000)))

    assert refused.value.reason == "too_many_pixels"


def test_it_says_that_heic_is_not_supported_where_the_extra_is_missing() -> None:
    program = (
        "import sys; sys.modules['pi_heif'] = None\n"
        "from photos.intake import take\n"
        "try: take(sys.stdin.buffer.read())\n"
        "except Exception as error: print(error.reason)"
    )

    answer = subprocess.run([sys.executable, "-c", program], input=HEIC, capture_output=True, check=True)

    assert answer.stdout.strip() == b"unsupported"


def test_it_survives_a_heic_at_which_the_decoder_crashes() -> None:
    """Found by the fuzzing: pi-heif 1.4.0 ends its process with a segmentation fault."""
    pytest.importorskip("pi_heif")

    with pytest.raises(PhotoRefused) as refused:
        take(HEIC.replace(b"mime\0application", b"\xff\0\0\0\0application"))

    assert refused.value.reason == "truncated"
