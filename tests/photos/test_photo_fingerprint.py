"""照片指纹: nearly the same pictures have nearly the same, others do not."""

from io import BytesIO
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from photos.fingerprint import EMPTY, NEAR, SIZE, distance, fingerprint, mirrored

FINGERPRINTS = st.binary(min_size=SIZE, max_size=SIZE).filter(lambda one: one != EMPTY)


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Boxes of any colour before a sky, soft enough to be a photograph."""
    dice = Random(seed)
    sheet = Image.new("RGB", size, (dice.randint(90, 200),) * 3)
    draw = ImageDraw.Draw(sheet)
    for _ in range(40):
        x, y = dice.randint(0, size[0]), dice.randint(0, size[1])
        colour = dice.randint(0, 255), dice.randint(0, 255), dice.randint(0, 255)
        draw.rectangle((x, y, x + dice.randint(20, 200), y + dice.randint(20, 150)), fill=colour)
    return sheet.filter(ImageFilter.GaussianBlur(1))


def recompressed(picture: Image.Image, quality: int) -> Image.Image:
    file = BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def cropped(picture: Image.Image, share: float) -> Image.Image:
    x, y = round(picture.width * share / 2), round(picture.height * share / 2)
    return picture.crop((x, y, picture.width - x, picture.height - y))


def stamped(picture: Image.Image) -> Image.Image:
    stamp = Image.new("RGB", picture.size)
    ImageDraw.Draw(stamp).text((20, picture.height - 40), "2026-11-23 14:05 Jinan", fill="white", font_size=24)
    return ImageChops.add(picture, stamp)


TOUCHED_UP = {
    "sent on": lambda one: recompressed(one, 30),
    "made smaller": lambda one: one.resize((one.width // 3, one.height // 3)),
    "brighter": lambda one: ImageEnhance.Brightness(one).enhance(1.25),
    "darker": lambda one: ImageEnhance.Brightness(one).enhance(0.6),
    "flatter": lambda one: ImageEnhance.Contrast(one).enhance(0.6),
    "cropped": lambda one: cropped(one, 0.05),
    "framed": lambda one: ImageOps.expand(one, 6, "white"),
    "softened": lambda one: one.filter(ImageFilter.GaussianBlur(1.5)),
    "stamped": stamped,
}


@pytest.mark.parametrize("how", list(TOUCHED_UP))
@pytest.mark.parametrize("seed", range(4))
def test_it_stays_near_when_a_picture_is(how: str, seed: int) -> None:
    picture = scene(seed)

    assert distance(fingerprint(picture), fingerprint(TOUCHED_UP[how](picture))) <= NEAR


def test_it_is_far_for_other_pictures() -> None:
    prints = [fingerprint(scene(seed)) for seed in range(20)]

    assert min(distance(a, b) for a, b in combinations(prints, 2)) > NEAR


@given(FINGERPRINTS, FINGERPRINTS)
def test_it_is_as_far_there_as_back(a: bytes, b: bytes) -> None:
    assert distance(a, b) == distance(b, a)
    assert 0 <= distance(a, b) <= 1
    assert distance(a, a) == 0


@given(FINGERPRINTS)
def test_it_comes_back_from_the_mirror(one: bytes) -> None:
    assert mirrored(mirrored(one)) == one


def test_it_knows_the_mirrored_picture_by_its_fingerprint_alone() -> None:
    picture = scene(3)

    turned = fingerprint(ImageOps.mirror(picture))

    assert distance(mirrored(fingerprint(picture)), turned) < 0.05
    assert distance(fingerprint(picture), turned) > NEAR


@pytest.mark.parametrize("colour", ["white", "black", (200, 30, 30)])
def test_it_has_nothing_to_say_of_one_colour(colour: str) -> None:
    grain = Image.effect_noise((320, 240), 6).convert("RGB")

    covered = ImageChops.add(Image.new("RGB", grain.size, colour), grain, scale=2)

    assert fingerprint(covered) == EMPTY
    assert distance(EMPTY, EMPTY) == distance(EMPTY, fingerprint(scene(1))) == 1


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (2000, 2)])
def test_it_takes_pictures_of_any_shape(size: tuple[int, int]) -> None:
    assert len(fingerprint(scene(1, size))) == SIZE
