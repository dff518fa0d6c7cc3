"""Proposals (遮挡建议): none without the library, a drawn face with it. How many real ones it misses is unknown."""

import pytest
from PIL import Image, ImageDraw, ImageFilter

from photos import proposals
from photos.refusal import PhotoRefused
from tests.photos.drawing import jpeg

needs_opencv = pytest.mark.skipif(not proposals.AVAILABLE, reason="opencv is not installed (requirements-extra.txt)")


def portrait() -> bytes:
    """A face as a cascade expects it: dark hair, brows, eyes and mouth, a light nose, all of it soft."""
    image = Image.new("L", (400, 400), 120)
    draw = ImageDraw.Draw(image)
    draw.pieslice((95, 30, 305, 260), 180, 360, fill=30)
    draw.ellipse((115, 90, 285, 350), fill=200)
    for eye in (155, 245):
        draw.ellipse((eye - 28, 154, eye + 28, 186), fill=70)
        draw.rectangle((eye - 32, 140, eye + 32, 150), fill=60)
    draw.ellipse((185, 180, 215, 250), fill=230)
    draw.ellipse((180, 240, 220, 258), fill=140)
    draw.ellipse((160, 280, 240, 300), fill=100)
    street = Image.new("L", (1200, 900), 120)
    street.paste(image.filter(ImageFilter.GaussianBlur(4)), (400, 200))
    return jpeg(street.convert("RGB"))


@needs_opencv
def test_it_proposes_a_box_around_a_face() -> None:
    found = proposals.propose(portrait())

    assert any(box.x < 0.5 < box.x + box.width and box.y < 0.44 < box.y + box.height for box in found)


@needs_opencv
def test_it_proposes_nothing_on_an_empty_wall() -> None:
    assert proposals.propose(jpeg(Image.new("RGB", (640, 480), "grey"))) == ()


@needs_opencv
def test_it_begins_nothing_when_the_time_is_over() -> None:
    assert proposals.propose(portrait(), budget=0) == ()


@needs_opencv
def test_it_refuses_what_is_no_picture() -> None:
    with pytest.raises(PhotoRefused):
        proposals.propose(b"not a picture")


def test_it_proposes_nothing_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposals, "AVAILABLE", False)

    assert proposals.propose(portrait()) == ()
