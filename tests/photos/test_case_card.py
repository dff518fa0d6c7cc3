"""The card that tells a case at a glance."""

from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from photos.case_card import CaseCard, Step, draw
from photos.layout import MARGIN, WIDTH, Heading, Side
from tests.photos.drawing import GREEN, RED, SECRETS, jpeg, reopened, talkative_jpeg

STEPS = (
    Step("上报", "11月23日 09:10", done=True),
    Step("认领", "11月23日 10:05", "限 11月23日 21:12 前", done=True),
    Step("整改", "11月24日 13:42", "逾期 3小时37分", done=True, late=True),
    Step("核查", "", "限 11月25日 13:42 前"),
)
BEFORE = Side("整改前", "11月23日 09:10", (jpeg(Image.new("RGB", (300, 400), RED)),))
AFTER = Side("整改后", "11月24日 13:42", (jpeg(Image.new("RGB", (400, 300), GREEN)),))
CARD = CaseCard(Heading("编号 12 · 暴露垃圾", (("地点", "山大路"),), "待核查", "指挥部"), STEPS, BEFORE, AFTER)


def drawn(card: CaseCard) -> Image.Image:
    return reopened(draw(card)).convert("RGB")


def changed(one: CaseCard, other: CaseCard) -> tuple[int, int, int, int] | None:
    """Where two cards differ; None when they do not, the whole when they are of different height."""
    a, b = drawn(one), drawn(other)
    return ImageChops.difference(a, b).getbbox() if a.size == b.size else (0, 0, *a.size)


def test_it_draws_the_same_card_from_the_same_facts() -> None:
    assert draw(CARD) == draw(CARD)


@pytest.mark.parametrize(
    "other",
    [
        replace(CARD, heading=replace(CARD.heading, title="编号 13 · 暴露垃圾")),
        replace(CARD, heading=replace(CARD.heading, tag="已办结")),
        replace(CARD, heading=replace(CARD.heading, details=(("地点", "花园路"),))),
        replace(CARD, late=True),
        replace(CARD, steps=(*STEPS[:3], Step("核查", "11月25日 08:00", done=True))),
        replace(CARD, steps=(replace(STEPS[0], at="11月23日 09:11"), *STEPS[1:])),
        replace(CARD, steps=(*STEPS[:2], replace(STEPS[2], late=False), STEPS[3])),
        replace(CARD, after=replace(AFTER, time="11月24日 13:43")),
    ],
)
def test_it_shows_each_of_its_facts(other: CaseCard) -> None:
    assert changed(CARD, other) is not None


@pytest.mark.parametrize(
    "sides", [(BEFORE, Side("整改后")), (Side("整改前"), AFTER), (Side("整改前"), Side("整改后"))]
)
def test_it_is_drawn_with_the_pictures_there_are(sides: tuple[Side, Side]) -> None:
    image = drawn(replace(CARD, before=sides[0], after=sides[1]))

    assert image.width == WIDTH
    assert image.height < 1700


@pytest.mark.parametrize("words", ["长" * 300, "A" * 300])
def test_it_leaves_the_margins_empty_whatever_the_words(words: str) -> None:
    heading = Heading(words, ((words[:8], words),), words[:14], words)

    image = drawn(CaseCard(heading, (Step("核查", words[:9], words, late=True),), BEFORE, AFTER))

    edges = (0, 16, MARGIN - 10, image.height), (WIDTH - MARGIN + 10, 16, WIDTH, image.height)
    assert min(low for edge in edges for low, _ in image.crop(edge).getextrema()) > 240


def test_it_carries_no_metadata() -> None:
    data = draw(replace(CARD, before=Side("整改前", "", (talkative_jpeg(),))))

    assert [secret for secret in (*SECRETS, b"Exif", b"http:", b"ICC") if secret in data] == []
