"""同一地点: the place before and after, another place, and pictures of which nothing can be said."""

from io import BytesIO

import pytest
from PIL import Image

from benchmarks.scenes import any_view, jpeg, photograph, place
from photos.scene import CANNOT_TELL, same_scene


def shot(style: int, seed: int, view: int, clean: bool) -> bytes:
    seen = any_view(view)
    return jpeg(photograph(place(style, seed), seen, clean), seen)


def plain(picture: Image.Image, quality: int = 80) -> bytes:
    file = BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_knows_the_place_when_the_rubbish_is_gone(seed: int) -> None:
    seen = same_scene(shot(5, seed, 10 + seed, clean=False), shot(5, seed, 20 + seed, clean=True))

    assert seen.told
    assert not seen.another
    assert seen.matches > 20


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_knows_another_place_in_the_same_kind_of_street(seed: int) -> None:
    seen = same_scene(shot(5, seed, 10 + seed, clean=False), shot(5, seed + 50, 20 + seed, clean=True))

    assert seen.another
    assert seen.score < 0.5


def test_it_says_the_same_every_time() -> None:
    pair = shot(6, 1, 1, clean=False), shot(6, 1, 2, clean=True)

    assert same_scene(*pair) == same_scene(*pair)


def test_it_is_certain_of_a_picture_and_its_copy() -> None:
    before = shot(6, 2, 1, clean=False)
    copy = plain(Image.open(BytesIO(before)).resize((500, 375)), quality=40)

    assert same_scene(before, copy).score == 1.0


@pytest.mark.parametrize(
    "odd",
    [
        plain(Image.new("RGB", (640, 480), "white")),
        plain(Image.effect_noise((640, 480), 8).convert("RGB")),
        plain(Image.linear_gradient("L").resize((640, 480)).convert("RGB")),
        plain(Image.new("RGB", (1, 1))),
        plain(Image.new("RGB", (4000, 2), "red")),
        b"",
        b"\xff\xd8\xff not a picture",
    ],
    ids=["wall", "grain", "fog", "dot", "strip", "nothing", "broken"],
)
def test_it_cannot_tell_from_a_picture_without_corners(odd: bytes) -> None:
    street = shot(6, 3, 1, clean=False)

    assert same_scene(street, odd) == same_scene(odd, street) == CANNOT_TELL
    assert not CANNOT_TELL.another
