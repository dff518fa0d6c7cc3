"""调度员指令: the words dispatchers use, and what they mean."""

from enum import StrEnum


class Verb(StrEnum):
    """调度员指令."""

    QUEUE = "queue"
    DETAIL = "detail"
    ASSIGN = "assign"
    REJECT = "reject"
    ACCEPT = "accept"
    REFUSE = "refuse"
    PASS = "pass"  # noqa: S105  核查通过
    FAIL = "fail"
    WHY = "why"
    HELP = "help"


VERBS = {
    "待派": Verb.QUEUE,
    "待办": Verb.QUEUE,
    "待裁": Verb.QUEUE,
    "待核查": Verb.QUEUE,
    "详情": Verb.DETAIL,
    "查看": Verb.DETAIL,
    "查询": Verb.DETAIL,
    "派单": Verb.ASSIGN,
    "立案": Verb.ASSIGN,
    "派给": Verb.ASSIGN,
    "转派": Verb.ASSIGN,
    "转办": Verb.ASSIGN,
    "不予立案": Verb.REJECT,
    "不立案": Verb.REJECT,
    "同意": Verb.ACCEPT,
    "同意退回": Verb.ACCEPT,
    "同意延期": Verb.ACCEPT,
    "同意转办": Verb.ACCEPT,
    "同意重办": Verb.ACCEPT,
    "驳回": Verb.REFUSE,
    "不同意": Verb.REFUSE,
    "通过": Verb.PASS,
    "核查通过": Verb.PASS,
    "不通过": Verb.FAIL,
    "核查不通过": Verb.FAIL,
    "为什么": Verb.WHY,
    "理由": Verb.WHY,
    "帮助": Verb.HELP,
    "?": Verb.HELP,
}
