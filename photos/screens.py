"""Screens (截图与翻拍): the traces that a screenshot and a photo of a screen leave in file and pixels.

None of them is "no EXIF": WeChat takes that from every photo.
"""

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_Floats = NDArray[np.float32]

# Short and long sides of phone screens. Screens of 16:9 are left out: cameras make pictures of those sizes too.
_PHONE_SCREENS: Mapping[int, frozenset[int]] = {
    720: frozenset({1520, 1560, 1600}),
    828: frozenset({1792}),
    1080: frozenset({2160, 2220, 2280, 2310, 2316, 2340, 2376, 2388, 2400, 2408, 2412}),
    1125: frozenset({2436}),
    1170: frozenset({2532}),
    1179: frozenset({2556}),
    1200: frozenset({2640, 2664, 2670}),
    1206: frozenset({2622}),
    1216: frozenset({2688}),
    1220: frozenset({2656, 2712}),
    1224: frozenset({2700}),
    1240: frozenset({2772}),
    1242: frozenset({2688}),
    1256: frozenset({2760}),
    1260: frozenset({2720, 2800}),
    1264: frozenset({2780}),
    1284: frozenset({2778}),
    1290: frozenset({2796}),
    1320: frozenset({2868}),
    1440: frozenset({3040, 3088, 3120, 3200}),
}
_PHONE_SHAPE = 1.95  # long side by short side; cameras stop at 16:9

_TILE = 256
_MOST_TILES = 6
_APART = 10  # frequencies between a peak and what it is compared with
_FLOOR = 200.0  # below this power everything is the camera's noise
# A JPEG's blocks of eight pixels make peaks of their own, in rows and columns and nowhere else.
_AXIS = 3
# Natural repetition (paving, fences, fronts) is coarser than the beat of two pixel grids, or loses itself.
_COARSEST = 0.07


class File(Protocol):
    """照片来历: what the file says of itself; empty where WeChat has taken it away."""

    @property
    def mime(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def camera(self) -> str: ...


def screenshot(picture: Image.Image, file: File) -> float:
    """How much speaks for a screenshot (截图), 0 to 1: file type, size, and bars of an app above and below."""
    short, long = sorted((file.width, file.height))
    top, bottom = _bars(np.asarray(picture.convert("L"), np.int16))
    against = (
        0.7 if file.mime == "image/png" and not file.camera else 1.0,
        0.85 if long >= _PHONE_SHAPE * short else 1.0,
        0.7 if long in _PHONE_SCREENS.get(short, ()) and not file.camera else 1.0,
        # Phones write their maker's name into a white bar below, so one bar alone is no sign.
        (1.0, 0.7, 0.3)[top + bottom],
    )
    return 1 - float(np.prod(against))


def moire(picture: Image.Image) -> float:
    """The strongest regular pattern (摩尔纹) of most of the picture, in natural logarithms over its surroundings."""
    return _strongest(np.asarray(picture.convert("L"), np.float32))


def _bars(grey: NDArray[np.int16]) -> tuple[bool, bool]:
    """Whether a flat bar with a ruled edge lies along the top, along the bottom; a frame all round is none."""
    if min(grey.shape) < 64:
        return False, False
    if _bar(grey.T) and _bar(grey.T[::-1]):
        return False, False
    return _bar(grey), _bar(grey[::-1])


def _bar(grey: NDArray[np.int16]) -> bool:
    """Whether a bar of one colour, letters in it or not, ends at a straight line within the first third."""
    part = grey[: grey.shape[0] // 3, ::3]
    ground = np.median(part, axis=1).astype(np.int16)
    flat = (np.abs(part - ground[:, None]) <= 3).mean(axis=1) > 0.6
    steps = np.abs(part[3:] - part[:-3]) >= 8
    for y in np.flatnonzero(steps.mean(axis=1) > 0.72):
        above = slice(max(0, y - 8), y + 1)
        # The same colour up to the line: a wall below the sky ends as straight, but it is not one grey.
        if y >= 8 and flat[above].all() and np.ptp(ground[above]) <= 3 and flat[: y + 1].mean() > 0.8:
            return True
    return False


def _strongest(plane: _Floats) -> float:
    tiles = _tiles(plane)
    if len(tiles) < 2:
        return 0.0
    spectra = np.log(np.abs(np.fft.rfft2(tiles * _WINDOW)) ** 2 + _FLOOR)
    # What most tiles have, not one of them: a fence is in a part of the picture, the grid of a screen everywhere.
    common = np.sort(_spread(spectra), axis=0)[int(0.35 * len(tiles))]
    return float((common - _ring(common))[_JUDGED].max())


def _tiles(plane: _Floats) -> _Floats:
    rows, columns = (side // _TILE for side in plane.shape)
    corners = [(y * _TILE, x * _TILE) for y in range(rows) for x in range(columns)]
    every = max(1, len(corners) // _MOST_TILES)
    tiles = [plane[y : y + _TILE, x : x + _TILE] for y, x in corners[::every]]
    return np.stack([tile - tile.mean() for tile in tiles]) if tiles else np.zeros((0, _TILE, _TILE), np.float32)


def _ring(spectrum: _Floats) -> _Floats:
    """The largest of eight frequencies around each: an edge makes a ridge that goes on there, a grid does not."""
    turns = np.arange(8) * np.pi / 4
    steps = [(round(_APART * float(np.sin(turn))), round(_APART * float(np.cos(turn)))) for turn in turns]
    return np.asarray(np.maximum.reduce([np.roll(spectrum, step, (0, 1)) for step in steps]), np.float32)


def _spread(spectra: _Floats) -> _Floats:
    """The largest of each frequency and its neighbours: a screen seen aslant beats a little faster at one side."""
    for axis in (1, 2):
        spectra = np.maximum.reduce([np.roll(spectra, step, axis) for step in (-2, -1, 0, 1, 2)])
    return spectra


def _judged() -> NDArray[np.bool_]:
    down, across = np.fft.fftfreq(_TILE)[:, None], np.fft.rfftfreq(_TILE)[None, :]
    off_axis = (np.abs(down) > _AXIS / _TILE) & (across > _AXIS / _TILE)
    inner = (np.abs(down) < 0.47) & (across < 0.47)
    return np.asarray(off_axis & inner & (np.hypot(down, across) > _COARSEST))


_WINDOW = np.outer(np.hanning(_TILE), np.hanning(_TILE)).astype(np.float32)
_JUDGED = _judged()
