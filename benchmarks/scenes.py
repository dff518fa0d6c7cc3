"""Street scenes (街景): drawn places, seen by a camera that stands where and when it likes."""

from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from math import cos, sin
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from benchmarks import street_parts
from benchmarks.street_parts import PARTS, PIXELS_PER_METRE, Style

WIDTH, HEIGHT = 960, 720
# Drawn wider than it is seen, or a turned camera would look past the edge of the world.
_WIDE, _HIGH = 1280, 960
_FOCAL = 780.0
_EYE = 1.5  # metres above the ground
_GROUND = 50  # pixels per metre of the pavement's sheet


@dataclass(frozen=True, slots=True)
class Thing:
    """物件: one part of a scene, `x` metres to the right and `z` metres ahead."""

    part: str
    seed: int
    x: float
    z: float


@dataclass(frozen=True, slots=True)
class Place:
    """地点: what stays when the rubbish is gone."""

    style: int
    seed: int
    distance: float  # metres to the house fronts
    things: tuple[Thing, ...]
    heaps: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class View:
    """机位与光线: where the camera stood and what the light was like.

    Steps are metres, turns radians, zoom a factor. The light: gain, gamma, warmth, and 0 to 1 of shadow and night.
    """

    aside: float = 0.0
    ahead: float = 0.0
    roll: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    zoom: float = 1.0
    gain: float = 1.0
    gamma: float = 1.0
    warmth: float = 0.0
    shadow: float = 0.0
    night: float = 0.0
    seed: int = 0
    quality: int = 70
    side: int = 960
    passers: tuple[Thing, ...] = field(default=())


def place(style: int, seed: int, shelter: bool = False) -> Place:
    """The place of that number in a street of that style, perhaps with the shelter that all these streets have."""
    dice = Random(f"{style}/{seed}")
    distance = dice.uniform(7, 15)
    kinds = ["bin"] * dice.randint(1, 3) + ["tree"] * dice.randint(0, 2) + ["pole"] * dice.randint(0, 2)
    things = tuple(_thing(dice, kind, 4.5, distance - 0.5) for kind in kinds)
    if shelter:
        things += (Thing("shelter", style, dice.uniform(-1.5, 1.5), min(6.0, distance - 1)),)
    heaps = tuple(_thing(dice, "rubbish", 3.2, min(7.0, distance - 1)) for _ in range(dice.randint(1, 3)))
    return Place(style, dice.randrange(1 << 30), distance, things, heaps)


def any_view(seed: int, steps: float = 1.0) -> View:
    """A view as a person would take it who stood about here; `steps` makes all of it larger or smaller."""
    dice = Random(seed)
    kinds = ["person"] * dice.randint(0, 3) + ["car"] * (dice.random() < 0.4)
    return View(
        aside=dice.gauss(0, 0.9) * steps,
        ahead=dice.gauss(0, 0.7) * steps,
        roll=dice.gauss(0, 0.035) * steps,
        yaw=dice.gauss(0, 0.09) * steps,
        pitch=dice.gauss(0, 0.05) * steps,
        zoom=1 + dice.uniform(-0.12, 0.2) * steps,
        gain=dice.uniform(0.65, 1.3),
        gamma=dice.uniform(0.75, 1.35),
        warmth=dice.uniform(-0.15, 0.15),
        shadow=dice.choice([0, 0, 0.35, 0.55]),
        night=dice.choice([0, 0, 0, 0, 0, 0.5]),
        seed=seed,
        quality=dice.randint(50, 82),
        side=dice.choice([960, 960, 800, 720]),
        passers=tuple(_thing(dice, kind, 4.0, 7.0) for kind in kinds),
    )


def photograph(where: Place, view: View, clean: bool) -> Image.Image:
    """What the camera sees, as plain RGB; `clean` leaves the rubbish out."""
    style = Style.of(where.style)
    frame = _sky(view)
    _hang_front(frame, where, style, view)
    _lay_ground(frame, where, style, view)
    things = where.things + view.passers + (() if clean else where.heaps)
    for thing in sorted(things, key=lambda one: -one.z):
        _set_up(frame, thing, style, view)
    return _lit(_tilted(frame, view), view)


def jpeg(picture: Image.Image, view: View) -> bytes:
    """As WeChat passes it on: smaller, recompressed, without a word about its making."""
    scale = view.side / max(picture.size)
    size = round(picture.width * scale), round(picture.height * scale)
    file = BytesIO()
    picture.resize(size, Image.Resampling.BILINEAR).save(file, "JPEG", quality=view.quality)
    return file.getvalue()


def _thing(dice: Random, part: str, nearest: float, farthest: float) -> Thing:
    z = dice.uniform(nearest, max(nearest, farthest))
    return Thing(part, dice.randrange(1 << 30), dice.uniform(-0.55, 0.55) * z, z)


def _sky(view: View) -> Image.Image:
    dice = Random(view.seed)
    top, low = dice.randint(120, 200), dice.randint(190, 250)
    column = np.linspace(top, low, _HIGH)[:, None, None] * np.ones((1, _WIDE, 3))
    column[..., 0] -= dice.randint(0, 40)
    return Image.fromarray(column.clip(0, 255).astype(np.uint8))


def _hang_front(frame: Image.Image, where: Place, style: Style, view: View) -> None:
    sheet = _front(where.style, where.seed)
    scale = _FOCAL / (where.distance - view.ahead) / PIXELS_PER_METRE
    left = _WIDE / 2 - (sheet.width / 2 / PIXELS_PER_METRE + view.aside) * PIXELS_PER_METRE * scale
    foot = _HIGH / 2 + _EYE * PIXELS_PER_METRE * scale
    inverse = (1 / scale, 0.0, -left / scale, 0.0, 1 / scale, sheet.height - foot / scale)
    hung = sheet.transform(frame.size, Image.Transform.AFFINE, inverse, Image.Resampling.BILINEAR)
    mask = Image.new("L", sheet.size, 255).transform(frame.size, Image.Transform.AFFINE, inverse)
    frame.paste(hung, mask=mask)


def _lay_ground(frame: Image.Image, where: Place, style: Style, view: View) -> None:
    sheet = _ground(where.style, where.seed)
    horizon = _HIGH / 2
    across = sheet.width / 2 + view.aside * _GROUND
    near = -_GROUND * _EYE
    # Columns and rows of the sheet as fractions over (v - horizon), brought to Pillow's form with 1 at the end.
    coefficients = [
        -near, across, near * _WIDE / 2 - across * horizon,
        0.0, view.ahead * _GROUND, -near * _FOCAL - view.ahead * _GROUND * horizon,
        0.0, 1.0,
    ]  # fmt: skip
    coefficients = [value / -horizon for value in coefficients]
    laid = sheet.transform(frame.size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BILINEAR)
    foot = round(horizon + _FOCAL * _EYE / (where.distance - view.ahead))
    frame.paste(laid.crop((0, foot, _WIDE, _HIGH)), (0, foot))


def _set_up(frame: Image.Image, thing: Thing, style: Style, view: View) -> None:
    away = thing.z - view.ahead
    if away < 1.2:
        return
    sprite = _part(thing.part, thing.seed, style)
    scale = _FOCAL / away / PIXELS_PER_METRE
    small = sprite.resize((max(1, round(sprite.width * scale)), max(1, round(sprite.height * scale))))
    x = round(_WIDE / 2 + _FOCAL * (thing.x - view.aside) / away - small.width / 2)
    y = round(_HIGH / 2 + _FOCAL * _EYE / away - small.height)
    shade = Image.new("L", small.size, 0)
    ImageDraw.Draw(shade).ellipse((0, small.height * 0.9, small.width, small.height), fill=110)
    frame.paste((40, 40, 42), (x, y + max(1, small.height // 20)), shade)
    frame.paste(small, (x, y), small)


def _tilted(frame: Image.Image, view: View) -> Image.Image:
    """Turn the camera: what a homography can do to a picture."""
    turn = _rotation(view)
    lens = np.array([[_FOCAL, 0, _WIDE / 2], [0, _FOCAL, _HIGH / 2], [0, 0, 1]])
    seen = np.array([[_FOCAL * view.zoom, 0, WIDTH / 2], [0, _FOCAL * view.zoom, HEIGHT / 2], [0, 0, 1]])
    back = lens @ turn @ np.linalg.inv(seen)
    back /= back[2, 2]
    return frame.transform(
        (WIDTH, HEIGHT), Image.Transform.PERSPECTIVE, back.ravel()[:8].tolist(), Image.Resampling.BICUBIC
    )


def _rotation(view: View) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    a, b, c = view.roll, view.yaw, view.pitch
    roll = np.array([[cos(a), -sin(a), 0], [sin(a), cos(a), 0], [0, 0, 1]])
    yaw = np.array([[cos(b), 0, sin(b)], [0, 1, 0], [-sin(b), 0, cos(b)]])
    pitch = np.array([[1, 0, 0], [0, cos(c), -sin(c)], [0, sin(c), cos(c)]])
    return np.asarray(roll @ yaw @ pitch)


def _lit(frame: Image.Image, view: View) -> Image.Image:
    noise = np.random.default_rng(view.seed)
    pixels = np.asarray(frame).astype(np.float32) / 255
    pixels *= _shade(view)[..., None]
    pixels = (pixels.clip(0, 1) ** view.gamma) * view.gain
    pixels *= np.array([1 + view.warmth, 1, 1 - view.warmth], np.float32)
    pixels += noise.normal(0, 0.012 + 0.03 * view.night, pixels.shape).astype(np.float32)
    return Image.fromarray((pixels * 255).clip(0, 255).astype(np.uint8))


def _shade(view: View) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Sunlight with the shadow of a house across it, or street lamps at night."""
    dice = Random(view.seed + 1)
    sheet = Image.new("L", (WIDTH // 4, HEIGHT // 4), 255)
    x = dice.uniform(0, WIDTH / 4)
    lean = dice.uniform(-80, 80)
    shaded = [(x, 0), (x + lean, HEIGHT / 4), (0, HEIGHT / 4), (0, 0)]
    ImageDraw.Draw(sheet).polygon(shaded, fill=round(255 * (1 - view.shadow)))
    soft = sheet.filter(ImageFilter.GaussianBlur(2)).resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
    shade = np.asarray(soft, np.float32) / 255
    if view.night:
        ys, xs = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
        lamp = np.exp(-(((xs - dice.uniform(0, WIDTH)) / 380) ** 2 + ((ys - dice.uniform(0, 300)) / 380) ** 2))
        shade = shade * (1 - view.night * 1.3) + lamp * 0.7
    return shade.clip(0.05, 1.4).astype(np.float32)


@lru_cache(maxsize=2)
def _front(style: int, seed: int) -> Image.Image:
    return street_parts.front(Style.of(style), seed)


@lru_cache(maxsize=2)
def _ground(style: int, seed: int) -> Image.Image:
    return street_parts.ground(Style.of(style), seed)


def _part(name: str, seed: int, style: Style) -> Image.Image:
    return PARTS[name](style, seed)
