"""编号范围: "1,3-5" as people type it."""

import re

from handlers.reading.width import half_width

AT_MOST = 100
_TO = r"\s*(?:-|~|—|–|到|至)+\s*"
_ONE = rf"[0-9]{{1,9}}(?:{_TO}[0-9]{{1,9}})?"
_COMMA = r"\s*(?:[,、;]|和|及)\s*"
_LISTED = re.compile(rf"\s*{_ONE}(?:{_COMMA}{_ONE})*")
# "1 3 5" is a list only where nothing else follows: in "12 3号楼下垃圾" the second number belongs to the words.
_SPACED = re.compile(rf"\s*{_ONE}(?:(?:{_COMMA}|\s+){_ONE})*[\s,、;.。号]*")
_NUMBER = re.compile(rf"([0-9]{{1,9}})(?:{_TO}([0-9]{{1,9}}))?")


def read(text: str) -> tuple[list[int], str]:
    """The numbers a text begins with, each once and at most a hundred, and the words after them."""
    flat = half_width(text)
    found = _SPACED.fullmatch(flat) or _LISTED.match(flat)
    if found is None:
        return [], text.strip()
    numbers: dict[int, None] = {}
    for one, other in _NUMBER.findall(found[0]):
        first, last = sorted((int(one), int(other or one)))
        # A range into the millions is a slip.
        numbers |= dict.fromkeys(range(first, min(last, first + AT_MOST) + 1))
    return list(numbers)[:AT_MOST], text[found.end() :].lstrip(" \t\n:：,，.。、号")
