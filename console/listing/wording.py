"""清单的文案: what is said from Python."""

from pathlib import Path

from console.listing.filter import Unknown
from models.wording import Texts

TEXTS = Texts(Path(__file__).with_name("texts.yaml"))


def told(unknown: Unknown) -> str:
    """What a visitor hears of a parameter that means nothing here."""
    key = f"name.{unknown.name}"
    return TEXTS("unknown", name=TEXTS(key) if key in TEXTS.names else unknown.name, value=unknown.value)
