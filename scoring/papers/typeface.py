"""字体: the fonts of photos/fonts in a PDF; no font of the machine is needed."""

from functools import lru_cache
from itertools import groupby

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from photos import typefaces
from photos.lettering import Style, drawable, wrap

# Lines are measured in quarters of a point.
_FINE = 4
_INDENT = "口"


@lru_cache
def face(name: str) -> TTFont:
    """A font file, known to the PDF writer under its own name."""
    found = TTFont(name, typefaces.FOLDER / name)
    pdfmetrics.registerFont(found)
    return found


def runs(words: str, bold: bool) -> list[tuple[str, str]]:
    """Words in stretches, each with the font that has its characters."""
    found = groupby(drawable(words), key=lambda one: _holder(one, bold))
    return [(name, "".join(run)) for name, run in found]


def width(words: str, size: float, bold: bool) -> float:
    """How wide a line is, in points."""
    return sum(pdfmetrics.stringWidth(run, name, size) for name, run in runs(words, bold))


def lines(words: str, room: float, size: float, bold: bool, indent: int = 0) -> list[str]:
    """Words broken into lines, 避头尾 as on pictures. indent: of the first line, in characters."""
    style = Style(round(size * _FINE), bold)
    found = wrap(_INDENT * indent + words, room * _FINE, style, most=10_000) or [""]
    return [found[0].removeprefix(_INDENT * indent), *found[1:]]


@lru_cache(maxsize=16_384)
def _holder(character: str, bold: bool) -> str:
    names = typefaces.BOLD if bold else typefaces.REGULAR
    return next((name for name in names if ord(character) in face(name).face.charToGlyph), names[0])
