"""演示人物: who can be played in the demo, what each was registered as, and what they may try to say."""

from dataclasses import dataclass
from enum import StrEnum

from demo.phrases import COMPLAINT, PATROL_LIST, PLEDGE, ROUTE, SHEET, VENDOR, WRONG_WAY, work_order
from models.people import Role

ACCOUNT = "jinan"  # 公众号
WORK, CREW = "work", "crew"  # 企业微信应用, and a group of its members


class Side(StrEnum):
    """在哪一边: how the chat page groups the people."""

    REPORTS = "上报的人"
    ACTS = "责任单位"
    COMMANDS = "指挥部"


@dataclass(frozen=True, slots=True)
class Player:
    """人物: a simulated phone, with role and unit where the person is bound to one.

    openid: in 企业微信 the userid.  account: where they are reached.
    post: a volunteer's 岗位.  outlet: a journalist's medium.  areas: what a 拍客 looks after.
    tries: what the chat page offers to say; 编号 in it stands for a number to be filled in.
    """

    openid: str
    name: str
    title: str
    side: Side
    role: Role | None = None
    unit: str | None = None
    post: str = ""
    outlet: str = ""
    areas: str = ""
    tries: tuple[str, ...] = ()
    account: str = ACCOUNT


DIANLIU, YAOJIA = "370102009", "370102011"  # 甸柳新村街道, 姚家街道
LIXIA, TIANQIAO = "370102", "370105"
POLICE = "dept-traffic"

CITIZEN, NEIGHBOUR = "o-citizen-li", "o-citizen-wang"
PHOTOGRAPHER, PATROL, OPERATOR = "o-photographer-gao", "o-patrol-he", "o-operator-feng"
VOLUNTEER, ASSESSOR, JOURNALIST = "o-volunteer-tang", "o-assessor-qin", "o-journalist-yu"
OFFICER, COLLEAGUE, LEADER = "o-officer-zhang", "LiuSi", "SunZhuren"
CREW_MEMBER = "HanZhiyuan"
YAOJIA_OFFICER, POLICE_OFFICER = "o-officer-ma", "o-police-qian"
DISPATCHER, VERIFIER = "o-dispatcher-zhou", "o-verifier-wu"

# Numbers of real orders are never repeated; pressed twice, this one shows that it makes one case.
_SAMPLE_ORDER = work_order("JN20261123000187")
_CITIZENS_WORDS = (COMPLAINT, "完成", "我的上报", "帮助")
_OFFICERS_WORDS = (
    "待办",
    "认领",
    "整改 已清运",
    "完成",
    "退回 编号 不归我们管",
    "缓办 编号 20天内 等管线单位施工",
    "申诉 编号 系统故障",
    "帮助",
)
_COMMANDS_WORDS = ("待派", "详情 编号", "通过 编号", "不通过 编号 还没清干净", "协办 编号 姚家街道")

CAST = (
    Player(CITIZEN, "李群众", "市民", Side.REPORTS, tries=_CITIZENS_WORDS),
    Player(NEIGHBOUR, "王大爷", "市民", Side.REPORTS, tries=_CITIZENS_WORDS),
    Player(
        PHOTOGRAPHER,
        "高拍客",
        "市民拍客团 拍客",
        Side.REPORTS,
        Role.PHOTOGRAPHER,
        areas="甸柳新村街道",
        tries=(COMPLAINT, "完成", "战绩", "光荣榜"),
    ),
    Player(
        PATROL,
        "何巡访",
        "市民巡访团 巡访员",
        Side.REPORTS,
        Role.PATROL,
        tries=(f"开始巡访 {ROUTE}", PATROL_LIST, "完成", "结束巡访"),
    ),
    Player(
        OPERATOR,
        "冯坐席",
        "12345热线 坐席",
        Side.REPORTS,
        Role.OPERATOR,
        tries=(_SAMPLE_ORDER, "完成", "查询 编号"),
    ),
    Player(
        VOLUNTEER,
        "唐志愿",
        "文明交通 志愿者",
        Side.REPORTS,
        Role.VOLUNTEER,
        post="dianliu",
        tries=("我的岗位", VENDOR, "完成", WRONG_WAY, "上岗 经十路历山路"),
    ),
    Player(
        CREW_MEMBER,
        "韩志愿",
        "文明交通 志愿者",
        Side.REPORTS,
        Role.VOLUNTEER,
        post="dianliu",
        tries=("我的岗位", "我的上报", "帮助"),
        account=WORK,
    ),
    Player(
        ASSESSOR,
        "秦测评",
        "实地测评 测评员",
        Side.REPORTS,
        Role.ASSESSOR,
        tries=(SHEET, "完成", "确认", "复查 编号 未整改 摊位又回来了"),
    ),
    Player(
        JOURNALIST,
        "于记者",
        "媒体监督 记者（舜网）",
        Side.REPORTS,
        Role.JOURNALIST,
        outlet="舜网",
        tries=("完成", "跟踪 编号 已整改"),
    ),
    Player(OFFICER, "张三", "甸柳新村街道 经办人", Side.ACTS, Role.OFFICER, DIANLIU, tries=_OFFICERS_WORDS),
    Player(
        COLLEAGUE,
        "刘四",
        "甸柳新村街道 经办人",
        Side.ACTS,
        Role.OFFICER,
        DIANLIU,
        tries=_OFFICERS_WORDS,
        account=WORK,
    ),
    Player(
        LEADER,
        "孙主任",
        "甸柳新村街道 负责人",
        Side.ACTS,
        Role.LEADER,
        DIANLIU,
        tries=_OFFICERS_WORDS,
        account=WORK,
    ),
    Player(
        YAOJIA_OFFICER,
        "马五",
        "姚家街道 经办人",
        Side.ACTS,
        Role.OFFICER,
        YAOJIA,
        tries=(*_OFFICERS_WORDS, f"承诺 编号 {PLEDGE}"),
    ),
    Player("o-leader-zhao", "赵局", "历下区 负责人", Side.ACTS, Role.LEADER, LIXIA, tries=_OFFICERS_WORDS),
    Player(POLICE_OFFICER, "钱警官", "交警支队 经办人", Side.ACTS, Role.OFFICER, POLICE, tries=_OFFICERS_WORDS),
    Player(
        DISPATCHER,
        "周调度",
        "市创城指挥部 调度员",
        Side.COMMANDS,
        Role.DISPATCHER,
        tries=(*_COMMANDS_WORDS, "派单 编号 1", "同意 编号", "理由 编号"),
    ),
    Player(VERIFIER, "吴核查", "市创城指挥部 核查员", Side.COMMANDS, Role.VERIFIER, tries=_COMMANDS_WORDS),
)

PLAYERS = {player.openid: player for player in CAST}
UNIT_PEOPLE = tuple(player.openid for player in CAST if player.side is Side.ACTS)
