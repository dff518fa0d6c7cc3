"""Comparison pictures (整改前后对比): before and after in one frame."""

from PIL import Image

from photos.decode import DEFAULT_LIMITS, Limits, as_jpeg, upright

_GAP = 8
_QUALITY = 85
# A panorama is set smaller instead of wider, or one thin strip would make a frame of any width.
_WIDEST = 2


def side_by_side(before: bytes, after: bytes, height: int = 720, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Put two photos side by side, `height` pixels high, as JPEG without metadata.

    Raises `PhotoRefused` when either photo cannot be taken.
    """
    left = _panel(before, height, limits)
    right = _panel(after, height, limits)
    frame = Image.new("RGB", (left.width + _GAP + right.width, height), "white")
    for panel, x in ((left, 0), (right, left.width + _GAP)):
        frame.paste(panel, (x, (height - panel.height) // 2))
    return as_jpeg(frame, _QUALITY)


def _panel(data: bytes, height: int, limits: Limits) -> Image.Image:
    picture = upright(data, _WIDEST * height, limits)
    scale = min(height / picture.height, _WIDEST * height / picture.width)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return picture.resize(size, Image.Resampling.BICUBIC)
