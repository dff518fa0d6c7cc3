"""Streets (街景): invented scenes, littered or clean, that look enough like photos to judge a layout by."""

import random

from PIL import Image, ImageDraw, ImageFilter

from tests.photos.drawing import jpeg

_BAGS = ((42, 42, 46), (225, 222, 214), (178, 60, 48), (70, 96, 150), (196, 160, 70))


def street(width: int = 960, height: int = 1280, *, littered: bool, seed: int = 1) -> bytes:
    """A wall with windows, a tree, a pavement and a bin; bags around it where it is littered. JPEG."""
    chance = random.Random(seed)
    scene = Image.new("RGB", (width, height), (196, 212, 226))
    pen = ImageDraw.Draw(scene)
    ground = int(height * 0.62)
    _wall(pen, chance, width, ground)
    _pavement(pen, width, height, ground)
    _tree(pen, chance, width, ground)
    _bin(pen, width, height, ground, littered)
    if littered:
        _bags(pen, chance, width, height, ground)
    noise = Image.effect_noise((width, height), 26).convert("RGB")
    return jpeg(Image.blend(scene.filter(ImageFilter.GaussianBlur(1.2)), noise, 0.04), quality=88)


def _wall(pen: ImageDraw.ImageDraw, chance: random.Random, width: int, ground: int) -> None:
    pen.rectangle((0, int(ground * 0.12), width, ground), fill=(201, 184, 160))
    step = max(width, ground) // 6
    for x in range(step // 3, width, step):
        for y in range(int(ground * 0.2), ground - step, step):
            shade = chance.randrange(-18, 18)
            frame = (x, y, x + int(step * 0.55), y + int(step * 0.62))
            pen.rectangle(frame, fill=(92 + shade, 112 + shade, 128 + shade), outline=(236, 230, 218), width=6)
    pen.rectangle((0, ground - step // 8, width, ground), fill=(150, 132, 116))


def _pavement(pen: ImageDraw.ImageDraw, width: int, height: int, ground: int) -> None:
    pen.rectangle((0, ground, width, height), fill=(158, 156, 150))
    for n in range(1, 9):
        y = ground + int((height - ground) * (n / 9) ** 1.6)
        pen.line((0, y, width, y), fill=(138, 136, 131), width=3)
    for n in range(-8, 18):
        far, near = width // 2 + (n - 5) * width // 14, width // 2 + (n - 5) * width // 5
        pen.line((far, ground, near, height), fill=(141, 139, 134), width=2)


def _tree(pen: ImageDraw.ImageDraw, chance: random.Random, width: int, ground: int) -> None:
    x = int(width * 0.82)
    pen.rectangle((x - width // 50, int(ground * 0.4), x + width // 50, int(ground * 1.06)), fill=(94, 74, 58))
    for _ in range(70):
        size = chance.randrange(width // 22, width // 9)
        at = (
            x + chance.randrange(-width // 5, width // 5),
            int(ground * 0.3) + chance.randrange(-ground // 5, ground // 5),
        )
        green = chance.randrange(82, 132)
        pen.ellipse((at[0] - size, at[1] - size, at[0] + size, at[1] + size), fill=(58, green, 62))


def _bin(pen: ImageDraw.ImageDraw, width: int, height: int, ground: int, littered: bool) -> None:
    side = int(min(width, height) * 0.2)
    left, top = int(width * 0.34), ground - int(side * 0.75)
    pen.rectangle((left, top, left + side, top + int(side * 1.35)), fill=(44, 110, 84))
    pen.rectangle((left + side // 5, top + side // 2, left + side - side // 5, top + side), fill=(226, 232, 226))
    lid = top - side // 2 if littered else top - side // 8
    pen.polygon(
        (left - 9, top, left + side + 9, lid if littered else top, left + side + 9, lid, left - 9, top - side // 8),
        fill=(34, 88, 68),
    )


def _bags(pen: ImageDraw.ImageDraw, chance: random.Random, width: int, height: int, ground: int) -> None:
    side = int(min(width, height) * 0.085)
    for _ in range(26):
        x = int(width * 0.42) + chance.randrange(-int(width * 0.3), int(width * 0.3))
        y = ground + chance.randrange(int((height - ground) * 0.12), int((height - ground) * 0.62))
        w, h = chance.randrange(side // 2, side), chance.randrange(side // 3, side)
        pen.ellipse((x - w, y - h, x + w, y + h), fill=chance.choice(_BAGS), outline=(60, 58, 55), width=3)
