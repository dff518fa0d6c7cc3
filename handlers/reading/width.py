"""全角半角: both widths of a character are one character to whoever typed it."""

# One to one, so that a span found in the half-width text is the same span of the original.
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x2005: 0x20}


def half_width(text: str) -> str:
    """Full-width letters, digits, punctuation and spaces made half-width; the length stays the same."""
    return text.translate(_HALF)
