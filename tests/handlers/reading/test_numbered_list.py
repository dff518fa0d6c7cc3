"""市民巡访团: what people of a round write, and the problems in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.numbered_list import Entry, split

LISTS = [
    ("1. 3号楼前垃圾成堆 2. 北门路灯不亮 3. 5号楼堆满杂物", ["3号楼前垃圾成堆", "北门路灯不亮", "5号楼堆满杂物"]),
    ("1、垃圾没人清2、井盖破损3、乱贴小广告", ["垃圾没人清", "井盖破损", "乱贴小广告"]),
    ("1.垃圾成堆2.路灯不亮", ["垃圾成堆", "路灯不亮"]),
    ("甸柳新村三区巡访发现：１．垃圾桶满冒；２．楼道堆物；", ["垃圾桶满冒", "楼道堆物"]),
    ("①垃圾成堆②路灯不亮③井盖缺失", ["垃圾成堆", "路灯不亮", "井盖缺失"]),
    ("(一)小广告乱贴(二)飞线充电", ["小广告乱贴", "飞线充电"]),
    ("（1）小广告乱贴；（2）飞线充电。", ["小广告乱贴", "飞线充电"]),
    ("一、垃圾成堆。二、路灯不亮。三、井盖破损。", ["垃圾成堆", "路灯不亮", "井盖破损"]),
    ("今天发现几个问题：一是垃圾成堆，二是路灯不亮，三是井盖破损。", ["垃圾成堆", "路灯不亮", "井盖破损"]),
    ("第一，垃圾成堆；第二，路灯不亮。", ["垃圾成堆", "路灯不亮"]),
    ("- 垃圾成堆\n- 路灯不亮\n- 井盖破损", ["垃圾成堆", "路灯不亮", "井盖破损"]),
    ("• 垃圾成堆\n• 路灯不亮", ["垃圾成堆", "路灯不亮"]),
    ("1️⃣垃圾成堆2️⃣路灯不亮", ["垃圾成堆", "路灯不亮"]),
    ("1 垃圾成堆\n2 路灯不亮\n3 占道经营", ["垃圾成堆", "路灯不亮", "占道经营"]),
    ("1垃圾成堆\n2路灯不亮", ["垃圾成堆", "路灯不亮"]),
    ("1、垃圾成堆 2. 路灯不亮 ③井盖破损", ["垃圾成堆", "路灯不亮", "井盖破损"]),
    ("1.坑深1.5米,宽2.3米 2.路灯12:30还亮着", ["坑深1.5米,宽2.3米", "路灯12:30还亮着"]),
    ("1.3号楼前垃圾成堆\n2.5号楼前路灯不亮", ["3号楼前垃圾成堆", "5号楼前路灯不亮"]),
    ("1.3号楼前垃圾成堆;2.5号楼前路灯不亮", ["3号楼前垃圾成堆", "5号楼前路灯不亮"]),
    ("1.垃圾成堆\n2.路灯不亮\n2.井盖破损\n4.违停", ["垃圾成堆", "路灯不亮", "井盖破损", "违停"]),
    ("垃圾成堆,没人管 2.路灯不亮 3.井盖破损", ["垃圾成堆,没人管", "路灯不亮", "井盖破损"]),
    ("4.垃圾成堆\n5.路灯不亮", ["垃圾成堆", "路灯不亮"]),
    ("问题1:垃圾成堆\n问题2:路灯不亮", ["垃圾成堆", "路灯不亮"]),
    ("1.垃圾成堆\n好几天了\n2.路灯不亮\n以上请尽快处理,谢谢", ["垃圾成堆 好几天了", "路灯不亮"]),
    ("巡访发现：\n垃圾桶满冒\n路灯不亮\n墙上乱贴小广告", ["垃圾桶满冒", "路灯不亮", "墙上乱贴小广告"]),
    ("垃圾桶满冒\n路灯不亮\n请处理", ["垃圾桶满冒", "路灯不亮"]),
    ("问题：1，路面脏，2，垃圾多，3，车乱停", ["路面脏", "垃圾多", "车乱停"]),
    ("路口 1，电动车乱停2，公交站牌坏了..3.垃圾没人清", ["电动车乱停", "公交站牌坏了", "垃圾没人清"]),
    ("今天走访甸柳新村\n路灯不亮\n垃圾成堆\n合计2处", ["路灯不亮", "垃圾成堆"]),
    ("解放路12号门口占道经营;山师东街垃圾成堆", ["解放路12号门口占道经营", "山师东街垃圾成堆"]),
]  # fmt: skip

SINGLE = [
    "垃圾桶满了没人清",
    "路面有个1.5米长的坑",
    "12:30发现3号楼前违停",
    "3号楼、5号楼都没有路灯",
    "1、2、3单元楼道堆满杂物",
    "2.5米高的围挡倒了,压坏1.2米护栏",
    "1号楼前垃圾 2号楼前也有",
    "11.20日甸柳三区路灯不亮",
    "统一、规范的牌子没有,路面乱",
    "解放路135号垃圾成堆;没人管",
    "3个垃圾桶坏了",
    "垃圾成堆\n已经好几天了\n希望尽快处理",
]


@pytest.mark.parametrize(("text", "entries"), LISTS)
def test_it_makes_one_entry_of_each_problem(text: str, entries: list[str]) -> None:
    result = split(text)

    assert [entry.text for entry in result.entries] == entries


@pytest.mark.parametrize("text", SINGLE)
def test_it_leaves_a_single_problem_whole(text: str) -> None:
    result = split(text)

    assert len(result.entries) == 1
    assert all(line in result.entries[0].text for line in text.split("\n")[:2])


def test_it_takes_the_number_off_a_list_of_one() -> None:
    result = split("1.垃圾成堆")

    assert result.entries == (Entry("垃圾成堆"),)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("甸柳新村三区巡访发现:1.垃圾成堆 2.路灯不亮", "甸柳新村三区"),
        ("11月20日上午,历下区巡访三队在甸柳新村三区发现以下问题:1.垃圾 2.路灯不亮", "甸柳新村三区"),
        ("甸柳新村三区(背街小巷)存在如下问题:\n1、垃圾\n2、路灯不亮", "甸柳新村三区"),
        ("山师东街沿线:①垃圾②路灯不亮", "山师东街沿线"),
        ("无影山路巡访发现1.垃圾2.路灯不亮", "无影山路"),
        ("甸柳巡访发现:1.垃圾2.路灯不亮", "甸柳"),
        ("各位领导,今天发现:1.垃圾2.路灯不亮", ""),
        ("巡访三队 张三:1.垃圾2.路灯不亮", ""),
    ],
)
def test_it_reads_the_shared_place_in_the_headline(text: str, hint: str) -> None:
    result = split(text)

    assert result.place_hint == hint
    assert len(result.entries) == 2


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("甸柳新村三区巡访发现:1.3号楼前垃圾成堆 2.路灯不亮 3.燕子山路路口违停",
         ["甸柳新村三区3号楼前", "甸柳新村三区", "燕子山路路口"]),
        ("1.解放路12号门口有人摆摊 2.垃圾成堆", ["解放路12号门口", ""]),
        ("1.垃圾成堆,在山师东街北头 2.无影山路路灯不亮", ["山师东街北头", "无影山路"]),
        ("一、甸柳新村三区:1.垃圾成堆 2.路灯不亮 二、燕山小区:1.井盖破损 2.3号楼前违停",
         ["甸柳新村三区", "甸柳新村三区", "燕山小区", "燕山小区3号楼前"]),
        ("甸柳新村三区\n垃圾成堆\n燕山小区\n路灯不亮", ["甸柳新村三区", "燕山小区"]),
        ("垃圾成堆没人管\n在甸柳新村三区3号楼", ["甸柳新村三区3号楼"]),
        ("北园大街\n(1)公交站牌破损\n(2)污水外溢\n历山路\n(1)井盖破损", ["北园大街公交站牌", "北园大街", "历山路"]),
        ("今天走访了甸柳新村一区,发现:1.5号楼前有垃圾 2.幼儿园门口乱停车",
         ["甸柳新村一区5号楼前", "甸柳新村一区幼儿园门口"]),
        ("芙蓉街巡访:一、沿街商户出店经营;二、油污严重", ["芙蓉街沿街", "芙蓉街"]),
        ("停车场门口有人摆摊", ["停车场门口"]),
        ("文化东路街道的3个小区巡访发现:1.3号楼前垃圾 2.山师北街违停",
         ["文化东路街道3号楼前", "文化东路街道山师北街"]),
        ("无影山路南侧路灯坏", ["无影山路南侧"]),
        ("历山路人行道破损", ["历山路"]),
        ("解放桥下面有积水", ["解放桥下"]),
        ("小贩在3号楼前摆摊", ["3号楼前"]),
    ],
)  # fmt: skip
def test_it_gives_each_entry_its_place(text: str, places: list[str]) -> None:
    result = split(text)

    assert [entry.place for entry in result.entries] == places


@pytest.mark.parametrize(
    ("text", "photos"),
    [
        ("1.垃圾成堆(见图1) 2.路灯不亮(图2、3)", [(1,), (2, 3)]),
        ("1.图1垃圾成堆\n2.照片2、3路灯不亮", [(1,), (2, 3)]),
        ("1.垃圾成堆,见图1-3\n2.路灯不亮,第四张", [(1, 2, 3), (4,)]),
        ("1.垃圾成堆,如图一所示;2.路灯不亮", [(1,), ()]),
        ("图1：垃圾成堆，图2：路灯不亮", [(1,), (2,)]),
        ("图1 垃圾成堆\n图2 路灯不亮", [(1,), (2,)]),
        ("图1 垃圾成堆\n图2、3 路灯不亮\n图4 违停", [(1,), (2, 3), (4,)]),
        ("1.垃圾成堆 第1、2张照片 2.路灯不亮 第3张", [(1, 2), (3,)]),
        ("1.垃圾成堆,图1,2.路灯不亮,图2", [(1,), (2,)]),
        ("1.地图3号口垃圾 2.路灯不亮 图1-99", [(), tuple(range(1, 21))]),
    ],
)
def test_it_knows_which_photos_the_words_point_to(text: str, photos: list[tuple[int, ...]]) -> None:
    result = split(text)

    assert [entry.photo_numbers for entry in result.entries] == photos


def test_it_keeps_no_photo_hint_that_only_points() -> None:
    result = split("1.垃圾成堆(见图1) 2.图2:路灯不亮")

    assert [entry.text for entry in result.entries] == ["垃圾成堆", "路灯不亮"]


def test_it_begins_an_inner_entry_with_what_stands_above_it() -> None:
    result = split("1.卫生问题:①烟头②果皮 2.路灯不亮")

    assert [entry.text for entry in result.entries] == ["卫生问题:烟头", "卫生问题:果皮", "路灯不亮"]


PIECES = st.sampled_from(
    ["1.", "2、", "3)", "①", "②", "(一)", "一、", "二、", "第一,", "- ", "\n", " ", "垃圾成堆", "路灯不亮", "3号楼前",
     "1.5米", "12:30", "甸柳新村三区", "巡访发现:", "图1", "(见图3)", "谢谢", ";", "。", "１．", "请处理", "1", "十"]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=25).map("".join))


@given(text=TEXTS)
def test_it_always_finds_an_entry_in_words(text: str) -> None:
    result = split(text)

    assert bool(result.entries) == bool(text.strip())
    assert all(entry.text for entry in result.entries)


@given(
    problems=st.lists(
        st.sampled_from(["垃圾成堆", "路灯不亮", "井盖破损", "占道经营", "3号楼前违停"]), min_size=2, max_size=9
    ),
    style=st.sampled_from(["{}. ", "{}、", "({})", "\n{}. ", "\n{}、"]),
)
def test_it_gets_back_what_was_numbered(problems: list[str], style: str) -> None:
    text = "".join(f"{style.format(n)}{problem} " for n, problem in enumerate(problems, start=1))

    result = split(text)

    assert [entry.text for entry in result.entries] == problems
