"""Before and after in one picture: whole, inside its margins, with its words, and silent about who took it."""

from functools import cache

import pytest
from PIL import Image, ImageChops

from photos.compare import Comparison, compare
from photos.intake import PhotoRefused
from photos.layout import MARGIN, WIDTH, Heading, Side
from tests.photos.drawing import BLUE, GREEN, RED, SECRETS, camera_notes, jpeg, reopened, talkative_jpeg

PINK = (250, 60, 200)
LONG = "历城区山大路178号银座购物广场北门对面公交站牌向东约五十米人行道上靠近花园路交叉口的垃圾投放点" * 3


@cache
def plain(colour: tuple[int, int, int], width: int = 300, height: int = 400) -> bytes:
    return jpeg(Image.new("RGB", (width, height), colour))


def before(*pictures: bytes) -> Side:
    return Side("整改前", "11月23日 09:10", pictures)


def after(*pictures: bytes) -> Side:
    return Side("整改后", "11月23日 16:42", pictures)


def drawn(left: Side, right: Side, number: int = 12, place: str = "山大路与花园路口") -> Image.Image:
    heading = Heading(f"编号 {number} · 暴露垃圾", (("地点", place), ("单位", "甸柳新村街道")), "", "指挥部")
    return reopened(compare(Comparison(heading, left, right))).convert("RGB")


def where(image: Image.Image, colour: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """The box of all that is nearly of this colour: a picture that was put there."""
    off = ImageChops.difference(image, Image.new("RGB", image.size, colour)).convert("L")
    box = off.point(lambda value: 255 if value < 10 else 0).resize((image.width // 8, image.height // 8)).getbbox()
    assert box is not None
    return box[0] * 8, box[1] * 8, box[2] * 8, box[3] * 8


def form(box: tuple[int, int, int, int]) -> float:
    return (box[2] - box[0]) / (box[3] - box[1])


def test_it_puts_before_on_the_left_and_after_on_the_right() -> None:
    image = drawn(before(plain(RED)), after(plain(GREEN)))

    left, right = where(image, RED), where(image, GREEN)

    assert left[2] < right[0]
    assert (left[1], left[3]) == (right[1], right[3])


def test_it_puts_wide_pictures_one_above_the_other() -> None:
    image = drawn(before(plain(RED, 400, 300)), after(plain(GREEN, 400, 300)))

    above, below = where(image, RED), where(image, GREEN)

    assert above[3] < below[1]
    assert above[2] - above[0] > 0.82 * WIDTH


@pytest.mark.parametrize("size", [(300, 400), (400, 300), (200, 400), (1000, 300)])
def test_it_crops_and_stretches_nothing(size: tuple[int, int]) -> None:
    image = drawn(before(plain(RED, *size)), after(plain(GREEN, 300, 400)))

    assert form(where(image, RED)) == pytest.approx(size[0] / size[1], rel=0.06)


@pytest.mark.parametrize("place", ["", "山大路", LONG, "A" * 300, "换\n行\n再\n换\n行"])
@pytest.mark.parametrize("sizes", [((300, 400),) * 3, ((400, 300), (40, 30), (4000, 200)), ((10, 900),)])
def test_it_leaves_the_margins_empty(sizes: tuple[tuple[int, int], ...], place: str) -> None:
    pictures = [plain(RED, *size) for size in sizes]

    image = drawn(before(*pictures), after(*pictures), 123_456_789, place)

    edges = [image.crop(box) for box in _margins(image)]
    assert image.width == WIDTH
    assert [edge.getextrema() for edge in edges if min(low for low, _ in edge.getextrema()) < 240] == []


def _margins(image: Image.Image) -> list[tuple[int, int, int, int]]:
    width, height = image.size
    edge = MARGIN - 10  # JPEG lets a picture shine a little beyond its frame
    return [(0, 16, edge, height), (width - edge, 16, width, height), (0, height - 20, width, height)]


def test_it_shows_three_pictures_of_each_side() -> None:
    image = drawn(before(plain(RED), plain(BLUE), plain(BLUE)), after(plain(GREEN), plain(PINK), plain(PINK)))

    boxes = {name: where(image, name) for name in (RED, BLUE, GREEN, PINK)}

    assert boxes[RED][3] < boxes[BLUE][1]
    assert boxes[GREEN][3] < boxes[PINK][1]
    assert boxes[BLUE][2] < boxes[PINK][0]


@pytest.mark.parametrize("sides", [(before(plain(RED)), after()), (before(), after(plain(RED)))])
def test_it_shows_the_only_side_there_is_as_large_as_it_can(sides: tuple[Side, Side]) -> None:
    box = where(drawn(*sides), RED)

    assert box[2] - box[0] > 0.82 * WIDTH


def test_it_stands_pictures_upright() -> None:
    lying = jpeg(Image.new("RGB", (400, 300), RED), exif=camera_notes(orientation=6))

    image = drawn(before(lying), after(plain(GREEN)))

    assert form(where(image, RED)) == pytest.approx(300 / 400, rel=0.06)


def test_it_does_not_blow_up_a_picture_of_a_few_pixels() -> None:
    box = where(drawn(before(plain(RED, 64, 64)), after(plain(GREEN))), RED)

    assert box[2] - box[0] <= 3 * 64 + 16


def test_it_writes_the_words_it_is_given() -> None:
    pictures = before(plain(RED)), after(plain(GREEN))
    same, other = drawn(*pictures, 12), drawn(*pictures, 13)

    assert same.tobytes() == drawn(*pictures, 12).tobytes()
    difference = ImageChops.difference(same, other).getbbox()
    assert difference is not None
    assert difference[3] < where(same, RED)[1]


def test_it_says_which_side_is_which() -> None:
    pictures = plain(RED), plain(GREEN)
    right = drawn(before(pictures[0]), after(pictures[1]))
    wrong = drawn(Side("整改后", "11月23日 09:10", pictures[:1]), after(pictures[1]))

    difference = ImageChops.difference(right, wrong).getbbox()

    assert difference is not None
    assert difference[1] > where(right, RED)[3] - 16


def test_it_carries_no_metadata() -> None:
    talk = talkative_jpeg()

    data = compare(Comparison(Heading("编号 12"), before(talk), after(talk)))

    assert [secret for secret in (*SECRETS, b"Exif", b"http:", b"ICC") if secret in data] == []


@pytest.mark.parametrize("broken", [0, 1])
def test_it_refuses_when_either_photo_is_broken(broken: int) -> None:
    photos = [plain(RED), plain(GREEN)]
    photos[broken] = photos[broken][:300]

    with pytest.raises(PhotoRefused) as refused:
        drawn(before(photos[0]), after(photos[1]))

    assert refused.value.reason == "truncated"


def test_it_has_nothing_to_draw_without_a_picture() -> None:
    with pytest.raises(ValueError, match="no picture"):
        drawn(before(), after())
