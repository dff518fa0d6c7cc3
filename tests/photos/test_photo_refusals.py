"""Every way to be refused, by name; and nothing else can come out of strange bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photos.intake import Limits, PhotoRefused, Taken, take
from tests.photos.drawing import animation, jpeg, jpeg_with_scans, png_chunk, png_claiming, saved, webp_claiming

KINDS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
WHOLE = {kind: saved(kind) for kind in KINDS}


def refusal(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(PhotoRefused) as refused:
        take(data, limits or Limits())
    return refused.value.reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not_an_image"),
        ("井盖坏了".encode(), "not_an_image"),
        (b"BM is how this note begins, not a bitmap", "not_an_image"),
        (b"<?xml version='1.0'?><svg/>", "not_an_image"),
        (b"%PDF-1.7", "not_an_image"),
        (b"\xff\xd8 and no more", "not_an_image"),
        (b"\0\0\0\x18ftypmp42", "not_an_image"),
        (b"\0\0\0\x18ftypheis", "unsupported"),
        (b"\0\0\0\x18ftypavif", "unsupported"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "unsupported"),
        (b"II*\0\x08\0\0\0", "unsupported"),
        (b"8BPS\0\x01", "unsupported"),
        (b"\xff\xd8\xff", "truncated"),
        (b"\x89PNG\r\n\x1a\n", "truncated"),
        (animation("GIF"), "animated"),
        (animation("PNG"), "animated"),
        (animation("WEBP"), "animated"),
        (jpeg_with_scans(extra=100), "unsupported"),
        (png_claiming(0, 5), "truncated"),
    ],
)
def test_it_refuses_by_name(data: bytes, reason: str) -> None:
    assert refusal(data) == reason


def test_it_refuses_too_many_bytes_before_looking_at_them() -> None:
    assert refusal(bytes(1001), Limits(max_bytes=1000)) == "too_big"


@pytest.mark.parametrize("kind", KINDS)
def test_it_refuses_too_many_pixels(kind: str) -> None:
    assert refusal(WHOLE[kind], Limits(max_pixels=96 * 64 - 1)) == "too_many_pixels"


@pytest.mark.parametrize("kind", KINDS)
def test_it_takes_exactly_as_many_pixels_as_allowed(kind: str) -> None:
    limits = Limits(max_pixels=96 * 64, max_bytes=len(WHOLE[kind]))

    intake = take(WHOLE[kind], limits).facts

    assert (intake.width, intake.height) == (96, 64)


@pytest.mark.parametrize(
    ("width", "height"), [(8000, 5001), (12_000, 9_000), (2**31 - 1, 2**31 - 1), (65_536, 1), (1, 40_000_000)]
)
def test_it_refuses_a_bomb_by_its_header(width: int, height: int) -> None:
    # The picture data behind the header is too short: "truncated" would mean that it was decoded.
    assert refusal(png_claiming(width, height)) == "too_many_pixels"


def test_it_refuses_a_huge_screen_in_a_gif() -> None:
    data = WHOLE["GIF"][:6] + b"\xff\xff\xff\xff" + WHOLE["GIF"][10:]

    assert refusal(data) == "too_many_pixels"


def test_it_refuses_a_huge_canvas_in_a_webp() -> None:
    assert refusal(webp_claiming(16_383, 16_383)) == "too_many_pixels"


def test_it_takes_the_still_picture_of_an_animation_that_never_moves() -> None:
    no_frames = png_chunk(b"acTL", bytes(8))
    data = WHOLE["PNG"][:33] + no_frames + WHOLE["PNG"][33:]

    assert take(data).facts.mime == "image/png"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [0.25, 0.6, 0.9])
def test_it_refuses_a_photo_cut_short(kind: str, part: float) -> None:
    data = WHOLE[kind][: int(len(WHOLE[kind]) * part)]

    assert refusal(data) == "truncated"


def test_it_counts_only_the_scans_of_the_picture_itself() -> None:
    # A phone's moving photo carries a film behind the still one, and a film holds any bytes.
    data = jpeg(progressive=True) + bytes(2) + b"\xff\xda\0\x02" * 500

    assert take(data).facts.mime == "image/jpeg"


def outcome(data: bytes) -> Taken | str:
    try:
        return take(data)
    except PhotoRefused as refused:
        return refused.reason


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_it_refuses_random_bytes(data: bytes) -> None:
    assert outcome(data) in ("not_an_image", "unsupported", "truncated", "too_many_pixels")


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    changes=st.dictionaries(st.integers(0, 3000), st.integers(0, 255), min_size=1, max_size=8),
    length=st.integers(0, 20_000),
)
def test_it_takes_or_refuses_a_damaged_photo(kind: str, changes: dict[int, int], length: int) -> None:
    data = bytearray(WHOLE[kind])
    for place, value in changes.items():
        data[place % len(data)] = value

    result = outcome(bytes(data[:length]))

    assert isinstance(result, str) or result.copies["screen"].startswith(b"\xff\xd8\xff")
