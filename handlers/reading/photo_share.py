"""照片归属: "1:1,2 2:3" says that the first problem is shown by photos 1 and 2, the second by photo 3."""

import re
import unicodedata

_SHARE = re.compile(r"(\d{1,2})\s*:\s*(\d{1,2}(?:\s*[,、]\s*\d{1,2}(?!\d|\s*:))*)")


def read_share(text: str) -> dict[str, list[int]]:
    """Problem number → photo numbers, both from 1; {} when the text is anything else."""
    words = unicodedata.normalize("NFKC", text).strip()
    found = _SHARE.findall(words)
    rest = _SHARE.sub("", words).strip(" ,;；\n、。")
    if not found or rest:
        return {}
    return {number: [int(n) for n in re.findall(r"\d+", photos)] for number, photos in found}
