"""The place tables: a broken row is refused by file, line and reason, and the order of rows means nothing."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from routing.finding import Finding
from routing.pack import Pack, PackError, load
from routing.units import Tier, Unit
from routing.where.boxes import read_boxes
from routing.where.communities import Communities, read_communities
from routing.where.place import locate
from tests.routing.conftest import JINAN

UNITS = {
    code: Unit(code, code, code, tier, parent, parent, ())
    for code, tier, parent in [
        ("east", Tier.DISTRICT, None),
        ("mill", Tier.STREET, "east"),
        ("mull", Tier.STREET, "east"),
    ]
}
COMMUNITIES = """\
# street, name
mill\t河湾社区
mill\t李家村
mull\t李家村
"""
BOXES = """\
mill\t36.1\t117.1\t36.2\t117.2
mull\t36.2\t117.1\t36.3\t117.2
"""
PLACES = "data/jinan/places.yaml"


def read(text: str) -> Communities:
    return read_communities("data/town/communities.tsv", text, UNITS, ())


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("mill\t河湾社区", "mell\t河湾社区", 2, "'mell' is not a street"),
        ("mill\t河湾社区", "east\t河湾社区", 2, "'east' is not a street"),
        ("mill\t河湾社区", "mill 河湾社区", 2, "a line needs 2 fields"),
        ("mill\t河湾社区", "mill\t", 2, "a line needs 2 fields"),
        ("mill\t河湾社区", "mill\t河", 2, "'河' is too short"),
        ("mull\t李家村", "mill\t李家村", 4, "'李家村' stands under 'mill' twice"),
    ],
)
def test_it_refuses_a_broken_community(old: str, new: str, line: int, reason: str) -> None:
    assert old in COMMUNITIES, "the mistake must hit something"

    with pytest.raises(PackError) as caught:
        read(COMMUNITIES.replace(old, new))

    assert (caught.value.file, caught.value.line) == ("data/town/communities.tsv", line)
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("mull", "mell", 2, "'mell' is not a street"),
        ("mull", "mill", 2, "the box of 'mill' stands here twice"),
        ("\t36.3", "\tnorth", 2, "the bounds must be numbers"),
        ("\t36.3", "\t36.1", 2, "the bounds must be south, west, north, east"),
        ("\t36.3", "\tnan", 2, "the bounds must be south, west, north, east"),
        ("\t36.3", "", 2, "a line needs 5 fields"),
    ],
)
def test_it_refuses_a_broken_box(old: str, new: str, line: int, reason: str) -> None:
    assert old in BOXES, "the mistake must hit something"

    with pytest.raises(PackError) as caught:
        read_boxes("data/town/street_boxes.tsv", BOXES.replace(old, new), UNITS)

    assert (caught.value.file, caught.value.line) == ("data/town/street_boxes.tsv", line)
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("{name: 历山路, streets", "{name: 历山路, street", "unknown key 'street'"),
        ("{name: 历山路, streets: [", '{name: 历山路, streets: ["370199", ', "'370199' is not a street or district"),
        ('{name: 历山路, streets: ["370102"]', "{name: 历山路, streets: []", "'streets' must name a street"),
        ("{name: 历山路,", "{name: 解放路,", "'解放路' stands for another road already"),
        ("{name: 泉城公园, kind: square-park", "{name: 泉城公园, kind: park", "unknown kind 'park'"),
        ("owner: dept-garden}", "owner: dept-gardens}", "unknown unit 'dept-gardens'"),
        ('{name: 泉城公园, kind: square-park, district: "370102"', "{name: 泉城公园, kind: square-park",
         "a landmark has a 'street' or a 'district'"),
        ("lat: 36.6620,", "", "'lat' and 'lon' belong together"),
        ("lat: 36.6620,", "lat: 117.0,", "'lat' must lie between 3 and 54"),
        ("{name: 泉城公园,", "{name: 百花公园,", "'百花公园' stands for another landmark already"),
        ("{name: 泉城公园,", "{name: 园,", "'园' is too short"),
    ],
)  # fmt: skip
def test_it_refuses_a_broken_road_or_landmark(tmp_path: Path, old: str, new: str, reason: str) -> None:
    folder = tmp_path / "data" / "jinan"
    folder.mkdir(parents=True)
    for file in JINAN.iterdir():
        if file.is_file():
            folder.joinpath(file.name).symlink_to(file)
    text = folder.joinpath("places.yaml").read_text("utf-8")
    assert old in text, "the mistake must hit something"
    folder.joinpath("places.yaml").unlink()
    folder.joinpath("places.yaml").write_text(text.replace(old, new, 1), "utf-8")

    with pytest.raises(PackError, match=re.escape(reason)) as caught:
        load(folder)

    assert caught.value.file == PLACES
    assert caught.value.line > 1


def test_it_does_not_care_for_the_order_of_rows(jinan: Pack) -> None:
    lines = JINAN.joinpath("communities.tsv").read_text("utf-8").splitlines()
    turned = "\n".join(reversed(lines))
    taken = jinan.atlas.communities.not_alone
    other = replace(jinan.atlas, communities=read_communities("communities.tsv", turned, jinan.units, taken))
    texts = ("王家庄村路灯不亮", "解放桥社区", "阳光新城三区", "历城区王家庄村")

    before = [locate(jinan, Finding(text=text)) for text in texts]
    after = [locate(replace(jinan, atlas=other), Finding(text=text)) for text in texts]

    assert before == after


def test_jinan_has_its_places(jinan: Pack) -> None:
    atlas = jinan.atlas
    roads = {road.name for road in atlas.roads.forms.values() if road.units}
    landmarks = {landmark.name for landmark in atlas.landmarks.forms.values()}

    assert len(atlas.communities.homes) > 5500
    assert len(roads) > 300
    assert len(landmarks) > 200
    assert len(atlas.boxes) == 146


def test_jinan_s_landmarks_with_a_point_lie_in_their_own_district(jinan: Pack) -> None:
    for landmark in jinan.atlas.landmarks.measured:
        spot = locate(jinan, Finding(text="一堆垃圾", lat=landmark.lat, lon=landmark.lon))

        assert spot.district
        assert jinan.atlas.territories.agree(landmark.unit, spot.district), landmark.name
