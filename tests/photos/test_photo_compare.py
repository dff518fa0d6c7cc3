"""Before and after in one frame."""

import pytest
from PIL import Image

from photos.compare import side_by_side
from photos.intake import PhotoRefused
from tests.photos.drawing import GREEN, RED, SECRETS, camera_notes, jpeg, reopened, saved, talkative_jpeg


def plain(colour: tuple[int, int, int], width: int = 80, height: int = 60) -> bytes:
    return jpeg(Image.new("RGB", (width, height), colour))


def test_it_puts_before_on_the_left_and_after_on_the_right() -> None:
    frame = reopened(side_by_side(plain(RED), plain(GREEN), height=120))

    assert frame.size == (160 + 8 + 160, 120)
    assert frame.getpixel((40, 60)) == pytest.approx(RED, abs=6)
    assert frame.getpixel((290, 60)) == pytest.approx(GREEN, abs=6)


def test_it_leaves_a_white_gap_between_them() -> None:
    frame = reopened(side_by_side(plain(RED), plain(RED), height=720))

    assert frame.size == (1928, 720)
    assert frame.getpixel((964, 360)) == pytest.approx((255, 255, 255), abs=6)


def test_it_gives_both_the_same_height() -> None:
    frame = reopened(side_by_side(plain(RED, 40, 400), plain(GREEN, 3000, 2000), height=200))

    assert frame.size == (20 + 8 + 300, 200)


def test_it_stands_both_upright() -> None:
    lying = jpeg(Image.new("RGB", (80, 40), RED), exif=camera_notes(orientation=6))

    assert reopened(side_by_side(lying, plain(GREEN), height=80)).width == 40 + 8 + 107


def test_it_keeps_the_frame_narrow_for_a_thin_strip() -> None:
    strip = saved("PNG", Image.new("RGB", (30_000, 2), RED))

    frame = reopened(side_by_side(strip, plain(GREEN), height=120))

    assert frame.size == (240 + 8 + 160, 120)
    assert frame.getpixel((120, 10)) == pytest.approx((255, 255, 255), abs=6)


def test_it_carries_no_metadata() -> None:
    data = side_by_side(talkative_jpeg(), talkative_jpeg(), height=64)

    assert [secret for secret in (*SECRETS, b"Exif", b"http:", b"ICC") if secret in data] == []


@pytest.mark.parametrize("broken", [0, 1])
def test_it_refuses_when_either_photo_is_broken(broken: int) -> None:
    photos = [plain(RED), plain(GREEN)]
    photos[broken] = photos[broken][:300]

    with pytest.raises(PhotoRefused) as refused:
        side_by_side(photos[0], photos[1])

    assert refused.value.reason == "truncated"
