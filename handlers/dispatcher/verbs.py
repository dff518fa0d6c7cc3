"""调度员指令: the words dispatchers use, and what they mean."""

from enum import StrEnum

from models.petition import Plea


class Verb(StrEnum):
    """调度员指令."""

    QUEUE = "queue"
    DETAIL = "detail"
    ASSIGN = "assign"
    ENLIST = "enlist"
    DISMISS = "dismiss"
    REJECT = "reject"
    ACCEPT = "accept"
    REFUSE = "refuse"
    PASS = "pass"  # noqa: S105  核查通过
    FAIL = "fail"
    WHY = "why"
    CATEGORY = "category"
    PLACE = "place"
    SPLIT = "split"
    ASK = "ask"
    JOIN = "join"
    URGE = "urge"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    TRY = "try"
    COMPARE = "compare"
    CARD = "card"
    HELP = "help"


_PLEA_NAMES = {
    "退回": Plea.RETURN,
    "延期": Plea.EXTENSION,
    "缓办": Plea.DEFERRAL,
    "转办": Plea.TRANSFER,
    "重办": Plea.REOPEN,
    "申诉": Plea.APPEAL,
}
_UPHELD, _NOT_UPHELD = "申诉成立", "申诉不成立"
_NO = ("驳回", "不同意")

VERBS = {
    "待派": Verb.QUEUE,
    "待派单": Verb.QUEUE,
    "待办": Verb.QUEUE,
    "待裁": Verb.QUEUE,
    "待裁定": Verb.QUEUE,
    "待核查": Verb.QUEUE,
    "详情": Verb.DETAIL,
    "查看": Verb.DETAIL,
    "查询": Verb.DETAIL,
    "派单": Verb.ASSIGN,
    "立案": Verb.ASSIGN,
    "派给": Verb.ASSIGN,
    "转派": Verb.ASSIGN,
    "转办": Verb.ASSIGN,
    "协办": Verb.ENLIST,
    "取消协办": Verb.DISMISS,
    "不予立案": Verb.REJECT,
    "不立案": Verb.REJECT,
    "同意": Verb.ACCEPT,
    "驳回": Verb.REFUSE,
    "不同意": Verb.REFUSE,
    **{f"同意{name}": Verb.ACCEPT for name in _PLEA_NAMES},
    **{f"{no}{name}": Verb.REFUSE for name in _PLEA_NAMES for no in _NO},
    _UPHELD: Verb.ACCEPT,
    _NOT_UPHELD: Verb.REFUSE,
    "通过": Verb.PASS,
    "核查通过": Verb.PASS,
    "不通过": Verb.FAIL,
    "核查不通过": Verb.FAIL,
    "类别": Verb.CATEGORY,
    "改类别": Verb.CATEGORY,
    "更正类别": Verb.CATEGORY,
    "地点": Verb.PLACE,
    "改地点": Verb.PLACE,
    "更正地点": Verb.PLACE,
    "拆分": Verb.SPLIT,
    "追问": Verb.ASK,
    "催办": Verb.URGE,
    "并案": Verb.JOIN,
    "并入": Verb.JOIN,
    "公开": Verb.PUBLISH,
    "公开照片": Verb.PUBLISH,
    "撤回公开": Verb.WITHDRAW,
    "取消公开": Verb.WITHDRAW,
    "不再公开": Verb.WITHDRAW,
    "试派": Verb.TRY,
    "怎么派": Verb.TRY,
    "为什么": Verb.WHY,
    "理由": Verb.WHY,
    "对比": Verb.COMPARE,
    "对比图": Verb.COMPARE,
    "看对比图": Verb.COMPARE,
    "案件卡": Verb.CARD,
    "看案件卡": Verb.CARD,
    "帮助": Verb.HELP,
    "?": Verb.HELP,
}

# The rulings that name what they are about; 同意 alone means the only thing asked for.
PLEAS = {f"{word}{name}": plea for name, plea in _PLEA_NAMES.items() for word in ("同意", *_NO)} | {
    _UPHELD: Plea.APPEAL,
    _NOT_UPHELD: Plea.APPEAL,
}
