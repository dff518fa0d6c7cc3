"""群线索文案: what is said about candidates, out of the one file that holds it."""

from pathlib import Path

from models.wording import Texts

# Read on import: an export is read, and may be refused, before there is an installation to hand texts over.
TEXTS = Texts(Path(__file__).with_name("texts.yaml"))
