"""地名库: all a pack knows about places, and every place name in a text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from routing.points import Points
from routing.strict import Entry
from routing.units import Tier, Unit
from routing.where.boxes import Box, read_boxes
from routing.where.communities import Communities, Home, read_communities
from routing.where.evidence import Kind, Mention, uncovered
from routing.where.gazetteer import ROAD_ENDINGS, Gazetteer
from routing.where.landmarks import Landmarks, read_landmarks
from routing.where.posts import Posts, index_posts
from routing.where.roads import Roads, read_roads
from routing.where.sounds import SHORTEST, Correction, Speller
from routing.where.territories import Territories, read_territories

# Names of roads are short and much alike: only longer ones are recognised misspelt.
LONG_ROAD = 4


@dataclass(frozen=True)
class Atlas:
    """地名库: names of each kind, the boxes by street, and the names as they sound."""

    names: Gazetteer
    communities: Communities
    posts: Posts
    roads: Roads
    landmarks: Landmarks
    boxes: Mapping[str, Box]
    territories: Territories
    speller: Speller

    def mentions(self, text: str) -> list[Mention]:
        """The place names in a normalised text, in its order, but for those inside longer ones."""
        tables = (self.names, self.posts, self.roads, self.communities, self.landmarks)
        return uncovered(mention for table in tables for mention in table.mentions(text))

    def misspelt(self, text: str) -> list[Mention]:
        """The misspelt place names in a normalised text, each with the word as it was written."""
        corrected, corrections = self.speller.corrected(text)
        if not corrections:
            return []
        found = ((mention, _correction(mention, corrections)) for mention in self.mentions(corrected))
        return [_as_written(one, why) for one, why in found if why]


@dataclass(frozen=True, slots=True)
class Sheet:
    """一个文件: a table's name, for its faults, and its text."""

    file: str
    text: str


def read_atlas(
    places: Entry, communities: Sheet, boxes: Sheet, names: Gazetteer, units: Mapping[str, Unit], points: Points
) -> Atlas:
    """The atlas of a pack; raises PackError for a broken row of any of its files."""
    places.only("roads", "landmarks", "not_alone")
    territories, posts = read_territories(units), points.posts.values()
    roads = read_roads(places.entries("roads"), posts, territories)
    landmarks = read_landmarks(places.entries("landmarks"), points.site_types, units, territories)
    found = index_posts(posts)
    # What also bears another name needs its 社区 to be a community's.
    taken = {*names.forms, *found.forms, *roads.forms, *landmarks.forms, *places.texts("not_alone")}
    towns = read_communities(communities.file, communities.text, units, taken)
    return Atlas(
        names=names,
        communities=towns,
        posts=found,
        roads=roads,
        landmarks=landmarks,
        boxes=read_boxes(boxes.file, boxes.text, units),
        territories=territories,
        speller=_speller(names, towns, roads, landmarks),
    )


def _speller(names: Gazetteer, communities: Communities, roads: Roads, landmarks: Landmarks) -> Speller:
    alone = [*names.forms, *landmarks.forms, *(road for road in roads.forms if len(road) >= LONG_ROAD)]
    kinds = [stem + home.kind for stem, homes in communities.homes.items() for home in homes if _is_long(stem, home)]
    bare = {form for form, (unit, full) in names.forms.items() if unit.tier is Tier.STREET and not full}
    roadlike = {form for form in bare if form.endswith(ROAD_ENDINGS)}
    return Speller(
        names=frozenset(alone).difference(roadlike).union(kinds),
        offices=frozenset(_stems(names)),
        communities=frozenset(communities.homes),
    )


def _is_long(stem: str, home: Home) -> bool:
    # Of 刘家村 and 柳家村 either may be meant.
    return home.kind == "社区" or (home.kind == "村" and len(stem) >= SHORTEST)


def _stems(names: Gazetteer) -> Iterable[str]:
    """The streets' names as they stand before 街道."""
    return (form.removesuffix("街道") for form, (unit, full) in names.forms.items() if full and form.endswith("街道"))


def _correction(mention: Mention, corrections: Iterable[Correction]) -> Correction | None:
    return next((one for one in corrections if one.start < mention.end and mention.start < one.end), None)


def _as_written(mention: Mention, correction: Correction) -> Mention:
    # The name is what should have been written, which for a landmark may be one of its other names.
    unit = mention.kind in (Kind.STREET, Kind.BARE_STREET, Kind.DISTRICT, Kind.BARE_DISTRICT)
    name = mention.name if unit else mention.word
    return replace(mention, word=_written(mention, correction), name=name, fit=correction.fit)


def _written(mention: Mention, correction: Correction) -> str:
    """A corrected name as it was written: the wrong part with what stood around it."""
    before = mention.word[: max(0, correction.start - mention.start)]
    behind = mention.word[correction.end - mention.start :] if correction.end < mention.end else ""
    return before + correction.written + behind
