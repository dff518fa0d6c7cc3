"""经办人指令: the words officers use, and what they mean."""

from enum import StrEnum


class Verb(StrEnum):
    """经办人指令."""

    LIST = "list"
    DETAIL = "detail"
    CLAIM = "claim"
    RECTIFY = "rectify"
    FINISH = "finish"
    CANCEL = "cancel"
    RETURN = "return"
    EXTEND = "extend"
    DEFER = "deferral"
    TRANSFER = "transfer"
    APPEAL = "appeal"
    FEEDBACK = "feedback"
    PLEDGE = "pledge"
    COMPARE = "compare"
    CARD = "card"
    REPORT = "report"
    HELP = "help"


VERBS = {
    "待办": Verb.LIST,
    "我的待办": Verb.LIST,
    "任务": Verb.LIST,
    "详情": Verb.DETAIL,
    "查看": Verb.DETAIL,
    "查询": Verb.DETAIL,
    "认领": Verb.CLAIM,
    "领取": Verb.CLAIM,
    "接单": Verb.CLAIM,
    "收到": Verb.CLAIM,
    "马上处理": Verb.CLAIM,
    "马上去": Verb.CLAIM,
    "马上到": Verb.CLAIM,
    "立即处理": Verb.CLAIM,
    "我来处理": Verb.CLAIM,
    "整改": Verb.RECTIFY,
    "整改完成": Verb.RECTIFY,
    "完成整改": Verb.RECTIFY,
    "已整改": Verb.RECTIFY,
    "已处理": Verb.RECTIFY,
    "处理完": Verb.RECTIFY,
    "处理完了": Verb.RECTIFY,
    "处理好了": Verb.RECTIFY,
    "完成": Verb.FINISH,
    "已完成": Verb.FINISH,
    "提交": Verb.FINISH,
    "发完了": Verb.FINISH,
    "取消": Verb.CANCEL,
    "退回": Verb.RETURN,
    "退单": Verb.RETURN,
    "不是我们": Verb.RETURN,
    "不归我们": Verb.RETURN,
    "不属于我们": Verb.RETURN,
    "延期": Verb.EXTEND,
    "缓办": Verb.DEFER,
    "申诉": Verb.APPEAL,
    "反馈": Verb.FEEDBACK,
    "协办反馈": Verb.FEEDBACK,
    "转办": Verb.TRANSFER,
    "承诺": Verb.PLEDGE,
    "整改承诺": Verb.PLEDGE,
    "转给": Verb.TRANSFER,
    "对比": Verb.COMPARE,
    "对比图": Verb.COMPARE,
    "看对比图": Verb.COMPARE,
    "案件卡": Verb.CARD,
    "看案件卡": Verb.CARD,
    "上报": Verb.REPORT,
    "帮助": Verb.HELP,
    "?": Verb.HELP,
}

# These are a command and its reason in one.
REASONS = {"不是我们", "不归我们", "不属于我们"}
