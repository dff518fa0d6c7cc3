"""观感: which pictures are doubtful, and that good ones are not."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO

import pytest
from PIL import Image, ImageOps

from benchmarks import spoilt
from benchmarks.scenes import View, any_view, photograph, place
from photos import looks as limits
from photos.looks import Looks, looks

Spoiling = Callable[[Image.Image, int], Image.Image]
LIMITS = {"dark": limits.DARK, "blurred": limits.BLURRED, "blank": limits.BLANK, "screen": limits.SCREEN}


@dataclass(frozen=True)
class File:
    width: int
    height: int
    mime: str = "image/jpeg"
    camera: str = ""
    software: str = ""


@pytest.fixture(scope="module")
def street() -> Image.Image:
    return photograph(place(1, 1), View(seed=1), clean=True)


def passed_on(picture: Image.Image, side: int = 1280) -> Image.Image:
    """As WeChat passes pictures on: at most 1280 pixels, recompressed."""
    small = picture.copy()
    small.thumbnail((side, side))
    file = BytesIO()
    small.save(file, "JPEG", quality=72)
    return Image.open(file).convert("RGB")


def faults(picture: Image.Image, mime: str = "image/jpeg", side: int = 1280) -> set[str]:
    seen = looks(passed_on(picture, side), File(*picture.size, mime=mime)).as_json()
    return {name for name, limit in LIMITS.items() if seen[name] >= limit}


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (spoilt.dark, "dark"),
        (spoilt.out_of_focus, "blurred"),
        (spoilt.shaken, "blurred"),
        (spoilt.covered, "blank"),
        (spoilt.in_gallery, "screen"),
        (spoilt.in_chat, "screen"),
        (spoilt.of_a_screen, "screen"),
    ],
)
def test_it_sees_what_is_wrong_with_a_picture(street: Image.Image, spoil: Spoiling, fault: str) -> None:
    assert fault in faults(spoil(street, 1))


def with_makers_bar(picture: Image.Image) -> Image.Image:
    sheet = Image.new("RGB", (picture.width, picture.height + 90), "white")
    sheet.paste(picture, (0, 0))
    return sheet


GOOD = {
    "as it is": lambda one: one,
    "small": lambda one: one.resize((480, 360)),
    "large": lambda one: one.resize((1920, 1440)),
    "tall as a screen": lambda one: one.crop((300, 0, 630, 720)),
    "with the phone maker's bar below": with_makers_bar,
    "in a white frame": lambda one: ImageOps.expand(one, 40, "white"),
    "of a white wall": lambda one: spoilt.white_wall(one, 1),
}


@pytest.mark.parametrize("kind", list(GOOD))
def test_it_finds_nothing_wrong_with_a_good_picture(street: Image.Image, kind: str) -> None:
    assert faults(GOOD[kind](street)) == set()


@pytest.mark.parametrize("seed", range(4))
def test_it_finds_nothing_wrong_with_a_street_at_night(seed: int) -> None:
    night = replace(any_view(seed), night=0.5, gain=1.0, gamma=1.0)

    assert faults(photograph(place(seed, seed), night, clean=True)) == set()


def test_it_takes_a_png_of_the_size_of_a_screen_for_a_screenshot_but_not_a_photo(street: Image.Image) -> None:
    photo = street.crop((300, 0, 630, 715)).resize((1080, 2340))

    assert faults(photo, mime="image/jpeg") == set()
    assert faults(photo, mime="image/png") == {"screen"}


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (2000, 3), (20, 20), (300, 300)])
@pytest.mark.parametrize("mime", ["image/jpeg", "image/png"])
def test_it_takes_pictures_of_any_shape(size: tuple[int, int], mime: str) -> None:
    seen = looks(Image.new("RGB", size, "grey"), File(*size, mime=mime)).as_json()

    assert all(0 <= score <= 1 for score in seen.values())


def test_it_comes_back_from_the_table_as_it_was() -> None:
    seen = Looks(dark=0.1, blurred=0.2, blank=0.3, screen=0.4)

    assert Looks.from_json(seen.as_json()) == seen
    assert Looks.from_json({}) == Looks()
