"""How sure a decision is, what it says, and what it offers instead."""

import json
import re

import pytest

from routing.finding import Finding
from routing.pack import Pack, Tier
from routing.router import Router

# config.yaml's sure_from: from here on a case goes out without a person.
SURE_FROM = 0.68
LIXIA, SHIZHONG, BEIJING = (36.6610, 117.0200), (36.6350, 117.0000), (39.9, 116.4)


def found(text: str, pin: tuple[float, float] | None = None) -> Finding:
    lat, lon = pin or (None, None)
    return Finding(text=text, lat=lat, lon=lon)


@pytest.mark.parametrize(
    "finding",
    [
        found("解放路街道一堆垃圾没人管"),
        found("共享单车倒了一地", LIXIA),
        Finding(text="一堆垃圾没人管", place="济南市历下区解放路街道"),
        found("路面坑坑洼洼", SHIZHONG),
    ],
    ids=["a street named", "a pin", "a street in the pin's label", "a district's own work"],
)
def test_it_is_sure_when_word_and_place_are_clear(router: Router, finding: Finding) -> None:
    assert router.decide(finding).confidence >= 0.8


@pytest.mark.parametrize(
    "finding",
    [
        Finding(),
        found("这里有点乱"),
        found("一堆垃圾没人管"),
        found("解放路街道的问题怎么还不解决"),
        found("解放路街道和千佛山街道之间一堆垃圾"),
        found("解放路街道一堆垃圾", SHIZHONG),
        found("解放路街道一堆垃圾，槐荫区也有"),
        found("解放路街道一堆垃圾", BEIJING),
        found("垃圾、店外经营、违停都有", LIXIA),
    ],
    ids=["nothing", "vague", "no place", "no problem", "two streets", "pin elsewhere", "two districts",
         "pin in Beijing", "three problems"],
)  # fmt: skip
def test_it_asks_a_person_when_anything_is_doubtful(router: Router, finding: Finding) -> None:
    assert router.decide(finding).confidence < SURE_FROM


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (found("解放路街道一堆垃圾", SHIZHONG), "定位在市中区，与解放路街道不符"),
        (found("槐荫区，解放路街道一堆垃圾"), "文中又提到槐荫区，与解放路街道不符"),
        (found("解放路街道和千佛山街道之间一堆垃圾"), "文中还提到千佛山街道"),
        (found("一堆垃圾", BEIJING), "定位不在本市范围内"),
        (found("一堆垃圾"), "没有提到街道、区县，也没有定位"),
        (found("市中区一堆垃圾", LIXIA), "定位在历下区，与市中区不符"),
    ],
)
def test_it_names_what_speaks_against_the_place(router: Router, finding: Finding, said: str) -> None:
    why = router.decide(finding).why

    assert said in [reason.text for reason in why if reason.about == "place"]


@pytest.mark.parametrize(
    ("text", "pin"),
    [
        ("舜华路街道一堆垃圾", (36.6550, 117.1200)),
        ("高新区一堆垃圾", (36.6550, 117.1200)),
        ("历城区仲宫街道一堆垃圾", None),
        ("历城区、高新区交界的孙村街道一堆垃圾", None),
    ],
    ids=["its street, pinned", "the zone, pinned", "street and old district", "street and both"],
)
def test_it_sees_no_contradiction_between_a_zone_and_the_land_under_it(
    router: Router, text: str, pin: tuple[float, float] | None
) -> None:
    decision = router.decide(found(text, pin))

    assert "不符" not in decision.words()


@pytest.mark.parametrize("text", ["济阳路上一堆垃圾", "城市中心一堆垃圾", "过街天桥一堆垃圾", "平安保险门口一堆垃圾"])
def test_it_does_not_take_a_road_or_a_common_word_for_a_place(router: Router, text: str) -> None:
    decision = router.decide(found(text))

    assert (decision.district, decision.street) == (None, None)


def test_it_trusts_a_bare_street_name_less_than_the_full_one(router: Router) -> None:
    bare = router.decide(found("洪家楼一堆垃圾"))
    full = router.decide(found("洪家楼街道一堆垃圾"))

    assert bare.street == full.street
    assert bare.confidence < 0.8 <= full.confidence


def test_it_is_less_sure_near_a_border(router: Router, jinan: Pack) -> None:
    lixia = next(district for district in jinan.districts if district.code == "370102")
    lat, lon = next((lat / 1000, 117.03) for lat in range(36690, 36600, -1) if lixia.holds(lat / 1000, 117.03))

    edge = router.decide(found("路边一堆垃圾", (lat, lon)))

    assert edge.district == "370102"
    assert edge.confidence < 0.8


@pytest.mark.parametrize(
    "text",
    ["这里没有垃圾", "路边没什么垃圾", "垃圾已清理", "垃圾都清走了", "收到垃圾短信"],
)
def test_it_hears_a_denial(router: Router, text: str) -> None:
    assert router.decide(found(text)).category is None


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("没有垃圾桶", "part:03005"),
        ("没有盲道", "event:06051"),
        ("垃圾没人清理", "event:06010"),
        ("垃圾没有人管", "event:06010"),
    ],
)
def test_it_does_not_hear_a_denial_where_something_is_lacking(router: Router, text: str, category: str) -> None:
    assert router.decide(found(text)).category == category


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("垃圾扔了一地没人管", "event:06010"),
        ("垃圾桶满得都溢出来了", "event:06042"),
        ("装修垃圾和碎砖堆在路边", "event:06011"),
        ("超市把货摆到门外人行道上", "event:09005"),
        ("路口有人占道卖水果", "event:09006"),
        ("楼道墙上全是办证小广告", "event:07001"),
        ("楼顶那块大型广告牌没审批", "event:07003"),
        ("汽车乱停在路口", "event:09009"),
        ("电瓶车停了一路", "event:09010"),
        ("哈啰单车扔得到处都是", "event:09011"),
        ("私家车停在消防通道上", "event:09012"),
    ],
)
def test_it_tells_confusable_problems_apart(router: Router, text: str, category: str) -> None:
    assert router.decide(found(text)).category == category


def test_it_says_so_when_two_categories_of_one_unit_are_near(router: Router) -> None:
    decision = router.decide(found("解放路街道骑电动车不戴头盔还逆行"))

    assert decision.unit == "dept-traffic"
    assert "也像" in decision.why[0].text
    assert {"骑乘未戴头盔", "非机动车逆行"} <= set(re.split("[「」]", decision.why[0].text))


def test_it_offers_the_unit_of_the_other_category_when_two_are_near(router: Router) -> None:
    decision = router.decide(found("解放路街道护栏上贴着小广告，护栏歪了"))

    assert {decision.unit, *(option.unit for option in decision.alternatives)} >= {"370102001", "dept-traffic"}


def test_it_sees_that_a_text_speaks_of_two_units_business(router: Router) -> None:
    one = router.decide(found("甸柳新村街道路灯不亮"))

    two = router.decide(found("甸柳新村街道路灯不亮，墙上贴满小广告"))

    assert (one.further, one.unit) == ((), "dept-urban")
    assert two.unit == "370102009"
    assert [(other.category, other.unit) for other in two.further] == [("part:01037", "dept-urban")]
    assert two.confidence < one.confidence


def test_it_takes_a_dispatcher_s_word_for_the_place(router: Router) -> None:
    finding = Finding(text="历下区一堆垃圾", settled="370102009")

    decision = router.decide(finding)

    assert (decision.street, decision.unit) == ("370102009", "370102009")
    assert "调度员确认在甸柳新村街道" in decision.words()


def test_it_offers_the_other_street_when_two_are_named(router: Router) -> None:
    decision = router.decide(found("解放路街道和千佛山街道之间一堆垃圾"))

    assert {decision.unit, decision.alternatives[0].unit} == {"370102001", "370102002"}


def test_it_gives_a_street_s_work_to_the_district_when_only_that_is_known(router: Router, jinan: Pack) -> None:
    street = router.decide(found("姚家街道一堆垃圾没人管"))

    decision = router.decide(found("一堆垃圾没人管", LIXIA))

    assert jinan.units[decision.unit].tier is Tier.DISTRICT
    assert decision.confidence < street.confidence


def test_it_gives_what_nobody_claims_to_the_command_centre(router: Router, jinan: Pack) -> None:
    decision = router.decide(found("今天天气不错"))

    assert jinan.units[decision.unit].tier is Tier.COMMAND
    assert decision.rule == jinan.rules.place


def test_it_explains_itself_a_line_a_reason(router: Router) -> None:
    words = router.decide(found("解放路街道一堆垃圾没人管")).words()

    assert words.splitlines()[:2] == [
        "类别：“一堆垃圾”“垃圾没人管”，是「暴露垃圾」",
        "地点：“解放路街道”即解放路街道（历下区）",
    ]
    assert "routes.yaml:" in words


def test_it_survives_a_json_column(router: Router) -> None:
    plain = router.decide(found("解放路街道一堆垃圾", SHIZHONG)).as_json()

    assert json.loads(json.dumps(plain)) == plain
    assert plain["unit"] == "370102001"
    assert isinstance(plain["alternatives"], list)


@pytest.mark.parametrize(
    ("text", "co_units"),
    [
        ("解放路街道占道经营", ("dept-urban",)),
        ("解放路街道汽车乱停", ("370102",)),
        ("汽车乱停", ()),
        ("医院挂号窗口态度差", ()),
        ("解放路街道汽车停在人行道上", ("370102001", "dept-urban")),
        ("解放路街道厂房机器噪音扰民", ("370102001",)),
    ],
    ids=["named", "the place's own", "unknown place", "none", "a route's own", "inherited"],
)
def test_it_names_who_assists(router: Router, text: str, co_units: tuple[str, ...]) -> None:
    assert router.decide(found(text)).co_units == co_units


def test_it_keeps_the_full_name_when_the_bare_one_follows(router: Router) -> None:
    decision = router.decide(found("洪家楼街道一堆垃圾，洪家楼的人都知道"))

    assert decision.confidence >= 0.8
