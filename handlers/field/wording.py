"""测评文案: what assessors and importers of sheets are told, out of the one file that holds it."""

from pathlib import Path

from models.wording import Texts

# Read on import: a file of results is read before there is an installation to hand texts over.
TEXTS = Texts(Path(__file__).with_name("texts.yaml"))
