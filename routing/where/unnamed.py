"""去掉地名: a text without its places' names, which say where something is and not what it is."""

from routing.pack import Pack
from routing.scan import normalise


def unnamed(pack: Pack, text: str) -> str:
    """The normalised text with a blank for each character of a street's, road's or landmark's name."""
    characters = list(normalise(text))
    for mention in pack.atlas.mentions("".join(characters)):
        characters[mention.start : mention.end] = " " * (mention.end - mention.start)
    return "".join(characters)
