"""创城实地测评: what assessors write, and what they get back to correct."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.sheet import Recheck, Sheet, SheetLine, as_text, read, recheck

HALF, ONE = Decimal("0.5"), Decimal(1)

VISITS = [
    ("点位:泉城广场\n类型:广场公园\n1. 垃圾桶满冒 扣0.5\n2. 座椅破损 扣1分",
     "泉城广场", "广场公园", [("垃圾桶满冒", "", HALF), ("座椅破损", "", ONE)]),
    ("点位：泉城广场；类型：广场公园；1、垃圾桶满冒（扣0.5分）2、座椅破损（扣1分）",
     "泉城广场", "广场公园", [("垃圾桶满冒", "", HALF), ("座椅破损", "", ONE)]),
    ("【点位】:泉城广场(广场公园)\n①垃圾桶满冒-0.5分\n②座椅破损-1分",
     "泉城广场", "广场公园", [("垃圾桶满冒", "", HALF), ("座椅破损", "", ONE)]),
    ("地点:山师东街 1.指标:II-3 小广告乱贴 扣 2 分 2.指标II-5,路灯不亮,扣1分",
     "山师东街", "", [("小广告乱贴", "II-3", Decimal(2)), ("路灯不亮", "II-5", ONE)]),
    ("点位:山师东街\n1.【公共环境】小广告乱贴 扣0.5\n2.[公共秩序]共享单车乱停 扣0.5",
     "山师东街", "", [("小广告乱贴", "公共环境", HALF), ("共享单车乱停", "公共秩序", HALF)]),
    ("山师东街(背街小巷)测评发现:1.小广告乱贴,扣0.5分;2.路灯不亮,扣1分",
     "山师东街", "背街小巷", [("小广告乱贴", "", HALF), ("路灯不亮", "", ONE)]),
    ("点位名称：七里堡市场\n场所类型：集贸市场\n一、地面污水横流，扣一分\n二、占道经营，扣零点五分",
     "七里堡市场", "集贸市场", [("地面污水横流", "", ONE), ("占道经营", "", HALF)]),
    ("点位:七里堡市场\n地面污水横流 扣半分\n占道经营 扣两分",
     "七里堡市场", "", [("地面污水横流", "", HALF), ("占道经营", "", Decimal(2))]),
    ("点位:七里堡市场,地面污水横流,扣0.5", "七里堡市场", "", [("地面污水横流", "", HALF)]),
    ("点位:七里堡市场\n1.A1-2 地面污水横流 -0.5\n2.A1-3 占道经营 -1",
     "七里堡市场", "", [("地面污水横流", "A1-2", HALF), ("占道经营", "A1-3", ONE)]),
    ("点位:七里堡市场\n扣0.5分:地面污水横流\n减1分:占道经营",
     "七里堡市场", "", [("地面污水横流", "", HALF), ("占道经营", "", ONE)]),
    ("点位:甸柳新村三区\n类型:社区\n1.宣传栏破损,不扣分", "甸柳新村三区", "社区", [("宣传栏破损", "", Decimal(0))]),
    ("点位:甸柳新村三区\n1.宣传栏破损", "甸柳新村三区", "", [("宣传栏破损", "", None)]),
    ("类型:社区\n点位:甸柳新村三区\n1.宣传栏破损 扣0.25分", "甸柳新村三区", "社区",
     [("宣传栏破损", "", Decimal("0.25"))]),
    ("点位：泉城广场\n类形：广场公园\n1.Ｈ０１ 垃圾成堆 扣.5\n2.座椅破损(f05)扣1份\n合计扣1.5分\n测评员：03号",
     "泉城广场", "广场公园", [("垃圾成堆", "H01", HALF), ("座椅破损", "F05", ONE)]),
    ("泉城路（商业大街）\nH02 地面烟头多 -0.5\nO04 乱停 -1",
     "泉城路", "商业大街", [("地面烟头多", "H02", HALF), ("乱停", "O04", ONE)]),
    ("点位 泉城广场 类型 广场公园 H01 有垃圾 扣0.5分", "泉城广场", "广场公园", [("有垃圾", "H01", HALF)]),
    ("点位：B12号楼，类型：社区 ①湖面有漂浮物，H08 扣0.5；②B12号楼前垃圾",
     "B12号楼", "社区", [("湖面有漂浮物", "H08", HALF), ("B12号楼前垃圾", "", None)]),
    ("点位：\n类型：\n1.\n2.", "", "", []),
    ("宣传栏破损", "", "", [("宣传栏破损", "", None)]),
    ("", "", "", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "point", "site_type", "lines"), VISITS)
def test_it_reads_a_visit(
    text: str, point: str, site_type: str, lines: list[tuple[str, str, Decimal | None]]
) -> None:
    sheet = read(text)

    assert (sheet.point, sheet.site_type_text) == (point, site_type)
    assert [(line.text, line.indicator, line.deduct) for line in sheet.lines] == lines


@pytest.mark.parametrize("text", [text for text, *_ in VISITS])
def test_it_reads_its_own_tidy_text_back(text: str) -> None:
    sheet = read(text)

    assert read(as_text(sheet)) == sheet


def test_it_shows_what_was_understood_and_what_is_empty() -> None:
    sheet = read("点位:山师东街(背街小巷)\n1.指标:II-3 北头小广告乱贴 扣0.5分\n2.路灯不亮")

    assert as_text(sheet) == (
        "测评单(可改后发回)\n点位:山师东街\n类型:背街小巷\n"
        "1. 北头小广告乱贴【指标】II-3【扣分】0.5【位置】北头\n2. 路灯不亮【指标】无【扣分】无【位置】无"
    )


def test_it_reads_a_corrected_sheet() -> None:
    tidy = as_text(read("点位:山师东街\n1.小广告乱贴 扣0.5分\n2.路灯不亮 扣1分\n3.井盖破损"))

    corrected = (
        tidy.replace("【扣分】1【", "【扣分】2分【")
        .replace("山师东街", "山师北街")
        .replace("类型:", "类型：背街小巷")
    )
    sheet = read(corrected + "\n4. 占道经营 扣0.5")

    assert (sheet.point, sheet.site_type_text) == ("山师北街", "背街小巷")
    assert [line.deduct for line in sheet.lines] == [HALF, Decimal(2), None, HALF]


def test_it_does_without_a_line_that_was_taken_out() -> None:
    tidy = as_text(read("点位:山师东街\n1.小广告乱贴 扣0.5分\n2.路灯不亮 扣1分"))

    sheet = read(tidy.rpartition("\n")[0])

    assert sheet == Sheet("山师东街", "", (SheetLine("小广告乱贴", "", HALF, ""),))


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("复查 12 未整改 垃圾还在", Recheck(12, False, "未整改 垃圾还在")),
        ("复查12号:已整改", Recheck(12, True, "已整改")),
        ("复查１２号：整改到位。", Recheck(12, True, "整改到位")),
        ("复查编号12,整改不到位,北侧还有杂物", Recheck(12, False, "整改不到位,北侧还有杂物")),
        ("12号复查 已清理干净", Recheck(12, True, "已清理干净")),
        ("暗访复查 案件12 反弹", Recheck(12, False, "反弹")),
        ("回头看12:合格", Recheck(12, True, "合格")),
        ("复查12 没清走", Recheck(12, False, "没清走")),
        ("复查12 部分已整改", Recheck(12, False, "部分已整改")),
        ("复查12", Recheck(12, None, "")),
        ("复查12 照片稍后发", Recheck(12, None, "照片稍后发")),
        ("复查 #12 解决了", Recheck(12, True, "解决了")),
        ("复查", None),
        ("认领 12", None),
        ("请复查12号", None),
        ("复查1234567890123 已整改", None),
        ("", None),
    ],
)  # fmt: skip
def test_it_reads_a_recheck(text: str, result: Recheck | None) -> None:
    found = recheck(text)

    assert found == result


PIECES = st.sampled_from(
    ["点位:", "类型:", "泉城广场", "(背街小巷)", "社区", "\n", "1.", "2、", "①", "扣0.5分", "-1分", "扣 2", "指标:",
     "II-3", "【", "】", "公共环境", "垃圾成堆", "路灯不亮", "【指标】", "【扣分】", "【位置】", "测评单",
     "无", ";", "。", " ", ":", "：", "扣", "分", "半"]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=25).map("".join))


@given(text=TEXTS)
def test_it_reads_back_whatever_it_read(text: str) -> None:
    sheet = read(text)

    assert read(as_text(sheet)) == sheet


@given(text=TEXTS)
def test_it_tells_a_recheck_from_any_text(text: str) -> None:
    found = recheck(text)

    assert found is None or found.case_number >= 0
