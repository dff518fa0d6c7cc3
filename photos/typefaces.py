"""字体: the fonts that lie beside the code, so that every machine draws and prints the same Chinese."""

from pathlib import Path

FOLDER = Path(__file__).parent / "fonts"
# In the order they are asked whether they have a character.
REGULAR = (
    "noto-sans-sc-chinese-simplified-400-normal.ttf",
    "noto-sans-sc-latin-400-normal.ttf",
    "noto-sans-sc-rare-400-normal.ttf",
)
BOLD = (
    "noto-sans-sc-chinese-simplified-700-normal.ttf",
    "noto-sans-sc-latin-700-normal.ttf",
    "noto-sans-sc-rare-400-normal.ttf",
)
