"""Scenes (场景): simple painted streets, each with one thing wrong and the same place put right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from PIL import Image, ImageDraw, ImageFilter

Box = tuple[float, float, float, float]
Colour = tuple[int, int, int]
WIDTH, HEIGHT = 960, 720
_KERB = 430  # height at which the pavement begins
_ROAD = 560  # height at which the road begins


class Street:
    """街道: a canvas with sky, houses, pavement and road; `seed` makes each street its own."""

    def __init__(self, seed: str) -> None:
        # The same name always paints the same street, so "before" and "after" show one place and two copies of a
        # sample look alike to a duplicate check.
        self.random = Random(seed)  # noqa: S311 (paint, not secrets)
        self.image = Image.new("RGB", (WIDTH, HEIGHT), (176, 208, 232))
        self.pen = ImageDraw.Draw(self.image)
        self._houses()
        self._ground()

    def box(self, box: Box, fill: Colour, outline: Colour | None = None, radius: float = 0) -> None:
        """Paint a rectangle."""
        self.pen.rounded_rectangle(box, radius, fill=fill, outline=outline, width=3)

    def disc(self, x: float, y: float, radius: float, fill: Colour) -> None:
        """Paint a filled circle."""
        self.pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)

    def scatter(self, n: int, box: Box, size: tuple[int, int], colours: list[Colour]) -> None:
        """Paint n crooked scraps inside a box."""
        for _ in range(n):
            x, y = self.random.uniform(box[0], box[2]), self.random.uniform(box[1], box[3])
            s = self.random.uniform(*size)
            corners = [(x + self.random.uniform(-s, s), y + self.random.uniform(-s, s) * 0.7) for _ in range(5)]
            self.pen.polygon(corners, fill=self.random.choice(colours), outline=(70, 70, 60))

    def _houses(self) -> None:
        # Starting left of the edge, so that the first house is cut off as in a photograph.
        x = -40.0
        while x < WIDTH:
            width = self.random.uniform(150, 260)
            top = self.random.uniform(60, 190)
            wall = self.random.choice([(206, 188, 160), (190, 170, 158), (214, 206, 192), (178, 184, 190)])
            self.box((x, top, x + width, _KERB), wall, (130, 120, 110))
            self._windows(x, top, width)
            x += width + 6

    def _windows(self, x: float, top: float, width: float) -> None:
        for row in range(int((_KERB - top - 120) // 70)):
            for column in range(int(width // 62)):
                left, up = x + 18 + column * 62, top + 24 + row * 70
                self.box((left, up, left + 34, up + 42), (108, 138, 158), (240, 240, 235))

    def _ground(self) -> None:
        self.box((0, _KERB, WIDTH, _ROAD), (198, 192, 184))
        for x in range(-60, WIDTH + 60, 80):
            self.pen.line((x, _ROAD, x + 40, _KERB), fill=(172, 166, 158), width=2)
        self.pen.line((0, 490, WIDTH, 490), fill=(172, 166, 158), width=2)
        self.box((0, _ROAD, WIDTH, _ROAD + 14), (226, 224, 218))
        self.box((0, _ROAD + 14, WIDTH, HEIGHT), (96, 98, 102))
        for x in range(20, WIDTH, 190):
            self.box((x, 668, x + 110, 678), (236, 236, 230))


Painter = Callable[[Street], None]
_PLASTIC: list[Colour] = [(235, 235, 240), (200, 60, 50), (60, 110, 190), (40, 44, 48), (230, 190, 70)]
_PAPER: list[Colour] = [(250, 250, 245), (252, 226, 120), (250, 170, 160), (170, 220, 250)]


def _tree(street: Street) -> None:
    street.box((150, 300, 176, 520), (110, 82, 58))
    for x, y, r in ((120, 280, 66), (200, 270, 72), (160, 220, 70)):
        street.disc(x, y, r, (70, 128, 72))


def _rubbish(street: Street) -> None:
    _tree(street)
    for x, y, r in ((440, 520, 58), (520, 530, 48), (372, 538, 40)):
        street.disc(x, y, r, (44, 48, 52))
        street.box((x - 8, y - r - 14, x + 8, y - r + 8), (60, 64, 68))
    street.scatter(46, (300, 500, 660, 580), (6, 20), _PLASTIC)


def _bin(street: Street, *, full: bool) -> None:
    if full:
        street.scatter(30, (545, 250, 715, 300), (12, 30), _PLASTIC)
    street.box((540, 290, 720, 540), (52, 118, 84), (30, 80, 56), 14)
    street.box((575, 350, 685, 430), (230, 236, 230), None, 8)
    street.pen.polygon([(630, 362), (662, 416), (598, 416)], outline=(52, 118, 84), width=8)
    if full:
        street.scatter(36, (470, 500, 790, 590), (8, 24), _PLASTIC)
    else:
        street.box((528, 268, 732, 296), (44, 100, 72), (30, 80, 56), 10)


def _shop(street: Street) -> None:
    street.box((250, 200, 720, _KERB), (226, 214, 196), (120, 100, 80))
    street.box((250, 190, 720, 240), (176, 40, 36))
    for x in (290, 360, 430, 500, 570, 640):
        street.disc(x + 16, 215, 14, (250, 220, 120))
    street.box((420, 280, 550, _KERB), (120, 90, 66), (80, 60, 44))


def _stalls(street: Street) -> None:
    _shop(street)
    for n, x in enumerate((150, 400, 650)):
        street.box((x, 470, x + 190, 500), (160, 120, 76))
        street.box((x + 10, 500, x + 22, 575), (100, 80, 60))
        street.box((x + 168, 500, x + 180, 575), (100, 80, 60))
        fruit: Colour = [(224, 60, 44), (240, 160, 40), (96, 168, 60)][n]
        for i in range(8):
            street.disc(x + 20 + i * 22, 460, 13, fruit)
        street.pen.polygon([(x - 20, 380), (x + 95, 330), (x + 210, 380)], fill=(64, 110, 184), outline=(40, 70, 130))
        street.box((x + 92, 378, x + 98, 470), (90, 90, 90))


def _car(street: Street, x: float, y: float, colour: Colour) -> None:
    street.pen.polygon([(x + 60, y), (x + 110, y - 56), (x + 230, y - 56), (x + 285, y)], fill=(150, 190, 210))
    street.box((x, y, x + 340, y + 70), colour, (60, 60, 60), 22)
    for wheel in (x + 72, x + 262):
        street.disc(wheel, y + 70, 34, (32, 32, 34))
        street.disc(wheel, y + 70, 15, (170, 170, 172))
    street.box((x + 318, y + 16, x + 338, y + 34), (250, 240, 180))


def _tactile_paving(street: Street) -> None:
    street.box((0, 500, WIDTH, 530), (232, 190, 60))
    for x in range(10, WIDTH, 24):
        street.disc(x, 515, 5, (196, 156, 40))


def _parked(street: Street) -> None:
    _tactile_paving(street)
    _car(street, 90, 440, (190, 44, 48))
    _car(street, 510, 452, (236, 236, 238))


def _hole(street: Street, *, open_hole: bool) -> None:
    _tree(street)
    # A darker patch remains: a mended road never looks as if nothing had been there.
    if not open_hole:
        street.box((330, 606, 640, 706), (70, 72, 76), (60, 62, 66), 10)
        return
    rim = [(340, 650), (390, 604), (480, 592), (580, 606), (640, 652), (590, 700), (470, 712), (380, 700)]
    street.pen.polygon(rim, fill=(60, 54, 48), outline=(150, 140, 126), width=8)
    street.pen.ellipse((410, 628, 580, 690), fill=(92, 104, 112))
    for dx, dy in ((-90, -20), (-70, 40), (300, -30), (330, 36)):
        street.pen.line((440, 650, 380 + dx, 650 + dy), fill=(50, 50, 50), width=4)
    street.scatter(20, (310, 590, 680, 715), (4, 11), [(120, 112, 104), (84, 80, 76)])


def _wall(street: Street, *, ads: bool) -> None:
    street.box((60, 120, 900, 520), (204, 198, 186), (120, 116, 108))
    for y in range(160, 520, 40):
        street.pen.line((60, y, 900, y), fill=(182, 176, 164), width=2)
    street.box((420, 100, 462, 560), (150, 152, 156), (110, 112, 116))
    if not ads:
        return
    for n in range(16):
        x, y = 100 + (n % 6) * 132 + street.random.uniform(-16, 16), 170 + (n // 6) * 112
        paper = street.random.choice(_PAPER)
        street.box((x, y, x + 96, y + 78), paper, (120, 110, 100))
        for row in (16, 32):
            street.pen.line((x + 12, y + row, x + 84, y + row), fill=(70, 70, 70), width=5)
        street.pen.text((x + 8, y + 46), f"1{street.random.randrange(10**10):010d}", fill=(200, 30, 30), font_size=14)


# Drawn edges are harder than a lens makes them, and perceptual hashes dislike that.
def _soften(paint: Painter) -> Painter:
    def painted(street: Street) -> None:
        paint(street)
        street.image = street.image.filter(ImageFilter.GaussianBlur(0.8))

    return painted


DIRTY: Mapping[str, Painter] = {
    "street_rubbish": _soften(_rubbish),
    "overflowing_bin": _soften(lambda street: _bin(street, full=True)),
    "occupied_pavement": _soften(_stalls),
    "illegal_parking": _soften(_parked),
    "pothole": _soften(lambda street: _hole(street, open_hole=True)),
    "small_ads": _soften(lambda street: _wall(street, ads=True)),
}
CLEAN: Mapping[str, Painter] = {
    "street_rubbish": _soften(_tree),
    "overflowing_bin": _soften(lambda street: _bin(street, full=False)),
    "occupied_pavement": _soften(_shop),
    "illegal_parking": _soften(_tactile_paving),
    "pothole": _soften(lambda street: _hole(street, open_hole=False)),
    "small_ads": _soften(lambda street: _wall(street, ads=False)),
}
