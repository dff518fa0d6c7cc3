"""工单栏目: by which names the hotlines call their fields, and where a text says them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handlers.reading.width import half_width

# Field → the names it goes by. What is known but no field of ours ends the value before it and is kept as it is.
NAMES = {
    "number": (
        "工单编号 工单号码 工单号 工单序号 受理编号 受理单号 受理号 诉求编号 诉求单号 热线编号 "
        "热线工单号 流水号 业务编号 派单编号 转办单号 登记编号 事件编号 编号 单号"
    ),
    "caller": (
        "来电人姓名及电话 来电人姓名 来电人 诉求人姓名 诉求人 市民姓名 反映人姓名 反映人 投诉人 "
        "举报人 联系人姓名 联系人 申请人 姓名"
    ),
    "phone": (
        "联系电话 联系方式 来电号码 来电电话 主叫号码 联系号码 电话号码 手机号码 手机号 市民电话 "
        "诉求人电话 来电人电话 反映人电话 手机 电话"
    ),
    "address": (
        "事发地址 事发地点 事发位置 事件地址 事件地点 问题地址 问题地点 诉求地址 诉求地点 反映地址 "
        "反映地点 发生地址 发生地点 详细地址 具体地址 具体位置 所在地址 所属区域 地址 地点 位置"
    ),
    "demand": (
        "市民来电反映 市民反映 来电反映 反映 "
        "诉求内容 诉求描述 诉求详情 反映内容 反映问题 问题描述 问题内容 投诉内容 来电内容 工单内容 "
        "受理内容 事件描述 事件内容 主要内容 具体内容 主要诉求 市民诉求 工单描述 诉求 内容"
    ),
    "category": (
        "诉求类别 诉求分类 诉求类型 工单类别 工单类型 事项分类 事项类别 问题分类 问题类别 问题类型 "
        "业务类型 事件类型 类别 类型 分类"
    ),
    "received_at_text": (
        "受理时间 来电时间 诉求时间 接收时间 登记时间 派单时间 转办时间 创建时间 生成时间 下派时间 时间"
    ),
    "due_text": (
        "截止时间 截止日期 办理时限 办结时限 处理时限 回复期限 回复时限 反馈期限 反馈时限 办理期限 期限 时限"
    ),
    "title": "工单标题 诉求标题 标题 主题",
    "": (
        "办理要求 处理要求 工作要求 要求 承办单位 主办单位 责任单位 办理单位 派往单位 转办单位 "
        "紧急程度 优先级 是否保密 是否公开 是否回访 诉求来源 工单来源 来源渠道 来源 备注 坐席工号 "
        "坐席 受理人 受理员 话务员 记录人 性别 年龄 身份证号 证件号码 备用电话 回访电话 回访要求 "
        "处理意见 派单意见 转办意见 附件"
    ),
}
_FIELD_OF = {name: field for field, names in NAMES.items() for name in names.split()}
_LONGEST_FIRST = sorted(_FIELD_OF, key=len, reverse=True)
# Short names are words of sentences as well; they need a bracket or a colon.
_SURE = [name for name in _LONGEST_FIRST if len(name) > 2 and _FIELD_OF[name]]

_ANY_NAME, _SURE_NAME = "|".join(_LONGEST_FIRST), "|".join(_SURE)
# 来电人表示 begins a sentence.
_GOES_ON = "表示|称|说|希望|要求|认为|来电|再次|住|的"
_OPEN, _CLOSE = r"[【\[「『〔〈《<(]", r"[】\]」』〕〉》>)]"
# Brackets get lost on either side when a message is forwarded, so one of them or a colon is enough.
_LABEL = re.compile(
    rf"{_OPEN}\s{{0,3}}(?P<bracketed>{_ANY_NAME})\s{{0,3}}{_CLOSE}?\s{{0,3}}:?"
    rf"|(?P<closed>{_ANY_NAME})\s{{0,3}}(?:{_CLOSE}\s{{0,3}}:?|:)"
    rf"|(?:(?<=\A)|(?<=[\s,;。、|】\]/.]))(?P<bare>{_SURE_NAME})(?!{_GOES_ON})(?:为|是)?"
    rf"|(?:(?<=\A)|(?<=\n))[ \t]*(?P<opening>{_ANY_NAME})[ \t]+"
    rf"|(?P<glued>工单|编号|单号)(?=[A-Z]{{0,4}}[0-9]{{8}})"
    r"|【\s{0,3}(?P<unknown>[^【】\n]{2,8})\s{0,3}】:?"
)


EDGES = " \t\r\n,;:|、，；："


@dataclass(frozen=True, slots=True)
class Value:
    """栏目: one field as written. field: a key of NAMES, "" for what is none of ours; name: as the text calls it."""

    field: str
    name: str
    text: str


def values(text: str) -> tuple[str, list[Value]]:
    """What stands before the first label, and every labelled value, in the order of the text."""
    labels = list(_LABEL.finditer(half_width(text)))
    if not labels:
        return text, []
    ends = [label.start() for label in labels[1:]] + [len(text)]
    return text[: labels[0].start()], list(_values(text, labels, ends))


def _values(text: str, labels: list[re.Match[str]], ends: list[int]) -> Iterator[Value]:
    for label, end in zip(labels, ends, strict=True):
        name = next(name for name in label.groups() if name is not None)
        field = "number" if label["glued"] else _FIELD_OF.get(name, "")
        yield Value(field, name, text[label.end() : end].strip(EDGES))
