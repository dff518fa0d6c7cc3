"""名称: what groups and figures are called, for pages and for Excel."""

from pathlib import Path

from console.figures.choice import Grouping
from models.wording import Texts
from routing.pack import Pack

TEXTS = Texts(Path(__file__).with_name("texts.yaml"))


def group_name(by: Grouping, key: str, pack: Pack) -> str:
    """What a table's row is called; what is no longer in the data pack goes by its code."""
    if not key:
        return TEXTS("nothing")
    match by:
        case Grouping.PLATFORM:
            return pack.platforms[key].name if key in pack.platforms else key
        case Grouping.UNIT | Grouping.DISTRICT | Grouping.STREET:
            return pack.units[key].short if key in pack.units else key
        case Grouping.CATEGORY:
            return pack.categories[key].name if key in pack.categories else key
        case Grouping.TIER | Grouping.MAJOR:
            text = f"{by.value}.{key}"
            return TEXTS(text) if text in TEXTS.names else key
    return key
