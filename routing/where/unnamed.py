"""去掉地名和号码: a text without what says where something is, or who called, and not what it is."""

import re

from routing.pack import Pack
from routing.scan import normalise

# Order numbers, telephones and dates; one or two digits may tell how many or how long.
NUMBERS = re.compile(r"\d{3,}")


def unnamed(pack: Pack, text: str) -> str:
    """The normalised text with a blank for each character of a street's, road's or landmark's name or of a number."""
    characters = list(normalise(text))
    for mention in pack.atlas.mentions("".join(characters)):
        characters[mention.start : mention.end] = " " * (mention.end - mention.start)
    return NUMBERS.sub(lambda number: " " * len(number[0]), "".join(characters))
