"""A copy is unchanged everywhere; the same place from the same spot is changed where the rubbish was."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image, ImageEnhance, ImageFilter

from benchmarks.scenes import any_view, jpeg, photograph, place
from photos.copies import COPY, sameness

WHERE, VIEW = place(2, 9), any_view(9, 0.3)
BEFORE = jpeg(photograph(WHERE, VIEW, clean=False), VIEW)


def touched(how: Callable[[Image.Image], Image.Image]) -> bytes:
    file = BytesIO()
    how(Image.open(BytesIO(BEFORE))).save(file, "JPEG", quality=60)
    return file.getvalue()


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(lambda one: one, id="recompressed"),
        pytest.param(lambda one: one.resize((one.width // 2, one.height // 2)), id="smaller"),
        pytest.param(lambda one: one.crop((20, 20, one.width - 20, one.height - 20)), id="cropped"),
        pytest.param(lambda one: ImageEnhance.Brightness(one).enhance(1.3), id="brighter"),
        pytest.param(lambda one: one.filter(ImageFilter.GaussianBlur(1.5)), id="softened"),
        pytest.param(lambda one: one.rotate(1.5), id="turned"),
    ],
)
def test_it_knows_a_copy_whatever_was_done_to_it(how: Callable[[Image.Image], Image.Image]) -> None:
    assert sameness(BEFORE, touched(how)) >= COPY


def test_it_sees_that_the_rubbish_is_gone() -> None:
    after = jpeg(photograph(WHERE, VIEW, clean=True), VIEW)

    assert sameness(BEFORE, after) < COPY


@pytest.mark.parametrize("other", [b"", b"no picture", BEFORE[:200]])
def test_it_leaves_it_to_the_fingerprints_where_nothing_can_be_compared(other: bytes) -> None:
    assert sameness(BEFORE, other) == 1.0


def test_it_does_not_stumble_over_a_picture_of_nothing() -> None:
    white = BytesIO()
    Image.new("RGB", (640, 480), "white").save(white, "JPEG")

    assert sameness(white.getvalue(), white.getvalue()) == 1.0
    assert 0 <= sameness(BEFORE, white.getvalue()) <= 1
