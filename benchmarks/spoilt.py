"""Spoilt pictures (问题照片): dark, unsharp, shaken, covered, screenshots and photos of screens."""

from random import Random

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

from benchmarks.street_parts import PIXELS_PER_METRE, glyph

PHONE = (1080, 2340)


def dark(good: Image.Image, seed: int) -> Image.Image:
    """Taken at night without a lamp near."""
    dim = ImageEnhance.Brightness(good).enhance(Random(seed).uniform(0.03, 0.14))
    return _grainy(dim, seed, 4.0)


def out_of_focus(good: Image.Image, seed: int) -> Image.Image:
    """The camera looked at something else: nothing smaller than a hand is to be seen."""
    radius = good.width / 960 * Random(seed).uniform(4.0, 9.0)
    return _grainy(good.filter(ImageFilter.GaussianBlur(radius)), seed, 2.0)


def shaken(good: Image.Image, seed: int) -> Image.Image:
    """The camera moved while the shutter was open, straight or aslant."""
    dice = Random(seed)
    steps, aslant = 24, dice.uniform(-0.5, 0.5)
    length = good.width / 960 * dice.uniform(18, 40)
    pixels = np.zeros((good.height, good.width, 3), np.float32)
    for n in range(steps):
        away = length * (n / steps - 0.5)
        pixels += np.asarray(ImageChops.offset(good, round(away), round(away * aslant)), np.float32)
    return _grainy(Image.fromarray((pixels / steps).astype(np.uint8)), seed, 2.0)


def covered(good: Image.Image, seed: int) -> Image.Image:
    """A finger or a pocket before the lens: one colour that fades to one side."""
    dice = Random(seed)
    tint = np.array([dice.uniform(20, 200), dice.uniform(10, 120), dice.uniform(10, 110)])
    fade = np.linspace(dice.uniform(0.7, 1), 1, good.width)[None, :, None]
    sheet = np.ones((good.height, 1, 3)) * fade * tint
    return _grainy(Image.fromarray(sheet.astype(np.uint8)), seed, 3.0)


def white_wall(good: Image.Image, seed: int) -> Image.Image:
    """A good picture of a cleaned wall: nearly nothing on it but light, a seam and a few spots."""
    dice = Random(seed)
    sheet = Image.new("RGB", good.size, (dice.randint(150, 235),) * 3)
    draw = ImageDraw.Draw(sheet)
    width, height = good.size
    y = height * dice.uniform(0.7, 0.9)
    draw.rectangle((0, y, width, height), fill=(120, 115, 110))
    draw.line((0, y, width, y + dice.uniform(-20, 20)), fill=(90, 90, 90), width=3)
    for _ in range(dice.randint(6, 25)):
        x, top, size = dice.uniform(0, width), dice.uniform(0, y), dice.uniform(4, 50)
        draw.ellipse((x, top, x + size, top + size / 2), fill=(dice.randint(110, 180),) * 3)
    return _grainy(sheet, seed, 3.0)


def in_gallery(good: Image.Image, seed: int) -> Image.Image:
    """A screenshot of a photo shown in a phone's gallery, between two black or white bars."""
    dice = Random(seed)
    ground = dice.choice([(0, 0, 0), (255, 255, 255), (24, 24, 26)])
    sheet = Image.new("RGB", PHONE, ground)
    shown = good.resize((PHONE[0], round(good.height * PHONE[0] / good.width)))
    sheet.paste(shown, (0, (PHONE[1] - shown.height) // 2))
    _icons(sheet, dice, (255, 255, 255) if sum(ground) < 300 else (20, 20, 20))
    return sheet


def in_chat(good: Image.Image, seed: int) -> Image.Image:
    """A screenshot of a conversation with the photo in it."""
    dice = Random(seed)
    sheet = Image.new("RGB", PHONE, (237, 237, 237))
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((0, 0, PHONE[0], 190), fill=(247, 247, 247))
    draw.line((0, 190, PHONE[0], 190), fill=(210, 210, 210), width=2)
    draw.rectangle((0, 2150, PHONE[0], PHONE[1]), fill=(220, 220, 222))
    draw.rounded_rectangle((140, 2180, 800, 2270), 12, fill=(255, 255, 255))
    sheet.paste(good.resize((640, 480)), (180, dice.randint(300, 900)))
    draw.rounded_rectangle((380, 1500, 900, 1620), 16, fill=(149, 236, 105))
    _icons(sheet, dice, (20, 20, 20))
    return sheet


def of_a_screen(good: Image.Image, seed: int) -> Image.Image:
    """A photo of a screen that shows the photo: its grid of coloured dots beats with the camera's."""
    dice = Random(seed)
    shown = good.resize((560, 420))
    dots = np.asarray(shown, np.float32).repeat(3, axis=0).repeat(3, axis=1)
    mask = np.full_like(dots, 0.12)
    for colour in range(3):
        mask[:, colour::3, colour] = 1.0
    mask[2::3] *= 0.35
    grid = Image.fromarray((dots * mask * 2.6).clip(0, 255).astype(np.uint8))
    turn, scale = dice.uniform(-6, 6), dice.uniform(0.62, 0.95)
    soft = grid.filter(ImageFilter.GaussianBlur(dice.uniform(0.5, 0.9)))
    seen = soft.rotate(turn, Image.Resampling.BICUBIC, fillcolor=(12, 12, 12))
    small = seen.resize((round(seen.width * scale), round(seen.height * scale)), Image.Resampling.BILINEAR)
    return _grainy(small, seed, 2.0)


def _icons(sheet: Image.Image, dice: Random, ink: tuple[int, int, int]) -> None:
    draw = ImageDraw.Draw(sheet)
    for x in (60, 90, 130, 880, 930, 980):
        glyph(draw, dice, x / PIXELS_PER_METRE, 30 / PIXELS_PER_METRE, 0.4, ink)


def _grainy(picture: Image.Image, seed: int, grain: float) -> Image.Image:
    noise = np.random.default_rng(seed).normal(0, grain, (picture.height, picture.width, 3))
    return Image.fromarray((np.asarray(picture, np.float32) + noise).clip(0, 255).astype(np.uint8))
