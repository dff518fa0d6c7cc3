"""What a pack holds, and how a broken one is refused: with file, line and reason."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from routing.pack import Pack, PackError, Tier, load

JINAN = Path(__file__).resolve().parents[2] / "data" / "jinan"
GOOD = {
    "units.yaml": """\
units:
  - {code: cmd, name: 指挥部, tier: command}
  - {code: urban, name: 城管局, tier: department, parent: cmd}
  - {code: east, name: 东城区, short: 东城, tier: district, parent: cmd}
  - {code: mill, name: 磨坊街道, short: 磨坊, tier: street, parent: east}
not_alone: [磨坊]
""",
    "categories.yaml": """\
campaigns: [环境]
vetoes: [安全]
defaults:
  event: {department: urban, lead: street, evidence: photo}
events:
  - {code: "06010", name: 暴露垃圾, plain: 卫生脏乱, campaign: 环境, rectify_hours: 4}
  - {code: "06042", name: 垃圾满溢, plain: 卫生脏乱}
parts:
  - {code: "06010", name: 同码部件, department: urban, lead: department, evidence: [photo, words]}
""",
    "lexicon.yaml": """\
denials:
  before: [没有]
  after: [已清理]
troubles: [坏]
ignored: [垃圾短信]
words:
  event:06010: {4: [垃圾]}
  part:06010:
    things: [垃圾桶]
""",
    "routes.yaml": """\
unit: cmd
routes:
  - when: {category: ["event:06010"]}
    unit: "@lead"
    co: [urban]
    routes:
      - when: {words: [小区]}
        unit: urban
  - when: {category: ["event:*"], district: [东城区]}
    unit: urban
  - when: {category: ["event:*", "part:*"]}
    unit: "@lead"
""",
    "districts.geojson": """\
{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code": "east"}, "geometry":
{"type": "Polygon", "coordinates": [
[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]], [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]]}}]}
""",
    # Every pack has the same platforms, so that the small one needs no others than Jinan's.
    "platforms.yaml": (JINAN / "platforms.yaml").read_text("utf-8"),
    "confidence.yaml": """corners: ["0 0", "1 1"]
""",
    "points.yaml": """\
site_types:
  - {key: hall, name: 会堂}
posts:
  - {key: mill-gate, name: 磨坊门, unit: mill}
""",
    "places.yaml": """\
roads:
  - {name: 磨坊路, streets: [mill]}
landmarks:
  - {name: 磨坊会堂, kind: hall, street: mill}
""",
    "communities.tsv": "mill\t河湾社区\n",
    "street_boxes.tsv": "mill\t3.1\t73.1\t3.2\t73.2\n",
}
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the small good pack, with one text of one file replaced."""

    def write(name: str = "units.yaml", old: str = "", new: str = "") -> Path:
        assert old in GOOD[name], "the mistake must hit something"
        folder = tmp_path / "data" / "town"
        folder.mkdir(parents=True)
        for each, text in GOOD.items():
            folder.joinpath(each).write_text(text.replace(old, new, 1) if each == name and old else text, "utf-8")
        return folder

    return write


SECOND_MILL = "  - {code: mull, name: 磨坊镇, tier: street, parent: east}\n"
MISTAKES = [
    ("units.yaml", "code: urban", "code: cmd", 3, "the unit 'cmd' stands here twice"),
    ("units.yaml", "tier: department", "tier: bureau", 3, "unknown tier 'bureau'"),
    ("units.yaml", "parent: east", "parent: west", 5, "unknown parent 'west'"),
    ("units.yaml", "district, parent: cmd", "district, parent: mill", 4, "'east' is among its own parents"),
    ("units.yaml", "district, parent: cmd", "district", 4, "a parent is missing"),
    ("units.yaml", "command}", "command, parent: east}", 2, "the command centre has no parent"),
    ("units.yaml", "tier: command", "tier: department", 1, "one unit of the tier 'command', not 0"),
    ("units.yaml", "parent: east}", "parent: east, district: urban}", 5, "'urban' is not a district"),
    ("units.yaml", "parent: east}", "parent: east, alias: [磨]}", 5, "unknown key 'alias'"),
    ("units.yaml", "name: 城管局, ", "", 3, "'name' must be a text and not empty"),
    ("units.yaml", "not_alone", f"{SECOND_MILL}not_alone", 1, "the name '磨坊街道' belongs to 'mill' and 'mull'"),
    ("units.yaml", "not_alone", "not_all", 6, "unknown key 'not_all'"),
    ("lexicon.yaml", "[没有]\n  after: [已清理]", "&no [没有]\n  after: *no", 2, "anchors and aliases are not used"),
    ("categories.yaml", '"06042"', '"06010"', 7, "the category 'event:06010' stands here twice"),
    ("categories.yaml", '"06042"', '"642"', 7, "'642' is not a code of five digits"),
    ("categories.yaml", "campaign: 环境", "campaign: 别的", 6, "unknown campaign '别的'"),
    ("categories.yaml", "rectify_hours: 4", "rectify_hours: soon", 6, "'rectify_hours' must be a number above zero"),
    ("categories.yaml", "rectify_hours: 4", "rectify_hours: 0", 6, "'rectify_hours' must be a number above zero"),
    ("categories.yaml", "department: urban, lead", "department: east, lead", 4, "'east' is not a department"),
    ("categories.yaml", "lead: street", "lead: command", 4, "unknown lead 'command'"),
    ("categories.yaml", "evidence: photo", "evidence: film", 4, "unknown evidence 'film'"),
    ("categories.yaml", "evidence: photo", "evidence: []", 4, "'evidence' must name what a 整改 has to show"),
    ("categories.yaml", "  event: {", "  happening: {", 6, "'department' must be a text and not empty"),
    ("categories.yaml", "lead: street,", "leads: street,", 4, "unknown key 'leads'"),
    ("confidence.yaml", '"0 0"', '"0 0", "0.5 0.9", "0.7 0.8"', 1, "'0.7 0.8' must lie right of and not below"),
    ("confidence.yaml", '"1 1"', '"1 1.1"', 1, "'1 1.1' does not lie between 0 and 1"),
    ("confidence.yaml", '"1 1"', '"eins"', 1, "'eins' is not two numbers"),
    ("confidence.yaml", ', "1 1"', "", 1, "a curve has at least two corners"),
    ("lexicon.yaml", "event:06010: {4", "event:06019: {4", 7, "unknown category 'event:06019'"),
    ("lexicon.yaml", "{4: [垃圾]}", "{5: [垃圾]}", 7, "unknown key '5'"),
    ("lexicon.yaml", "{4: [垃圾]}", "{4: [垃圾], 3: [垃圾]}", 7, "the word '垃圾' stands here twice"),
    ("lexicon.yaml", "{4: [垃圾]}", "{4: [垃圾…]}", 7, "'垃圾…' must be one word or a pair"),
    ("lexicon.yaml", "{4: [垃圾]}", "{4: [LED灯]}", 7, "'LED灯' must be one word or a pair"),
    ("lexicon.yaml", "denials:", "denial:", 1, "unknown key 'denial'"),
    ("lexicon.yaml", "[坏]", "{坏: 1}", 4, "'troubles' must be a list of texts"),
    ("routes.yaml", "co: [urban]", "co: [urbane]", 5, "unknown unit 'urbane'"),
    ("routes.yaml", 'unit: "@lead"', 'unit: "@village"', 4, "unknown unit '@village'"),
    ("routes.yaml", 'unit: "@lead"', "unit: urban", 4, "who leads for a category is said in categories.yaml"),
    ("routes.yaml", "co: [urban]", "co: [urban, urban]", 5, "'urban' stands in 'co' twice"),
    ("routes.yaml", "words: [小区]", "site: [moon]", 7, "unknown site 'moon'"),
    ("routes.yaml", "words: [小区]", 'hours: "22-6"', 7, "'22-6' is not written like 22:00-06:00"),
    ("routes.yaml", "words: [小区]", 'dates: "11-15..02-30x"', 7, "'11-15..02-30x' is not written like"),
    ("routes.yaml", '["event:*", "part:*"]', '["part:*"]', 2, "no rule answers for the category 'event:06042'"),
    ("routes.yaml", "unit: cmd\n", "unit: urban\n", 1, "the root's 'unit' must be the command centre"),
    ("routes.yaml", "unit: cmd\n", "", 1, "'unit' must be a text and not empty"),
    ("routes.yaml", '["event:06010"]', '["event:06011"]', 3, "unknown category 'event:06011'"),
    ("routes.yaml", "[东城区]", "[西城区]", 9, "unknown district '西城区'"),
    ("routes.yaml", "{words: [小区]}", "{word: [小区]}", 7, "unknown key 'word'"),
    ("routes.yaml", "{words: [小区]}", "{}", 7, "a rule needs a condition"),
    ("routes.yaml", "words: [小区]", 'category: ["event:06042"]', 7, "lets none of its categories in"),
    ("routes.yaml", '"event:*"], district: [东城区]', '"event:06010"]', 9, "never reached: data/town/routes.yaml:3"),
    ("routes.yaml", "unit: cmd\n", "unit: cmd\nsure: 1.5\n", 2, "'sure' must lie between 0 and 1"),
    ("routes.yaml", "co: [urban]", "co: [urban", 6, "not YAML"),
    ("routes.yaml", "    co: [urban]", "    unit: urban", 5, "'unit' stands here twice"),
    ("districts.geojson", '"east"', '"west"', 0, "unknown unit 'west'"),
    ("districts.geojson", '"Polygon"', '"Point"', 0, "not a district's Polygon"),
    ("districts.geojson", '"features": [', '"features": [,', 1, "not JSON"),
]


@pytest.mark.parametrize(("name", "old", "new", "line", "reason"), MISTAKES)
def test_it_refuses_a_mistake_by_file_line_and_reason(
    write: Write, name: str, old: str, new: str, line: int, reason: str
) -> None:
    folder = write(name, old, new)

    with pytest.raises(PackError) as caught:
        load(folder)

    where = f"data/town/{name}:{line}" if line else f"data/town/{name}"
    assert str(caught.value).startswith(f"{where}: ")
    assert (caught.value.file, caught.value.line) == (f"data/town/{name}", line)
    assert reason in caught.value.reason


def test_it_refuses_a_rule_whose_categories_earlier_rules_take(write: Write) -> None:
    both = '["event:06042"]}\n  - when: {category: [卫生脏乱]}'
    folder = write("routes.yaml", '["event:*"], district: [东城区]}', both)

    with pytest.raises(
        PackError, match=re.escape("data/town/routes.yaml:10: this rule is never reached: earlier rules")
    ):
        load(folder)


CONTRADICTIONS = [
    ("district: [东城区]", 'hours: "08:00-10:00"', 'hours: "11:00-12:00"'),
    ("district: [东城区]", 'dates: "11-15..03-15"', 'dates: "04-01..10-31"'),
    ("district: [东城区]", "platform: citizen_photo", "platform: hotline_12345"),
]


@pytest.mark.parametrize(("part", "above", "below"), CONTRADICTIONS)
def test_it_refuses_a_rule_that_contradicts_the_one_above_it(write: Write, part: str, above: str, below: str) -> None:
    nested = (
        f"{above}}}\n    unit: urban\n    routes:\n      - when: {{{below}}}\n        unit: urban\n  - when: {{{part}"
    )
    folder = write("routes.yaml", part, nested)

    with pytest.raises(PackError, match=r"contradicts the rule above it") as caught:
        load(folder)

    assert caught.value.line == 12


def test_it_refuses_a_folder_without_one_of_its_files(write: Write) -> None:
    folder = write()
    folder.joinpath("lexicon.yaml").unlink()

    with pytest.raises(PackError, match=r"data/town/lexicon.yaml: cannot be read"):
        load(folder)


def test_it_refuses_a_file_that_is_not_utf_8(write: Write) -> None:
    folder = write()
    folder.joinpath("lexicon.yaml").write_bytes("垃圾".encode("gb18030"))

    with pytest.raises(PackError, match=r"data/town/lexicon.yaml: is not UTF-8"):
        load(folder)


def test_it_shows_citizens_ten_names_at_most(write: Write) -> None:
    more = "".join(f'  - {{code: "0700{digit}", name: n{digit}, plain: 名{digit}}}\n' for digit in range(10))
    folder = write("categories.yaml", "parts:\n", f"{more}parts:\n")

    with pytest.raises(PackError, match="11 plain names, at most 10"):
        load(folder)


def test_it_reads_units_categories_and_their_codes(write: Write) -> None:
    pack = load(write())

    street, rubbish = pack.units["mill"], pack.categories["event:06010"]
    assert (street.tier, street.parent, street.district, street.short) == (Tier.STREET, "east", "east", "磨坊")
    assert (rubbish.code, rubbish.campaign, rubbish.claim_hours, rubbish.rectify_hours) == ("06010", "环境", None, 4)


def test_it_changes_its_version_with_any_file(write: Write) -> None:
    folder = write()
    before = load(folder).version
    path = folder / "lexicon.yaml"
    path.write_text(f"{path.read_text('utf-8')}# checked\n", "utf-8")

    after = load(folder).version

    assert re.fullmatch("[0-9a-f]{12}", after)
    assert before != after


@pytest.mark.parametrize(
    ("lat", "lon", "inside"), [(3.0, 3.0, True), (1.5, 1.5, False), (5.0, 3.0, False), (float("nan"), 3.0, False)]
)
def test_it_holds_points_inside_a_district_but_not_in_its_hole(
    write: Write, lat: float, lon: float, inside: bool
) -> None:
    east = load(write()).districts[0]

    assert east.holds(lat, lon) is inside


def test_jinan_has_all_its_units(jinan: Pack) -> None:
    tiers = [unit.tier for unit in jinan.units.values()]

    counts = {tier: tiers.count(tier) for tier in Tier}
    assert counts == {Tier.COMMAND: 1, Tier.DEPARTMENT: 30, Tier.DISTRICT: 16, Tier.STREET: 161}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("文东街道", "370102007"), ("建新街办", "370102008"), ("二七街道", "370103008"), ("宝华街道", "370105010"),
        ("刁镇", "370114016"), ("雪野镇", "370116008"), ("党家庄", "370103021"), ("洪楼", "370112002"),
        ("章丘市", "370114"), ("莱城区", "370116"), ("济阳县", "370115"), ("先行区", "zone-qibu"),
    ],
)  # fmt: skip
def test_jinan_knows_old_and_short_names(jinan: Pack, text: str, code: str) -> None:
    named = jinan.streets.named(text)

    assert [one.unit.code for one in named] == [code]


def test_jinan_s_streets_belong_to_the_zone_that_runs_them(jinan: Pack) -> None:
    street = jinan.units["370176002"]

    assert (street.name, street.parent, street.district) == ("孙村街道", "370176", "370112")


def test_jinan_has_words_for_most_of_what_is_reported(jinan: Pack) -> None:
    spoken = {category for weights in jinan.lexicon.words.values() for category in weights}

    assert len(spoken) >= 60
    assert spoken <= set(jinan.categories)
