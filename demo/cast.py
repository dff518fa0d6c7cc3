"""演示人物: who can be played in the demo, and which officers belong where."""

from dataclasses import dataclass

from models.people import Role

ACCOUNT = "jinan"


@dataclass(frozen=True, slots=True)
class Player:
    """人物: a simulated phone; role and unit where the person is bound to one."""

    openid: str
    name: str
    title: str
    role: Role | None = None
    unit: str | None = None


DIANLIU, YAOJIA = "370102009", "370102011"  # 甸柳新村街道, 姚家街道
LIXIA, TIANQIAO = "370102", "370105"
POLICE = "dept-traffic"

CITIZEN, NEIGHBOUR = "o-citizen-li", "o-citizen-wang"
OFFICER, COLLEAGUE, LEADER = "o-officer-zhang", "o-officer-liu", "o-leader-sun"
DISPATCHER = "o-dispatcher-zhou"

CAST = (
    Player(CITIZEN, "李群众", "市民"),
    Player(NEIGHBOUR, "王大爷", "市民"),
    Player(OFFICER, "张三", "甸柳新村街道 经办人", Role.OFFICER, DIANLIU),
    Player(COLLEAGUE, "刘四", "甸柳新村街道 经办人", Role.OFFICER, DIANLIU),
    Player(LEADER, "孙主任", "甸柳新村街道 负责人", Role.LEADER, DIANLIU),
    Player("o-officer-ma", "马五", "姚家街道 经办人", Role.OFFICER, YAOJIA),
    Player("o-leader-zhao", "赵局", "历下区 负责人", Role.LEADER, LIXIA),
    Player("o-police-qian", "钱警官", "交警支队 经办人", Role.OFFICER, POLICE),
    Player(DISPATCHER, "周调度", "市创城指挥部 调度员", Role.DISPATCHER),
)
