"""名单文案: what the readers of a roster file say, out of the one file that holds it."""

from pathlib import Path

from models.wording import Texts

# Read on import: a roster is read before there is an installation to hand texts over.
TEXTS = Texts(Path(__file__).with_name("texts.yaml"))
