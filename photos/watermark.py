"""Watermark (水印): a mark on everything public, all over it, so that cutting a piece out does not lose it."""

from PIL import Image, ImageChops, ImageFilter

from photos.lettering import Style, measure, write

_PART = 22  # of the picture's mean side: small enough to see the picture, large enough to read
_SMALLEST = 12
_SLANT = 24  # degrees
_STRENGTH = 0.34  # of the letters; the shadow around them is weaker
_SHADOW = 0.42
_AIR = 2.2  # line heights between two rows


def watermark(picture: Image.Image, text: str) -> Image.Image:
    """A copy of an RGB picture with the text slanting across all of it, readable on light and on dark.

    Raises `ValueError` where there is nothing to write: a public picture without its mark is a mistake.
    """
    if not text.strip():
        raise ValueError("a watermark needs words")
    marked = picture.convert("RGB")
    letters = _carpet(marked.size, text.strip())
    # White letters on a dark shadow: one of the two stands out wherever it falls.
    shadow = ImageChops.subtract(_thicker(letters), letters)
    marked.paste((0, 0, 0), mask=shadow.point(lambda grey: int(grey * _SHADOW)))
    marked.paste((255, 255, 255), mask=letters.point(lambda grey: int(grey * _STRENGTH)))
    return marked


def _carpet(size: tuple[int, int], text: str) -> Image.Image:
    """Rows of the text, every second one moved by half, as a mask of the picture's size."""
    style = Style(max(_SMALLEST, round((size[0] * size[1]) ** 0.5 / _PART)), bold=True, colour="#ffffff")
    side = int((size[0] ** 2 + size[1] ** 2) ** 0.5) + style.size
    sheet = Image.new("L", (side, side))
    row, step = _row(text, style, side)
    for n, y in enumerate(range(0, side, round(style.line * _AIR))):
        shift = (step // 2) * (n % 2)
        sheet.paste(row.crop((shift, 0, shift + side, row.height)), (0, y))
    turned = sheet.rotate(_SLANT, Image.Resampling.BILINEAR)
    left, top = (side - size[0]) // 2, (side - size[1]) // 2
    return turned.crop((left, top, left + size[0], top + size[1]))


def _row(text: str, style: Style, side: int) -> tuple[Image.Image, int]:
    step = round(measure(text, style)) + 2 * style.size
    row = Image.new("L", (side + 2 * step, style.line))
    for x in range(0, row.width, step):
        write(row, (x, 0), text, style)
    return row, step


def _thicker(mask: Image.Image) -> Image.Image:
    """The letters with a rim of one or two pixels."""
    rim = max(1, min(mask.size) // 500)
    return mask.filter(ImageFilter.MaxFilter(2 * rim + 1))
