"""The mark on what is public: everywhere, readable on light and dark, and the picture still to be seen."""

import pytest
from PIL import Image, ImageChops, ImageStat

from photos.watermark import watermark

WORDS = "济南市创城指挥部 · 编号 12"


def changed(before: Image.Image, after: Image.Image) -> float:
    """How much of a picture is another than before, 0 to 1."""
    grey = ImageChops.difference(before, after).convert("L").point(lambda value: 255 if value > 12 else 0)
    return ImageStat.Stat(grey).mean[0] / 255


@pytest.mark.parametrize("colour", ["black", "white", "grey", "red"])
def test_it_can_be_read_on_any_ground(colour: str) -> None:
    plain = Image.new("RGB", (800, 600), colour)

    marked = watermark(plain, WORDS)

    assert 0.02 < changed(plain, marked) < 0.4


@pytest.mark.parametrize("size", [(1280, 960), (960, 1280), (3000, 400), (320, 240)])
def test_it_is_left_in_every_piece_somebody_cuts_out(size: tuple[int, int]) -> None:
    plain = Image.new("RGB", size, "grey")
    marked = watermark(plain, WORDS)

    width, height = size[0] // 3, size[1] // 3
    pieces = [(x * width, y * height, (x + 1) * width, (y + 1) * height) for x in range(3) for y in range(3)]

    assert [piece for piece in pieces if changed(plain.crop(piece), marked.crop(piece)) < 0.01] == []


def test_it_leaves_the_picture_to_be_seen_and_the_given_one_alone() -> None:
    plain = Image.linear_gradient("L").resize((640, 480)).convert("RGB")
    before = plain.tobytes()

    marked = watermark(plain, WORDS)

    off = ImageStat.Stat(ImageChops.difference(plain, marked).convert("L")).mean[0]
    assert off < 25
    assert (plain.tobytes(), marked.size) == (before, plain.size)


def test_it_says_the_words_it_was_given() -> None:
    plain = Image.new("RGB", (640, 480), "grey")

    assert watermark(plain, "编号 12").tobytes() == watermark(plain, "编号 12").tobytes()
    assert watermark(plain, "编号 12").tobytes() != watermark(plain, "编号 13").tobytes()


@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (16, 16)])
def test_it_marks_pictures_of_any_size(size: tuple[int, int]) -> None:
    assert watermark(Image.new("RGB", size, "grey"), WORDS).size == size


def test_it_refuses_a_mark_without_words() -> None:
    with pytest.raises(ValueError, match="words"):
        watermark(Image.new("RGB", (9, 9)), " ")
