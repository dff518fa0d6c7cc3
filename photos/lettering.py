"""Lettering (排字): Chinese words on pictures: measured, broken into lines, and never as empty boxes.

The fonts lie beside the code, so every machine draws the same. A character no font has is replaced by its plain
form (Ⅱ by II, ㈱ by (株)); what only decorates (emoji, joiners) is left out; the rest becomes 〓, the printer's sign
for a missing letter.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from threading import RLock

from PIL import Image, ImageDraw, ImageFont

from photos.typefaces import BOLD, FOLDER, REGULAR

MISSING = "〓"
ELLIPSIS = "…"
# In no font at all, so that its picture is what a font draws for what it lacks.
_NOBODYS = "\U000fffff"
_PROBE = 24
# FreeType's faces are not made for two threads at once, and drawing a line takes less than a millisecond.
_lock = RLock()

# 避头尾: what may not begin a line, and what may not end one.
_CLOSING = "，。！？；：、）】》〉」』”’…—·％℃,.!?;:)]}%"
_OPENING = "（【《〈「『“‘([{"
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,:/_@+#'%-]*|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Style:
    """字样: size in pixels, colour as Pillow names it."""

    size: int
    bold: bool = False
    colour: str = "#1f2a37"

    @property
    def line(self) -> int:
        """From one line to the next, in pixels."""
        return round(self.size * 1.45)


def measure(text: str, style: Style) -> float:
    """How wide a line of text is, in pixels."""
    with _lock:
        return sum(_font(name, style.size).getlength(run) for name, run in _runs(text, style.bold))


def write(picture: Image.Image, at: tuple[float, float], text: str, style: Style) -> float:
    """Draw one line with its upper left corner at `at`; returns where it ends."""
    draw = ImageDraw.Draw(picture)
    x, base = at[0], at[1] + style.line / 2 + style.size * 0.36
    with _lock:
        for name, run in _runs(text, style.bold):
            font = _font(name, style.size)
            draw.text((x, base), run, font=font, fill=style.colour, anchor="ls")
            x += font.getlength(run)
    return x


def shorten(text: str, width: float, style: Style) -> str:
    """The text if it fits into `width` pixels, else its beginning and …"""
    if measure(text, style) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = measure(text[:middle].rstrip() + ELLIPSIS, style) <= width
        low, high = (middle, high) if fits else (low, middle - 1)
    return text[:low].rstrip(_OPENING + " ") + ELLIPSIS


def wrap(text: str, width: float, style: Style, most: int = 3) -> list[str]:
    """Lines of at most `width` pixels; what does not fit into `most` lines is cut off with …"""
    lines = [line for part in text.splitlines() for line in _broken(part.strip(), width, style)]
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], shorten("".join(lines[most - 1 :]), width, style)]


def drawable(text: str) -> str:
    """The text in characters the fonts have, on one line."""
    return "".join(_known(character) for character in unicodedata.normalize("NFC", text))


def _broken(text: str, width: float, style: Style) -> Iterator[str]:
    line = ""
    for piece in _pieces(text, width, style):
        if line and measure((line + piece).rstrip(), style) > width:
            yield line.rstrip()
            line = piece.lstrip()
        else:
            line += piece
    if line.strip():
        yield line.rstrip()


def _pieces(text: str, width: float, style: Style) -> Iterator[str]:
    """What is kept together: a Latin word, a character with the punctuation that clings to it."""
    piece = ""
    for word in _WORD.findall(drawable(text)):
        clings = piece and (word[0] in _CLOSING or piece[-1] in _OPENING)
        if not clings:
            yield piece
            piece = word
        elif measure(piece + word, style) <= width:
            piece += word
        else:  # only the last letter goes along, so that the stop has company at the beginning of its line
            yield piece[:-1]
            piece = piece[-1] + word
        if measure(piece, style) > width:
            *whole, piece = _cut(piece, width, style)
            yield from whole
    yield piece


def _cut(word: str, width: float, style: Style) -> Iterator[str]:
    """A word wider than the line has to be broken somewhere."""
    start = 0
    for end in range(1, len(word) + 1):
        if end - start > 1 and measure(word[start:end], style) > width:
            # One letter less, where the next line would begin with a stop.
            cut = end - 2 if word[end - 1] in _CLOSING and end - start > 2 else end - 1
            yield word[start:cut]
            start = cut
    yield word[start:]


def _runs(text: str, bold: bool) -> list[tuple[str, str]]:
    """The text in stretches that one font file can draw."""
    fitted = [(_file(character, bold), character) for character in drawable(text)]
    return [(name, "".join(c for _, c in run)) for name, run in groupby(fitted, key=lambda one: one[0])]


@lru_cache(maxsize=16_384)
def _known(character: str) -> str:
    if _holder(character, False):
        return character
    if character.isspace():
        return " "
    plain = unicodedata.normalize("NFKC", character)
    if plain != character:
        return "".join(_known(one) for one in plain)
    return "" if unicodedata.category(character) in _SILENT else MISSING


# Controls, joiners, variation selectors, private use, accents left alone, and pictures such as emoji.
_SILENT = {"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me", "Sk", "So"}


def _file(character: str, bold: bool) -> str:
    return _holder(character, bold) or (BOLD if bold else REGULAR)[0]


@lru_cache(maxsize=32_768)
def _holder(character: str, bold: bool) -> str:
    """The file that has this character, "" when none has."""
    with _lock:
        return next((name for name in (BOLD if bold else REGULAR) if _has(name, character)), "")


def _has(name: str, character: str) -> bool:
    """Pillow does not tell what a font lacks; it shows: everything missing looks the same."""
    if character == " ":
        return True
    # A lone surrogate is text to Python and to nobody else.
    if not character.isprintable() or unicodedata.category(character) in ("Cs", "Cn"):
        return False
    return _look(name, character) != _look(name, _NOBODYS)


def _look(name: str, character: str) -> tuple[tuple[int, int], bytes]:
    mask = _font(name, _PROBE).getmask(character)
    return mask.size, bytes(mask)


@lru_cache(maxsize=64)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    # The basic layout on purpose: it needs no library that a machine may have or lack.
    return ImageFont.truetype(FOLDER / name, size, layout_engine=ImageFont.Layout.BASIC)
