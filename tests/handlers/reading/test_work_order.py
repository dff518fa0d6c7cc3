"""12345: orders as operators forward them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.work_order import WorkOrder, read, read_all

WHOLE = {
    "number": "20261123001234",
    "caller": "张先生",
    "phone": "13812345678",
    "address": "历下区解放路12号",
    "demand": "楼下烧烤店占道经营,请处理",
}

SAME = [
    "【工单编号】20261123001234【来电人】张先生【联系电话】13812345678"
    "【地址】历下区解放路12号【诉求】楼下烧烤店占道经营,请处理",
    "【工单编号】20261123001234\n【来电人】张先生\n【联系电话】13812345678\n"
    "【地址】历下区解放路12号\n【诉求】楼下烧烤店占道经营,请处理\n",
    "工单编号:20261123001234\n来电人:张先生\n联系电话:13812345678\n"
    "地址:历下区解放路12号\n诉求:楼下烧烤店占道经营,请处理",
    "工单号：２０２６１１２３００１２３４；诉求人：张先生；联系方式：１３８１２３４５６７８；事发地址：历下区解放路12号；诉求内容：楼下烧烤店占道经营,请处理",
    "[受理编号]20261123001234 [市民姓名]张先生 [来电号码]138-1234-5678 "
    "[问题地址]历下区解放路12号 [反映内容]楼下烧烤店占道经营,请处理",
    "【地点】历下区解放路12号\n【问题描述】楼下烧烤店占道经营,请处理\n【电话】138 1234 5678\n"
    "【来电人】张先生\n【编号】20261123001234",
    "转发:【工单编号】20261123001234【来电人】张先生【联系电话】13812345678"
    "【地址】历下区解放路12号【主要内容】楼下烧烤店占道经营,请处理",
    "> 工单编号:20261123001234\n> 来电人:张先生\n> 电话:13812345678\n>"
    " 地址:历下区解放路12号\n> 诉求:楼下烧烤店占道经营,请处理",
    "「12345:【工单编号】20261123001234【来电人】张先生【联系电话】13812345678"
    "【地址】历下区解放路12号【诉求】楼下烧烤店占道经营,请处理」",
    "【工单编号20261123001234\n来电人】张先生\n【联系电话 13812345678\n"
    "地址】历下区解放路12号\n【诉求 楼下烧烤店占道经营,请处理",
    "工单编号20261123001234\n来电人 张先生\n联系电话13812345678\n"
    "地址 历下区解放路12号\n诉求内容 楼下烧烤店占道经营,请处理",
    "工单20261123001234,来电人:张先生13812345678,地址:历下区解放路12号,诉求:楼下烧烤店占道经营,请处理",
    "【工单编号】:20261123001234\n【来电人】: 张先生\n"
    "【联系电话】: +86 13812345678\n【地址】: 历下区解放路12号\n"
    "【诉求】: 楼下烧烤店占道经营,请处理",
    "工单编号:20261123001234 来电人姓名及电话:张先生 13812345678"
    " 地址:历下区解放路12号 诉求内容:楼下烧烤店占道经营,请处理",
    "〔工单编号〕20261123001234\n〔来电人〕张先生/13812345678\n"
    "〔事发地点〕历下区解放路12号\n〔市民诉求〕楼下烧烤店占道经营,请处理",
    "济南12345 20261123001234\n来电人:张先生\n联系电话:13812345678\n"
    "地址:历下区解放路12号\n诉求:楼下烧烤店占道经营,请处理",
]

NO_ORDERS = [
    "",
    "你好",
    "编号 12 怎么样了",
    "认领 12",
    "1. 垃圾成堆 2. 路灯不亮",
    "地址:解放路12号",
    "解放路12号门口垃圾成堆,我的电话13812345678",
    "打了12345也没人管",
    "电话:打不通",
    "【济南日报】解放路垃圾成堆",
    "内容很好,地点在解放路",
]


@pytest.mark.parametrize("text", SAME)
def test_it_reads_the_same_order_in_any_layout(text: str) -> None:
    order = read(text)

    assert order is not None
    assert {name: getattr(order, name) for name in WHOLE} == WHOLE
    assert order.missing == ()


@pytest.mark.parametrize("text", NO_ORDERS)
def test_it_takes_nothing_else_for_an_order(text: str) -> None:
    order = read(text)

    assert order is None
    assert read_all(text) == []


def test_it_reads_kinds_and_times_and_keeps_what_it_has_no_field_for() -> None:
    order = read(
        "【工单编号】JN-20261123-001234\n【受理时间】2026-11-23 08:15\n【诉求类别】市容环境-占道经营\n"
        "【来电人】李女士\n"
        "【联系电话】0531-82345678\n【事发地址】市中区经七路8号\n【诉求内容】流动摊贩占道。\n"
        "【办理要求】24小时内办结并回复\n【截止时间】2026-11-24 08:15\n【承办单位】市中区城管局"
    )

    assert order == WorkOrder(
        number="JN-20261123-001234",
        caller="李女士",
        phone="0531-82345678",
        address="市中区经七路8号",
        demand="流动摊贩占道。",
        category="市容环境-占道经营",
        received_at_text="2026-11-23 08:15",
        raw_rest="办理要求:24小时内办结并回复\n承办单位:市中区城管局",
        due_text="2026-11-24 08:15",
    )


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("【工单编号】20261123001234", ("caller", "phone", "address", "demand")),
        (
            "【工单编号】20261123001234【来电人】匿名【联系电话】保密【地址】解放路【诉求】垃圾成堆",
            ("caller", "phone"),
        ),
        ("来电人:张先生\n电话:13812345678\n地址:解放路12号\n诉求:垃圾成堆", ("number",)),
        ("工单编号:20261123001234 诉求:解放路12号垃圾成堆没人管", ("caller", "phone", "address")),
        ("【工单编号】【来电人】张先生【地址】解放路【诉求】垃圾成堆", ("number", "phone")),
        ("【工单编号】20261123001234【标题】解放路垃圾成堆", ("caller", "phone", "address")),
    ],
)
def test_it_says_what_an_order_lacks(text: str, missing: tuple[str, ...]) -> None:
    order = read(text)

    assert order is not None
    assert order.missing == missing


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("【工单编号】jn20261123001234", "JN20261123001234"),
        ("工单编号20261123001234历下区解放路12号垃圾成堆", "20261123001234"),
        ("【工单编号】济热线〔2026〕12345号【诉求】垃圾成堆", "济热线〔2026〕12345号"),
        ("【工单编号】2026-1123-001234【诉求】垃圾成堆", "2026-1123-001234"),
        ("流水号:77 诉求:垃圾成堆", "77"),
        ("20261123001234 张先生 13812345678 历下区解放路12号楼下垃圾成堆没人清运", "20261123001234"),
    ],
)
def test_it_reads_numbers_of_any_make(text: str, number: str) -> None:
    order = read(text)

    assert order is not None
    assert order.number == number


def test_it_takes_words_glued_to_the_number_for_the_demand() -> None:
    order = read("工单编号20261123001234历下区解放路12号垃圾成堆")

    assert order is not None
    assert order.demand == "历下区解放路12号垃圾成堆"


def test_it_reads_an_untidy_forward() -> None:
    order = read(
        "【转发】\n12345热线工单\n编号：JN202611230001\n诉求人：王女士（13900001111）\n反映：楼下垃圾成堆\n地址：市中区\n经二路8号"
    )

    assert order == WorkOrder(
        "JN202611230001", "王女士", "13900001111", "市中区经二路8号", "楼下垃圾成堆", "", "", "12345热线工单"
    )


def test_it_reads_an_order_without_a_label() -> None:
    order = read("热线工单 20261123-00871 张立国 13800001111 历下区解放路12号门口出租车拒载")

    assert order is not None
    assert (order.number, order.caller, order.phone) == ("20261123-00871", "张立国", "13800001111")
    assert order.demand == "历下区解放路12号门口出租车拒载"


def test_it_takes_a_sentence_about_the_caller_for_no_label() -> None:
    order = read("工单编号:20261123001234,来电人:刘先生,来电人表示家住解放路12号,楼下噪音很大")

    assert order is not None
    assert (order.caller, order.demand) == ("刘先生", "来电人表示家住解放路12号,楼下噪音很大")


def test_it_takes_a_phone_out_of_the_demand() -> None:
    order = read("【工单编号】20261123001234【诉求】垃圾成堆,请联系电话:13812345678")

    assert order is not None
    assert (order.phone, "138" in order.demand) == ("13812345678", False)


def test_it_joins_a_summary_and_the_whole_demand() -> None:
    order = read("【工单编号】20261123001234【主要诉求】占道经营【问题描述】楼下烧烤店把桌椅摆到路上")

    assert order is not None
    assert order.demand == "占道经营\n楼下烧烤店把桌椅摆到路上"


SEVERAL = [
    "【工单编号】20261123001【诉求】垃圾成堆\n【工单编号】20261123002【诉求】路灯不亮\n【工单编号】20261123003【诉求】井盖破损",
    "1.【工单编号】20261123001【诉求】垃圾成堆\n2.【工单编号】20261123002【诉求】路灯不亮\n3.【工单编号】20261123003【诉求】井盖破损",
    "工单一:\n工单编号:20261123001\n诉求:垃圾成堆\n------\n工单二:\n工单编号:20261123002\n诉求:路灯不亮\n------\n"
    "工单三:\n工单编号:20261123003\n诉求:井盖破损",
    "来电人:张三\n工单编号:20261123001\n诉求:垃圾成堆\n\n来电人:李四\n工单编号:20261123002\n诉求:路灯不亮\n\n"
    "来电人:王五\n工单编号:20261123003\n诉求:井盖破损",
]


@pytest.mark.parametrize("text", SEVERAL)
def test_it_reads_every_order_of_a_message(text: str) -> None:
    orders = read_all(text)

    assert [(order.number, order.demand) for order in orders] == [
        ("20261123001", "垃圾成堆"),
        ("20261123002", "路灯不亮"),
        ("20261123003", "井盖破损"),
    ]


PIECES = st.sampled_from(
    ["【工单编号】", "工单编号", "20261123001234", "【来电人】", "来电人:", "张三", "联系电话", "13812345678",
     "地址:", "解放路", "诉求", "垃圾成堆", "【", "】", ":", "：", "\n", " ", "转发:", "> ", "---", "1.", "标题:",
     "时间", "[", "(", "号"]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=25).map("".join))


@given(text=TEXTS)
def test_it_reads_any_text(text: str) -> None:
    orders = read_all(text)

    assert read(text) == (orders[0] if orders else None)
    assert all(order.missing != ("number", "caller", "phone", "address", "demand") for order in orders)


@given(
    order=st.permutations(
        ["【工单编号】20261123001234", "【来电人】张三", "【联系电话】13812345678", "【地址】解放路", "【诉求】垃圾"]
    )
)
def test_it_reads_the_fields_in_any_order(order: list[str]) -> None:
    result = read("\n".join(order))

    assert result == WorkOrder("20261123001234", "张三", "13812345678", "解放路", "垃圾", "", "", "")


def test_it_leaves_the_words_of_the_demand_as_they_were() -> None:
    order = read("【工单编号】２０２６１１２３００１２３４【诉求】垃圾成堆，没人清！请处理。")

    assert order is not None
    assert (order.number, order.demand) == ("20261123001234", "垃圾成堆，没人清！请处理。")
