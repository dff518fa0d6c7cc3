"""数据包: everything the city itself decides about routing, read from one folder and checked whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from routing.categories import Category, read_categories
from routing.confidence import Curve, read_curve
from routing.platforms import Platform, RoleName, read_platforms
from routing.points import Points, read_points
from routing.strict import PackError, check_depth, read
from routing.units import Tier, Unit, read_units
from routing.what.lexicon import Lexicon, read_lexicon
from routing.where.atlas import Atlas, Sheet, read_atlas
from routing.where.districts import District, read_districts
from routing.where.gazetteer import Gazetteer, read_gazetteer
from routing.whose.rules import Rule, RuleReader

__all__ = ["Category", "Pack", "PackError", "Tier", "Unit", "load"]

UNITS, CATEGORIES, LEXICON, ROUTES = "units.yaml", "categories.yaml", "lexicon.yaml", "routes.yaml"
DISTRICTS = "districts.geojson"
PLACES, COMMUNITIES, BOXES = "places.yaml", "communities.tsv", "street_boxes.tsv"
PLATFORMS, POINTS, CONFIDENCE = "platforms.yaml", "points.yaml", "confidence.yaml"
FILES = (UNITS, CATEGORIES, LEXICON, ROUTES, DISTRICTS, PLATFORMS, POINTS, CONFIDENCE, PLACES, COMMUNITIES, BOXES)
# What may be edited while the program runs; units are rows of a table too, the others come from surveys.
EDITABLE = (CATEGORIES, ROUTES, LEXICON, PLACES, PLATFORMS)
AS_SHIPPED: Mapping[str, str] = MappingProxyType({})
VERSION_DIGITS = 12


@dataclass(frozen=True)
class Pack:
    """数据包. Units by code, categories by key, both in the order of their files.

    `districts` are the polygons, `streets` the names of streets and districts, `atlas` the names of all
    places, `rules` the root of the rule tree. `platforms` and `roles` are by key. `curve` is the
    calibration measured for the lexicon alone. `version` changes with any byte of any file. `folder` is where
    it was read from, `texts` what it was made of: the files by name, edited ones as they were edited.
    """

    units: Mapping[str, Unit]
    categories: Mapping[str, Category]
    districts: tuple[District, ...]
    streets: Gazetteer
    atlas: Atlas
    lexicon: Lexicon
    rules: Rule
    platforms: Mapping[str, Platform]
    roles: Mapping[str, RoleName]
    points: Points
    curve: Curve
    version: str
    folder: Path = field(repr=False)
    texts: Mapping[str, str] = field(repr=False)


def load(folder: Path, edited: Mapping[str, str] = AS_SHIPPED) -> Pack:
    """Read and check a pack; raises PackError with file and line for the first thing that is wrong.

    edited: texts by file name that stand in for the folder's own, see EDITABLE.
    """
    # The last two parts name a file the same on every machine: "data/jinan/routes.yaml".
    label = "/".join(folder.resolve().parts[-2:])
    # Read once, so that the version is of the very bytes that were checked.
    texts = {name: _of(folder, label, name, edited) for name in FILES}
    for name, text in edited.items():
        check_depth(f"{label}/{name}", text)
    entries = {name: read(f"{label}/{name}", texts[name]) for name in FILES if name.endswith(".yaml")}
    units = read_units(entries[UNITS])
    categories = read_categories(entries[CATEGORIES], units)
    platforms, roles = read_platforms(entries[PLATFORMS])
    points = read_points(entries[POINTS], units, categories)
    streets = read_gazetteer(entries[UNITS], units)
    communities, boxes = (Sheet(f"{label}/{name}", texts[name]) for name in (COMMUNITIES, BOXES))
    return Pack(
        units=units,
        categories=categories,
        districts=read_districts(f"{label}/{DISTRICTS}", texts[DISTRICTS], units),
        streets=streets,
        atlas=read_atlas(entries[PLACES], communities, boxes, streets, units, points),
        lexicon=read_lexicon(entries[LEXICON], categories),
        rules=RuleReader(units, categories, points.site_types).read(entries[ROUTES]),
        platforms=platforms,
        roles=roles,
        points=points,
        curve=read_curve(entries[CONFIDENCE]),
        version=_version(texts),
        folder=folder,
        texts=texts,
    )


def _of(folder: Path, label: str, name: str, edited: Mapping[str, str]) -> str:
    return edited[name] if name in edited else _text(folder / name, f"{label}/{name}")


def shipped(folder: Path, name: str) -> str:
    """A file's text as it came with the program; raises PackError."""
    return _text(folder / name, "/".join([*folder.resolve().parts[-2:], name]))


def _text(path: Path, label: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise PackError(label, 0, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PackError(label, 0, "is not UTF-8") from error


def _version(texts: Mapping[str, str]) -> str:
    whole = "".join(f"{name}\0{text}\0" for name, text in texts.items())
    return sha256(whole.encode()).hexdigest()[:VERSION_DIGITS]
