"""Parts of streets (街景部件): house fronts, pavements, bins, trees, cars, people, rubbish, each drawn from a seed.

They are as like each other as the real ones of one street: the style gives colours and measures, the seed the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
PIXELS_PER_METRE = 64


@dataclass(frozen=True, slots=True)
class Style:
    """街道样式: what all houses and bins of one kind of street have in common."""

    wall: Colour
    frame: Colour
    sign: Colour
    bin: Colour
    paving: Colour
    window: tuple[float, float]
    storey: float
    slab: float

    @classmethod
    def of(cls, seed: int) -> "Style":
        """The style of that number."""
        dice = Random(seed)
        return cls(
            wall=_colour(dice, 130, 215, 25),
            frame=_colour(dice, 60, 230, 10),
            sign=_colour(dice, 30, 220, 90),
            bin=dice.choice([(40, 90, 60), (60, 70, 150), (90, 90, 95), (150, 60, 50)]),
            paving=_colour(dice, 120, 185, 15),
            window=(dice.uniform(1.0, 1.8), dice.uniform(1.2, 1.7)),
            storey=dice.uniform(2.8, 3.4),
            slab=dice.choice([0.25, 0.3, 0.5, 0.6]),
        )


def textured(sheet: Image.Image, seed: int, grain: float = 6.0, blotches: float = 12.0) -> Image.Image:
    """The same sheet with weather on it: fine grain and wide blotches, in grey levels."""
    noise = np.random.default_rng(seed)
    width, height = sheet.size
    coarse = noise.normal(0, blotches, (max(2, height // 24), max(2, width // 24))).astype(np.float32)
    wide = np.asarray(Image.fromarray(coarse).resize(sheet.size, Image.Resampling.BICUBIC))
    fine = noise.normal(0, grain, (height, width)).astype(np.float32)
    pixels = np.asarray(sheet).astype(np.float32)
    pixels[..., :3] += (wide + fine)[..., None]
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8), sheet.mode)


def front(style: Style, seed: int, metres: float = 36.0, storeys: int = 4) -> Image.Image:
    """A row of house fronts with shops below."""
    dice = Random(seed)
    high = round(style.storey * storeys * PIXELS_PER_METRE)
    sheet = Image.new("RGB", (round(metres * PIXELS_PER_METRE), high), style.wall)
    draw = ImageDraw.Draw(sheet)
    left = 0.0
    while left < metres:
        wide = dice.uniform(5, 9)
        _house(draw, style, dice, left, wide, storeys)
        left += wide
    return textured(sheet, seed)


def _house(draw: ImageDraw.ImageDraw, style: Style, dice: Random, left: float, wide: float, storeys: int) -> None:
    high = style.storey * storeys
    _box(draw, (left, 0, wide, high), _near(dice, style.wall, 18))
    for storey in range(storeys - 1):
        step = style.window[0] + dice.uniform(0.6, 0.9)
        for n in range(int(wide / step)):
            _window(draw, style, dice, left + 0.4 + n * step, storey * style.storey + 0.6)
    _shop(draw, style, dice, left, wide, high)


def _window(draw: ImageDraw.ImageDraw, style: Style, dice: Random, x: float, y: float) -> None:
    wide, high = style.window
    _box(draw, (x - 0.07, y - 0.07, wide + 0.14, high + 0.14), style.frame)
    _box(draw, (x, y, wide, high), _near(dice, (70, 85, 100), 25))
    if dice.random() < 0.5:
        part = dice.uniform(0.2, 0.9)
        _box(draw, (x, y, wide * part, high), _colour(dice, 90, 220, 40))
    _box(draw, (x + wide / 2 - 0.03, y, 0.06, high), style.frame)
    if dice.random() < 0.35:  # an air conditioner, never quite at the same height
        _box(
            draw, (x + dice.uniform(-0.2, wide - 0.6), y + high + dice.uniform(0.05, 0.3), 0.8, 0.5), (205, 205, 200)
        )
    if dice.random() < 0.15:
        for n in range(3):
            _box(draw, (x + n * 0.4, y + high * 0.6, 0.3, 0.7), _colour(dice, 60, 240, 90))


def _shop(draw: ImageDraw.ImageDraw, style: Style, dice: Random, left: float, wide: float, high: float) -> None:
    top = high - style.storey
    _box(draw, (left + 0.1, top, wide - 0.2, 0.8), _near(dice, style.sign, 40))
    ink = _colour(dice, 200, 255, 20) if sum(style.sign) < 380 else _colour(dice, 10, 70, 20)
    for n in range(dice.randint(3, max(3, int(wide)))):
        glyph(draw, dice, left + 0.5 + n * 0.75, top + 0.12, 0.56, ink)
    door = left + dice.uniform(0.3, wide * 0.5)
    _box(draw, (left + 0.2, top + 0.9, wide - 0.4, style.storey - 0.9), _near(dice, (95, 90, 90), 40))
    for n in range(int(wide / 1.4)):
        _box(draw, (left + 0.3 + n * 1.4, top + 1.0, 1.2, style.storey - 1.4), _near(dice, (110, 125, 130), 45))
        if dice.random() < 0.6:
            _box(draw, (left + 0.4 + n * 1.4, top + dice.uniform(1.1, 1.6), 0.6, 0.5), _colour(dice, 60, 250, 90))
    _box(draw, (door, top + 0.95, 1.0, style.storey - 0.95), _near(dice, (60, 55, 50), 25))


def glyph(draw: ImageDraw.ImageDraw, dice: Random, x: float, y: float, size: float, ink: Colour) -> None:
    """Strokes as dense as a Chinese character's; no font is needed and none is read."""
    for _ in range(dice.randint(4, 8)):
        a, b, part = dice.uniform(0, size), dice.uniform(0, size), dice.uniform(0.3, 1) * size
        flat = dice.random() < 0.55
        ends = (x, y + b, x + part, y + b) if flat else (x + a, y, x + a + dice.uniform(-0.1, 0.1), y + part)
        draw.line([value * PIXELS_PER_METRE for value in ends], fill=ink, width=4)


def ground(style: Style, seed: int, wide: int = 1280, deep: int = 1280, per_metre: int = 50) -> Image.Image:
    """Pavement seen from above: slabs, a kerb, a road, stains and cracks."""
    dice = Random(seed)
    sheet = Image.new("RGB", (wide, deep), style.paving)
    draw = ImageDraw.Draw(sheet)
    slab = max(8, round(style.slab * per_metre))
    for y in range(0, deep, slab):
        for x in range(0, wide, slab):
            draw.rectangle((x, y, x + slab - 2, y + slab - 2), fill=_near(dice, style.paving, 9))
    for _ in range(60):
        left, top, size = dice.uniform(0, wide), dice.uniform(0, deep), dice.uniform(4, 40)
        draw.ellipse((left, top, left + size, top + size * dice.uniform(0.3, 1)), fill=_near(dice, style.paving, 45))
    for _ in range(14):
        points = [(dice.uniform(0, wide), dice.uniform(0, deep))]
        for _ in range(4):
            points.append((points[-1][0] + dice.uniform(-90, 90), points[-1][1] + dice.uniform(-90, 90)))
        draw.line(points, fill=_near(dice, (70, 70, 68), 15), width=3)
    return textured(sheet, seed, 7, 8)


def bin_(style: Style, seed: int) -> Image.Image:
    """A wheeled bin, in the city's colours."""
    sheet, draw = _sprite(0.7, 1.1)
    dice = Random(seed)
    _box(draw, (0.05, 0.2, 0.6, 0.85), style.bin)
    _box(draw, (0, 0.08, 0.7, 0.16), _near(dice, style.bin, 20))
    _box(draw, (0.2, 0.45, 0.3, 0.2), (225, 225, 220))
    glyph(draw, dice, 0.24, 0.47, 0.2, style.bin)
    return textured(sheet, seed, 5, 6)


def tree(style: Style, seed: int) -> Image.Image:
    """A street tree: a trunk and a cloud of leaves."""
    sheet, draw = _sprite(3.2, 5.0)
    dice = Random(seed)
    _box(draw, (1.5, 2.2, 0.22, 2.8), (85, 70, 55))
    for _ in range(420):
        x, y, size = dice.gauss(1.6, 0.55), dice.gauss(1.3, 0.5), dice.uniform(0.08, 0.3)
        _blob(draw, x, y, size, _near(dice, (60, 95, 50), 32))
    return sheet


def pole(style: Style, seed: int) -> Image.Image:
    """A post with a sign on it."""
    sheet, draw = _sprite(0.9, 3.4)
    dice = Random(seed)
    _box(draw, (0.42, 0, 0.09, 3.4), (150, 150, 152))
    _box(draw, (0.05, 0.1, 0.8, dice.uniform(0.5, 0.9)), _colour(dice, 30, 220, 90))
    glyph(draw, dice, 0.2, 0.2, 0.4, (245, 245, 245))
    return textured(sheet, seed, 4, 6)


def car(style: Style, seed: int) -> Image.Image:
    """A parked car, seen from its side."""
    sheet, draw = _sprite(4.2, 1.5)
    dice = Random(seed)
    paint = _colour(dice, 30, 235, 25)
    _box(draw, (0, 0.55, 4.2, 0.65), paint)
    roof = ((0.9, 0.6), (1.4, 0), (3, 0), (3.5, 0.6))
    corners = [(x * PIXELS_PER_METRE, y * PIXELS_PER_METRE) for x, y in roof]
    draw.polygon(corners, fill=_near(dice, (60, 70, 80), 15))
    for x in (0.5, 3.0):
        _blob(draw, x + 0.3, 1.15, 0.62, (25, 25, 27))
    return textured(sheet, seed, 4, 5)


def person(style: Style, seed: int) -> Image.Image:
    """Somebody who walks by."""
    sheet, draw = _sprite(0.6, 1.75)
    dice = Random(seed)
    _blob(draw, 0.3, 0.15, 0.24, (200, 165, 140))
    _box(draw, (0.08, 0.3, 0.44, 0.65), _colour(dice, 20, 240, 90))
    _box(draw, (0.14, 0.95, 0.14, 0.8), _colour(dice, 20, 120, 20))
    _box(draw, (0.32, 0.95, 0.14, 0.8), _colour(dice, 20, 120, 20))
    return sheet


def rubbish(style: Style, seed: int) -> Image.Image:
    """A heap of bags, boxes and litter."""
    sheet, draw = _sprite(1.6, 0.8)
    dice = Random(seed)
    for _ in range(45):
        x, y = dice.gauss(0.8, 0.32), 0.72 - abs(dice.gauss(0, 0.2))
        if dice.random() < 0.5:
            _blob(draw, x, y, dice.uniform(0.08, 0.35), _colour(dice, 15, 250, 60))
        else:
            _box(draw, (x, y, dice.uniform(0.06, 0.35), dice.uniform(0.05, 0.25)), _colour(dice, 40, 240, 60))
    return textured(sheet, seed, 8, 8)


def shelter(style: Style, seed: int) -> Image.Image:
    """A shelter for sorted waste, printed all over; the same model stands in many streets."""
    sheet, draw = _sprite(2.8, 2.3)
    dice = Random(seed)
    _box(draw, (0, 0, 2.8, 0.3), _colour(dice, 40, 200, 80))
    _box(draw, (0.1, 0.3, 2.6, 1.95), (190, 195, 190))
    for n in range(8):
        glyph(draw, dice, 0.3 + n * 0.28, 0.04, 0.22, (245, 245, 245))
    for n in range(4):
        _box(draw, (0.2 + n * 0.63, 0.45, 0.55, 0.8), _colour(dice, 60, 230, 80))
        for m in range(4):
            glyph(draw, dice, 0.24 + n * 0.63 + m % 2 * 0.25, 0.5 + m // 2 * 0.35, 0.2, (30, 30, 40))
        _box(draw, (0.24 + n * 0.63, 1.4, 0.46, 0.3), (50, 50, 55))
    return textured(sheet, seed, 4, 6)


PARTS: dict[str, Callable[[Style, int], Image.Image]] = {
    "bin": bin_,
    "tree": tree,
    "pole": pole,
    "car": car,
    "person": person,
    "rubbish": rubbish,
    "shelter": shelter,
}


def _sprite(wide: float, high: float) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    size = round(wide * PIXELS_PER_METRE), round(high * PIXELS_PER_METRE)
    sheet = Image.new("RGBA", size, (0, 0, 0, 0))
    return sheet, ImageDraw.Draw(sheet)


def _box(draw: ImageDraw.ImageDraw, place: tuple[float, float, float, float], fill: Colour) -> None:
    x, y, wide, high = (value * PIXELS_PER_METRE for value in place)
    draw.rectangle((x, y, x + max(1, wide), y + max(1, high)), fill=fill)


def _blob(draw: ImageDraw.ImageDraw, x: float, y: float, size: float, fill: Colour) -> None:
    x, y, size = (value * PIXELS_PER_METRE for value in (x, y, size))
    draw.ellipse((x - size / 2, y - size / 2, x + size / 2, y + size / 2), fill=fill)


def _colour(dice: Random, low: int, high: int, apart: int) -> Colour:
    base = dice.randint(low, high)
    return _near(dice, (base, base, base), apart)


def _near(dice: Random, colour: Colour, apart: int) -> Colour:
    red, green, blue = (min(255, max(0, value + dice.randint(-apart, apart))) for value in colour)
    return red, green, blue
