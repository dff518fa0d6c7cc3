"""Site types, posts, outlets and indicators: lookups in texts, and how a broken file is refused."""

from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.pack import Pack, PackError, load
from routing.points import Points, read_points
from routing.strict import read
from routing.units import Tier, Unit
from routing.where.districts import district_at
from tests.routing.conftest import JINAN

FILE = "data/town/points.yaml"
GOOD = """\
site_types:
  - {key: alley, name: 背街小巷, aliases: [胡同]}
  - {key: market, name: 集贸市场}
posts:
  - {key: gate, name: 东门, aliases: [东门桥], unit: mill, lat: 36.65, lon: 117.01}
  - {key: cross, roads: [东街, 磨坊路], unit: east}
outlets:
  - {key: daily, name: 城报, aliases: [城市日报], domains: [paper.town.cn]}
  - {key: portal, name: 城网, domains: [town.cn]}
indicators:
  - {code: H01, name: 无垃圾, words: [有垃圾], category: "event:06010"}
  - {code: H02, name: 无污水, words: [污水], category: "event:06012"}
"""
UNITS = {
    code: Unit(code, code, code, tier, None, None, ())
    for code, tier in {"mill": Tier.STREET, "east": Tier.DISTRICT, "urban": Tier.DEPARTMENT}.items()
}
CATEGORIES = ("event:06010", "event:06012")
TOWN = read_points(read(FILE, GOOD), UNITS, CATEGORIES)

MISTAKES = [
    ("site_types:", "sites:", 1, "unknown key 'sites'"),
    ("key: market", "key: alley", 3, "'alley' stands in 'site_types' twice"),
    ("key: market", "key: Market", 3, "'Market' is not a key of small letters"),
    ("name: 集贸市场", "name: 胡同", 3, "'胡同' stands for something else already"),
    ("aliases: [胡同]", "alias: [胡同]", 2, "unknown key 'alias'"),
    ("[胡同]", "[巷]", 2, "'巷' is too short to be looked for in texts"),
    ("key: cross", "key: gate", 6, "'gate' stands in 'posts' twice"),
    ("unit: mill", "unit: mull", 5, "'mull' is not a street or district"),
    ("unit: mill", "unit: urban", 5, "'urban' is not a street or district"),
    (", unit: mill", "", 5, "'unit' must be a text and not empty"),
    ("name: 东门, ", "", 5, "'name' must be a text and not empty"),
    ("lat: 36.65, lon: 117.01", "lat: 117.01, lon: 36.65", 5, "'lat' must lie between 3 and 54"),
    (", lon: 117.01", "", 5, "'lat' and 'lon' belong together"),
    ("lat: 36.65, ", "", 5, "'lat' and 'lon' belong together"),
    ("lat: 36.65", "lat: north", 5, "'lat' must be a number above zero"),
    ("[东街, 磨坊路]", "[东街]", 6, "'roads' are the two roads of a crossing"),
    ("[东街, 磨坊路]", "[东街, 东街]", 6, "'roads' are the two roads of a crossing"),
    ("[东门桥]", "[磨坊与东]", 6, "'磨坊与东' stands for something else already"),
    ("key: portal", "key: daily", 9, "'daily' stands in 'outlets' twice"),
    ("name: 城网", "name: 城市日报", 9, "'城市日报' stands for something else already"),
    ("[town.cn]", "[paper.town.cn]", 9, "the domain 'paper.town.cn' belongs to 'daily' and 'portal'"),
    ("[town.cn]", '["https://town.cn/"]', 9, "'https://town.cn/' is not a domain"),
    ("code: H02", "code: H01", 12, "'H01' stands in 'indicators' twice"),
    ("code: H02", "code: h2", 12, "'h2' is not a code of one capital letter and two digits"),
    ("[污水]", "[有垃圾]", 12, "'有垃圾' stands for something else already"),
    ('"event:06012"', '"event:06019"', 12, "unknown category 'event:06019'"),
    (', category: "event:06012"', "", 12, "'category' must be a text and not empty"),
]


@pytest.fixture
def town() -> Points:
    return TOWN


@pytest.mark.parametrize(("old", "new", "line", "reason"), MISTAKES)
def test_it_refuses_a_mistake_by_file_line_and_reason(old: str, new: str, line: int, reason: str) -> None:
    assert old in GOOD, "the mistake must hit something"

    with pytest.raises(PackError) as caught:
        read_points(read(FILE, GOOD.replace(old, new, 1)), UNITS, CATEGORIES)

    assert (caught.value.file, caught.value.line) == (FILE, line)
    assert reason in caught.value.reason


def test_it_reads_a_post_with_its_unit_and_place(town: Points) -> None:
    gate, cross = town.posts["gate"], town.posts["cross"]

    assert (gate.unit, gate.lat, gate.lon, gate.roads) == ("mill", 36.65, 117.01, ())
    assert (cross.name, cross.unit, cross.lat, cross.lon) == ("东街与磨坊路路口", "east", None, None)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("胡同里有垃圾", "背街小巷"), ("集贸市场旁边的胡同", "集贸市场"), ("胡同口对面没什么", "背街小巷"),
        ("马路上", None), ("", None),
    ],
)  # fmt: skip
def test_it_names_the_site_type_by_its_longest_name(town: Points, text: str, name: str | None) -> None:
    assert town.site_type(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "东街磨坊路路口有人闯红灯", "磨坊路与东街交叉口", "磨坊路/东街", "东街－磨坊路", "东街、磨坊路",
        "东街和磨坊口", "东街 磨坊路", "cross",
    ],
)  # fmt: skip
def test_it_knows_a_crossing_however_its_roads_are_joined(town: Points, text: str) -> None:
    post = town.post(text)

    assert post == town.posts["cross"]


@pytest.mark.parametrize("text", ["东街堵了", "磨坊路有人逆行", "东街直到磨坊路", "这里", ""])
def test_it_takes_one_road_for_no_crossing(town: Points, text: str) -> None:
    assert town.post(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("来源：城市日报", "城报"), ("https://paper.town.cn/a/1.html", "城报"), ("http://www.town.cn/x", "城网"),
        ("ＴＯＷＮ．ｃｎ", "城网"), ("城报 http://town.cn/reprint", "城报"), ("http://downtown.cn/x", None),
        ("http://town.cn.evil.com/x", None), ("", None),
    ],
)  # fmt: skip
def test_it_names_the_outlet_by_name_or_domain(town: Points, text: str, name: str | None) -> None:
    assert town.outlet(text) == name


def test_it_gives_the_outlets_by_their_domains(town: Points) -> None:
    assert town.domains == {"paper.town.cn": "城报", "town.cn": "城网"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("H02 扣0.5", "H02"), ("ｈ０２扣1分", "H02"), ("花坛边有垃圾 扣1", "H01"), ("H01 污水横流", "H01"),
        ("H99 污水", "H02"), ("AH02B", None), ("H021", None), ("都很好", None),
    ],
)  # fmt: skip
def test_it_finds_the_indicator_by_code_before_words(town: Points, text: str, code: str | None) -> None:
    found = town.indicator(text)

    assert (found.code if found else None) == code


def test_a_pack_without_the_file_is_refused(tmp_path: Path) -> None:
    folder = copytree(JINAN, tmp_path / "town", ignore=ignore_patterns("points.yaml"))

    with pytest.raises(PackError, match="points\\.yaml"):
        load(folder)


@settings(deadline=None)
@given(st.text())
def test_it_reads_any_text(text: str) -> None:
    points = TOWN

    assert points.site_type(text) in (None, "背街小巷", "集贸市场")
    assert points.outlet(text) in (None, "城报", "城网")
    assert points.post(text) in (None, *points.posts.values())
    assert points.indicator(text) in (None, *points.indicators.values())


def test_jinan_has_the_national_assessment_s_kinds_of_place(jinan: Pack) -> None:
    names = [one.name for one in jinan.points.site_types.values()]

    assert len(names) == 21
    assert [jinan.points.site_type(name) for name in names] == names


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("经四纬二有人闯红灯", "daguanyuan"), ("舜耕路经十路路口 电动车逆行", "jingshi-shungeng"),
        ("我在八一立交桥下面", "bayi-interchange"), ("济南西站进站口违停", "west-station"),
        ("泉城广场东边", "quancheng-square"), ("洪楼这边不礼让斑马线", "hongjialou"),
        ("山师东路文化东路口", "wenhuadong-shanshidong"),
    ],
)  # fmt: skip
def test_jinan_knows_its_crossings(jinan: Pack, text: str, key: str) -> None:
    post = jinan.points.post(text)

    assert post is not None
    assert post.key == key


def test_jinan_has_posts_in_every_core_district(jinan: Pack) -> None:
    districts = {jinan.units[post.unit].parent for post in jinan.points.posts.values()}

    assert len(jinan.points.posts) >= 30
    assert districts >= {"370102", "370103", "370104", "370105", "370112"}


def test_jinan_s_measured_posts_lie_in_their_district(jinan: Pack) -> None:
    measured = [post for post in jinan.points.posts.values() if post.lat is not None and post.lon is not None]

    for post in measured:
        unit, found = jinan.units[post.unit], district_at(jinan.districts, post.lat or 0, post.lon or 0)
        assert found is not None
        assert found.code in (unit.code, unit.parent, unit.district), post.name


def test_jinan_finds_every_indicator_by_its_own_words(jinan: Pack) -> None:
    indicators = jinan.points.indicators.values()

    assert len(indicators) >= 25
    for indicator in indicators:
        assert [jinan.points.indicator(word) for word in (indicator.code, indicator.name, *indicator.words)] == [
            indicator
        ] * (2 + len(indicator.words))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("http://jnrb.e23.cn/shtml/1.shtml", "济南日报"), ("https://news.e23.cn/a.html", "舜网"),
        ("齐鲁壹点记者报道", "齐鲁晚报"), ("https://sd.iqilu.com/v5/article", "山东广播电视台"),
        ("https://mp.weixin.qq.com/s/abc", None),
    ],
)  # fmt: skip
def test_jinan_knows_its_outlets(jinan: Pack, text: str, name: str | None) -> None:
    assert jinan.points.outlet(text) == name
