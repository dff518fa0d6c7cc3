"""Redaction (遮挡): what lies under a box cannot be told any more, and nothing else is touched."""

import math
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageStat

from photos.redact import LEAST_SIDE, MOST_BOXES, BadBoxes, Box, as_json, boxes_of, hide, public_copy
from photos.refusal import PhotoRefused
from tests.photos.drawing import SECRETS, camera_notes, jpeg, picture, talkative_jpeg

PLATE = Box(0.3, 0.4, 0.3, 0.1)
SIZE = (800, 600)
MARK = "编号 12"


def street(code: str) -> Image.Image:
    """A street with something like a plate on it: seven bars each, seven thick or thin, the ink always the same."""
    image = Image.new("RGB", SIZE, (150, 160, 150))
    draw = ImageDraw.Draw(image)
    left, top = PLATE.x * SIZE[0], PLATE.y * SIZE[1]
    width, height = PLATE.width * SIZE[0], PLATE.height * SIZE[1]
    draw.rectangle((left, top, left + width, top + height), fill=(30, 60, 160))
    step = width / len(code)
    for place, bar in enumerate(code):
        at = left + place * step + (6 if bar == "/" else 16)
        draw.rectangle((at, top + 8, at + 8, top + height - 8), fill="white")
    return image


def under(image: Image.Image, box: Box) -> Image.Image:
    left, top = box.x * image.width, box.y * image.height
    return image.crop(
        (int(left), int(top), int(left + box.width * image.width), int(top + box.height * image.height))
    )


def difference(one: Image.Image, other: Image.Image) -> float:
    """The largest difference of any pixel, 0 to 255."""
    return max(high for _, high in ImageChops.difference(one, other).getextrema())  # type: ignore[misc]


def test_it_leaves_nothing_by_which_two_plates_could_be_told_apart() -> None:
    one, other = street("/|/|/|/"), street("|/|/|/|")
    assert difference(under(one, PLATE), under(other, PLATE)) > 150

    hidden = [under(hide(image, [PLATE]), PLATE) for image in (one, other)]

    assert difference(*hidden) <= 16  # one shade


def test_it_leaves_no_edge_inside_a_box() -> None:
    noise = Image.effect_noise(SIZE, 120).convert("RGB")

    inside = under(hide(noise, [PLATE]), PLATE)

    assert max(ImageStat.Stat(under(noise, PLATE)).stddev) > 60
    assert max(ImageStat.Stat(inside).stddev) < 8


def test_it_hides_no_less_when_many_small_boxes_cover_one_face() -> None:
    noise = Image.effect_noise(SIZE, 120).convert("RGB")
    small = [Box(PLATE.x + 0.03 * x, PLATE.y + 0.0125 * y, 0.03, 0.0125) for x in range(10) for y in range(8)]

    inside = under(hide(noise, small), PLATE)

    assert max(ImageStat.Stat(inside).stddev) < 12


def test_it_covers_a_little_more_than_the_box() -> None:
    image = street("|/|/|/|")
    inner = Box(PLATE.x + 0.012, PLATE.y + 0.004, PLATE.width - 0.024, PLATE.height - 0.008)

    hidden = under(hide(image, [inner]), PLATE)

    assert difference(hidden, under(image, PLATE)) > 20
    assert max(high - low for low, high in hidden.getextrema()) < 80  # type: ignore[misc]  # no white bar is left


def test_it_touches_nothing_far_from_the_boxes() -> None:
    image = Image.effect_noise(SIZE, 120).convert("RGB")

    hidden = hide(image, [PLATE])

    assert difference(under(hidden, Box(0, 0, 1, 0.3)), under(image, Box(0, 0, 1, 0.3))) == 0


def test_it_draws_a_box_on_the_upright_picture() -> None:
    sideways = jpeg(picture(400, 200), exif=camera_notes(orientation=6))  # red stands at the top right then

    copy = Image.open(BytesIO(public_copy(sideways, [Box(0.5, 0, 0.5, 0.5)], MARK)))

    assert copy.size == (200, 400)
    assert ImageStat.Stat(copy.crop((10, 10, 90, 90))).mean == pytest.approx((30, 30, 220), abs=40)


def test_it_makes_the_same_file_of_the_same_picture_and_boxes() -> None:
    data = jpeg(street("|/|/|/|"))

    assert public_copy(data, [PLATE], MARK) == public_copy(data, [PLATE], MARK)
    assert public_copy(data, [PLATE], MARK) != public_copy(data, [], MARK)


def test_it_lets_no_metadata_through() -> None:
    copy = public_copy(talkative_jpeg(), [PLATE], MARK)

    assert not [secret for secret in (*SECRETS, b"Exif", b"ICC_PROFILE") if secret in copy]


def test_it_makes_nothing_public_of_what_is_no_picture() -> None:
    with pytest.raises(PhotoRefused):
        public_copy(b"not a picture", [PLATE], MARK)


BAD: list[Any] = [
    None,
    "0.1,0.1,0.2,0.2",
    [0.1, 0.1, 0.2, 0.2],
    [[0.1, 0.1, 0.2]],
    [[0.1, 0.1, 0.2, "0.2"]],
    [[0.1, 0.1, 0.2, True]],
    [[0.1, 0.1, 0.2, None]],
    [["0", "0", "1", "1"]],
    ["0.11"],
    [[-0.1, 0.1, 0.2, 0.2]],
    [[0.9, 0.1, 0.2, 0.2]],
    [[0.1, 0.9, 0.2, 0.2]],
    [[0.1, 0.1, 0.2, math.nan]],
    [[0.1, 0.1, 0.2, math.inf]],
    [[0.1, 0.1, LEAST_SIDE / 2, 0.2]],
    [[0.1, 0.1, 0.2, 0]],
    [[0.1, 0.1, 0.2, 0.2]] * (MOST_BOXES + 1),
]


@pytest.mark.parametrize("numbers", BAD)
def test_it_refuses_boxes_that_are_none(numbers: Any) -> None:
    with pytest.raises(BadBoxes):
        boxes_of(numbers)


def test_it_reads_back_what_it_wrote() -> None:
    boxes = boxes_of([[0.123456, 0, 0.5, 0.25], [0, 0, 1, 1]])

    assert boxes[0].x == 0.1235
    assert boxes_of(as_json(boxes)["boxes"]) == boxes


@st.composite
def anywhere(draw: st.DrawFn) -> Box:
    width, height = draw(st.floats(LEAST_SIDE, 1)), draw(st.floats(LEAST_SIDE, 1))
    return Box(draw(st.floats(0, 1 - width)), draw(st.floats(0, 1 - height)), width, height)


@settings(max_examples=150, deadline=None)
@given(st.lists(anywhere(), min_size=1, max_size=4), st.sampled_from([(640, 480), (97, 631), (1200, 40)]))
def test_it_hides_any_box_in_a_picture_of_any_form(boxes: list[Box], size: tuple[int, int]) -> None:
    noise = Image.effect_noise(size, 120).convert("RGB")

    hidden = hide(noise, boxes)

    assert hidden.size == size
    for box in boxes:
        inside = under(hidden, box)
        if min(inside.size) >= 4:  # fewer pixels have no spread to speak of
            assert max(ImageStat.Stat(inside).stddev) < 30
