"""地名库: all a pack knows about places, and every place name in a text."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from routing.points import Points
from routing.strict import Entry
from routing.units import Tier, Unit
from routing.where.boxes import Box, read_boxes
from routing.where.communities import Communities, Home, read_communities
from routing.where.evidence import Kind, Mention, stands_free, uncovered
from routing.where.gazetteer import ROAD_ENDINGS, Gazetteer
from routing.where.landmarks import Landmarks, read_landmarks
from routing.where.posts import Posts, index_posts
from routing.where.roads import Roads, read_roads
from routing.where.sounds import SHORTEST, Correction, Speller
from routing.where.territories import Territories, read_territories

# Names of roads are short and much alike: only longer ones are recognised misspelt.
LONG_ROAD = 4
# 市 and 省 sound like half the language: 市一院 is not to be heard in 市医院.
LEVELS = ("市", "省")


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
        tables = (self.names, self.posts, self.roads, self.landmarks)
        found = [mention for table in tables for mention in table.mentions(text)]
        ends = {mention.end for mention in found}
        whole = [one for one in _roads_first(found, text) if _is_whole(one, text, ends)]
        return uncovered([*whole, *self.communities.mentions(text, ends)])

    def misspelt(self, text: str) -> list[Mention]:
        """The misspelt place names in a normalised text, each with the word as it was written."""
        corrected, corrections = self.speller.corrected(text)
        if not corrections:
            return []
        found = self.mentions(corrected)
        ends = {mention.end for mention in found}
        pairs = ((one, _correction(one, corrections)) for one in found if stands_free(corrected, one.start, ends))
        return [_as_written(one, why) for one, why in pairs if why]


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
    sights = (form for form in landmarks.forms if not form.startswith(LEVELS))
    longer = (form for form in roads.forms if len(form) >= LONG_ROAD)
    kinds = (stem + home.kind for stem, homes in communities.homes.items() for home in homes if _is_long(stem, home))
    return Speller(
        names=frozenset((*_streets(names), *sights, *longer, *kinds)),
        offices=frozenset(form.removesuffix("街道") for form in _streets(names) if form.endswith("街道")),
        communities=frozenset(communities.homes),
    )


def _streets(names: Gazetteer) -> Iterator[str]:
    """The streets' names, in full as they really are, and bare but for those of roads."""
    for form, (unit, full) in names.forms.items():
        real = form == unit.name or form.endswith("街道")
        if unit.tier is Tier.STREET and (real if full else not form.endswith(ROAD_ENDINGS)):
            yield form


def _roads_first(mentions: list[Mention], text: str) -> Iterator[Mention]:
    """The mentions; a bare street's name that is also a longer road's becomes one of the road's streets."""
    # 舜玉路社区 is no road, even where no community is listed under the name.
    roads = {(one.start, one.end): one for one in mentions if one.kind is Kind.ROAD}
    roads = {span: one for span, one in roads.items() if not text.startswith("社区", one.end)}
    streets = {(one.start, one.end): one for one in mentions if one.kind is Kind.BARE_STREET}
    for one in mentions:
        road, street = (found.get((one.start, one.end)) for found in (roads, streets))
        if not road or not street or road.units == street.units:
            yield one
        elif one.kind is Kind.ROAD:
            yield replace(one, units=tuple(dict.fromkeys((*street.units, *one.units))))
        elif one.kind is not Kind.BARE_STREET:
            yield one


def _is_whole(mention: Mention, text: str, ends: Container[int]) -> bool:
    # A bare street's name of two characters also ends many others: 巷子口镇.
    short = mention.kind is Kind.BARE_STREET and mention.end - mention.start < SHORTEST
    return not short or stands_free(text, mention.start, ends)


def _is_long(stem: str, home: Home) -> bool:
    # Of 刘家村 and 柳家村 either may be meant.
    return bool(home.kind) and len(stem) >= SHORTEST


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
